"""Keeping a start while the form is filled in."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from appointments import services
from appointments.api.inputs import HoldWishShape, wanted_start
from appointments.api.lookups import listing_named, named_realtor
from appointments.api.shapes import HoldShape
from booking_site.common.api.envelope import answers, created
from booking_site.common.api.inputs import parsed
from booking_site.common.api.parameters import IDEMPOTENCY_KEY
from booking_site.common.api.writing import idempotent, write
from booking_site.common.callers import actor_of, address_of
from booking_site.common.transactions import run_in_transaction
from stores.api.lookups import store_of

TAGS = ["holds"]


class HoldsView(APIView):
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="hold_start",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=HoldWishShape,
        responses=answers(HoldShape, status=201),
    )
    @idempotent
    def post(self, request: Request, store_id: str) -> Response:
        """Nobody else can book it until `expires_at`. Whoever has the token may book or free it;
        so a guest should send an `Idempotency-Key` that nobody else would think of, such as a
        UUID."""
        body, at = parsed(HoldWishShape, request), timezone.now()
        store = store_of(request, store_id)
        wish = {
            "starts_at": wanted_start(body, store, at),
            "duration_minutes": body.get("duration_minutes"),
            "realtor": named_realtor(store, body.get("realtor_id")),
            "listing": listing_named(store, body.get("listing_id")),
            "replacing": body.get("hold_token"),
        }

        def work() -> Response:
            held = services.hold(
                store, **wish, by=actor_of(request), at=at, address=address_of(request)
            )
            return created(HoldShape(held).data)

        return write(request, work)


class HoldView(APIView):
    permission_classes = [AllowAny]

    @extend_schema(operation_id="release_hold", tags=TAGS, responses=answers(status=204))
    def delete(self, request: Request, token: str) -> Response:
        def work() -> Response:
            services.release_hold(token, by=actor_of(request), at=timezone.now())
            return Response(status=204)

        return run_in_transaction(work)
