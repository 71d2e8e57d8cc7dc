"""The HTTP calls of conversations, one file for each subject."""

from .attachments import AttachmentsView
from .conversations import ConversationsView, ConversationView
from .finding import SearchView, UnreadView
from .members import ChatReadView, LeaveView, MuteView, ParticipantsView
from .messages import MessagesView, MessageView
from .orders import TalkOrdersView
from .safety import BlocksView, BlockView, ChatReportView

__all__ = [
    "AttachmentsView",
    "BlockView",
    "BlocksView",
    "ChatReadView",
    "ChatReportView",
    "ConversationView",
    "ConversationsView",
    "LeaveView",
    "MessageView",
    "MessagesView",
    "MuteView",
    "ParticipantsView",
    "SearchView",
    "TalkOrdersView",
    "UnreadView",
]
