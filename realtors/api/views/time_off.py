"""When a realtor takes nothing. Seen and set by the realtor and the store's staff only."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
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
from realtors import services
from realtors.api.lookups import own_realtor_of, time_off_of
from realtors.api.shapes import TimeOffShape

TAGS = ["realtors"]


class TimesOffView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="list_time_off",
        tags=TAGS,
        parameters=PAGING,
        responses=answers(TimeOffShape, many=True),
    )
    def get(self, request: Request, realtor_id: str) -> Response:
        rows = own_realtor_of(request, realtor_id).time_off.select_related("realtor__store")
        page = paginate(rows.order_by("starts_at", "pk"), request.query_params)
        return listed(TimeOffShape(page.rows, many=True).data, page)

    @extend_schema(
        operation_id="add_time_off",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=TimeOffShape,
        responses=answers(TimeOffShape, status=201),
    )
    @idempotent
    def post(self, request: Request, realtor_id: str) -> Response:
        """What is booked in that time stays booked."""
        realtor, facts = own_realtor_of(request, realtor_id), parsed(TimeOffShape, request)

        def work() -> Response:
            off = services.add_time_off(realtor, **facts, by=actor_of(request), at=timezone.now())
            return created(TimeOffShape(off).data)

        return write(request, work)


class TimeOffView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(operation_id="time_off", tags=TAGS, responses=answers(TimeOffShape))
    def get(self, request: Request, realtor_id: str, off_id: str) -> Response:
        off = time_off_of(own_realtor_of(request, realtor_id), off_id)
        return ok(TimeOffShape(off).data)

    @extend_schema(
        operation_id="change_time_off",
        tags=TAGS,
        request=TimeOffShape,
        responses=answers(TimeOffShape),
    )
    def patch(self, request: Request, realtor_id: str, off_id: str) -> Response:
        """Only what is named changes."""
        off = time_off_of(own_realtor_of(request, realtor_id), off_id)
        facts = parsed(TimeOffShape, request, partial=True)

        def work() -> Response:
            changed = services.change_time_off(
                off, **facts, by=actor_of(request), at=timezone.now()
            )
            return ok(TimeOffShape(changed).data)

        return run_in_transaction(work)

    @extend_schema(operation_id="remove_time_off", tags=TAGS, responses=answers(status=204))
    def delete(self, request: Request, realtor_id: str, off_id: str) -> Response:
        off = time_off_of(own_realtor_of(request, realtor_id), off_id)

        def work() -> Response:
            services.remove_time_off(off, by=actor_of(request), at=timezone.now())
            return Response(status=204)

        return run_in_transaction(work)
