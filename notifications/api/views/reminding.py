"""Reminding of a house that is to be seen, because its landlord says so."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.callers import user_of
from appointments.api.viewing_lookups import viewing_answer, viewing_of
from appointments.api.viewing_shapes import ReservationShape, SidesShape
from booking_site.common.api.envelope import answers, ok
from booking_site.common.api.inputs import parsed
from booking_site.common.api.parameters import IDEMPOTENCY_KEY
from booking_site.common.api.writing import idempotent, write
from booking_site.common.callers import actor_of
from notifications.services import remind_now


class RemindView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="remind_of_reservation",
        tags=["reservations"],
        parameters=[IDEMPOTENCY_KEY],
        request=SidesShape,
        responses=answers(ReservationShape),
    )
    @idempotent
    def post(self, request: Request, reservation_id: str) -> Response:
        """The landlord, or staff: the customer hears of it at once, as of any reminder. At most
        once in ten minutes; 409 `invalid_transition` once it is over."""
        body, at = parsed(SidesShape, request), timezone.now()
        seen, by = viewing_of(request, reservation_id, body), actor_of(request)

        def work() -> Response:
            remind_now(seen, by=by, at=at)
            return ok(viewing_answer(seen, user_of(request)))

        return write(request, work)
