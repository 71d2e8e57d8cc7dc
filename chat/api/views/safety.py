"""Against what should not be said: reports to staff, and hearing no more of somebody."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.callers import user_of
from booking_site.common.api.envelope import answers, created, listed
from booking_site.common.api.inputs import parsed, row_id
from booking_site.common.api.parameters import IDEMPOTENCY_KEY, PAGING
from booking_site.common.api.writing import idempotent, write
from booking_site.common.callers import actor_of
from booking_site.common.pagination import paginate
from chat.api.lookups import acquaintance_of, thread_for
from chat.api.rendering import block_answer, report_answer
from chat.api.shapes import BlockShape, MessageReportShape
from chat.api.wishes import BlockWishShape, ReportMessageWishShape
from chat.limits import count_report
from chat.models import Block
from chat.selectors.reading import message_of
from chat.services import block, report, unblock

TAGS = ["chat"]


class ChatReportView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="report_message",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=ReportMessageWishShape,
        responses=answers(MessageReportShape, status=201),
    )
    @idempotent
    def post(self, request: Request, conversation_id: str) -> Response:
        """Nothing changes until staff decide. 409 `conflict` while an earlier report of the
        caller's is open; 429 after many."""
        body, at = parsed(ReportMessageWishShape, request), timezone.now()
        thread, named = thread_for(request, conversation_id), body.get("messageId")
        message = message_of(thread, row_id(named, field="messageId")) if named else None
        count_report(user_of(request).pk, at)

        def work() -> Response:
            made = report(
                thread,
                message=message,
                reason=body["reason"],
                words=body.get("words") or "",
                by=actor_of(request),
                at=at,
            )
            return created(report_answer(made))

        return write(request, work)


class BlocksView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="list_blocks",
        tags=TAGS,
        parameters=PAGING,
        responses=answers(BlockShape, many=True),
    )
    def get(self, request: Request) -> Response:
        """Whom one has blocked, the last one first."""
        rows = Block.objects.visible_to(user_of(request)).select_related("blocked__realtor")
        page = paginate(rows, request.query_params)
        return listed([block_answer(row) for row in page.rows], page)

    @extend_schema(
        operation_id="block_user",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=BlockWishShape,
        responses=answers(BlockShape, status=201),
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Somebody with whom one is or was in a conversation: neither writes to the other any more
        where they are two, and they begin no conversation with the caller. Twice is once."""
        body, at = parsed(BlockWishShape, request), timezone.now()
        other = acquaintance_of(request, body["userId"], field="userId")
        return write(
            request,
            lambda: created(block_answer(block(other, by=actor_of(request), at=at))),
        )


class BlockView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(operation_id="unblock_user", tags=TAGS, responses=answers(status=204))
    def delete(self, request: Request, user_id: str) -> Response:
        """Twice is once."""
        other = acquaintance_of(request, user_id)

        def work() -> Response:
            unblock(other, by=actor_of(request))
            return Response(status=204)

        return write(request, work)
