"""Whether somebody takes live customers now. Scheduled bookings need working hours instead."""

from datetime import datetime, timedelta

from django.db import transaction

from booking_site.common.actors import Actor
from booking_site.common.events import publish
from realtors.events import RealtorPresenceChanged
from realtors.models import Presence, Realtor
from realtors.permissions import require_runner

# Who was silent for less has not missed an offer (the shortest online time-out is one minute).
NOTICED_AFTER = timedelta(minutes=1)


@transaction.atomic
def set_presence(realtor: Realtor, presence: Presence, *, by: Actor, at: datetime) -> Realtor:
    """Online takes live customers, busy (a break too) keeps what was offered, offline hands it on.
    Raises Forbidden."""
    require_runner(by, realtor)
    if presence != Presence.OFFLINE:
        _see(realtor, at)
    Realtor.objects.filter(pk=realtor.pk).update(presence=presence)
    realtor.presence = presence
    _announce(realtor, at)
    return realtor


@transaction.atomic
def heartbeat(realtor: Realtor, *, by: Actor, at: datetime) -> Realtor:
    """A sign of life. Whoever was away, or silent for so long that nobody was sent to them, is
    back. Raises Forbidden."""
    require_runner(by, realtor)
    before = Realtor.objects.filter(pk=realtor.pk).values("away_since", "last_seen_at").get()
    _see(realtor, at)
    seen = before["last_seen_at"]
    if before["away_since"] is not None or seen is None or at - seen > NOTICED_AFTER:
        _announce(realtor, at)
    return realtor


def note_action(realtor_id: int, *, at: datetime) -> None:
    """Whoever answers, starts or finishes something is there. Queries: one."""
    Realtor.objects.filter(pk=realtor_id).update(last_seen_at=at, away_since=None)


def mark_away(realtor_id: int, *, at: datetime) -> None:
    """An offer was not answered: nobody is sent to them before the next sign of life."""
    Realtor.objects.filter(pk=realtor_id, away_since=None).update(away_since=at)


def _see(realtor: Realtor, at: datetime) -> None:
    note_action(realtor.pk, at=at)
    realtor.last_seen_at, realtor.away_since = at, None


def _announce(realtor: Realtor, at: datetime) -> None:
    publish(
        RealtorPresenceChanged(
            realtor_id=realtor.pk, store_id=realtor.store_id, presence=realtor.presence, at=at
        )
    )
