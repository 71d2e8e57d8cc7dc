"""How long the live line takes: one estimate, on every surface."""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import (
    Case,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    FilteredRelation,
    Q,
    Sum,
    When,
)

from appointments.models import Appointment, Status
from appointments.models.offer import REFUSED
from appointments.selectors.availability import Availability
from appointments.selectors.candidates import not_there
from appointments.selectors.lines import queue_positions
from appointments.selectors.pictures import Window
from appointments.selectors.pictures import pictures as paint
from booking_site.common.periods import Period, local_day
from realtors.models import Realtor
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
    duty, or their turn would come after the work of those who are or after their place has lapsed:
    never made up. ``serves_today``: whether somebody works long enough today."""

    store_id: int
    length: int
    on_duty: int
    wait_minutes: int | None
    serves_today: bool


@dataclass(frozen=True)
class Estimate:
    """``minutes`` until an offer, None when nobody can say; ``staffed``: whether somebody is on
    duty all the same."""

    minutes: int | None = None
    staffed: bool = False


@dataclass(frozen=True)
class Pace:
    """How fast a line moves from ``at`` on: minutes of a visit; when those who serve work, for the
    rest of the day; who of them could begin now; how many more customers each takes today, of those
    with a daily maximum; how many wait, and who has refused whom of those, by appointment id. All
    others by realtor id."""

    at: datetime
    visit_minutes: float
    working: Mapping[int, list[Period]]
    idle: frozenset[int]
    room: Mapping[int, int]
    waiting: int
    refused: Mapping[int, set[int]]

    @property
    def on_duty(self) -> frozenset[int]:
        return frozenset(self.working)

    def wait(
        self, position: int, *, length: int, until: datetime, barred: Collection[int] = frozenset()
    ) -> int | None:
        """Position times visit over servers, rounded up to five minutes. None where nobody but
        those ``barred``, who can no longer be asked for this customer, could still begin a visit of
        ``length`` minutes then, or it would be after ``until``, when the customer's wait ends."""
        able = self.on_duty - set(barred)
        free = [pk for pk in self.idle & able if self._can_begin(pk, self.at, length)]
        if position <= len(free) and self.at <= until:
            # Somebody is free and is being asked.
            return ROUNDED_TO
        if not able or position > self._most(able):
            return None
        minutes = position * self.visit_minutes / len(self.on_duty)
        minutes = max(ROUNDED_TO, math.ceil(minutes / ROUNDED_TO) * ROUNDED_TO)
        turn = self.at + timedelta(minutes=minutes)
        if turn > until or not any(self._can_begin(pk, turn, length) for pk in able):
            return None
        return minutes

    def _most(self, able: Collection[int]) -> float:
        """How many customers these still take today."""
        return sum(self.room.get(pk, math.inf) for pk in able)

    def _can_begin(self, realtor_id: int, turn: datetime, length: int) -> bool:
        """Then, or after the break in which it would be."""
        return _long_enough(self.working[realtor_id], turn, length)


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
        kept_until = at + timedelta(minutes=picture.policy.queue_timeout_minutes)
        lines[store.pk] = LiveLine(
            store_id=store.pk,
            length=pace.waiting,
            on_duty=len(pace.on_duty),
            wait_minutes=pace.wait(pace.waiting + 1, length=minutes, until=kept_until),
            serves_today=serves_today(picture, minutes, at=at),
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
    others, where nobody is on duty, for those whom all on duty have refused, and where the turn
    would come after the work of those on duty or after the wait's own end.
    ``pictures`` and ``paces`` of at least their stores, as in ``live_lines``.
    Queries: constant, none when nobody waits live."""
    found = estimates(appointments, at=at, positions=positions, pictures=pictures, paces=paces)
    return {pk: estimate.minutes for pk, estimate in found.items()}


def estimates(
    appointments: Iterable[Appointment],
    *,
    at: datetime,
    positions: Mapping[int, int] | None = None,
    pictures: Pictures | None = None,
    paces: Paces | None = None,
) -> dict[int, Estimate]:
    """As ``estimated_waits``, for whoever has to put into words why nobody can say."""
    rows = list(appointments)
    found = {row.pk: Estimate() for row in rows}
    waiting = [row for row in rows if row.live and row.is_waiting]
    if not waiting:
        return found
    positions = queue_positions(waiting) if positions is None else positions
    stores = {row.store_id: row.store for row in waiting}
    if pictures is None:
        pictures = pictures_of_today(list(stores.values()), at=at)
    if paces is None:
        paces = paces_of({pk: pictures[pk] for pk in stores}, at=at)
    for row in waiting:
        pace, minutes = paces[row.store_id], None
        if not row.needs_person:
            minutes = pace.wait(
                positions[row.pk],
                length=row.duration_minutes,
                until=row.served_until,
                barred=_barred(row, pictures, paces),
            )
        found[row.pk] = Estimate(minutes, staffed=bool(pace.on_duty))
    return found


def whom_nobody_takes(
    appointments: Iterable[Appointment],
    *,
    at: datetime,
    pictures: Pictures | None = None,
    paces: Paces | None = None,
) -> set[int]:
    """The ids of those who wait in a live line while somebody is on duty, and none of these can be
    asked for them any more: a person has to help. ``pictures``, ``paces`` and queries as in
    ``estimated_waits``."""
    waiting = [row for row in appointments if row.live and row.is_waiting]
    if not waiting:
        return set()
    stores = {row.store_id: row.store for row in waiting}
    if pictures is None:
        pictures = pictures_of_today(list(stores.values()), at=at)
    if paces is None:
        paces = paces_of({pk: pictures[pk] for pk in stores}, at=at)
    return {
        row.pk
        for row in waiting
        if paces[row.store_id].on_duty
        and paces[row.store_id].on_duty <= _barred(row, pictures, paces)
    }


def _barred(row: Appointment, pictures: Pictures, paces: Paces) -> set[int]:
    """Whom nobody will ask for them: who has refused, and the customer themself (as in
    ``candidates.rejection``)."""
    themself = {
        one.pk
        for one in pictures[row.store_id].realtors
        if row.user_id is not None and one.user_id == row.user_id
    }
    return themself | paces[row.store_id].refused.get(row.pk, set())


def serves_today(picture: Availability, minutes: int, *, at: datetime) -> bool:
    """Whether anybody of the store works long enough from now to the end of the local day, or of
    the night that has begun."""
    return any(
        _long_enough(_rest_of_day(picture, one, at), at, minutes) for one in picture.realtors
    )


def _rest_of_day(picture: Availability, realtor: Realtor, at: datetime) -> list[Period]:
    """Their work from now to the end of the local day, or of the night that has begun."""
    end = local_day(at.astimezone(picture.hours.zone).date(), picture.hours.zone).end
    return [one for one in picture.working[realtor.pk] if one.end > at and one.start < end]


def _long_enough(periods: Iterable[Period], start: datetime, minutes: int) -> bool:
    """Whether one of them leaves so many minutes in one go, from ``start`` on."""
    length = timedelta(minutes=minutes)
    return any(max(one.start, start) + length <= one.end for one in periods)


def pictures_of_today(stores: Iterable[Store], *, at: datetime) -> dict[int, Availability]:
    """All that lines are reckoned from, by store id, for whoever asks more than once."""
    windows = []
    for store in stores:
        today = at.astimezone(store.zone).date()
        windows.append(Window(store, today, today))
    return paint(windows, at=at, ways=False)


@dataclass(frozen=True)
class Work:
    """Of several stores: how many minutes live visits really took, by store, where there were
    enough of them; who waits, by store, each with those who have refused them; and the realtors
    somebody is with, perhaps beyond the time it was meant to take."""

    minutes: Mapping[int, float]
    waiting: Mapping[int, Mapping[int, set[int]]]
    serving: set[int]


def paces_of(found: Pictures, *, at: datetime) -> dict[int, Pace]:
    """By store id, for whoever asks more than once. One query."""
    work = _work_of(list(found), at)
    return {pk: _pace(picture, work, at) for pk, picture in found.items()}


def _pace(picture: Availability, work: Work, at: datetime) -> Pace:
    store_id, policy = picture.store.pk, picture.policy
    visit_minutes = work.minutes.get(store_id, policy.default_duration_minutes)
    there = _there(picture, at)
    whole = picture.around(Period(at, at + timedelta(minutes=visit_minutes)), now=True)
    idle = {
        one.pk for one in there if one.pk not in work.serving and not picture.is_taken(one, whole)
    }
    refused = work.waiting.get(store_id, {})
    today = at.astimezone(picture.hours.zone).date()
    return Pace(
        at=at,
        visit_minutes=visit_minutes,
        working={one.pk: _rest_of_day(picture, one, at) for one in there},
        idle=frozenset(idle),
        room={
            one.pk: one.max_per_day - picture.promised[one.pk, today]
            for one in there
            if one.max_per_day is not None
        },
        waiting=len(refused),
        refused=refused,
    )


def _there(picture: Availability, at: datetime) -> list[Realtor]:
    """Who works at this moment and takes live customers: one more of them today."""
    today = at.astimezone(picture.hours.zone).date()
    now, timeout = Period(at, at + timedelta(minutes=1)), picture.policy.online_timeout_minutes
    return [
        one
        for one in picture.realtors
        if picture.works(one, now)
        and not_there(one, timeout, at=at) is None
        and not picture.day_is_full(one, today)
    ]


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
    # Only of those who wait are refusals joined: they would count a visit more than once.
    refusal = FilteredRelation("offers", condition=Q(offers__status__in=REFUSED) & in_line)
    rows = (
        Appointment.objects.filter(done | running | in_line, store_id__in=store_ids)
        .annotate(refusal=refusal, waiter=Case(When(in_line, then=F("pk"))))
        .order_by()
        .values("store_id", "realtor_id", "waiter", refuser=F("refusal__realtor_id"))
        .annotate(
            took=Sum(took, filter=done),
            visits=Count("pk", filter=done),
            running=Count("pk", filter=running),
        )
    )
    total: dict[int, timedelta] = defaultdict(timedelta)
    visits: Counter[int] = Counter()
    waiting: dict[int, dict[int, set[int]]] = defaultdict(dict)
    serving = set()
    for row in rows:
        total[row["store_id"]] += row["took"] or timedelta(0)
        visits[row["store_id"]] += row["visits"]
        if row["waiter"] is not None:
            refused = waiting[row["store_id"]].setdefault(row["waiter"], set())
            refused |= {row["refuser"]} - {None}
        if row["running"]:
            serving.add(row["realtor_id"])
    minutes = {
        pk: max(1.0, total[pk].total_seconds() / 60 / count)
        for pk, count in visits.items()
        if count >= LEARNED_FROM
    }
    return Work(minutes, waiting, serving)
