"""How long the live line takes: one estimate, on every surface."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, Sum

from appointments.models import Appointment, Status
from appointments.selectors.availability import Availability
from appointments.selectors.candidates import not_there
from appointments.selectors.lines import queue_positions
from appointments.selectors.pictures import Window
from appointments.selectors.pictures import pictures as paint
from booking_site.common.periods import Period, local_day
from stores.models import Store

# Learned from this many visits on; with fewer the store's usual length speaks.
LEARNED_FROM = 30
LEARNED_OVER = timedelta(days=30)
# Nobody knows better than this.
ROUNDED_TO = 5

Pictures = Mapping[int, Availability]


@dataclass(frozen=True)
class LiveLine:
    """A store's live line. ``wait_minutes``: of somebody who joined now; None when nobody is on
    duty or works long enough today, never made up. ``serves_today``: whether somebody does."""

    store_id: int
    length: int
    on_duty: int
    wait_minutes: int | None
    serves_today: bool


@dataclass(frozen=True)
class Pace:
    """How fast a line moves: minutes of a visit, who serves, who of them could begin now, and how
    many wait."""

    visit_minutes: float
    on_duty: int
    idle: int
    waiting: int

    def wait(self, position: int) -> int | None:
        """Position times visit over servers, rounded up to five minutes."""
        if not self.on_duty:
            return None
        minutes = position * self.visit_minutes / self.on_duty
        if position <= self.idle:
            # Somebody is free and is being asked.
            minutes = ROUNDED_TO
        return max(ROUNDED_TO, math.ceil(minutes / ROUNDED_TO) * ROUNDED_TO)


Paces = Mapping[int, Pace]


def live_lines(
    stores: Iterable[Store],
    *,
    at: datetime,
    pictures: Pictures | None = None,
    paces: Paces | None = None,
) -> dict[int, LiveLine]:
    """By store id. ``pictures``: painted already, with everybody in them, from today or earlier on.
    Queries: constant, one with pictures, none with their ``paces``."""
    stores = list(stores)
    found = pictures if pictures is not None else pictures_of_today(stores, at=at)
    paces = paces_of(found, at=at) if paces is None else paces
    lines = {}
    for store in stores:
        picture, pace = found[store.pk], paces[store.pk]
        minutes = picture.policy.default_duration_minutes
        serves = serves_today(picture, minutes, at=at)
        lines[store.pk] = LiveLine(
            store_id=store.pk,
            length=pace.waiting,
            on_duty=pace.on_duty,
            wait_minutes=pace.wait(pace.waiting + 1) if serves else None,
            serves_today=serves,
        )
    return lines


def live_line(store: Store, *, at: datetime) -> LiveLine:
    return live_lines([store], at=at)[store.pk]


def estimated_waits(
    appointments: Iterable[Appointment],
    *,
    at: datetime,
    positions: Mapping[int, int] | None = None,
    pictures: Pictures | None = None,
    paces: Paces | None = None,
) -> dict[int, int | None]:
    """Minutes until an offer, by appointment id: of those who wait in a live line, None for all
    others, where nobody is on duty or works long enough today, and for those whom all have refused.
    ``pictures`` and ``paces`` of at least their stores, as in ``live_lines``.
    Queries: constant, none when nobody waits live."""
    rows = list(appointments)
    waits: dict[int, int | None] = {row.pk: None for row in rows}
    waiting = [row for row in rows if row.live and row.is_waiting]
    if not waiting:
        return waits
    positions = queue_positions(waiting) if positions is None else positions
    stores = {row.store_id: row.store for row in waiting}
    if pictures is None:
        pictures = pictures_of_today(list(stores.values()), at=at)
    if paces is None:
        paces = paces_of({pk: pictures[pk] for pk in stores}, at=at)
    for row in waiting:
        served = serves_today(pictures[row.store_id], row.duration_minutes, at=at)
        if served and not row.needs_person:
            waits[row.pk] = paces[row.store_id].wait(positions[row.pk])
    return waits


def serves_today(picture: Availability, minutes: int, *, at: datetime) -> bool:
    """Whether anybody of the store works long enough from now to the end of the local day, or of
    the night that has begun."""
    end = local_day(at.astimezone(picture.hours.zone).date(), picture.hours.zone).end
    length = timedelta(minutes=minutes)
    return any(
        max(period.start, at) + length <= period.end and period.start < end
        for periods in picture.working.values()
        for period in periods
    )


def pictures_of_today(stores: Iterable[Store], *, at: datetime) -> dict[int, Availability]:
    """All that lines are reckoned from, by store id, for whoever asks more than once."""
    windows = []
    for store in stores:
        today = at.astimezone(store.zone).date()
        windows.append(Window(store, today, today))
    return paint(windows, at=at)


@dataclass(frozen=True)
class Work:
    """Of several stores: how many minutes live visits really took, by store, where there were
    enough of them; how many wait, by store; and the realtors somebody is with, perhaps beyond the
    time it was meant to take."""

    minutes: Mapping[int, float]
    waiting: Mapping[int, int]
    serving: set[int]


def paces_of(found: Pictures, *, at: datetime) -> dict[int, Pace]:
    """By store id, for whoever asks more than once. One query."""
    work = _work_of(list(found), at)
    return {pk: _pace(picture, work, at) for pk, picture in found.items()}


def _pace(picture: Availability, work: Work, at: datetime) -> Pace:
    store_id, policy = picture.store.pk, picture.policy
    visit_minutes = work.minutes.get(store_id, policy.default_duration_minutes)
    now = Period(at, at + timedelta(minutes=1))
    there = [
        one
        for one in picture.realtors
        if picture.works(one, now) and not_there(one, policy.online_timeout_minutes, at=at) is None
    ]
    whole = picture.around(Period(at, at + timedelta(minutes=visit_minutes)), now=True)
    idle = sum(one.pk not in work.serving and not picture.is_taken(one, whole) for one in there)
    return Pace(visit_minutes, len(there), idle, work.waiting.get(store_id, 0))


def _work_of(store_ids: list[int], at: datetime) -> Work:
    """One query."""
    took = ExpressionWrapper(F("completed_at") - F("started_at"), DurationField())
    done = Q(
        live=True,
        status=Status.COMPLETED,
        starts_at__gte=at - LEARNED_OVER,
        started_at__isnull=False,
    )
    running = Q(status=Status.IN_PROGRESS)
    in_line = Q(live=True, status=Status.PENDING, realtor=None)
    rows = (
        Appointment.objects.filter(done | running | in_line, store_id__in=store_ids)
        .order_by()
        .values("store_id", "realtor_id")
        .annotate(
            took=Sum(took, filter=done),
            visits=Count("pk", filter=done),
            running=Count("pk", filter=running),
            waiting=Count("pk", filter=in_line),
        )
    )
    total: dict[int, timedelta] = defaultdict(timedelta)
    visits: Counter[int] = Counter()
    waiting: Counter[int] = Counter()
    serving = set()
    for row in rows:
        total[row["store_id"]] += row["took"] or timedelta(0)
        visits[row["store_id"]] += row["visits"]
        waiting[row["store_id"]] += row["waiting"]
        if row["running"]:
            serving.add(row["realtor_id"])
    minutes = {
        pk: max(1.0, total[pk].total_seconds() / 60 / count)
        for pk, count in visits.items()
        if count >= LEARNED_FROM
    }
    return Work(minutes, waiting, serving)
