"""Telling those who waited for a seat that one is free: each by the ways they wish."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import translation

from accounts.models import User
from appointments.events import SeatFreed
from appointments.models import Session
from notifications.models import Channel, Notification, SeatHint, Type, due_at
from notifications.presenters.free_seats import told_of_seat
from notifications.selectors.wishes import Wishes, wishes_of

from .delivering import claimed
from .notifying import send_notification
from .pushing import push

KIND = Type.SEAT_FREE.kind


def tell_seat_free(news: SeatFreed) -> None:
    """In the transaction that gave it back. Only rows: they are sent after the commit."""
    session = Session.objects.select_related("listing", "store", "realtor").get(pk=news.session_id)
    people = list(User.objects.filter(pk__in=news.user_ids, is_active=True).order_by("pk"))
    wishes = wishes_of(one.pk for one in people)
    SeatHint.objects.bulk_create(
        SeatHint(session=session, user=one, next_try_at=news.at, created_at=news.at)
        for one in people
        if one.email and wishes.allow(one.pk, KIND, Channel.EMAIL)
    )
    for one in people:
        _tell(session, one, wishes, news.at)


@transaction.atomic
def claim_next_seat_hint(
    *, owner: str, at: datetime, channels: Collection[Channel]
) -> SeatHint | None:
    """As letters are taken in hand (delivering); they are letters only."""
    if Channel.EMAIL not in channels:
        return None
    pk = claimed(SeatHint.objects.filter(due_at(at)), owner=owner, at=at)
    return SeatHint.objects.with_facts().get(pk=pk) if pk else None


def _tell(session: Session, user: User, wishes: Wishes, at: datetime) -> None:
    with translation.override(user.locale):
        title, content, link = told_of_seat(session, at=at)
    row = Notification(
        user=user,
        type=Type.SEAT_FREE,
        title=title,
        content=content,
        link=link,
        created_at=at,
    )
    if wishes.allow(user.pk, KIND, Channel.IN_APP):
        send_notification(row)
    if wishes.allow(user.pk, KIND, Channel.PUSH):
        # Whoever reads it after the start can do nothing about it.
        push(row, useful_until=session.starts_at)
