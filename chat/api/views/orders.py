"""Ordering where two talk."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.callers import user_of
from appointments.api.complaints import ORDER, said_of
from appointments.api.order_lookups import order_wish
from appointments.api.order_rendering import order_answer
from appointments.api.order_shapes import OrderShape
from booking_site.common.api.envelope import answers, created
from booking_site.common.api.inputs import parsed
from booking_site.common.api.parameters import IDEMPOTENCY_KEY
from booking_site.common.api.writing import idempotent, write
from booking_site.common.callers import actor_of
from booking_site.common.errors import Invalid
from chat.api.lookups import thread_for
from chat.api.wishes import TalkOrderWishShape
from chat.models import Conversation
from chat.services import order_in

TAGS = ["chat"]


class TalkOrdersView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="order_in_conversation",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=TalkOrderWishShape,
        responses=answers(OrderShape, status=201),
    )
    @idempotent
    def post(self, request: Request, conversation_id: str) -> Response:
        """As `POST /api/v1/orders`, for what the other of the two offers; without `serviceId` it is
        what the conversation is about. A message of type `order` shows it to both, as it is at any
        time: in its `metadata.order`, and by `order-updated`. 404 for `serviceId` of somebody else,
        403 where one has blocked the other, 409 in groups and in what has been put away."""
        body, at, by = parsed(TalkOrderWishShape, request), timezone.now(), actor_of(request)
        conversation = thread_for(request, conversation_id).conversation
        wish = order_wish(request, _with_service(body, conversation), at)

        def work() -> Response:
            with said_of(ORDER):
                made = order_in(conversation, wish, by=by, at=at)
            return created(order_answer(made, user_of(request)))

        return write(request, work)


def _with_service(body: dict[str, Any], conversation: Conversation) -> dict[str, Any]:
    service_id = body.get("serviceId") or conversation.listing_id
    if service_id is None:
        raise Invalid(errors={"serviceId": [_("Name the service.")]})
    return body | {"serviceId": str(service_id)}
