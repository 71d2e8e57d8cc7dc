"""What the site itself writes into conversations: who came and went, what became of an
appointment, what staff have decided."""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from appointments.models import Appointment
from booking_site.common.events import publish
from chat.events import MessageSent
from chat.models import Conversation, Message, MessageKind, Participant
from chat.presenters.notes import sort_of
from chat.presenters.people import name_of
from chat.selectors.members import as_members

from .counting import count_after_commit
from .numbering import next_number


def add_note(
    conversation: Conversation,
    *,
    what: str,
    at: datetime,
    by: User | None = None,
    whom: User | None = None,
    name: str = "",
) -> Message:
    """A line in the thread that nobody has to read: ``what`` is put into words where it is shown
    (chat.presenters.notes)."""
    meta: dict[str, Any] = {"what": what}
    if by is not None:
        meta |= {"by": name_of(by), "by_id": by.pk}
    if whom is not None:
        meta |= {"whom": name_of(whom), "whom_id": whom.pk}
    if name:
        meta["name"] = name
    return _write(conversation, MessageKind.SYSTEM, meta=meta, is_quiet=True, at=at)


def add_card(
    conversation: Conversation, appointment: Appointment, *, what: str, at: datetime
) -> Message:
    """What became of the appointment, as it was then."""
    meta = {
        "what": what,
        "appointment_id": appointment.pk,
        "about": sort_of(appointment),
        "status": appointment.status,
    }
    return _write(
        conversation, MessageKind.ORDER, meta=meta, is_quiet=True, at=at, order=appointment
    )


@transaction.atomic
def write_to(conversation: Conversation, text: str, *, at: datetime) -> Message:
    """Words of the site that wait to be read, in somebody's own conversation with it."""
    return _write(conversation, MessageKind.SYSTEM, body=text, is_quiet=False, at=at)


def _write(
    conversation: Conversation,
    kind: MessageKind,
    *,
    body: str = "",
    meta: dict[str, Any] | None = None,
    is_quiet: bool,
    at: datetime,
    order: Appointment | None = None,
) -> Message:
    now, members = next_number(conversation.pk, at=at)
    conversation.last_seq, conversation.updated_at = now.last_seq, at
    message = Message.objects.create(
        conversation=now,
        seq=now.last_seq,
        kind=kind,
        body=body,
        meta=(meta or {}) | ({"quiet": True} if is_quiet else {}),
        created_at=at,
    )
    message.has_files([])
    message.order_now = order
    if is_quiet:
        # Whoever had read everything still has.
        Participant.objects.filter(conversation=now, last_read_seq=now.last_seq - 1).update(
            last_read_seq=now.last_seq, last_delivered_seq=now.last_seq
        )
    count_after_commit(message)
    publish(MessageSent(now.pk, as_members(members), at, message))
    return message
