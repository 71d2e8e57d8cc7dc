"""All figures of some stores, or of one realtor in them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from booking_site.common.periods import Period
from realtors.models import Realtor
from stores.selectors import policies_of

from .arithmetic import jain
from .reading import Row, answers_of, loads_of, rows_of
from .spans import DAY, Span
from .tally import Tally
from .working import busy_time, minutes_by_hour


@dataclass
class RealtorFigures:
    """``load``: live customers they hold at this moment, offered, accepted or being served;
    ``max_load``: how many they may."""

    realtor: Realtor
    tally: Tally = field(default_factory=Tally)
    load: int = 0
    max_load: int = 0


@dataclass
class Statistics:
    """``by_day``: every date asked about; ``by_hour``: the 24 hours of the wall clock, all days
    together. ``fairness``: Jain's index of the utilisation of all who worked; None of a single one.
    """

    total: Tally
    by_day: dict[date, Tally]
    by_hour: list[Tally]
    realtors: list[RealtorFigures]
    fairness: float | None


def statistics_of(spans: Sequence[Span], *, realtor: Realtor | None = None) -> Statistics:
    """Of the stores of these spans; with ``realtor`` of this one's appointments only.
    Queries: constant, and none reads another store's rows."""
    rows = rows_of(spans, realtor)
    people = _people(spans, realtor, rows)
    found = _Counting(spans, people)
    for row in rows:
        found.count(row)
    for store_id, realtor_id, created_at, minutes in answers_of(spans, realtor):
        for tally in found.tallies(store_id, realtor_id, created_at):
            tally.answers.append(minutes)
    found.add_working_time()
    return found.finished()


class _Counting:
    """One pass over the rows; each goes into the total, its day, its hour and its realtor."""

    def __init__(self, spans: Sequence[Span], people: list[RealtorFigures]) -> None:
        self.spans = {span.store.pk: span for span in spans}
        self.zones: dict[int, ZoneInfo] = {pk: span.store.zone for pk, span in self.spans.items()}
        self.people = {one.realtor.pk: one for one in people}
        self.total = Tally()
        self.by_day = {day: Tally() for span in spans for day in _dates(span)}
        self.by_hour = [Tally() for _ in range(24)]
        self.busy: dict[int, list[Period]] = defaultdict(list)

    def tallies(self, store_id: int, realtor_id: int | None, when: datetime) -> list[Tally]:
        """Everything that something of this moment counts in."""
        local = when.astimezone(self.zones[store_id])
        tallies = [self.total, self.by_day[local.date()], self.by_hour[local.hour]]
        if realtor_id in self.people:
            tallies.append(self.people[realtor_id].tally)
        return tallies

    def count(self, row: Row) -> None:
        span = self.spans[row.store_id]
        if span.holds(row.created_at):
            self._count_made(row)
        if span.holds(row.starts_at):
            for tally in self.tallies(row.store_id, row.realtor_id, row.starts_at):
                tally.count(row.status)
        self._note_busy(row)

    def _count_made(self, row: Row) -> None:
        tallies = self.tallies(row.store_id, row.realtor_id, row.created_at)
        for tally in tallies:
            tally.created += 1
        if row.live and row.confirmed_at is not None:
            waited = max(row.confirmed_at - row.queued_at, timedelta())
            for tally in tallies:
                tally.waits.append(waited.total_seconds() / 60)

    def _note_busy(self, row: Row) -> None:
        period = busy_time(
            row.status,
            live=row.live,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            started_at=row.started_at,
            completed_at=row.completed_at,
        )
        # A stay takes nobody's time.
        if period is not None and row.realtor_id is not None and row.check_in is None:
            self.busy[row.realtor_id].append(period)

    def add_working_time(self) -> None:
        # When those who left worked, no longer stands anywhere.
        everybody = [one.realtor for one in self.people.values() if one.realtor.is_active]
        found = minutes_by_hour(list(self.spans.values()), everybody, self.busy)
        for pk, minutes in found.items():
            for (day, hour), working in minutes.working.items():
                busy = minutes.busy.get((day, hour), 0)
                for tally in (
                    self.total,
                    self.by_day[day],
                    self.by_hour[hour],
                    self.people[pk].tally,
                ):
                    tally.working_minutes += working
                    tally.busy_minutes += busy

    def finished(self) -> Statistics:
        people = list(self.people.values())
        rates = [one.tally.utilisation for one in people]
        worked = [rate for rate in rates if rate is not None]
        return Statistics(
            total=self.total,
            by_day=dict(sorted(self.by_day.items())),
            by_hour=self.by_hour,
            realtors=people,
            fairness=jain(worked) if len(worked) > 1 else None,
        )


def _dates(span: Span) -> Iterator[date]:
    return (span.first + DAY * n for n in range((span.last - span.first).days + 1))


def _people(
    spans: Sequence[Span], realtor: Realtor | None, rows: Iterable[Row]
) -> list[RealtorFigures]:
    """Who works there, and who did when these appointments were made."""
    stores = [span.store for span in spans]
    seen = {row.realtor_id for row in rows if row.realtor_id is not None}
    everybody = Realtor.objects.filter(store__in=stores).order_by("pk")
    if realtor is not None:
        everybody = everybody.filter(pk=realtor.pk)
    policies = policies_of(stores)
    loads = loads_of(spans)
    return [
        RealtorFigures(
            one,
            load=loads[one.pk],
            max_load=one.max_load or policies[one.store_id].realtor_max_load,
        )
        for one in everybody
        if one.is_active or one.pk in seen
    ]
