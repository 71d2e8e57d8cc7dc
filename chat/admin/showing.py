"""How conversations read in the back office."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.models import User
from booking_site.common.actors import ActorKind
from chat.models import ChatLogEntry, Conversation, ConversationType, ReportReason


def local(instant: datetime | None, conversation: Conversation) -> str:
    """By the clock of its store; of those without one, by the reader's."""
    if instant is None:
        return "–"
    store = conversation.store
    there = instant.astimezone(store.zone if store else timezone.get_current_timezone())
    return formats.localize(there.replace(tzinfo=None, microsecond=0))


def reason_in_words(reason: str) -> str:
    """The log keeps a report's reason by its code, and that of staff in the words they wrote."""
    return str(dict(ReportReason.choices).get(reason, reason))


def who_in_words(entry: ChatLogEntry) -> str:
    if entry.actor_user is not None:
        return str(entry.actor_user)
    return _("the system") if entry.actor_kind == ActorKind.SYSTEM else _("somebody who has left")


def names_of(people: Iterable[User]) -> str:
    return ", ".join(str(one) for one in people) or "–"


def standing_of(conversation: Conversation) -> tuple[str, Any]:
    if conversation.closed:
        return "closed", _("closed")
    return ("open", _("open")) if conversation.is_active else ("away", _("put away"))


def called(conversation: Conversation) -> str:
    """What staff call it: never a word of what was said."""
    if conversation.type == ConversationType.GROUP and conversation.name:
        return conversation.name
    return f"{conversation.get_type_display()} #{conversation.pk}"
