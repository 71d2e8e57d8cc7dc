"""Booking, and the caller's own list."""

from collections.abc import Sequence
from typing import Any, cast

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import SAFE_METHODS, AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from appointments import services
from appointments.api.complaints import OF_AN_ORDER, said_of
from appointments.api.filters import AppointmentFilter
from appointments.api.inputs import BookingShape
from appointments.api.shapes import AppointmentShape, full, full_list
from appointments.api.wishes import booking_wish, live_wish
from appointments.models import Appointment, AppointmentQuerySet
from booking_site.common.api.envelope import answers, created, listed
from booking_site.common.api.inputs import parsed
from booking_site.common.api.parameters import IDEMPOTENCY_KEY, PAGING
from booking_site.common.api.writing import idempotent, write
from booking_site.common.callers import actor_of
from booking_site.common.pagination import paginate

TAGS = ["appointments"]


class AppointmentsView(GenericAPIView[Any]):
    filterset_class = AppointmentFilter
    queryset = Appointment.objects.none()

    def get_permissions(self) -> Sequence[BasePermission]:
        """Guests book, but have no list."""
        return [IsAuthenticated() if self.request.method in SAFE_METHODS else AllowAny()]

    def get_queryset(self) -> AppointmentQuerySet:
        rows = Appointment.objects.visible_to(cast(User, self.request.user)).with_people()
        return rows.select_related("listing")

    @extend_schema(
        operation_id="list_appointments",
        tags=TAGS,
        parameters=PAGING,
        filters=True,
        responses=answers(AppointmentShape, many=True),
    )
    def get(self, request: Request) -> Response:
        """The caller's own as customer or realtor, and those of the stores they manage; the latest
        start first."""
        page = paginate(self.filter_queryset(self.get_queryset()), request.query_params)
        return listed(full_list(page.rows), page)

    @extend_schema(
        operation_id="book_appointment",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=BookingShape,
        responses=answers(AppointmentShape, status=201),
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Book a start, or order a service for it. Nobody free: with `queue` the booking waits in
        line (`queue_position`), without it, and always of a service, 409 `slot_taken` with the next
        free starts in `errors`. With `asap` instead of a start: join the live line; 400
        `store_closed` when nobody serves there today any more."""
        at = timezone.now()
        body = parsed(BookingShape, request)
        by = actor_of(request)
        if body["asap"]:
            live = live_wish(request, body)
            return write(request, lambda: created(full(services.join(live, by=by, at=at))))
        wish = booking_wish(request, body, at)

        def work() -> Response:
            with said_of(OF_AN_ORDER):
                return created(full(services.book(wish, by=by, at=at)))

        return write(request, work)
