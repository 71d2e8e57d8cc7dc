"""Document 3's bookings: seats of sessions, as appointments under its names."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.callers import user_of
from appointments import services
from appointments.api.course_lookups import slot_of
from appointments.api.seat_lookups import seat_of, seat_requests, seats_asked_for
from appointments.api.seat_rendering import package_answer, seat_answer, seats_answer
from appointments.api.seat_shapes import (
    SeatCancelShape,
    SeatMoveShape,
    SeatQueryShape,
    SeatShape,
    SeatsOfPackageShape,
    SeatWishShape,
)
from appointments.models import Appointment
from booking_site.common.api.envelope import answers, created, listed, ok, refusals
from booking_site.common.api.inputs import parsed, parsed_query
from booking_site.common.api.parameters import IDEMPOTENCY_KEY, PAGING
from booking_site.common.api.writing import idempotent, write
from booking_site.common.callers import actor_of
from booking_site.common.pagination import paginate

TAGS = ["bookings"]
ONE_OR_PACKAGE = inline_serializer(
    name="BookedSeatsAnswer",
    fields={
        "success": serializers.BooleanField(),
        "data": PolymorphicProxySerializer(
            component_name="BookedSeats",
            serializers=[SeatShape, SeatsOfPackageShape],
            resource_type_field_name=None,
        ),
    },
)


class BookingsView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="list_bookings",
        tags=TAGS,
        parameters=[SeatQueryShape, *PAGING],
        responses=answers(SeatShape, many=True),
    )
    def get(self, request: Request) -> Response:
        """The caller's own as student or teacher, and those of the stores they manage; the latest
        start first."""
        rows = seats_asked_for(request, parsed_query(SeatQueryShape, request))
        page = paginate(rows, request.query_params)
        return listed(seats_answer(page.rows, user_of(request)), page)

    @extend_schema(
        operation_id="book_seat",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=SeatWishShape,
        responses=refusals() | {201: ONE_OR_PACKAGE},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """A seat for the caller or for a child of theirs, pending and unpaid where something is
        paid in advance: until `payBefore`. In this order: 404 for a session that is not there; 400
        `slot_taken` when it is full, `invalid` when it cannot be booked or is of another course or
        teacher, `customer_conflict` when whoever would sit there is promised elsewhere."""
        body = parsed(SeatWishShape, request)
        wanted, user = seat_requests(request, body), user_of(request)
        by, at = actor_of(request), timezone.now()

        def work() -> Response:
            if body.get("slotIds"):
                return created(package_answer(services.book_package(wanted, by=by, at=at), user))
            return created(seat_answer(services.book_seat(wanted[0], by=by, at=at), user))

        return write(request, work)


class BookingView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(operation_id="booking", tags=TAGS, responses=answers(SeatShape))
    def get(self, request: Request, booking_id: str) -> Response:
        return ok(seat_answer(seat_of(request, booking_id), user_of(request)))


class ConfirmBookingView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="confirm_booking", tags=TAGS, request=None, responses=answers(SeatShape)
    )
    def put(self, request: Request, booking_id: str) -> Response:
        """The teacher, or staff. 400 `payment_required` before it is paid."""
        return _carried_out(request, booking_id, services.accept)


class CancelBookingView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="cancel_booking",
        tags=TAGS,
        request=SeatCancelShape,
        responses=answers(SeatShape),
    )
    def put(self, request: Request, booking_id: str) -> Response:
        """Either side. A student does so until the cutoff, and for the fee, of the policy they
        booked under; unpaid, a package goes as a whole."""
        reason = parsed(SeatCancelShape, request).get("reason") or ""
        return _carried_out(request, booking_id, services.cancel, reason=reason)


class MoveBookingView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="reschedule_booking",
        tags=TAGS,
        request=SeatMoveShape,
        responses=answers(SeatShape),
    )
    def put(self, request: Request, booking_id: str) -> Response:
        """To another session of the same course at the same price, by the student or staff."""
        body = parsed(SeatMoveShape, request)
        booking, slot = seat_of(request, booking_id), slot_of(body["slotId"])
        by, at = actor_of(request), timezone.now()

        def work() -> Response:
            moved = services.move_seat(booking, slot, by=by, at=at)
            return ok(seat_answer(moved, user_of(request)))

        return write(request, work)


class CompleteBookingView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="complete_booking", tags=TAGS, request=None, responses=answers(SeatShape)
    )
    def put(self, request: Request, booking_id: str) -> Response:
        """The teacher, or staff, once it has begun."""
        return _carried_out(request, booking_id, services.complete_seat)


class AbsentBookingView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="mark_booking_no_show", tags=TAGS, request=None, responses=answers(SeatShape)
    )
    def put(self, request: Request, booking_id: str) -> Response:
        """The teacher, or staff, not before it begins."""
        return _carried_out(request, booking_id, services.mark_no_show)


def _carried_out(
    request: Request, booking_id: str, verb: Callable[..., Appointment], **said: Any
) -> Response:
    booking, at = seat_of(request, booking_id), timezone.now()

    def work() -> Response:
        done = verb(booking, by=actor_of(request), at=at, **said)
        return ok(seat_answer(done, user_of(request)))

    return write(request, work)
