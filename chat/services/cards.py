"""Conversations about an appointment, and those in which it was ordered, follow what becomes of
it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from appointments.models import Appointment
from booking_site.common.events import publish
from chat.events import CardChanged
from chat.models import Conversation, OrderLink, Participant
from chat.selectors.about import people_of, shown_on_cards
from chat.selectors.members import as_members, members_of

from .conversing import put_away
from .notes import add_card

# What another message of the same moment says already.
SAID_BY = {
    "ordered": {"assigned"},
    "cancel_agreed": {"cancelled"},
    "cancel_called_off": {"cancelled"},
}


@dataclass(frozen=True)
class Changed:
    """``what``: a name of chat.presenters.notes.CARDS."""

    appointment_id: int
    what: str
    at: datetime


def follow(changes: Iterable[Changed]) -> None:
    """All of one transaction, at its end. A card is added to the conversations of the two whose
    appointment it is, about it or such that it was ordered there; one about it with somebody it was
    taken from is put away. One query where nobody has talked about any of them."""
    changes = list(changes)
    for conversation, appointment in _talked_about({one.appointment_id for one in changes}):
        theirs = [one for one in changes if one.appointment_id == appointment.pk]
        _follow_one(conversation, appointment, theirs)


def _talked_about(ids: set[int]) -> list[tuple[Conversation, Appointment]]:
    """In the order of the conversations, in which whoever writes many of them locks them."""
    about = Conversation.objects.filter(appointment__in=ids).order_by()
    links = OrderLink.objects.filter(appointment__in=ids).order_by()
    found = about.values_list("pk", "appointment_id").union(
        links.values_list("conversation_id", "appointment_id")
    )
    pairs = sorted(found)
    if not pairs:
        return []
    conversations = Conversation.objects.in_bulk([one for one, _about in pairs])
    appointments = shown_on_cards(one for _where, one in pairs)
    return [(conversations[where], appointments[one]) for where, one in pairs]


def _follow_one(
    conversation: Conversation, appointment: Appointment, changes: list[Changed]
) -> None:
    at = changes[-1].at
    present = Participant.objects.present().filter(conversation=conversation)
    is_theirs = set(present.values_list("user_id", flat=True)) == people_of(appointment)
    is_about_it = conversation.appointment_id == appointment.pk
    if is_theirs and conversation.is_active:
        for change in _told(changes):
            add_card(conversation, appointment, what=_what(change, appointment), at=change.at)
    elif not is_theirs and is_about_it and appointment.realtor_id is not None:
        put_away(conversation, at=at)
    # Also to whoever it was taken from: they see it no more.
    members = as_members(members_of(conversation.pk))
    publish(CardChanged(conversation.pk, members, at, appointment_id=appointment.pk))


def _told(changes: list[Changed]) -> list[Changed]:
    """That it was ordered comes first."""
    said = set().union(*(SAID_BY.get(one.what, set()) for one in changes))
    left = [one for one in changes if one.what not in said]
    return sorted(left, key=lambda one: one.what != "ordered")


def _what(change: Changed, appointment: Appointment) -> str:
    """A seat was its teacher's from the beginning, a stay its sitter's, and an order its
    provider's: they are asked."""
    theirs = appointment.is_seat or appointment.is_stay or appointment.is_order
    if change.what == "assigned":
        return "asked" if theirs else "assigned"
    if change.what == "ordered":
        return "proposed" if appointment.has_proposal else "ordered"
    if change.what == "cancel_open":
        request = next(iter(appointment.pending_requests), None)  # type: ignore[attr-defined]
        return f"cancel_asked_by_{request.side}" if request else change.what
    return change.what
