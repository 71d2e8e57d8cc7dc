"""``GET /health`` for whoever decides where requests go."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from booking_site.common.api.envelope import ErrorShape, enveloped, error_body, ok
from booking_site.common.errors import Unavailable
from booking_site.site.health import Part, parts


class PartShape(serializers.Serializer):
    name = serializers.CharField()
    ok = serializers.BooleanField()
    needed = serializers.BooleanField()
    milliseconds = serializers.FloatField()


class HealthShape(serializers.Serializer):
    """``degraded``: served, though a part that is not needed is down."""

    status = serializers.ChoiceField(["ok", "degraded"])
    parts = PartShape(many=True)


class HealthView(APIView):
    authentication_classes: Any = []
    permission_classes = [AllowAny]
    throttle_classes: Any = []

    @extend_schema(
        operation_id="health",
        tags=["operation"],
        responses={200: enveloped(HealthShape), 503: ErrorShape},
    )
    def get(self, request: Request) -> Response:
        """Answering at all is liveness; each part is tried. 503 when one that requests need is
        down."""
        found = parts()
        if any(part.needed and not part.ok for part in found):
            return _down(found)
        status = "ok" if all(part.ok for part in found) else "degraded"
        return ok(HealthShape({"status": status, "parts": found}).data)


def _down(found: list[Part]) -> Response:
    refusal = Unavailable()
    errors = {part.name: ["down"] for part in found if not part.ok}
    body = error_body(refusal.code, str(refusal.message), errors)
    return Response(body, status=503, headers={"Retry-After": str(refusal.retry_after)})
