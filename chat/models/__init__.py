from .attachment import Attachment, AttachmentKind, AttachmentQuerySet
from .conversation import (
    Conversation,
    ConversationQuerySet,
    ConversationType,
    Participant,
    ParticipantQuerySet,
    ParticipantRole,
)
from .message import Message, MessageKind, MessageQuerySet
from .moderation import (
    Block,
    ChatAction,
    ChatLogEntry,
    MessageReport,
    ReportReason,
    ReportState,
)

__all__ = [
    "Attachment",
    "AttachmentKind",
    "AttachmentQuerySet",
    "Block",
    "ChatAction",
    "ChatLogEntry",
    "Conversation",
    "ConversationQuerySet",
    "ConversationType",
    "Message",
    "MessageKind",
    "MessageQuerySet",
    "MessageReport",
    "Participant",
    "ParticipantQuerySet",
    "ParticipantRole",
    "ReportReason",
    "ReportState",
]
