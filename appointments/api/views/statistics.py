"""GET statistics."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from appointments.api.statistics import (
    StatisticsQueryShape,
    StatisticsShape,
    scope_of,
    statistics_answer,
)
from appointments.selectors.statistics import spans_of, statistics_of
from booking_site.common.api.envelope import answers, ok
from booking_site.common.api.inputs import parsed_query


class StatisticsView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="statistics",
        tags=["operation"],
        parameters=[StatisticsQueryShape],
        responses=answers(StatisticsShape),
    )
    def get(self, request: Request) -> Response:
        """How it went: the stores of those who run them, and of a provider what is their own. Dates
        are those of each store's calendar, the last 30 days when missing, at most 366."""
        query, at = parsed_query(StatisticsQueryShape, request), timezone.now()
        stores, realtor = scope_of(
            request, store_id=query.get("store_id"), realtor_id=query.get("realtor_id")
        )
        spans = spans_of(stores, first=query.get("date_from"), last=query.get("date_to"), at=at)
        found = statistics_of(spans, realtor=realtor)
        return ok(statistics_answer(spans, found, one_store=len(stores) == 1, realtor=realtor))
