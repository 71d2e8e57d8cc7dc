"""Messages: reading, sending, changing, taking back."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.callers import user_of
from booking_site.common.api.envelope import answers, created, listed, ok
from booking_site.common.api.inputs import parsed, parsed_query, row_id
from booking_site.common.api.parameters import IDEMPOTENCY_KEY
from booking_site.common.api.writing import idempotent, write
from booking_site.common.callers import actor_of
from booking_site.common.errors import Invalid
from booking_site.common.pagination import LARGEST_LIMIT, LARGEST_PAGE, Page, page_and_limit
from chat.api.lookups import message_for, thread_for
from chat.api.rendering import message_answer, messages_answer
from chat.api.shapes import MessageShape
from chat.api.wishes import EditWishShape, MessageQueryShape, MessageWishShape
from chat.limits import MESSAGES, keep_pace
from chat.models import Message, MessageKind
from chat.presenters.messages import message_data
from chat.selectors.reading import (
    MESSAGES_LIMIT,
    Thread,
    messages_after,
    messages_before,
    messages_page,
    thread_of,
)
from chat.services import AlreadySent, Draft, edit, posting, send, take_back

TAGS = ["chat"]
PAGES = [
    OpenApiParameter(
        "page", {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": 1}
    ),
    OpenApiParameter(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": LARGEST_LIMIT, "default": MESSAGES_LIMIT},
    ),
]


class MessagesView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="list_messages",
        tags=TAGS,
        parameters=[MessageQueryShape, *PAGES],
        responses=answers(MessageShape, many=True),
    )
    def get(self, request: Request, conversation_id: str) -> Response:
        """Page 1 is the newest; the oldest of a page comes first. `before` and `after` go on from a
        number. Who came later does not see what was said before. Marks nothing as read."""
        query = parsed_query(MessageQueryShape, request)
        number, limit = page_and_limit(request.query_params, limit=MESSAGES_LIMIT)
        thread = thread_for(request, conversation_id)
        rows = _wanted(thread, query, number, limit)
        page = Page(rows, number, limit, thread.count)
        return listed(messages_answer(rows, thread), page)

    @extend_schema(
        operation_id="send_message",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=MessageWishShape,
        responses=answers(MessageShape) | answers(MessageShape, status=201),
    )
    @idempotent
    def post(self, request: Request, conversation_id: str) -> Response:
        """201, and 200 with the message that was sent before where `clientId` repeats; 409
        `idempotency_mismatch` where it was another. At most a hundred a minute, forty at once, over
        all of the caller's devices: then 429."""
        body, at = parsed(MessageWishShape, request), timezone.now()
        draft, pk = _draft(body), row_id(conversation_id)
        user, by = user_of(request), actor_of(request)
        keep_pace(MESSAGES, user.pk)

        def work() -> Response:
            # Nobody can have it yet.
            return created(message_data(send(pk, draft, by=by, at=at)) | {"status": "sent"})

        try:
            with posting(pk, draft, by=by):
                return write(request, work)
        except AlreadySent as before:
            return ok(message_answer(before.message, thread_of(user, pk)))


class MessageView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="edit_message",
        tags=TAGS,
        request=EditWishShape,
        responses=answers(MessageShape),
    )
    def patch(self, request: Request, conversation_id: str, message_id: str) -> Response:
        """Other words, by their author, for a quarter of an hour; then 409 `too_late`."""
        body, at = parsed(EditWishShape, request), timezone.now()
        thread, message = message_for(request, conversation_id, message_id)

        def work() -> Response:
            changed = edit(message, body["content"]["text"], by=actor_of(request), at=at)
            return ok(message_answer(changed, thread))

        return write(request, work)

    @extend_schema(operation_id="take_back_message", tags=TAGS, responses=answers(MessageShape))
    def delete(self, request: Request, conversation_id: str, message_id: str) -> Response:
        """By its author, for a quarter of an hour. Its number stays, without words and files."""
        at = timezone.now()
        thread, message = message_for(request, conversation_id, message_id)

        def work() -> Response:
            gone = take_back(message, by=actor_of(request), at=at)
            return ok(message_answer(gone, thread))

        return write(request, work)


def _wanted(thread: Thread, query: dict[str, Any], page: int, limit: int) -> list[Message]:
    if "before" in query and "after" in query:
        raise Invalid(errors={"after": [_("Name one of before and after.")]})
    if "before" in query:
        return messages_before(thread, query["before"], limit=limit)
    if "after" in query:
        return messages_after(thread, query["after"], limit=limit)
    return messages_page(thread, page=page, limit=limit)


def _draft(body: dict[str, Any]) -> Draft:
    content, reply_to = body["content"], body.get("replyToId")
    return Draft(
        text=content.get("text") or "",
        kind=body.get("messageType") or MessageKind.TEXT,
        sticker=content.get("sticker") or "",
        attachment=content.get("attachmentId") or "",
        reply_to_id=row_id(reply_to, field="replyToId") if reply_to is not None else None,
        client_id=body.get("clientId"),
    )
