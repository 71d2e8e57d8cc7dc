"""Who is free when. Slots on every surface and the choice of a realtor come from here, so that
what is offered is what can be booked."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from appointments.models import Appointment, Claim, Hold
from appointments.models.appointment import LIVE, Status
from appointments.rules import cell_of, cells, realtor_key, span_mask
from booking_site.common.periods import Period, covers, day_start, local_day
from realtors.models import Realtor
from realtors.selectors import working_weeks
from stores.models import Store
from stores.rules import OpeningHours, Policy
from stores.selectors import opening_hours, policy_of

DAY = timedelta(days=1)


@dataclass
class Availability:
    """A store's realtors over some days: when they work and which of their cells are taken."""

    store: Store
    policy: Policy
    hours: OpeningHours
    open_periods: list[Period]
    realtors: list[Realtor]
    working: dict[int, list[Period]]
    # A bit per cell from ``base`` on, by realtor.
    taken: dict[int, int]
    base: int
    # Promises by (realtor, local date), kept only for realtors with a daily maximum.
    promised: Counter[tuple[int, date]] = field(default_factory=Counter)

    def around(self, period: Period) -> Period:
        """The provider's time: the period and both buffers."""
        before = timedelta(minutes=self.policy.buffer_before_minutes)
        after = timedelta(minutes=self.policy.buffer_after_minutes)
        return Period(period.start - before, period.end + after)

    def is_open(self, period: Period) -> bool:
        return covers(self.open_periods, period)

    def at_work(self, period: Period) -> list[Realtor]:
        """Realtors who work through all of ``period``, free or not."""
        return [one for one in self.realtors if covers(self.working[one.pk], period)]

    def free(self, period: Period) -> list[Realtor]:
        """Realtors who work through all of ``period`` and have it free, buffers included."""
        wanted = span_mask(cells(self.around(period)), self.base)
        day = period.start.astimezone(self.hours.zone).date()
        return [
            realtor
            for realtor in self.realtors
            if not self.taken[realtor.pk] & wanted
            and covers(self.working[realtor.pk], period)
            and not self._day_is_full(realtor, day)
        ]

    def ranked(self, period: Period) -> list[tuple[Realtor, dict[str, int]]]:
        """Free realtors, the least loaded of that day first, each with the reason."""
        day = local_day(period.start.astimezone(self.hours.zone).date(), self.hours.zone)
        bits = span_mask(cells(day), self.base)
        loads = {
            realtor.pk: (self.taken[realtor.pk] & bits).bit_count() * 5
            for realtor in self.free(period)
        }
        free = [realtor for realtor in self.realtors if realtor.pk in loads]
        free.sort(key=lambda realtor: (loads[realtor.pk], _turn(realtor, period), realtor.pk))
        return [(realtor, {"minutes_that_day": loads[realtor.pk]}) for realtor in free]

    def mark_taken(self, realtor: Realtor, period: Period) -> None:
        """Keep this picture true after an assignment made from it."""
        self.taken[realtor.pk] |= span_mask(cells(self.around(period)), self.base)
        day = period.start.astimezone(self.hours.zone).date()
        if realtor.max_per_day is not None:
            self.promised[realtor.pk, day] += 1

    def forget(self, realtor: Realtor, start: datetime) -> None:
        """Do not count a promise of that day which is about to be moved."""
        self.promised[realtor.pk, start.astimezone(self.hours.zone).date()] -= 1

    def _day_is_full(self, realtor: Realtor, day: date) -> bool:
        most = realtor.max_per_day
        return most is not None and self.promised[realtor.pk, day] >= most


def _turn(realtor: Realtor, period: Period) -> int:
    """Among equals a different one comes first at each start; ids alone would favour the eldest."""
    return (realtor.pk * 2_654_435_761 + cell_of(period.start) * 40_503) % 1_000_003


def availability(
    store: Store,
    first: date,
    last: date,
    *,
    at: datetime,
    realtor_id: int | None = None,
) -> Availability:
    """Load the picture of local dates ``first`` to ``last``. A constant number of queries, however
    many realtors and bookings there are."""
    # A day-long appointment that starts late on the last date, and buffers, reach over the edges.
    reach = last + timedelta(days=2)
    hours = opening_hours(store, first, reach)
    zone = store.zone
    span = Period(day_start(first - timedelta(days=1), zone), day_start(reach, zone) + DAY)
    rows = Realtor.objects.bookable().filter(store=store).order_by("pk")
    if realtor_id is not None:
        rows = rows.filter(pk=realtor_id)
    realtors = list(rows)
    weeks = working_weeks(realtors, span)
    base = cell_of(span.start)
    return Availability(
        store=store,
        policy=policy_of(store),
        hours=hours,
        open_periods=hours.periods(first, reach),
        realtors=realtors,
        working={pk: week.periods(first, reach, hours) for pk, week in weeks.items()},
        taken=_taken_cells(realtors, span, base, at),
        base=base,
        promised=_promised(realtors, span, store, at),
    )


def _taken_cells(
    realtors: Iterable[Realtor], span: Period, base: int, at: datetime
) -> dict[int, int]:
    keys = {realtor_key(realtor.pk): realtor.pk for realtor in realtors}
    rows = (
        Claim.objects.filter(resource__in=list(keys), cell__gte=base, cell__lt=cell_of(span.end))
        .standing(at)
        .values_list("resource", "cell")
    )
    taken = dict.fromkeys(keys.values(), 0)
    by_resource: dict[str, bytearray] = {}
    for resource, cell in rows:
        bits = by_resource.setdefault(resource, bytearray((cell_of(span.end) - base) // 8 + 1))
        offset = cell - base
        bits[offset >> 3] |= 1 << (offset & 7)
    for resource, bits in by_resource.items():
        taken[keys[resource]] = int.from_bytes(bits, "little")
    return taken


def _promised(
    realtors: Iterable[Realtor], span: Period, store: Store, at: datetime
) -> Counter[tuple[int, date]]:
    limited = [realtor.pk for realtor in realtors if realtor.max_per_day is not None]
    if not limited:
        return Counter()
    during = {"realtor_id__in": limited, "starts_at__gte": span.start, "starts_at__lt": span.end}
    made = Appointment.objects.filter(status__in=[*LIVE, Status.COMPLETED], **during)
    held = Hold.objects.live(at).filter(**during)
    starts = [
        *made.values_list("realtor_id", "starts_at"),
        *held.values_list("realtor_id", "starts_at"),
    ]
    return Counter((pk, start.astimezone(store.zone).date()) for pk, start in starts)
