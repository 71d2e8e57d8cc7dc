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
from .order_link import OrderLink, OrderLinkQuerySet

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
    "OrderLink",
    "OrderLinkQuerySet",
    "Participant",
    "ParticipantQuerySet",
    "ParticipantRole",
    "ReportReason",
    "ReportState",
]
