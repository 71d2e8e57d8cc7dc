"""Document 1's reservations: houses that people see, as appointments under its names."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.callers import user_of
from appointments import services
from appointments.api.viewing_lookups import (
    viewing_answer,
    viewing_of,
    viewing_wish,
    viewings_answer,
    viewings_asked_for,
)
from appointments.api.viewing_shapes import (
    FeedbackWishShape,
    ReservationQueryShape,
    ReservationReasonShape,
    ReservationShape,
    ReservationWishShape,
    SidesShape,
)
from appointments.models import Appointment, Verdict
from booking_site.common.api.envelope import answers, created, listed, ok
from booking_site.common.api.inputs import parsed, parsed_query
from booking_site.common.api.parameters import IDEMPOTENCY_KEY, PAGING
from booking_site.common.api.writing import idempotent, write
from booking_site.common.callers import actor_of
from booking_site.common.pagination import paginate

TAGS = ["reservations"]


class ReserveView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="reserve_house",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=ReservationWishShape,
        responses=answers(ReservationShape, status=201),
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Pending until the landlord confirms, who hears of it at once. 409 `slot_taken` when
        somebody sees the house then, or nobody can show it, with the next free starts in `errors`;
        409 `customer_conflict` when the caller is promised elsewhere."""
        body, at = parsed(ReservationWishShape, request), timezone.now()
        wish, by = viewing_wish(request, body, at), actor_of(request)

        def work() -> Response:
            made = services.book(wish, by=by, at=at)
            return created(viewing_answer(made, user_of(request)))

        return write(request, work)


class ReservationsView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="list_reservations",
        tags=TAGS,
        parameters=[ReservationQueryShape, *PAGING],
        responses=answers(ReservationShape, many=True),
    )
    def get(self, request: Request) -> Response:
        """The caller's own as customer or landlord, and those of the stores they manage; the latest
        start first."""
        rows = viewings_asked_for(request, parsed_query(ReservationQueryShape, request))
        page = paginate(rows, request.query_params)
        return listed(viewings_answer(page.rows, user_of(request)), page)


class ReservationView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(operation_id="reservation", tags=TAGS, responses=answers(ReservationShape))
    def get(self, request: Request, reservation_id: str) -> Response:
        return ok(viewing_answer(viewing_of(request, reservation_id), user_of(request)))


class ConfirmReservationView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="confirm_reservation",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=SidesShape,
        responses=answers(ReservationShape),
    )
    @idempotent
    def post(self, request: Request, reservation_id: str) -> Response:
        """The landlord, or staff."""
        body = parsed(SidesShape, request)
        return _carried_out(request, reservation_id, body, services.accept)


class RejectReservationView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="reject_reservation",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=ReservationReasonShape,
        responses=answers(ReservationShape),
    )
    @idempotent
    def post(self, request: Request, reservation_id: str) -> Response:
        """The landlord, or staff. It is cancelled; where anybody of an agency may show the house,
        the next one is asked."""
        body = parsed(ReservationReasonShape, request)
        reason = body.get("reason") or ""
        return _carried_out(request, reservation_id, body, services.decline, reason=reason)


class CancelReservationView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="cancel_reservation",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=ReservationReasonShape,
        responses=answers(ReservationShape),
    )
    @idempotent
    def post(self, request: Request, reservation_id: str) -> Response:
        """Either side; the customer until the store's cutoff."""
        body = parsed(ReservationReasonShape, request)
        reason = body.get("reason") or ""
        return _carried_out(request, reservation_id, body, services.cancel, reason=reason)


class ReservationFeedbackView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="give_feedback_on_reservation",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=FeedbackWishShape,
        responses=answers(ReservationShape),
    )
    @idempotent
    def post(self, request: Request, reservation_id: str) -> Response:
        """What the customer tells the landlord once they have seen it: said once, changed as often
        as they like. 409 `invalid_transition` before that."""
        body, at = parsed(FeedbackWishShape, request), timezone.now()
        seen, by = viewing_of(request, reservation_id), actor_of(request)
        verdict, note = Verdict(body["verdict"]), body.get("note") or ""

        def work() -> Response:
            services.give_feedback(seen, verdict=verdict, note=note, by=by, at=at)
            return ok(viewing_answer(seen, user_of(request)))

        return write(request, work)


def _carried_out(
    request: Request,
    reservation_id: str,
    body: dict[str, Any],
    verb: Callable[..., Appointment],
    **said: Any,
) -> Response:
    seen, at = viewing_of(request, reservation_id, body), timezone.now()

    def work() -> Response:
        done = verb(seen, by=actor_of(request), at=at, **said)
        return ok(viewing_answer(done, user_of(request)))

    return write(request, work)
