"""Nights of pets in a boarding place, as appointments under the names of Document 2."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from appointments import services
from appointments.api.boarding_lookups import stay_of, stay_request, stays_asked_for
from appointments.api.boarding_queries import StayQueryShape
from appointments.api.stay_shapes import StayMoveShape, StayReasonShape, StayShape, StayWishShape
from appointments.api.steps import steps_of
from appointments.models import Appointment
from booking_site.common.api.envelope import answers, created, listed, ok
from booking_site.common.api.inputs import parsed, parsed_query
from booking_site.common.api.parameters import IDEMPOTENCY_KEY, PAGING
from booking_site.common.api.writing import idempotent, write
from booking_site.common.callers import actor_of
from booking_site.common.pagination import paginate

TAGS = ["boarding"]
described = steps_of(TAGS, StayShape)


class StaysView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="list_boarding_bookings",
        tags=TAGS,
        parameters=[StayQueryShape, *PAGING],
        responses=answers(StayShape, many=True),
    )
    def get(self, request: Request) -> Response:
        """The caller's own as customer or sitter, and those of the stores they manage; the latest
        check-in first."""
        rows = stays_asked_for(request, parsed_query(StayQueryShape, request))
        page = paginate(rows, request.query_params)
        return listed(StayShape(page.rows, many=True).data, page)

    @extend_schema(
        operation_id="book_boarding",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=StayWishShape,
        responses=answers(StayShape, status=201),
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """A unit for each pet and night, all of them or none; pending and unpaid where something is
        paid in advance, until `pay_before`. 400 `vaccination_expired` where the place needs one
        that lasts until check-out; 409 `slot_taken` when a night is full; 409 `customer_conflict`
        when one of the pets stays elsewhere."""
        body, at = parsed(StayWishShape, request), timezone.now()
        wish, by = stay_request(request, body), actor_of(request)
        return write(
            request, lambda: created(StayShape(services.book_stay(wish, by=by, at=at)).data)
        )


class StayView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(operation_id="boarding_booking", tags=TAGS, responses=answers(StayShape))
    def get(self, request: Request, stay_id: str) -> Response:
        return ok(StayShape(stay_of(request, stay_id)).data)


class ConfirmStayView(APIView):
    permission_classes = [IsAuthenticated]

    @described("confirm_boarding")
    @idempotent
    def post(self, request: Request, stay_id: str) -> Response:
        """The sitter, or staff. 400 `payment_required` before it is paid."""
        return _carried_out(request, stay_id, services.accept)


class DeclineStayView(APIView):
    permission_classes = [IsAuthenticated]

    @described("decline_boarding", request=StayReasonShape)
    @idempotent
    def post(self, request: Request, stay_id: str) -> Response:
        """The sitter, or staff: it is cancelled, and what was paid goes back."""
        reason = parsed(StayReasonShape, request).get("reason") or ""
        return _carried_out(request, stay_id, services.decline, reason=reason)


class CancelStayView(APIView):
    permission_classes = [IsAuthenticated]

    @described("cancel_boarding", request=StayReasonShape)
    @idempotent
    def post(self, request: Request, stay_id: str) -> Response:
        """Either side. A customer does so until the cutoff, and for the fee, of the policy they
        booked under."""
        reason = parsed(StayReasonShape, request).get("reason") or ""
        return _carried_out(request, stay_id, services.cancel, reason=reason)


class CheckInView(APIView):
    permission_classes = [IsAuthenticated]

    @described("check_in_boarding")
    @idempotent
    def post(self, request: Request, stay_id: str) -> Response:
        """The sitter, or staff, from the day of the check-in on: the pets are there."""
        return _carried_out(request, stay_id, services.start)


class CheckOutView(APIView):
    permission_classes = [IsAuthenticated]

    @described("check_out_boarding")
    @idempotent
    def post(self, request: Request, stay_id: str) -> Response:
        """The sitter, or staff: the pets have gone home. Nights that are left are free at once."""
        return _carried_out(request, stay_id, services.complete)


class AbsentStayView(APIView):
    permission_classes = [IsAuthenticated]

    @described("mark_boarding_no_show")
    @idempotent
    def post(self, request: Request, stay_id: str) -> Response:
        """The sitter, or staff, not before the hour of the check-in."""
        return _carried_out(request, stay_id, services.mark_no_show)


class MoveStayView(APIView):
    permission_classes = [IsAuthenticated]

    @described("reschedule_boarding", request=StayMoveShape)
    @idempotent
    def post(self, request: Request, stay_id: str) -> Response:
        """As many nights from another date on, by the customer or staff; the price stays."""
        check_in = parsed(StayMoveShape, request)["check_in"]
        return _carried_out(request, stay_id, services.move_stay, check_in=check_in)


def _carried_out(
    request: Request, stay_id: str, verb: Callable[..., Appointment], **said: Any
) -> Response:
    stay, at = stay_of(request, stay_id), timezone.now()

    def work() -> Response:
        done = verb(stay, by=actor_of(request), at=at, **said)
        return ok(StayShape(done).data)

    return write(request, work)
