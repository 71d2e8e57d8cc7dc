"""Pictures of who is free when, of one store or of several at once: the same queries for any number
of stores, realtors and bookings."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from django.db.models import (
    Case,
    CharField,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from appointments.models import Appointment, Claim, Hold, Session, SessionStatus
from appointments.models.appointment import LIVE, Status
from appointments.rules import cell_of, house_key, mask, realtor_key
from appointments.selectors.availability import Availability, Stop, place_of
from booking_site.common.periods import Period, day_start
from realtors.models import Listing, ListingKind, Realtor
from realtors.rules import WorkingWeek
from realtors.selectors import working_weeks
from stores.models import Store
from stores.rules import OpeningHours, Policy
from stores.selectors import opening_hours_of, policies_of

DAY = timedelta(days=1)
# What a row of somebody's day is.
PROMISED, OVER, TAUGHT = 1, 2, 3
PLACE = ("listing__latitude", "listing__longitude")
# Of an order where its customer is, whatever the listing says.
PLACE_OF_WORK = tuple(
    Case(
        When(listing__kind=ListingKind.SERVICE, then=F(f"order__{name}")),
        default=F(f"listing__{name}"),
    )
    for name in ("latitude", "longitude")
)
Claimed = Mapping[str, list[int]]

# ``1,2,3``, read with the realtors themselves: one picture serves listings of several categories.
# Each database that is supported knows the function by this name. It makes one row of all, without
# a GROUP BY, since Django takes it for no aggregate.
_SKILL_IDS = Subquery(
    Realtor.skills.through.objects.filter(realtor=OuterRef("pk")).values_list(
        Func("category", function="GROUP_CONCAT", output_field=CharField())
    )
)


@dataclass(frozen=True)
class Window:
    """The local dates of one store that somebody wants to see."""

    store: Store
    first: date
    last: date

    @property
    def reach(self) -> date:
        """How far a day-long appointment that starts late on the last date, and buffers, may go."""
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


def pictures(
    windows: Sequence[Window],
    *,
    at: datetime,
    policies: Mapping[int, Policy] | None = None,
    hours: Mapping[int, OpeningHours] | None = None,
    realtor_id: int | None = None,
    listing: Listing | None = None,
    apart: Apart = NOTHING_APART,
    ways: bool = True,
    people: Sequence[Realtor] | None = None,
) -> dict[int, Availability]:
    """The availability of each window's store, by its id; ``realtor_id`` leaves one realtor in it,
    and so does a ``listing`` that has its own. Without ``ways`` nobody needs time to get anywhere,
    which is near enough for an estimate. ``people``: the only ones in it, already read; of them no
    skill is asked. Queries: constant."""
    if not windows:
        return {}
    if listing is not None:
        realtor_id = listing.realtor_id or realtor_id
    stores = [window.store for window in windows]
    policies = policies if policies is not None else policies_of(stores)
    first, last = min(one.first for one in windows), max(one.reach for one in windows)
    hours = hours if hours is not None else opening_hours_of(stores, first, last)
    span = Period(
        min(window.span.start for window in windows), max(window.span.end for window in windows)
    )
    realtors: dict[int, list[Realtor]] = defaultdict(list)
    for realtor in _people(stores, realtor_id) if people is None else people:
        realtors[realtor.store_id].append(realtor)
    everybody = [realtor for several in realtors.values() for realtor in several]
    weeks = working_weeks(everybody, span)
    claimed = _claimed(everybody, listing, span, at, apart)
    limited = any(one.max_per_day is not None for one in everybody)
    expected = _Expected()
    if ways or limited:
        expected = _expected(everybody, span, windows, at, apart)
    found = {
        window.store.pk: _picture(
            window, policies, hours, realtors[window.store.pk], weeks, claimed, expected
        ).of(listing)
        for window in windows
    }
    if listing is not None:
        for picture in found.values():
            taken = claimed.get(house_key(listing.pk), ())
            picture.house_taken = mask(taken, picture.base)
    return found


def _people(stores: Sequence[Store], realtor_id: int | None) -> QuerySet[Realtor]:
    rows = Realtor.objects.bookable().filter(store__in=stores).select_related("user").order_by("pk")
    rows = rows.annotate(skill_ids=_SKILL_IDS)
    return rows if realtor_id is None else rows.filter(pk=realtor_id)


def _skills_of(realtors: Iterable[Realtor]) -> dict[int, frozenset[int]]:
    listed = {one.pk: getattr(one, "skill_ids", None) or "" for one in realtors}
    return {pk: frozenset(map(int, ids.split(","))) for pk, ids in listed.items() if ids}


def availability(
    store: Store,
    first: date,
    last: date,
    *,
    at: datetime,
    realtor_id: int | None = None,
    listing: Listing | None = None,
) -> Availability:
    """The picture of one store (and one of its realtors, or for one of its listings) from the local
    date ``first`` to ``last``. Queries: constant, however many realtors and bookings there are."""
    window = Window(store, first, last)
    return pictures([window], at=at, realtor_id=realtor_id, listing=listing)[store.pk]


def _picture(
    window: Window,
    policies: Mapping[int, Policy],
    hours: Mapping[int, OpeningHours],
    realtors: list[Realtor],
    weeks: Mapping[int, WorkingWeek],
    claimed: Claimed,
    expected: "_Expected",
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
        promised=expected.promised,
        stops={
            realtor.pk: _at_its_place(expected.stops[realtor.pk], store) for realtor in realtors
        },
        weeks={realtor.pk: weeks[realtor.pk] for realtor in realtors},
        skills=_skills_of(realtors),
    )


def _at_its_place(stops: list[Stop], store: Store) -> list[Stop]:
    """Sorted; where nothing says otherwise it is at the store."""
    here = place_of(store.point)
    return sorted(stop if stop.place else replace(stop, place=here) for stop in stops)


def _claimed(
    realtors: list[Realtor], listing: Listing | None, span: Period, at: datetime, apart: Apart
) -> Claimed:
    houses = [house_key(listing.pk)] if listing is not None else []
    rows = Claim.objects.filter(
        resource__in=[realtor_key(realtor.pk) for realtor in realtors] + houses,
        cell__gte=cell_of(span.start),
        cell__lt=cell_of(span.end),
    ).standing(at)
    claimed = defaultdict(list)
    for resource, cell in apart.of_claims(rows).values_list("resource", "cell"):
        claimed[resource].append(cell)
    return claimed


@dataclass
class _Expected:
    """Where realtors are expected, by realtor, and how many promises they have made, by realtor
    and local date: of those with a daily maximum, and without the seats of their sessions."""

    stops: dict[int, list[Stop]] = field(default_factory=lambda: defaultdict(list))
    promised: Counter[tuple[int, date]] = field(default_factory=Counter)


def _expected(
    realtors: list[Realtor], span: Period, windows: Sequence[Window], at: datetime, apart: Apart
) -> _Expected:
    """One query, for both."""
    # None is longer than a day; the lower bound lets the index find them.
    during = {
        "realtor__in": realtors,
        "starts_at__gte": span.start - DAY,
        "starts_at__lt": span.end,
    }
    made = Appointment.objects.of_time().filter(status__in=[*LIVE, Status.COMPLETED], **during)
    held = Hold.objects.of_times().live(at).filter(**during)
    taught = Session.objects.exclude(status=SessionStatus.CANCELLED).filter(**during)
    over = Case(When(status=Status.COMPLETED, then=Value(OVER)), default=Value(PROMISED))
    parts = [
        apart.of_appointments(made).annotate(kind=over),
        apart.of_holds(held).annotate(kind=Value(PROMISED)),
        taught.annotate(kind=Value(TAUGHT)),
    ]
    columns = ("realtor_id", "kind", "starts_at", "ends_at")
    rows = [parts[0].order_by().values_list(*columns, *PLACE_OF_WORK)]
    rows += [part.order_by().values_list(*columns, *PLACE) for part in parts[1:]]
    zones = {window.store.pk: window.store.zone for window in windows}
    limited = {one.pk: zones[one.store_id] for one in realtors if one.max_per_day is not None}
    found = _Expected()
    for realtor_id, kind, start, end, latitude, longitude in rows[0].union(*rows[1:], all=True):
        if kind != OVER:
            # What is over holds nobody any more.
            known = latitude is not None and longitude is not None
            place = (float(latitude), float(longitude)) if known else None
            found.stops[realtor_id].append(Stop(start, end, place))
        if realtor_id in limited and kind != TAUGHT and start >= span.start:
            found.promised[realtor_id, start.astimezone(limited[realtor_id]).date()] += 1
    return found
