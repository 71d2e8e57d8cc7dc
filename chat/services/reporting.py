"""Telling staff of what should not have been said."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from booking_site.common.actors import Actor
from booking_site.common.errors import Conflict, Invalid, NotFound
from chat.models import ChatAction, Message, MessageReport, Participant, ReportReason
from chat.presenters.messages import preview
from chat.rules import LONGEST_REPORT
from chat.selectors.reading import Thread

from .conversing import locked
from .log import note


@transaction.atomic
def report(
    thread: Thread,
    *,
    message: Message | None,
    reason: str,
    words: str,
    by: Actor,
    at: datetime,
) -> MessageReport:
    """By a member, of a message they see or of the conversation as a whole: nothing changes until
    staff decide, who read what was said then. The conversation is locked, so that nothing is quoted
    that is forgotten at this moment, and nobody who is erased writes anything after that. Raises
    NotFound, Invalid; Conflict when theirs is still open."""
    if by.user_id != thread.own.user_id:
        raise NotFound
    if reason not in ReportReason.values:
        raise Invalid(errors={"reason": [_("Please choose a reason.")]})
    if len(words) > LONGEST_REPORT:
        told = _("Please keep it to %(count)s characters.") % {"count": LONGEST_REPORT}
        raise Invalid(errors={"words": [told]})
    conversation = locked(thread.conversation.pk)
    here = Participant.objects.present().filter(conversation=conversation, user=by.user_id)
    if not here.filter(user__is_active=True).exists():
        raise NotFound
    if message is not None:
        message = Message.objects.get(pk=message.pk)
    try:
        with transaction.atomic():
            made = MessageReport.objects.create(
                conversation=conversation,
                message=message,
                reporter=by.user,
                reason=reason,
                words=words,
                quoted=_quoted(message),
                open_key=f"{conversation.pk}:{message.pk if message else ''}:{by.user_id}",
                created_at=at,
            )
    except IntegrityError as error:
        raise Conflict(_("You have reported this already; somebody will look at it.")) from error
    note(conversation, ChatAction.REPORTED, message=message, by=by, at=at, reason=reason)
    return made


def _quoted(message: Message | None) -> str:
    if message is None:
        return ""
    return message.body or preview(message)
