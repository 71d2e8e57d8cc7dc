"""Finding words, and what waits to be read."""

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.callers import user_of
from booking_site.common.api.envelope import answers, listed, ok
from booking_site.common.api.inputs import parsed_query, row_id
from booking_site.common.api.parameters import PAGING
from chat.api.rendering import found_answer
from chat.api.shapes import FoundShape, UnreadShape
from chat.api.wishes import SearchQueryShape
from chat.limits import SEARCHES, keep_pace
from chat.selectors.reading import unread_of
from chat.selectors.searching import search_messages

TAGS = ["chat"]


class SearchView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="search_messages",
        tags=TAGS,
        parameters=[SearchQueryShape, *PAGING],
        responses=answers(FoundShape, many=True),
    )
    def get(self, request: Request) -> Response:
        """Messages of one's conversations, or of one of them, that hold `q` as it stands, the
        newest first. Looked at are the last 10,000 of a conversation, in the hundred in which
        something was said last."""
        query, user = parsed_query(SearchQueryShape, request), user_of(request)
        named = query.get("conversationId")
        pk = row_id(named, field="conversationId") if named else None
        keep_pace(SEARCHES, user.pk)
        page = search_messages(user, query["q"], request.query_params, conversation_id=pk)
        return listed([found_answer(one) for one in page.rows], page)


class UnreadView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(operation_id="count_unread", tags=TAGS, responses=answers(UnreadShape))
    def get(self, request: Request) -> Response:
        return ok(vars(unread_of(user_of(request))))
