"""Orders of services, as appointments under the names of Document 4."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.callers import user_of
from appointments import services
from appointments.api.complaints import ORDER, said_of
from appointments.api.order_lookups import order_of, order_wish, orders_asked_for
from appointments.api.order_queries import OrderQueryShape
from appointments.api.order_rendering import order_answer, orders_answer
from appointments.api.order_shapes import (
    CancelAnswerShape,
    OrderReasonShape,
    OrderShape,
    OrderWishShape,
)
from appointments.api.steps import steps_of
from appointments.talks import talks
from booking_site.common.api.envelope import answers, created, listed, ok
from booking_site.common.api.inputs import parsed, parsed_query
from booking_site.common.api.parameters import IDEMPOTENCY_KEY, PAGING
from booking_site.common.api.writing import idempotent, write
from booking_site.common.callers import actor_of
from booking_site.common.pagination import paginate

TAGS = ["orders"]
described = steps_of(TAGS, OrderShape)


class OrdersView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="list_orders",
        tags=TAGS,
        parameters=[OrderQueryShape, *PAGING],
        responses=answers(OrderShape, many=True),
    )
    def get(self, request: Request) -> Response:
        """The caller's own as customer or provider, and those of the stores they manage; the latest
        start first."""
        rows = orders_asked_for(request, parsed_query(OrderQueryShape, request))
        page = paginate(rows, request.query_params)
        return listed(orders_answer(page.rows, user_of(request)), page)

    @extend_schema(
        operation_id="order_service",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=OrderWishShape,
        responses=answers(OrderShape, status=201),
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Pending until the provider confirms; where nobody has to and something is paid in
        advance, until `payBefore`. Another `totalAmount` than the service asks for is a proposal
        and waits for the provider. 409 `slot_taken` with the next free starts in `errors`, 409
        `customer_conflict` when the caller has something else at that time."""
        body, at, by = parsed(OrderWishShape, request), timezone.now(), actor_of(request)
        wish, conversation_id = order_wish(request, body, at), body.get("conversationId")

        def work() -> Response:
            with said_of(ORDER):
                if conversation_id is None:
                    made = services.book(wish, by=by, at=at)
                else:
                    made = talks().order_there(conversation_id, wish, by=by, at=at)
            return created(order_answer(made, user_of(request)))

        return write(request, work)


class OrderView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(operation_id="order", tags=TAGS, responses=answers(OrderShape))
    def get(self, request: Request, order_id: str) -> Response:
        user = user_of(request)
        return ok(orders_answer([order_of(request, order_id)], user)[0])


class ConfirmOrderView(APIView):
    permission_classes = [IsAuthenticated]

    @described("confirm_order")
    @idempotent
    def post(self, request: Request, order_id: str) -> Response:
        """The provider, or staff: the amount binds, and what is due of it is paid from now on. 400
        `payment_required` where it is to be paid first."""
        return _carried_out(request, order_id, services.accept)


class DeclineOrderView(APIView):
    permission_classes = [IsAuthenticated]

    @described("decline_order", request=OrderReasonShape)
    @idempotent
    def post(self, request: Request, order_id: str) -> Response:
        """The provider, or staff: it is cancelled, or asked of a colleague where the service is
        nobody's in particular."""
        return _carried_out(request, order_id, services.decline, reason=_reason(request))


class StartOrderView(APIView):
    permission_classes = [IsAuthenticated]

    @described("start_order")
    @idempotent
    def post(self, request: Request, order_id: str) -> Response:
        """The provider, or staff, from 15 minutes before its time."""
        return _carried_out(request, order_id, services.start)


class CompleteOrderView(APIView):
    permission_classes = [IsAuthenticated]

    @described("complete_order")
    @idempotent
    def post(self, request: Request, order_id: str) -> Response:
        """The provider, or staff, once it has been started."""
        return _carried_out(request, order_id, services.complete)


class CancelOrderView(APIView):
    permission_classes = [IsAuthenticated]

    @described("cancel_order", request=OrderReasonShape)
    @idempotent
    def post(self, request: Request, order_id: str) -> Response:
        """Either side, while it is pending. 409 `needs_agreement` once it is confirmed: then the
        other side is asked, by `cancel-request`."""
        return _carried_out(request, order_id, services.cancel, reason=_reason(request))


class AskToCancelView(APIView):
    permission_classes = [IsAuthenticated]

    @described("ask_to_cancel_order", request=OrderReasonShape)
    @idempotent
    def post(self, request: Request, order_id: str) -> Response:
        """Either side of a confirmed order, also once it has begun; asking again changes nothing.
        Where the other side has asked already, they agree. Not answered in time, staff decide."""
        return _carried_out(request, order_id, services.ask_to_cancel, reason=_reason(request))


class TakeBackView(APIView):
    permission_classes = [IsAuthenticated]

    @described("withdraw_cancel_request")
    @idempotent
    def post(self, request: Request, order_id: str) -> Response:
        """The side that asked no longer wants to call it off."""
        return _carried_out(request, order_id, services.take_back_request)


class CancelAnswerView(APIView):
    permission_classes = [IsAuthenticated]

    @described("answer_cancel_request", request=CancelAnswerShape)
    @idempotent
    def post(self, request: Request, order_id: str) -> Response:
        """The other side: a yes calls the order off, a no leaves it to staff, until whose word it
        may still become a yes."""
        body = parsed(CancelAnswerShape, request)
        said = {"agree": body["agree"], "reason": body.get("reason") or ""}
        return _carried_out(request, order_id, services.answer_cancel_request, **said)


def _reason(request: Request) -> str:
    return parsed(OrderReasonShape, request).get("reason") or ""


def _carried_out(
    request: Request, order_id: str, verb: Callable[..., Any], **said: Any
) -> Response:
    made, at = order_of(request, order_id), timezone.now()

    def work() -> Response:
        with said_of(ORDER):
            verb(made, by=actor_of(request), at=at, **said)
        return ok(order_answer(made, user_of(request)))

    return write(request, work)
