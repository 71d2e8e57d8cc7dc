"""The ordinary week of a realtor."""

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
from realtors import services
from realtors.api.lookups import realtor_of
from realtors.api.shapes import RealtorHoursShape, WorkingWeekShape, hours_answer
from realtors.selectors import ordinary_week
from stores.api.shapes import week_of

TAGS = ["realtors"]


class RealtorHoursView(APIView):
    permission_classes = [IsAuthenticatedOrReadOnly]

    @extend_schema(operation_id="realtor_hours", tags=TAGS, responses=answers(RealtorHoursShape))
    def get(self, request: Request, realtor_id: str) -> Response:
        realtor = realtor_of(request, realtor_id)
        return ok(hours_answer(realtor, ordinary_week(realtor)))

    @extend_schema(
        operation_id="set_realtor_hours",
        tags=TAGS,
        request=WorkingWeekShape,
        responses=answers(RealtorHoursShape),
    )
    def put(self, request: Request, realtor_id: str) -> Response:
        """Replace the week, breaks included. The realtor and the store's staff; what is booked
        stays booked."""
        realtor, body = realtor_of(request, realtor_id), parsed(WorkingWeekShape, request)

        def work() -> Response:
            services.set_working_hours(
                realtor,
                work=week_of(body["hours"]),
                breaks=week_of(body["breaks"]),
                by=actor_of(request),
                at=timezone.now(),
            )
            return ok(hours_answer(realtor, ordinary_week(realtor)))

        return run_in_transaction(work)
