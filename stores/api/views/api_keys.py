"""Keys of a store, for the people who run it; never for a key (stores.api.key_doors)."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from booking_site.common.api.envelope import answers, created, listed
from booking_site.common.api.inputs import parsed
from booking_site.common.api.parameters import IDEMPOTENCY_KEY, PAGING
from booking_site.common.api.writing import idempotent, write
from booking_site.common.callers import actor_of
from booking_site.common.pagination import paginate
from booking_site.common.transactions import run_in_transaction
from stores import services
from stores.api.lookups import api_key_of, run_store_of
from stores.api.tenant_shapes import ApiKeyShape, ApiKeyWishShape, MadeKeyShape, made_answer

TAGS = ["API keys"]


class ApiKeysView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="list_api_keys",
        tags=TAGS,
        parameters=PAGING,
        responses=answers(ApiKeyShape, many=True),
    )
    def get(self, request: Request, store_id: str) -> Response:
        """Those that were revoked or have run out, too; the keys themselves are not told again."""
        rows = run_store_of(request, store_id).api_keys.select_related("store")
        page = paginate(rows, request.query_params)
        return listed(ApiKeyShape(page.rows, many=True).data, page)

    @extend_schema(
        operation_id="make_api_key",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=ApiKeyWishShape,
        responses=answers(MadeKeyShape, status=201),
    )
    @idempotent
    def post(self, request: Request, store_id: str) -> Response:
        """`key` goes into the header `X-API-Key` of the other system's calls. 409 when the store
        has as many as its plan allows."""
        store, body = run_store_of(request, store_id), parsed(ApiKeyWishShape, request)

        def work() -> Response:
            made = services.make_key(store, **body, by=actor_of(request), at=timezone.now())
            return created(made_answer(made))

        return write(request, work)


class ApiKeyView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(operation_id="revoke_api_key", tags=TAGS, responses=answers(status=204))
    def delete(self, request: Request, store_id: str, key_id: str) -> Response:
        """It opens nothing any more; it stays in the list."""

        def work() -> Response:
            key = api_key_of(run_store_of(request, store_id), key_id)
            services.revoke_key(key, by=actor_of(request), at=timezone.now())
            return Response(status=204)

        return run_in_transaction(work)
