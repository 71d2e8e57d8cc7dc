"""Realtors."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from booking_site.common.api.envelope import answers, listed, ok
from booking_site.common.api.inputs import parsed_query
from booking_site.common.api.parameters import PAGING
from booking_site.common.pagination import paginate
from realtors.api.lookups import realtor_of
from realtors.api.shapes import RealtorQueryShape, RealtorShape
from realtors.models import Realtor, RealtorQuerySet
from realtors.selectors import realtors_visible_to, run_among
from stores.api.lookups import store_of

TAGS = ["realtors"]


class RealtorsView(APIView):
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="list_realtors",
        tags=TAGS,
        parameters=[RealtorQueryShape, *PAGING],
        responses=answers(RealtorShape, many=True),
    )
    def get(self, request: Request) -> Response:
        page = paginate(_wanted(request), request.query_params)
        context = {"run": run_among(page.rows, request.user)}
        return listed(RealtorShape(page.rows, many=True, context=context).data, page)


class RealtorView(APIView):
    permission_classes = [AllowAny]

    @extend_schema(operation_id="realtor", tags=TAGS, responses=answers(RealtorShape))
    def get(self, request: Request, realtor_id: str) -> Response:
        realtor = realtor_of(request, realtor_id)
        context = {"run": run_among([realtor], request.user)}
        return ok(RealtorShape(realtor, context=context).data)


def _wanted(request: Request) -> QuerySet[Realtor]:
    rows: RealtorQuerySet = realtors_visible_to(request.user).prefetch_related("skills")
    query = parsed_query(RealtorQueryShape, request)
    if "store_id" in query:
        rows = rows.filter(store=store_of(request, query["store_id"]))
    return rows.best_first() if query.get("sort") else rows
