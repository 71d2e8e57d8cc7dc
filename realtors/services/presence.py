"""Whether somebody takes live customers now. Scheduled bookings need working hours instead."""

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Q

from booking_site.common.actors import Actor
from booking_site.common.events import publish
from booking_site.common.transactions import all_in_turn, run_in_transaction
from realtors.events import RealtorPresenceChanged, RealtorPresenceChanges
from realtors.models import Presence, Realtor
from realtors.permissions import require_runner
from stores.selectors import policies_of

# Who was silent for less has not missed an offer (the shortest online time-out is one minute).
NOTICED_AFTER = timedelta(minutes=1)


@transaction.atomic
def set_presence(realtor: Realtor, presence: Presence, *, by: Actor, at: datetime) -> Realtor:
    """Online takes live customers, busy (a break too) keeps what was offered, offline hands it on.
    Raises Forbidden."""
    publish(RealtorPresenceChanges(store_id=realtor.store_id, at=at))
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
    facts = ("away_since", "last_seen_at", "presence")
    before = Realtor.objects.filter(pk=realtor.pk).values(*facts).get()
    realtor.presence = before["presence"]
    seen = before["last_seen_at"]
    missed = before["away_since"] is not None or seen is None or at - seen > NOTICED_AFTER
    if not missed or realtor.presence == Presence.OFFLINE:
        _see(realtor, at)
        return realtor
    publish(RealtorPresenceChanges(store_id=realtor.store_id, at=at))
    _see(realtor, at)
    _announce(realtor, at)
    return realtor


def note_action(realtor_id: int, *, at: datetime) -> bool:
    """Whoever answers, starts or finishes something is there. True when they had been away, or
    silent for so long that somebody may not have been sent to them."""
    seen = Realtor.objects.filter(pk=realtor_id)
    missed = Q(away_since__isnull=False) | Q(last_seen_at=None)
    missed |= Q(last_seen_at__lt=at - NOTICED_AFTER)
    was_missed = bool(seen.filter(missed).update(last_seen_at=at, away_since=None))
    if not was_missed:
        seen.update(last_seen_at=at)
    return was_missed


def mark_away(realtor_id: int, *, at: datetime) -> None:
    """An offer was not answered: nobody is sent to them before the next sign of life."""
    Realtor.objects.filter(pk=realtor_id, away_since=None).update(away_since=at)


def sweep_silent(*, at: datetime) -> None:
    """Who says they are there and has been silent for longer than their store's policy allows is
    offline."""
    quiet = Q(last_seen_at=None) | Q(last_seen_at__lt=at - NOTICED_AFTER)
    present = Realtor.objects.exclude(presence=Presence.OFFLINE).filter(quiet)
    found = list(present.select_related("store"))
    policies = policies_of([realtor.store for realtor in found]) if found else {}
    late = [
        realtor
        for realtor in found
        if realtor.last_seen_at is None
        or at - realtor.last_seen_at
        > timedelta(minutes=policies[realtor.store_id].online_timeout_minutes)
    ]
    all_in_turn(partial(run_in_transaction, partial(_went, one, at=at)) for one in late)


def _went(realtor: Realtor, *, at: datetime) -> None:
    """Unless a sign of life came in between."""
    publish(RealtorPresenceChanges(store_id=realtor.store_id, at=at))
    silent = Realtor.objects.filter(pk=realtor.pk, last_seen_at=realtor.last_seen_at)
    if silent.exclude(presence=Presence.OFFLINE).update(presence=Presence.OFFLINE):
        realtor.presence = Presence.OFFLINE
        _announce(realtor, at)


def _see(realtor: Realtor, at: datetime) -> None:
    note_action(realtor.pk, at=at)
    realtor.last_seen_at, realtor.away_since = at, None


def _announce(realtor: Realtor, at: datetime) -> None:
    publish(
        RealtorPresenceChanged(
            realtor_id=realtor.pk, store_id=realtor.store_id, presence=realtor.presence, at=at
        )
    )
