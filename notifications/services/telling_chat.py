"""Telling members on their devices what happens in their conversations.

Frames are made at once, from what is true then; they get their numbers at the transaction's end.
"""

from chat.events import (
    CardChanged,
    ChatNews,
    ConversationUpdated,
    MemberLeft,
    MessageDeleted,
    MessageEdited,
    MessageNews,
    MessagesDelivered,
    MessageSent,
    MessagesRead,
)
from chat.presenters.messages import message_data
from chat.selectors.about import shown_on_cards
from chat.selectors.reading import threads_in
from notifications.presenters import chats

from .streaming import Happening, stream


def tell_message(news: MessageSent) -> None:
    _tell_whole(news, "new-message")


def tell_edited(news: MessageEdited) -> None:
    _tell_whole(news, "message-edited")


def _tell_whole(news: MessageNews, event: str) -> None:
    """To whoever was there when it was sent."""
    members = [one for one in news.members if one.joined_seq < news.message.seq]
    data = chats.for_each(members, lambda: message_data(news.message))
    _tell(news, event, chats.without_earlier(data, news.message, members))


def tell_deleted(news: MessageDeleted) -> None:
    data = chats.deleted(news.message)
    members = [one for one in news.members if one.joined_seq < news.message.seq]
    _tell(news, "message-deleted", {one.user_id: data for one in members})


def tell_read(news: MessagesRead) -> None:
    read = {**_receipt(news), "readAt": news.at.isoformat()}
    _tell(news, "message-read", {one.user_id: read for one in news.members})


def tell_delivered(news: MessagesDelivered) -> None:
    _tell(news, "message-delivered", {one.user_id: _receipt(news) for one in news.members})


def _receipt(news: MessagesRead | MessagesDelivered) -> chats.Data:
    return {
        "conversationId": str(news.conversation_id),
        "userId": str(news.user_id),
        "seq": news.seq,
    }


def tell_conversation(news: ConversationUpdated) -> None:
    _tell(news, "conversation-updated", chats.heads(news.members, threads_in(news.conversation_id)))


def tell_card(news: CardChanged) -> None:
    """Of the appointment that the conversation is about, or of one that was ordered in it."""
    shown = shown_on_cards([news.appointment_id])[news.appointment_id]
    threads = threads_in(news.conversation_id)
    _tell(news, "order-updated", chats.cards(news.members, threads, shown))


def tell_left(news: MemberLeft) -> None:
    gone = chats.left(news.conversation_id)
    _tell(news, "conversation-updated", {one.user_id: gone for one in news.members})


def _tell(news: ChatNews, event: str, data: dict[int, chats.Data]) -> None:
    for user_id, told in data.items():
        stream(
            Happening(
                user_id=user_id,
                event=event,
                payload={"data": told},
                at=news.at,
                conversation_id=news.conversation_id,
            )
        )
