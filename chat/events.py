"""News of conversations, published in the transaction that made them true.

``members`` are those who see it on their devices, as they are at that moment.
"""

from dataclasses import dataclass
from datetime import datetime

from chat.models import Conversation, Message


@dataclass(frozen=True)
class Member:
    """``locale``: the language in which notes of the site are put for them. What was said up to
    ``joined_seq`` is not theirs to see."""

    user_id: int
    locale: str
    joined_seq: int = 0


@dataclass(frozen=True)
class ChatNews:
    conversation_id: int
    members: tuple[Member, ...]
    at: datetime


@dataclass(frozen=True)
class MessageNews(ChatNews):
    """``message`` with its parts loaded (``with_parts``)."""

    message: Message


@dataclass(frozen=True)
class MessageSent(MessageNews):
    pass


@dataclass(frozen=True)
class MessageEdited(MessageNews):
    """Other words, or shown again."""


@dataclass(frozen=True)
class MessageDeleted(MessageNews):
    """Taken back by its author or hidden by staff: its words are to be seen nowhere any more, also
    where they have been told already."""


@dataclass(frozen=True)
class MessagesRead(ChatNews):
    """``user_id`` has read everything up to ``seq``."""

    user_id: int
    seq: int


@dataclass(frozen=True)
class MessagesDelivered(ChatNews):
    """A device of ``user_id`` has everything up to ``seq``."""

    user_id: int
    seq: int


@dataclass(frozen=True)
class ConversationUpdated(ChatNews):
    """It began, or its facts changed: name, members, whether it is put away, what its card says.
    ``conversation`` is it now. ``is_muted``: for the one member whom that concerns."""

    conversation: Conversation
    is_muted: bool | None = None


@dataclass(frozen=True)
class MemberLeft(ChatNews):
    """``user_id`` sees it no more; ``members`` is only them."""

    user_id: int


@dataclass(frozen=True)
class WordsForgotten(ChatNews):
    """Words and files of these messages are gone for good, with their author or with time. Nothing
    is told; what is kept of what was told says them no more."""

    message_ids: tuple[int, ...]


@dataclass(frozen=True)
class CardChanged(ChatNews):
    """The appointment that a conversation is about is not as it was: ``order-updated``."""

    appointment_id: int
