"""Dates on which a store has other hours, or none."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from booking_site.common.api.envelope import answers, created, listed, ok
from booking_site.common.api.inputs import parsed
from booking_site.common.api.parameters import IDEMPOTENCY_KEY, PAGING
from booking_site.common.api.writing import idempotent, write
from booking_site.common.callers import actor_of
from booking_site.common.pagination import paginate
from booking_site.common.transactions import run_in_transaction
from stores import services
from stores.api.lookups import special_day_of, store_of
from stores.api.shapes import SpecialDayShape, special_day_facts

TAGS = ["stores"]


class SpecialDaysView(APIView):
    permission_classes = [IsAuthenticatedOrReadOnly]

    @extend_schema(
        operation_id="list_special_days",
        tags=TAGS,
        parameters=PAGING,
        responses=answers(SpecialDayShape, many=True),
    )
    def get(self, request: Request, store_id: str) -> Response:
        days = store_of(request, store_id).special_days.prefetch_related("intervals")
        page = paginate(days, request.query_params)
        return listed(SpecialDayShape(page.rows, many=True).data, page)

    @extend_schema(
        operation_id="add_special_day",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=SpecialDayShape,
        responses=answers(SpecialDayShape, status=201),
    )
    @idempotent
    def post(self, request: Request, store_id: str) -> Response:
        """Managers of the store only; what is booked stays booked."""
        store = store_of(request, store_id)
        facts = special_day_facts(parsed(SpecialDayShape, request))

        def work() -> Response:
            day = services.add_special_day(store, **facts, by=actor_of(request), at=timezone.now())
            return created(SpecialDayShape(day).data)

        return write(request, work)


class SpecialDayView(APIView):
    permission_classes = [IsAuthenticatedOrReadOnly]

    @extend_schema(operation_id="special_day", tags=TAGS, responses=answers(SpecialDayShape))
    def get(self, request: Request, store_id: str, day_id: str) -> Response:
        day = special_day_of(store_of(request, store_id), day_id)
        return ok(SpecialDayShape(day).data)

    @extend_schema(
        operation_id="change_special_day",
        tags=TAGS,
        request=SpecialDayShape,
        responses=answers(SpecialDayShape),
    )
    def patch(self, request: Request, store_id: str, day_id: str) -> Response:
        """Only what is named changes."""
        day = special_day_of(store_of(request, store_id), day_id)
        facts = special_day_facts(parsed(SpecialDayShape, request, partial=True))

        def work() -> Response:
            changed = services.change_special_day(
                day, **facts, by=actor_of(request), at=timezone.now()
            )
            return ok(SpecialDayShape(changed).data)

        return run_in_transaction(work)

    @extend_schema(operation_id="remove_special_day", tags=TAGS, responses=answers(status=204))
    def delete(self, request: Request, store_id: str, day_id: str) -> Response:
        def work() -> Response:
            day = special_day_of(store_of(request, store_id), day_id)
            services.remove_special_day(day, by=actor_of(request), at=timezone.now())
            return Response(status=204)

        return run_in_transaction(work)
