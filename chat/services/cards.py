"""Conversations about an appointment follow what becomes of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from appointments.models import Appointment
from booking_site.common.events import publish
from chat.events import CardChanged
from chat.models import Conversation, Participant
from chat.presenters.conversations import people_of
from chat.selectors.members import as_members, members_of

from .conversing import put_away
from .notes import add_card


@dataclass(frozen=True)
class Changed:
    """``what``: a name of chat.presenters.notes.CARDS."""

    appointment_id: int
    what: str
    at: datetime


def follow(changes: Iterable[Changed]) -> None:
    """All of one transaction, at its end. A card is added to the conversation of the two whose
    appointment it is; one with somebody it was taken from is put away. One query where nobody has
    talked about any of them."""
    changes = list(changes)
    ids = sorted({one.appointment_id for one in changes})
    about = Conversation.objects.filter(appointment__in=ids).order_by("pk")
    parts = ("appointment__store", "appointment__realtor", "appointment__listing")
    conversations = list(about.select_related(*parts))
    for conversation in conversations:
        appointment = conversation.appointment
        assert appointment is not None
        theirs = [one for one in changes if one.appointment_id == appointment.pk]
        _follow_one(conversation, appointment, theirs)


def _follow_one(
    conversation: Conversation, appointment: Appointment, changes: list[Changed]
) -> None:
    at = changes[-1].at
    present = Participant.objects.present().filter(conversation=conversation)
    is_theirs = set(present.values_list("user_id", flat=True)) == people_of(appointment)
    if is_theirs and conversation.is_active:
        for change in changes:
            add_card(conversation, appointment, what=_what(change, appointment), at=change.at)
    elif not is_theirs and appointment.realtor_id is not None:
        put_away(conversation, at=at)
    # Also to whoever it was taken from: they see it no more.
    members = as_members(members_of(conversation.pk))
    publish(CardChanged(conversation.pk, members, at, appointment_id=appointment.pk))


def _what(change: Changed, appointment: Appointment) -> str:
    """A seat was its teacher's from the beginning, and a stay its sitter's: they are asked."""
    theirs = appointment.is_seat or appointment.is_stay
    return "asked" if theirs and change.what == "assigned" else change.what
