"""What a store's own systems keep here."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from booking_site.common.api.envelope import answers, ok
from booking_site.common.api.inputs import parsed
from booking_site.common.callers import actor_of
from booking_site.common.transactions import run_in_transaction
from stores import services
from stores.api.lookups import run_store_of
from stores.api.tenant_shapes import (
    StoreSettingsShape,
    StoreSettingsWishShape,
    settings_answer,
)

TAGS = ["stores"]


class StoreSettingsView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(operation_id="store_settings", tags=TAGS, responses=answers(StoreSettingsShape))
    def get(self, request: Request, store_id: str) -> Response:
        """For those who run the store, and its keys. The site itself does not read `settings`."""
        return ok(settings_answer(run_store_of(request, store_id)))

    @extend_schema(
        operation_id="set_store_settings",
        tags=TAGS,
        request=StoreSettingsWishShape,
        responses=answers(StoreSettingsShape),
    )
    def put(self, request: Request, store_id: str) -> Response:
        """In place of those before, as a whole."""
        store = run_store_of(request, store_id)
        wanted = parsed(StoreSettingsWishShape, request)["settings"]

        def work() -> Response:
            kept = services.set_settings(store, wanted, by=actor_of(request), at=timezone.now())
            return ok(settings_answer(kept))

        return run_in_transaction(work)
