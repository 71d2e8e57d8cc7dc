"""The caller's children."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import selectors, services
from accounts.api.callers import user_of
from accounts.api.shapes import ChildShape
from booking_site.common.api.envelope import answers, created, listed, ok
from booking_site.common.api.inputs import parsed
from booking_site.common.api.parameters import IDEMPOTENCY_KEY, PAGING
from booking_site.common.api.writing import idempotent, write
from booking_site.common.callers import actor_of
from booking_site.common.pagination import paginate
from booking_site.common.transactions import run_in_transaction

TAGS = ["me"]


class ChildrenView(APIView):
    @extend_schema(
        operation_id="list_children",
        tags=TAGS,
        parameters=PAGING,
        responses=answers(ChildShape, many=True),
    )
    def get(self, request: Request) -> Response:
        page = paginate(selectors.children_of(user_of(request)), request.query_params)
        return listed(list(ChildShape(page.rows, many=True).data), page)

    @extend_schema(
        operation_id="add_child",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=ChildShape,
        responses=answers(ChildShape, status=201),
    )
    @idempotent
    def post(self, request: Request) -> Response:
        facts = parsed(ChildShape, request)

        def work() -> Response:
            child = services.add_child(facts=facts, by=actor_of(request), at=timezone.now())
            return created(ChildShape(child).data)

        return write(request, work)


class ChildView(APIView):
    @extend_schema(operation_id="child", tags=TAGS, responses=answers(ChildShape))
    def get(self, request: Request, child_id: str) -> Response:
        return ok(ChildShape(selectors.child_of(user_of(request), child_id)).data)

    @extend_schema(
        operation_id="change_child", tags=TAGS, request=ChildShape, responses=answers(ChildShape)
    )
    def patch(self, request: Request, child_id: str) -> Response:
        """Only what is named changes."""
        facts = parsed(ChildShape, request, partial=True)

        def work() -> Response:
            child = selectors.child_of(user_of(request), child_id)
            services.change_child(child, facts=facts, by=actor_of(request), at=timezone.now())
            return ok(ChildShape(child).data)

        return run_in_transaction(work)

    @extend_schema(operation_id="remove_child", tags=TAGS, responses=answers(status=204))
    def delete(self, request: Request, child_id: str) -> Response:
        def work() -> Response:
            child = selectors.child_of(user_of(request), child_id)
            services.remove_child(child, by=actor_of(request), at=timezone.now())
            return Response(status=204)

        return run_in_transaction(work)
