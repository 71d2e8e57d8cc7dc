"""The pulse of the whole site: what is watched from outside, minute by minute.

All of it is read from the database, so that every process says the same. No figure belongs to a
person. Queries: constant.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count

from appointments.models import Appointment, AppointmentEvent, Hold, Offer, OfferStatus, Status
from appointments.selectors.candidates import not_there
from appointments.selectors.statistics import Span, statistics_of
from appointments.selectors.statistics.arithmetic import mean, percentile, share
from booking_site.common.periods import Period, covers, day_start
from realtors.models import Presence, Realtor
from realtors.selectors import working_weeks
from stores.models import Store
from stores.selectors import hours_now, policies_of

# All that six digits can say.
CODE_SPACE = 1_000_000
LATELY = timedelta(hours=24)
RATED_OVER = timedelta(days=30)
DAY = timedelta(days=1)
OVER = (Status.COMPLETED, Status.CANCELLED, Status.NO_SHOW)


@dataclass(frozen=True)
class Vitals:
    """``success_rate``: completed of all that are over and began in the last 30 days. Waits:
    seconds in the live line of those who got a yes in the last 24 hours. None where there were
    none."""

    by_status: dict[str, int]
    success_rate: float | None
    mean_wait_seconds: float | None
    p95_wait_seconds: float | None
    waiting_live: int
    waiting_scheduled: int
    on_duty: int
    open_offers: int
    late_offers: int
    holds: int
    codes_held: float
    active_users: int
    utilisation: dict[int, float] = field(default_factory=dict)


def created_ever() -> int:
    """How many were ever made. Never falls: each has its first entry in the operation log, which
    nothing deletes, and which keeps its appointment from being deleted. Counting the entries
    themselves would read the whole log. One query."""
    return Appointment.objects.count()


def vitals(*, at: datetime) -> Vitals:
    """Read now. Queries: constant."""
    waits = _waits(at)
    waiting = _waiting()
    return Vitals(
        by_status=_by_status(),
        success_rate=_success_rate(at),
        mean_wait_seconds=mean(waits),
        p95_wait_seconds=percentile(waits, 95),
        waiting_live=waiting.get(True, 0),
        waiting_scheduled=waiting.get(False, 0),
        on_duty=_on_duty(at),
        open_offers=Offer.objects.filter(status=OfferStatus.OPEN).count(),
        late_offers=Offer.objects.filter(status=OfferStatus.OPEN, deadline_at__lt=at).count(),
        holds=Hold.objects.live(at).count(),
        codes_held=Appointment.objects.filter(code__isnull=False).count() / CODE_SPACE,
        active_users=_active_users(at),
        utilisation=utilisation_today(at=at),
    )


def utilisation_today(*, at: datetime) -> dict[int, float]:
    """Of each open store's realtors together, by store id; without those where nobody works today.
    Queries: constant."""
    today = []
    for store in Store.objects.open_to_public():
        day = at.astimezone(store.zone).date()
        today.append(Span(store, day, day))
    working: dict[int, float] = {}
    busy: dict[int, float] = {}
    for one in statistics_of(today).realtors:
        pk = one.realtor.store_id
        working[pk] = working.get(pk, 0) + one.tally.working_minutes
        busy[pk] = busy.get(pk, 0) + one.tally.busy_minutes
    rates = {pk: share(busy[pk], working[pk]) for pk in working}
    return {pk: rate for pk, rate in rates.items() if rate is not None}


def _by_status() -> dict[str, int]:
    """Every status, those of nobody too."""
    rows = Appointment.objects.order_by().values_list("status").annotate(Count("pk"))
    return dict.fromkeys(map(str, Status.values), 0) | dict(rows)


def _success_rate(at: datetime) -> float | None:
    rows = Appointment.objects.filter(
        status__in=OVER, starts_at__gte=at - RATED_OVER, starts_at__lt=at
    )
    counts = dict(rows.order_by().values_list("status").annotate(Count("pk")))
    return share(counts.get(Status.COMPLETED, 0), sum(counts.values()))


def _waits(at: datetime) -> list[float]:
    """Nobody waits longer than a day, and none starts before it was asked for: an index leads to
    the starts of two days, and none to the moments of a yes."""
    rows = Appointment.objects.filter(
        live=True,
        status__in=Status.values,
        starts_at__gte=at - 2 * LATELY,
        starts_at__lt=at + DAY,
        confirmed_at__gte=at - LATELY,
    )
    times = rows.order_by().values_list("queued_at", "confirmed_at")
    return [(said_yes - joined).total_seconds() for joined, said_yes in times if said_yes]


def _waiting() -> dict[bool, int]:
    rows = Appointment.objects.queued().order_by().values_list("live").annotate(Count("pk"))
    return dict(rows)


def _on_duty(at: datetime) -> int:
    """Who would be sent a live customer now: at work, online, seen lately, answering."""
    online = Realtor.objects.bookable().filter(presence=Presence.ONLINE).select_related("store")
    realtors = list(online)
    stores = {one.store_id: one.store for one in realtors}
    policies = policies_of(list(stores.values()))
    there = [
        one
        for one in realtors
        if not_there(one, policies[one.store_id].online_timeout_minutes, at=at) is None
    ]
    return sum(1 for _one in _at_work(there, at))


def _at_work(realtors: list[Realtor], at: datetime) -> Iterable[Realtor]:
    now = Period(at, at + timedelta(minutes=1))
    weeks = working_weeks(realtors, now)
    hours = hours_now({one.store_id: one.store for one in realtors}.values(), at=at)
    for one in realtors:
        opening = hours[one.store_id]
        today = at.astimezone(opening.zone).date()
        if covers(weeks[one.pk].periods(today, today, opening), now):
            yield one


def _active_users(at: datetime) -> int:
    """Signed-in people who did something to an appointment today, by the site's calendar."""
    zone = ZoneInfo(settings.DEFAULT_TIME_ZONE)
    today = day_start(at.astimezone(zone).date(), zone)
    entries = AppointmentEvent.objects.filter(at__gte=today, actor_user__isnull=False)
    return entries.order_by().aggregate(count=Count("actor_user", distinct=True))["count"]
