"""``GET /metrics`` for Prometheus."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from booking_site.common.api.envelope import ErrorShape
from booking_site.common.api.negotiation import WhateverIsAccepted
from booking_site.common.errors import NotFound
from booking_site.site.metrics.access import may_read
from booking_site.site.metrics.data import DataCollector
from booking_site.site.metrics.own import counting_registry, process_registry

DATA = CollectorRegistry()
DATA.register(DataCollector())
PROCESS = process_registry()


class MetricsView(APIView):
    authentication_classes: Any = []
    permission_classes = [AllowAny]
    throttle_classes: Any = []
    content_negotiation_class = WhateverIsAccepted

    @extend_schema(
        operation_id="metrics",
        tags=["operation"],
        responses={(200, "text/plain"): OpenApiTypes.STR, 404: ErrorShape, 405: ErrorShape},
    )
    def get(self, request: Request) -> HttpResponse:
        """Prometheus' text format 0.0.4. Open in the demo; in production to direct callers of
        loopback and private networks, and to `Authorization: Bearer` with METRICS_TOKEN."""
        if not may_read(request):
            raise NotFound
        registries = (DATA, counting_registry(), PROCESS)
        text = b"".join(map(generate_latest, registries))
        answer = HttpResponse(text, content_type=CONTENT_TYPE_PLAIN_0_0_4)
        answer["Cache-Control"] = "no-store"
        return answer
