"""Whoever has left the site is named in nobody's frames of conversations any more."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.models import User
from chat.models import ConversationType, Message, Participant
from notifications.models import Notification, Nudge, Type, UserEvent

from .rewriting import rewrite


def forget_in_conversations(user: User, *, at: datetime) -> None:
    """Also what is on its way to them, and what others were told in their list of notifications."""
    Nudge.objects.filter(participant__user=user).delete()
    kinds = dict(
        Participant.objects.filter(user=user).values_list("conversation_id", "conversation__type")
    )
    of_two = {pk for pk, kind in kinds.items() if kind == ConversationType.DIRECT}
    links = [reverse("chat:thread", args=[pk]) for pk in sorted(of_two)]
    told = Notification.objects.filter(
        type=Type.MESSAGE, link__in=links, user__conversations__conversation__in=of_two
    )
    ids = set(told.values_list("pk", flat=True))
    Notification.objects.filter(pk__in=ids).update(title="", content="")
    _rewrite_frames(user, set(kinds), of_two, at)


def _rewrite_frames(user: User, conversations: set[int], of_two: set[int], at: datetime) -> None:
    said = Message.objects.filter(sender=user).order_by().values_list("pk", flat=True)
    person = _Person(str(user.pk), {str(pk) for pk in said}, at.isoformat())
    rows = UserEvent.objects.filter(conversation__in=conversations).exclude(user=user)
    changed = []
    for row in rows.order_by("user_id", "u"):
        payload = person.taken_out_of(row.payload)
        if row.conversation_id in of_two:
            payload = _unnamed(row.event, payload)
        if payload != row.payload:
            row.payload = payload
            changed.append(row)
    rewrite(changed)


def _unnamed(event: str, payload: dict[str, Any]) -> dict[str, Any]:
    """Two people call their conversation by each other's name."""
    if event == "notification":
        return payload | {"title": "", "content": ""}
    data = payload.get("data") or {}
    return payload | {"data": data | {"name": ""}} if data.get("name") else payload


class _Person:
    def __init__(self, user_id: str, message_ids: set[str], at: str) -> None:
        self._user_id, self._message_ids, self._at = user_id, message_ids, at

    def taken_out_of(self, value: Any) -> Any:
        """The same without their name and words, however deep they stand."""
        if isinstance(value, list):
            return [self.taken_out_of(one) for one in value]
        if not isinstance(value, dict):
            return value
        value = {key: self.taken_out_of(one) for key, one in value.items()}
        if value.get("id") == self._user_id and "displayName" in value:
            return value | {"displayName": "", "avatarUrl": None}
        if value.get("id") in self._message_ids and value.get("messageType"):
            return self._without_words(value)
        return value

    def _without_words(self, message: dict[str, Any]) -> dict[str, Any]:
        """A message, or as much of it as is quoted."""
        if "attachments" not in message:
            return message | {"content": {}, "sender": {"displayName": ""}}
        if not message["content"]:
            return message
        return message | {"content": {}, "attachments": [], "deletedAt": self._at}
