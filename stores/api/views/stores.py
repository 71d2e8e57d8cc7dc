"""Stores."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from booking_site.common.api.envelope import answers, listed, ok
from booking_site.common.api.inputs import parsed_query
from booking_site.common.api.parameters import PAGING
from booking_site.common.pagination import paginate
from stores.api.lookups import store_of
from stores.api.shapes import SortShape, StoreShape
from stores.selectors import hours_now, stores_visible_to

TAGS = ["stores"]


class StoresView(APIView):
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="list_stores",
        tags=TAGS,
        parameters=[SortShape, *PAGING],
        responses=answers(StoreShape, many=True),
    )
    def get(self, request: Request) -> Response:
        rows = stores_visible_to(request.user)
        if parsed_query(SortShape, request).get("sort"):
            rows = rows.best_first()
        page, at = paginate(rows, request.query_params), timezone.now()
        context = {"hours": hours_now(page.rows, at=at), "at": at}
        return listed(StoreShape(page.rows, many=True, context=context).data, page)


class StoreView(APIView):
    permission_classes = [AllowAny]

    @extend_schema(operation_id="store", tags=TAGS, responses=answers(StoreShape))
    def get(self, request: Request, store_id: str) -> Response:
        store, at = store_of(request, store_id), timezone.now()
        context = {"hours": hours_now([store], at=at), "at": at}
        return ok(StoreShape(store, context=context).data)
