"""A seat of a session: kept for some minutes, or wished for where all are taken."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.callers import user_of
from appointments import services
from appointments.api.course_lookups import slot_of
from appointments.api.slot_shapes import SeatWishedShape, SlotLockShape
from appointments.limits import count_lock
from appointments.models import Hold
from booking_site.common.api.envelope import answers, created
from booking_site.common.api.parameters import IDEMPOTENCY_KEY
from booking_site.common.api.writing import idempotent, write
from booking_site.common.callers import actor_of
from booking_site.common.transactions import run_in_transaction

TAGS = ["courses"]


class SlotLockView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="lock_slot",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=None,
        responses=answers(SlotLockShape, status=201),
    )
    @idempotent
    def post(self, request: Request, slot_id: str) -> Response:
        """Nobody else gets this seat until `lockedUntil`. Locking again begins anew. 400
        `slot_taken` when there is none left."""
        slot, at = slot_of(slot_id), timezone.now()
        count_lock(user_of(request).pk, at=at)

        def work() -> Response:
            held = services.lock_seat(slot, by=actor_of(request), at=at)
            return created(SlotLockShape(held).data)

        return write(request, work)

    @extend_schema(operation_id="unlock_slot", tags=TAGS, responses=answers(status=204))
    def delete(self, request: Request, slot_id: str) -> Response:
        """The caller's own lock; nothing happens where there is none."""
        slot, by, at = slot_of(slot_id), actor_of(request), timezone.now()
        own = Hold.objects.filter(session=slot, user=user_of(request)).first()

        def work() -> Response:
            if own is not None:
                services.release_hold(own.token, by=by, at=at)
            return Response(status=204)

        return run_in_transaction(work)


class SlotWishView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="wish_for_slot",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=None,
        responses=answers(SeatWishedShape, status=201),
    )
    @idempotent
    def post(self, request: Request, slot_id: str) -> Response:
        """To be told, once, when a seat is free. It goes to whoever is first then."""
        slot, at = slot_of(slot_id), timezone.now()

        def work() -> Response:
            wish = services.wish_for_seat(slot, user_of(request), at=at)
            return created(SeatWishedShape(wish).data)

        return write(request, work)

    @extend_schema(operation_id="forget_slot", tags=TAGS, responses=answers(status=204))
    def delete(self, request: Request, slot_id: str) -> Response:
        slot = slot_of(slot_id)

        def work() -> Response:
            services.forget_wish(slot, user_of(request))
            return Response(status=204)

        return run_in_transaction(work)
