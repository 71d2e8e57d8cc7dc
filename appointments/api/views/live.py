"""The live line of a store."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from appointments.api.shapes import LiveLineShape
from appointments.selectors.waits import live_line
from booking_site.common.api.envelope import answers, ok
from stores.api.lookups import store_of


class LiveLineView(APIView):
    permission_classes = [AllowAny]

    @extend_schema(operation_id="live_line", tags=["stores"], responses=answers(LiveLineShape))
    def get(self, request: Request, store_id: str) -> Response:
        """How many wait, and how long somebody would who joined now with `asap`."""
        return ok(LiveLineShape(live_line(store_of(request, store_id), at=timezone.now())).data)
