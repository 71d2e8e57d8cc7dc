"""One's conversations, and beginning them."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.callers import user_of
from booking_site.common.api.envelope import answers, created, listed, ok
from booking_site.common.api.inputs import parsed, parsed_query, row_id
from booking_site.common.api.parameters import IDEMPOTENCY_KEY, PAGING
from booking_site.common.api.writing import idempotent, write
from booking_site.common.callers import actor_of
from booking_site.common.errors import Invalid
from chat.api.lookups import appointment_of, people_of, person_of, thread_for
from chat.api.rendering import conversation_answer, conversations_answer
from chat.api.shapes import ConversationShape
from chat.api.wishes import ConversationQueryShape, ConversationWishShape, NameWishShape
from chat.limits import GROUPS, count_new_people, keep_pace
from chat.selectors.reading import thread_of, threads_of
from chat.services import open_direct, open_group, rename
from realtors.api.listing_lookups import listing_of

TAGS = ["chat"]


class ConversationsView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="list_conversations",
        tags=TAGS,
        parameters=[ConversationQueryShape, *PAGING],
        responses=answers(ConversationShape, many=True),
    )
    def get(self, request: Request) -> Response:
        """One's own, the one in which something was said last first; with `archived` those that
        have been put away."""
        query = parsed_query(ConversationQueryShape, request)
        archived = bool(query.get("archived"))
        page = threads_of(user_of(request), request.query_params, archived=archived)
        return listed(conversations_answer(page.rows), page)

    @extend_schema(
        operation_id="open_conversation",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=ConversationWishShape,
        responses=answers(ConversationShape) | answers(ConversationShape, status=201),
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """With `targetUserId` the conversation of the two about this appointment (`orderId`, one
        that is between them), about what one of them offers (`serviceId`, a listing), or about
        nothing in particular: the one there is (200), or a new one
        (201). With `participantIds` and `name` a new group. 403 where one of them has blocked the
        caller; 429 after many whom the caller has never talked to."""
        body = parsed(ConversationWishShape, request)
        if body.get("participantIds") is not None:
            return _group(request, body)
        return _direct(request, body)


class ConversationView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(operation_id="get_conversation", tags=TAGS, responses=answers(ConversationShape))
    def get(self, request: Request, conversation_id: str) -> Response:
        return ok(conversation_answer(thread_for(request, conversation_id)))

    @extend_schema(
        operation_id="rename_conversation",
        tags=TAGS,
        request=NameWishShape,
        responses=answers(ConversationShape),
    )
    def patch(self, request: Request, conversation_id: str) -> Response:
        """A group, by any of its members."""
        body, at = parsed(NameWishShape, request), timezone.now()
        conversation = thread_for(request, conversation_id).conversation
        keep_pace(GROUPS, user_of(request).pk)

        def work() -> Response:
            rename(conversation, name=body["name"], by=actor_of(request), at=at)
            return ok(conversation_answer(thread_of(user_of(request), conversation.pk)))

        return write(request, work)


def _direct(request: Request, body: dict[str, Any]) -> Response:
    user, at = user_of(request), timezone.now()
    if body.get("targetUserId") is None:
        raise Invalid(errors={"targetUserId": [_("Name somebody to talk to.")]})
    target_id = row_id(body["targetUserId"], field="targetUserId")
    count_new_people(user, [target_id], at=at)
    other = person_of(target_id, field="targetUserId")
    order_id = body.get("orderId")
    appointment = appointment_of(request, order_id) if order_id is not None else None
    service_id = body.get("serviceId")
    listing = listing_of(request, service_id, field="serviceId") if service_id is not None else None

    def work() -> Response:
        by = actor_of(request)
        opened = open_direct(other, appointment=appointment, listing=listing, by=by, at=at)
        data = conversation_answer(thread_of(user, opened.conversation.pk))
        return created(data) if opened.is_new else ok(data)

    return write(request, work)


def _group(request: Request, body: dict[str, Any]) -> Response:
    user, at = user_of(request), timezone.now()
    for field in ("targetUserId", "orderId", "serviceId"):
        if body.get(field) is not None:
            raise Invalid(errors={field: [_("Two have this; a group has participantIds.")]})
    ids = [row_id(one, field="participantIds") for one in body["participantIds"]]
    count_new_people(user, ids, groups=1, at=at)
    people = people_of(ids, field="participantIds")

    def work() -> Response:
        name = body.get("name") or ""
        conversation = open_group(people, name=name, by=actor_of(request), at=at)
        return created(conversation_answer(thread_of(user, conversation.pk)))

    return write(request, work)
