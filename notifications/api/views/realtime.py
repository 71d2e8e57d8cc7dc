"""Beside the socket: tickets to open one, and who has one open."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.gateways.tokens import Claims
from accounts.models import User
from booking_site.common.api.envelope import answers, created, ok
from booking_site.common.api.times import InstantField
from booking_site.common.errors import Forbidden, Unavailable
from booking_site.common.shared_redis import Down
from notifications.gateways import presence, tickets
from notifications.gateways.tickets import Ticket
from notifications.selectors.online import known_to

TAGS = ["realtime"]


class TicketShape(serializers.Serializer):
    ticket = serializers.CharField(
        help_text="The subprotocol `ticket.<ticket>` beside `rt.v1`, in one handshake on `/ws`."
    )
    expires_at = InstantField()


class OnlineUserShape(serializers.Serializer):
    user_id = serializers.IntegerField()
    display_name = serializers.CharField()
    sockets = serializers.IntegerField()


class OnlineUsersShape(serializers.Serializer):
    count = serializers.IntegerField()
    users = OnlineUserShape(many=True)


class ProcessShape(serializers.Serializer):
    name = serializers.CharField()
    sockets = serializers.IntegerField()
    users = serializers.IntegerField()
    frames = serializers.IntegerField(help_text="Written to the sockets that are open.")
    repairs = serializers.IntegerField(help_text="Times its own canary was missing.")


class SocketStatsShape(serializers.Serializer):
    """Of all processes together, and of each."""

    sockets = serializers.IntegerField()
    users = serializers.IntegerField()
    processes = ProcessShape(many=True)


class TicketView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="realtime_ticket",
        tags=TAGS,
        request=None,
        responses=answers(TicketShape, status=201),
    )
    def post(self, request: Request) -> Response:
        """One handshake on `/ws` within 30 seconds, for clients without a cookie. It ends with the
        sign-in that asked for it."""
        claims = request.auth
        assert request.user.pk is not None
        ticket = Ticket(
            request.user.pk,
            session_key="" if claims else request.session.session_key or "",
            family=claims.family.hex if isinstance(claims, Claims) else "",
        )
        answer = {
            "ticket": tickets.issue(ticket),
            "expires_at": timezone.now() + timedelta(seconds=tickets.LIFE_SECONDS),
        }
        return created(TicketShape(answer).data)


class StaffView(APIView):
    permission_classes = [IsAuthenticated]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not (request.user.is_staff or request.user.is_superuser):
            raise Forbidden


class OnlineUsersView(StaffView):
    @extend_schema(operation_id="online_users", tags=TAGS, responses=answers(OnlineUsersShape))
    def get(self, request: Request) -> Response:
        """Who has a socket open, on whatever process. Operators see everybody, managers those who
        work in their stores or have booked there."""
        try:
            sockets = presence.online()
        except Down as error:
            raise Unavailable from error
        assert isinstance(request.user, User)
        users = [
            {"user_id": one.pk, "display_name": one.display_name, "sockets": sockets[one.pk]}
            for one in known_to(request.user, sockets)
        ]
        return ok(OnlineUsersShape({"count": len(users), "users": users}).data)


class SocketStatsView(StaffView):
    @extend_schema(operation_id="socket_stats", tags=TAGS, responses=answers(SocketStatsShape))
    def get(self, request: Request) -> Response:
        """How many sockets there are, over all processes and by process. Staff."""
        try:
            online, told = presence.online(), presence.stats()
        except Down as error:
            raise Unavailable from error
        figures = ("sockets", "users", "frames", "repairs")
        processes = [
            {"name": name, **{one: int(facts.get(one, 0)) for one in figures}}
            for name, facts in sorted(told.items())
        ]
        total = {"sockets": online.total(), "users": len(online), "processes": processes}
        return ok(SocketStatsShape(total).data)
