"""Telling somebody that messages have waited for them for a while: once, by every way they wish."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import translation

from chat.models import Participant
from chat.selectors.unseen import Waiting, waiting_for
from chat.services import claim_unseen
from notifications.models import Channel, Device, Notification, Nudge, Type, due_at
from notifications.presenters.nudges import count_of, path_of, title_of
from notifications.selectors.devices import devices_of
from notifications.selectors.wishes import wishes_of

from .delivering import claimed
from .notifying import send_notification

KIND = Type.MESSAGE.kind


@transaction.atomic
def nudge(row: Participant, *, at: datetime) -> bool:
    """Note that they are told, and write how. Only rows: they are sent after the commit. False when
    another has done so, or nothing waits any more."""
    waiting = waiting_for(row.pk)
    if waiting is None or not claim_unseen(row):
        return False
    user_id = row.user_id
    wishes, devices = wishes_of([user_id]), devices_of([user_id])
    ways: list[Nudge] = []
    if row.user.email and wishes.allow(user_id, KIND, Channel.EMAIL):
        ways.append(_way(row, Channel.EMAIL, None, at))
    if wishes.allow(user_id, KIND, Channel.PUSH):
        ways += [_way(row, Channel.PUSH, one, at) for one in devices.get(user_id, ())]
    Nudge.objects.bulk_create(ways)
    if wishes.allow(user_id, KIND, Channel.IN_APP):
        _ring(waiting, at)
    return True


@transaction.atomic
def claim_next_nudge(*, owner: str, at: datetime, channels: Collection[Channel]) -> Nudge | None:
    """As letters are taken in hand (delivering)."""
    due = Nudge.objects.filter(due_at(at), channel__in=channels)
    pk = claimed(due, owner=owner, at=at)
    return Nudge.objects.with_facts().get(pk=pk) if pk else None


def _way(row: Participant, channel: Channel, device: Device | None, at: datetime) -> Nudge:
    return Nudge(
        participant=row,
        seq=row.conversation.last_seq,
        channel=channel,
        device=device,
        device_key=device.pk if device else 0,
        next_try_at=at,
        created_at=at,
    )


def _ring(waiting: Waiting, at: datetime) -> None:
    """Without the message's words: the list of notifications keeps saying what it said."""
    user = waiting.own.user
    with translation.override(user.locale):
        title, content = title_of(waiting), count_of(waiting)
    send_notification(
        Notification(
            user_id=user.pk,
            type=Type.MESSAGE,
            title=title,
            content=content,
            link=path_of(waiting),
            created_at=at,
        ),
        conversation_id=waiting.own.conversation_id,
    )
