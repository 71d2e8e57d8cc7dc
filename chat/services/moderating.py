"""What staff do with what people say to each other: always with a reason, always in the log."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from appointments.errors import InvalidTransition
from booking_site.common.actors import Actor
from booking_site.common.errors import Conflict, Invalid, NotFound
from booking_site.common.events import publish
from chat.events import MessageDeleted, MessageEdited
from chat.models import (
    ChatAction,
    ChatLogEntry,
    Conversation,
    ConversationType,
    Message,
    MessageReport,
    ReportState,
)
from chat.permissions import require_looking_after
from chat.presenters.decisions import Decision, words_for
from chat.rules import LONGEST_REASON
from chat.selectors.members import as_members, members_of

from .conversing import locked, put_away, system_conversation, take_out
from .log import note
from .notes import add_note, write_to
from .sending import words_errors


@transaction.atomic
def read_thread(
    conversation: Conversation, *, reason: str, by: Actor, at: datetime
) -> ChatLogEntry:
    """Nobody of the staff reads without saying why. The entry opens the thread for whoever wrote
    it, for a while (chat.selectors.moderation.reading_of). Raises Forbidden, Invalid."""
    require_looking_after(by, conversation)
    reason = _why(reason)
    return note(conversation, ChatAction.READ, by=by, at=at, reason=reason)


@transaction.atomic
def hide(message: Message, *, reason: str, by: Actor, at: datetime) -> Message:
    """Nobody in the conversation reads it any more, also where it was told already; its open
    reports are upheld. Staff still read it, until it is too old.

    Raises Forbidden, Invalid; InvalidTransition when there is nothing to hide.
    """
    conversation, reason = _in_hand(message.conversation_id, reason, by)
    shown = Message.objects.filter(pk=message.pk, hidden_at=None, deleted_at=None)
    if not shown.update(hidden_at=at):
        raise InvalidTransition(_("It is hidden or taken back already."))
    message = _as_it_is(message, conversation)
    decided = _decide(conversation, message, ReportState.UPHELD, by=by, at=at)
    note(conversation, ChatAction.HIDDEN, message=message, by=by, at=at, reason=reason)
    members = as_members(members_of(conversation.pk))
    publish(MessageDeleted(conversation.pk, members, at, message))
    _tell_author(message, Decision.HIDDEN, reason, at)
    _tell_reporters(decided, Decision.UPHELD, at)
    return message


@transaction.atomic
def restore(message: Message, *, reason: str, by: Actor, at: datetime) -> Message:
    """It is read again. Raises Forbidden, Invalid; InvalidTransition when it is not hidden, or its
    words are gone meanwhile."""
    conversation, reason = _in_hand(message.conversation_id, reason, by)
    hidden = Message.objects.filter(pk=message.pk, hidden_at__isnull=False, deleted_at=None)
    if not hidden.update(hidden_at=None):
        raise InvalidTransition(_("It is not hidden, or its words are gone."))
    message = _as_it_is(message, conversation)
    note(conversation, ChatAction.RESTORED, message=message, by=by, at=at, reason=reason)
    members = as_members(members_of(conversation.pk))
    publish(MessageEdited(conversation.pk, members, at, message))
    _tell_author(message, Decision.RESTORED, reason, at)
    return message


@transaction.atomic
def dismiss_reports(report: MessageReport, *, reason: str, by: Actor, at: datetime) -> int:
    """All that are open of the same message, or of the conversation as a whole: whoever reported
    was heard, and it stays. How many. Raises Forbidden, Invalid; InvalidTransition when none is."""
    conversation, reason = _in_hand(report.conversation_id, reason, by)
    message = report.message
    decided = _decide(conversation, message, ReportState.DISMISSED, by=by, at=at)
    if not decided:
        raise InvalidTransition(_("There is no open report of it."))
    note(conversation, ChatAction.DISMISSED, message=message, by=by, at=at, reason=reason)
    _tell_reporters(decided, Decision.DISMISSED, at)
    return len(decided)


@transaction.atomic
def close(conversation: Conversation, *, reason: str, by: Actor, at: datetime) -> Conversation:
    """Nobody writes in it, and nobody but staff opens it again; what is open of its reports is
    upheld. Raises Forbidden, Invalid, Conflict; InvalidTransition when it is closed."""
    conversation, reason = _in_hand(conversation.pk, reason, by)
    if conversation.type == ConversationType.SYSTEM:
        raise Conflict(_("In this one the site itself writes. It stays open."))
    if conversation.closed:
        raise InvalidTransition(_("It is closed already."))
    add_note(conversation, what="closed", at=at)
    put_away(conversation, at=at, closed=True)
    decided = _decide_all(conversation, ReportState.UPHELD, by=by, at=at)
    note(conversation, ChatAction.CLOSED, by=by, at=at, reason=reason)
    _tell_reporters(decided, Decision.UPHELD, at)
    conversation.refresh_from_db()
    return conversation


@transaction.atomic
def open_again(conversation: Conversation, *, reason: str, by: Actor, at: datetime) -> Conversation:
    """Closed or put away: now it is written in again. Raises Forbidden, Invalid; InvalidTransition
    when it is open."""
    conversation, reason = _in_hand(conversation.pk, reason, by)
    if not take_out(conversation, at=at):
        raise InvalidTransition(_("It is open already."))
    add_note(conversation, what="opened_again", at=at)
    note(conversation, ChatAction.OPENED, by=by, at=at, reason=reason)
    conversation.refresh_from_db()
    return conversation


@transaction.atomic
def write_to_person(person: User, text: str, *, reason: str, by: Actor, at: datetime) -> Message:
    """By operators, in the name of the site. Raises Forbidden, NotFound for a closed account,
    Invalid."""
    if not person.is_active:
        raise NotFound
    conversation = system_conversation(person, at=at)
    require_looking_after(by, conversation)
    errors = words_errors(text, needed=True)
    if errors:
        raise Invalid(errors={"text": errors["content"]})
    reason = _why(reason)
    message = write_to(conversation, text.strip(), at=at)
    note(conversation, ChatAction.WRITTEN, message=message, by=by, at=at, reason=reason)
    return message


def _in_hand(conversation_id: int, reason: str, by: Actor) -> tuple[Conversation, str]:
    """Locked, as edits and take-backs lock it: of what is done at once one comes after the other,
    and who is told of it last is told what is so."""
    conversation = locked(conversation_id)
    require_looking_after(by, conversation)
    return conversation, _why(reason)


def _why(reason: str) -> str:
    """The log must say why, in one line."""
    line = " ".join(reason.split())
    if not line or len(line) > LONGEST_REASON:
        raise Invalid(errors={"reason": [_("Please say why, in a line.")]})
    return line


def _as_it_is(message: Message, conversation: Conversation) -> Message:
    message = Message.objects.with_parts().get(pk=message.pk)
    message.conversation = conversation
    return message


def _decide(
    conversation: Conversation,
    message: Message | None,
    state: ReportState,
    *,
    by: Actor,
    at: datetime,
) -> list[MessageReport]:
    rows = MessageReport.objects.open().filter(conversation=conversation, message=message)
    return _decided(list(rows.select_related("reporter")), state, by=by, at=at)


def _decide_all(
    conversation: Conversation, state: ReportState, *, by: Actor, at: datetime
) -> list[MessageReport]:
    rows = MessageReport.objects.open().filter(conversation=conversation)
    return _decided(list(rows.select_related("reporter")), state, by=by, at=at)


def _decided(
    reports: list[MessageReport], state: ReportState, *, by: Actor, at: datetime
) -> list[MessageReport]:
    rows = MessageReport.objects.open().filter(pk__in=[one.pk for one in reports])
    rows.update(state=state, open_key=None, decided_at=at, decided_by=by.user)
    return reports


def _tell_author(message: Message, decision: Decision, reason: str, at: datetime) -> None:
    author = message.sender
    if author is not None and author.is_active:
        words = words_for(author, decision, reason=reason, said_at=message.created_at)
        write_to(system_conversation(author, at=at), words, at=at)


def _tell_reporters(reports: list[MessageReport], decision: Decision, at: datetime) -> None:
    """Each once, in the order of their ids: whoever writes to several waits for nobody who waits
    for them."""
    people = {one.reporter_id: one.reporter for one in reports if one.reporter is not None}
    for _pk, person in sorted(people.items(), key=lambda pair: pair[0] or 0):
        if person.is_active:
            write_to(system_conversation(person, at=at), words_for(person, decision), at=at)
