"""What frames say of conversations: the words of the API (chat.presenters), for each member."""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils import translation

from appointments.models import Appointment
from chat.events import Member
from chat.models import Message
from chat.presenters.cards import card_of
from chat.presenters.conversations import head_data
from chat.presenters.messages import quoted_in
from chat.selectors.reading import Thread

Data = dict[str, Any]


def for_each(members: Iterable[Member], render: Callable[[], Data]) -> dict[int, Data]:
    """Rendered once for each language."""
    members, made = list(members), dict[str, Data]()
    for member in members:
        if member.locale not in made:
            with translation.override(member.locale):
                made[member.locale] = render()
    return {member.user_id: made[member.locale] for member in members}


def without_earlier(
    data: dict[int, Data], message: Message, members: Iterable[Member]
) -> dict[int, Data]:
    """What was said before somebody came is not quoted to them."""
    late = [one.user_id for one in members if not quoted_in(message, since=one.joined_seq)]
    return data | {pk: data[pk] | {"replyTo": None} for pk in late}


def deleted(message: Message) -> Data:
    """``hidden``: by staff, who may show it again."""
    gone_at = message.deleted_at or message.hidden_at
    return {
        "id": str(message.pk),
        "conversationId": str(message.conversation_id),
        "seq": message.seq,
        "deletedAt": gone_at.isoformat() if gone_at else None,
        "hidden": message.hidden_at is not None,
    }


def heads(members: Iterable[Member], threads: Iterable[Thread]) -> dict[int, Data]:
    """Each has their own name for it, their own numbers and, as long as it is theirs, the card."""
    return _of_threads(members, threads, lambda one: {"isMember": True, **head_data(one)})


def cards(
    members: Iterable[Member], threads: Iterable[Thread], appointment: Appointment
) -> dict[int, Data]:
    return _of_threads(members, threads, lambda one: _card(one, appointment))


def _card(thread: Thread, appointment: Appointment) -> Data:
    return {
        "conversationId": str(thread.conversation.pk),
        "orderId": str(appointment.pk),
        "card": card_of(appointment, thread.own.user_id),
    }


def _of_threads(
    members: Iterable[Member], threads: Iterable[Thread], render: Callable[[Thread], Data]
) -> dict[int, Data]:
    by_user = {thread.own.user_id: thread for thread in threads}
    made = {}
    for member in members:
        if member.user_id in by_user:
            with translation.override(member.locale):
                made[member.user_id] = render(by_user[member.user_id])
    return made


def left(conversation_id: int) -> Data:
    return {"id": str(conversation_id), "isMember": False}
