"""The ordinary week of a store."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from booking_site.common.api.envelope import answers, ok
from booking_site.common.api.inputs import parsed
from booking_site.common.callers import actor_of
from booking_site.common.transactions import run_in_transaction
from stores import services
from stores.api.lookups import store_of
from stores.api.shapes import StoreHoursShape, WeekShape, hours_answer, week_of
from stores.selectors import hours_now

TAGS = ["stores"]


class StoreHoursView(APIView):
    permission_classes = [IsAuthenticatedOrReadOnly]

    @extend_schema(operation_id="store_hours", tags=TAGS, responses=answers(StoreHoursShape))
    def get(self, request: Request, store_id: str) -> Response:
        store = store_of(request, store_id)
        week = hours_now([store], at=timezone.now())[store.pk].week
        return ok(hours_answer(store, week))

    @extend_schema(
        operation_id="set_store_hours",
        tags=TAGS,
        request=WeekShape,
        responses=answers(StoreHoursShape),
    )
    def put(self, request: Request, store_id: str) -> Response:
        """Replace the week. Managers of the store only; what is booked stays booked."""
        store, week = store_of(request, store_id), week_of(parsed(WeekShape, request)["hours"])

        def work() -> Response:
            services.set_opening_hours(store, week=week, by=actor_of(request), at=timezone.now())
            return ok(hours_answer(store, week))

        return run_in_transaction(work)
