"""Pictures of several stores at once, and the shapes in which pages look at them.

Loads what ``availability`` loads for one store in the same number of queries for any number of
stores, together with what a page shows of their realtors.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from appointments.models import Appointment, Claim, Hold
from appointments.models.appointment import LIVE, Status
from appointments.rules import cell_of, mask, realtor_key
from appointments.selectors.availability import DAY, Availability

# The one definition of a day of slots; pages must not offer other starts than the API does.
from appointments.selectors.slots import (
    Day,
    _day,
    _queue_lengths,
    earliest_start,
    last_bookable_date,
)
from booking_site.common.periods import Period, day_start, grid_starts
from realtors.models import Realtor
from realtors.selectors import working_weeks
from stores.models import BookingPolicy, Store
from stores.rules import SITE_DEFAULT, OpeningHours, Policy
from stores.selectors import opening_hours_of

Claimed = dict[str, list[int]]


@dataclass(frozen=True)
class Window:
    """The local dates of one store that a page wants to see."""

    store: Store
    first: date
    last: date

    @property
    def reach(self) -> date:
        """How far a day-long appointment and its buffers may go; see ``availability``."""
        return self.last + timedelta(days=2)

    @property
    def span(self) -> Period:
        """With the night before, from which work may reach into the first day."""
        zone = self.store.zone
        return Period(day_start(self.first - DAY, zone), day_start(self.reach, zone) + DAY)


@dataclass(frozen=True)
class Apart:
    """What shall not count: the appointment that is being moved, the holds being replaced."""

    appointment_id: int | None = None
    holds: Q | None = None

    def of_claims(self, rows: QuerySet[Claim]) -> QuerySet[Claim]:
        if self.appointment_id is not None:
            rows = rows.exclude(appointment=self.appointment_id)
        if self.holds is not None:
            rows = rows.exclude(hold__in=Hold.objects.filter(self.holds))
        return rows

    def of_appointments(self, rows: QuerySet[Appointment]) -> QuerySet[Appointment]:
        return rows if self.appointment_id is None else rows.exclude(pk=self.appointment_id)

    def of_holds(self, rows: QuerySet[Hold]) -> QuerySet[Hold]:
        return rows if self.holds is None else rows.exclude(self.holds)


NOTHING_APART = Apart()


def policies_of(stores: Sequence[Store]) -> dict[int, Policy]:
    """The effective policies by store id; see stores.selectors.policy_of. One query."""
    rows = BookingPolicy.objects.filter(Q(store=None) | Q(store__in=stores))
    by_store = {row.store_id: row for row in rows}
    site = by_store[None].effective(SITE_DEFAULT) if None in by_store else SITE_DEFAULT
    return {
        store.pk: by_store[store.pk].effective(site) if store.pk in by_store else site
        for store in stores
    }


def pictures(
    windows: Sequence[Window],
    *,
    at: datetime,
    policies: Mapping[int, Policy] | None = None,
    hours: Mapping[int, OpeningHours] | None = None,
    apart: Apart = NOTHING_APART,
) -> dict[int, Availability]:
    """The availability of each window's store, by its id. Queries: constant."""
    if not windows:
        return {}
    stores = [window.store for window in windows]
    policies = policies if policies is not None else policies_of(stores)
    first, last = min(one.first for one in windows), max(one.reach for one in windows)
    hours = hours if hours is not None else opening_hours_of(stores, first, last)
    span = Period(
        min(window.span.start for window in windows), max(window.span.end for window in windows)
    )
    realtors: dict[int, list[Realtor]] = defaultdict(list)
    rows = Realtor.objects.bookable().filter(store__in=stores).order_by("pk")
    for realtor in rows.select_related("user").prefetch_related("skills"):
        realtors[realtor.store_id].append(realtor)
    everybody = [realtor for several in realtors.values() for realtor in several]
    weeks = working_weeks(everybody, span)
    claimed = _claimed(everybody, span, at, apart)
    promised = _promised(everybody, span, windows, at, apart)
    return {
        window.store.pk: _picture(
            window, policies, hours, realtors[window.store.pk], weeks, claimed, promised
        )
        for window in windows
    }


def week_of(
    picture: Availability,
    dates: Iterable[date],
    *,
    at: datetime,
    realtor_id: int | None = None,
    duration_minutes: int | None = None,
) -> list[Day]:
    """Days of slots, of one realtor or of all, from a picture that is there already. One query."""
    if realtor_id is not None:
        only = [realtor for realtor in picture.realtors if realtor.pk == realtor_id]
        picture = replace(picture, realtors=only)
    dates = list(dates)
    length = timedelta(minutes=duration_minutes or picture.policy.default_duration_minutes)
    waiting = _queue_lengths(picture, dates)
    return [_day(picture, day, length, waiting, at) for day in dates]


def first_free_start(picture: Availability, *, last: date, at: datetime) -> datetime | None:
    """The first start with a free realtor up to the local date ``last``. No query."""
    zone = picture.hours.zone
    length = timedelta(minutes=picture.policy.default_duration_minutes)
    earliest = earliest_start(picture, at)
    day = at.astimezone(zone).date()
    while day <= min(last, last_bookable_date(picture, at)):
        for start in grid_starts(day, zone, picture.policy.grid_minutes):
            period = Period(start, start + length)
            if start >= earliest and picture.is_open(period) and picture.free(period):
                return start.astimezone(zone)
        day += timedelta(days=1)
    return None


def _picture(
    window: Window,
    policies: Mapping[int, Policy],
    hours: Mapping[int, OpeningHours],
    realtors: list[Realtor],
    weeks: Mapping,
    claimed: Claimed,
    promised: Counter[tuple[int, date]],
) -> Availability:
    store = window.store
    opening = hours[store.pk]
    base = cell_of(window.span.start)
    return Availability(
        store=store,
        policy=policies[store.pk],
        hours=opening,
        open_periods=opening.periods(window.first, window.reach),
        realtors=realtors,
        working={
            realtor.pk: weeks[realtor.pk].periods(window.first, window.reach, opening)
            for realtor in realtors
        },
        taken={
            realtor.pk: mask(claimed.get(realtor_key(realtor.pk), ()), base) for realtor in realtors
        },
        base=base,
        promised=promised,
    )


def _claimed(realtors: list[Realtor], span: Period, at: datetime, apart: Apart) -> Claimed:
    rows = Claim.objects.filter(
        resource__in=[realtor_key(realtor.pk) for realtor in realtors],
        cell__gte=cell_of(span.start),
        cell__lt=cell_of(span.end),
    ).standing(at)
    claimed: Claimed = defaultdict(list)
    for resource, cell in apart.of_claims(rows).values_list("resource", "cell"):
        claimed[resource].append(cell)
    return claimed


def _promised(
    realtors: list[Realtor],
    span: Period,
    windows: Sequence[Window],
    at: datetime,
    apart: Apart,
) -> Counter[tuple[int, date]]:
    """Promises by (realtor, local date) of those with a daily maximum. One query, or none."""
    limited = {one.pk: one.store_id for one in realtors if one.max_per_day is not None}
    if not limited:
        return Counter()
    zones = {window.store.pk: window.store.zone for window in windows}
    during = {"realtor__in": limited, "starts_at__gte": span.start, "starts_at__lt": span.end}
    made = apart.of_appointments(
        Appointment.objects.filter(status__in=[*LIVE, Status.COMPLETED], **during)
    )
    held = apart.of_holds(Hold.objects.live(at).filter(**during))
    columns = ("realtor_id", "starts_at")
    starts = (
        made.order_by().values_list(*columns).union(held.order_by().values_list(*columns), all=True)
    )
    return Counter(
        (realtor_id, starts_at.astimezone(zones[limited[realtor_id]]).date())
        for realtor_id, starts_at in starts
    )
