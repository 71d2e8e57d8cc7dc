"""Who is in a group, and what concerns one member alone."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.callers import user_of
from booking_site.common.api.envelope import answers, ok
from booking_site.common.api.inputs import parsed, row_id
from booking_site.common.api.parameters import IDEMPOTENCY_KEY
from booking_site.common.api.writing import idempotent, write
from booking_site.common.callers import actor_of
from chat.api.lookups import people_of, thread_for
from chat.api.rendering import conversation_answer
from chat.api.shapes import ConversationShape, MutedShape, ReadShape
from chat.api.wishes import MuteWishShape, PeopleWishShape, ReadWishShape
from chat.limits import GROUPS, count_new_people, keep_pace
from chat.selectors.reading import thread_of
from chat.services import add_people, leave, mark_read, mute

TAGS = ["chat"]


class ParticipantsView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="add_participants",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=PeopleWishShape,
        responses=answers(ConversationShape),
    )
    @idempotent
    def post(self, request: Request, conversation_id: str) -> Response:
        """Bring people into a group, as any of its members may. They see what is said from then on.
        Who is there already stays. 409 where two talk."""
        body, user, at = parsed(PeopleWishShape, request), user_of(request), timezone.now()
        conversation = thread_for(request, conversation_id).conversation
        keep_pace(GROUPS, user.pk)
        ids = [row_id(one, field="participantIds") for one in body["participantIds"]]
        count_new_people(user, ids, at=at)
        people = people_of(ids, field="participantIds")

        def work() -> Response:
            add_people(conversation, people, by=actor_of(request), at=at)
            return ok(conversation_answer(thread_of(user, conversation.pk)))

        return write(request, work)


class LeaveView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="leave_conversation", tags=TAGS, request=None, responses=answers(status=204)
    )
    def post(self, request: Request, conversation_id: str) -> Response:
        """A group. It is not there any more for whoever left. 409 where two talk."""
        conversation, at = thread_for(request, conversation_id).conversation, timezone.now()

        def work() -> Response:
            leave(conversation, by=actor_of(request), at=at)
            return Response(status=204)

        return write(request, work)


class MuteView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="mute_conversation",
        tags=TAGS,
        request=MuteWishShape,
        responses=answers(MutedShape),
    )
    def post(self, request: Request, conversation_id: str) -> Response:
        """For the caller alone: messages still come, and nobody rings."""
        body, at = parsed(MuteWishShape, request), timezone.now()
        conversation = thread_for(request, conversation_id).conversation

        def work() -> Response:
            row = mute(conversation, muted=body["muted"], by=actor_of(request), at=at)
            return ok({"conversationId": str(conversation.pk), "isMuted": row.is_muted})

        return write(request, work)


class ChatReadView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="read_conversation",
        tags=TAGS,
        request=ReadWishShape,
        responses=answers(ReadShape),
    )
    def post(self, request: Request, conversation_id: str) -> Response:
        """Everything up to the number `seq` is read, or up to the newest where that is less. What
        was read stays so."""
        body, at = parsed(ReadWishShape, request), timezone.now()
        pk = row_id(conversation_id)

        def work() -> Response:
            seq = mark_read(pk, body["seq"], by=actor_of(request), at=at)
            return ok({"conversationId": str(pk), "seq": seq})

        return write(request, work)
