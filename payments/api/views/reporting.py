"""Sums, for whoever runs a store or works there."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from booking_site.common.api.envelope import answers, ok
from booking_site.common.api.inputs import not_there, parsed_query, row_id
from booking_site.common.errors import Invalid
from payments.api.lookups import user_of
from payments.api.shapes import MoneyReportShape, ReportQueryShape
from payments.selectors import Span
from payments.selectors.report import report_rows, reporting_scope

LONGEST_DAYS = 366


class ReportView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="report_payments",
        tags=["payments"],
        parameters=[ReportQueryShape],
        responses=answers(MoneyReportShape),
    )
    def get(self, request: Request) -> Response:
        """What was paid on these days, by store and provider: of the stores one manages, and of
        one's own work. A refund lessens the day on which its money came in. 403 for whoever
        neither runs a store nor works in one."""
        query = parsed_query(ReportQueryShape, request)
        scope = reporting_scope(user_of(request))
        stores = list(scope.stores)
        if query.get("store_id"):
            wanted = row_id(query["store_id"], field="store_id")
            stores = [one for one in stores if one.pk == wanted]
            if not stores:
                raise not_there("store_id")
        span = _span(query)
        rows = report_rows(scope, stores, span)
        return ok(
            MoneyReportShape({"date_from": span.first, "date_to": span.last, "rows": rows}).data
        )


def _span(query: dict[str, Any]) -> Span:
    today = timezone.localdate()
    first: date = query.get("date_from") or today.replace(day=1)
    last: date = query.get("date_to") or max(today, first)
    if last < first or (last - first).days > LONGEST_DAYS:
        raise Invalid(errors={"date_to": [_("From the first day on, and a year at most.")]})
    return Span(first, last)
