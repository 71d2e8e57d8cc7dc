"""Whether a realtor takes live customers now."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from booking_site.common.api.envelope import answers, ok
from booking_site.common.api.inputs import parsed
from booking_site.common.callers import actor_of
from booking_site.common.errors import Forbidden
from booking_site.common.transactions import run_in_transaction
from realtors import services
from realtors.api.lookups import own_realtor_of
from realtors.api.shapes import HeartbeatShape, PresenceShape, PresenceWishShape
from realtors.models import Realtor

TAGS = ["realtors"]


class StatusView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="set_realtor_status",
        tags=TAGS,
        request=PresenceWishShape,
        responses=answers(PresenceShape),
    )
    def post(self, request: Request) -> Response:
        """`online` takes whoever waits, `busy` (a break too) keeps what was offered, `offline`
        hands on what has not begun. Bookings for a time need working hours, not presence."""
        body = parsed(PresenceWishShape, request)
        status = body["status"]
        return _change(
            request,
            body,
            lambda realtor, **how: services.set_presence(realtor, status, **how),
        )


class HeartbeatView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="realtor_heartbeat",
        tags=TAGS,
        request=HeartbeatShape,
        responses=answers(PresenceShape),
    )
    def post(self, request: Request) -> Response:
        """A sign of life, to be sent every minute or so while somebody is there. Ends being
        `away`; whoever is silent for longer than the store's policy allows goes offline."""
        return _change(request, parsed(HeartbeatShape, request), services.heartbeat)


def _change(request: Request, body: Any, change: Callable[..., Realtor]) -> Response:
    realtor = own_realtor_of(request, body.get("realtor_id") or _own_id(request))

    def work() -> Response:
        change(realtor, by=actor_of(request), at=timezone.now())
        realtor.refresh_from_db()
        return ok(PresenceShape(realtor).data)

    return run_in_transaction(work)


def _own_id(request: Request) -> str:
    own = Realtor.objects.filter(user=request.user.pk).values_list("pk", flat=True).first()
    if own is None:
        raise Forbidden(_("This is for realtors. Say which one you act for."))
    return str(own)
