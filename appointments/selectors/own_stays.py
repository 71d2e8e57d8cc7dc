"""A sitter's stays: who is there, who comes and who goes, night by night, and with which pets."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Prefetch, Q, prefetch_related_objects

from appointments.models import Appointment, Status, StayPet
from appointments.models.appointment import LIVE, UPCOMING, unpaid_by
from appointments.selectors.nights import Night, nights_of
from booking_site.common.periods import day_start
from realtors.models import Listing, ListingKind, ListingQuerySet, Realtor
from stores.models import Store

# What was not checked in is shown for so long, and what is to come.
LEFT_OPEN_DAYS = COMING_DAYS = 7
DAY = timedelta(days=1)


@dataclass(frozen=True)
class PlaceNight:
    """A night of one place, and the stays whose pets are there then."""

    night: Night
    place: Listing
    stays: list[Appointment]

    @property
    def pets(self) -> int:
        return sum(len(one.stay_pets.all()) for one in self.stays)

    @property
    def taken(self) -> int:
        """Units. Claims of nights that are over are cleared away in time; who was there is not."""
        return max(self.night.taken, self.pets)

    @property
    def left(self) -> int:
        return 0 if self.night.away else max(self.night.capacity - self.taken, 0)


def own_places(realtor: Realtor) -> ListingQuerySet:
    return Listing.objects.filter(realtor=realtor, kind=ListingKind.BOARDING).order_by(
        "title", "pk"
    )


def without_a_sitter(store: Store) -> list[Listing]:
    """Of a time when a place could do without; nobody can book them. One query."""
    rows = Listing.objects.filter(store=store, kind=ListingKind.BOARDING, realtor=None)
    return list(rows.order_by("title", "pk"))


def stays_at_work(realtor: Realtor, *, at: datetime) -> Q:
    """Those that go on, whenever they began; those to be brought, from a week ago to a week ahead;
    and those that have ended today."""
    today = at.astimezone(realtor.store.zone).date()
    since = day_start(today, realtor.store.zone)
    days = (today - LEFT_OPEN_DAYS * DAY, today + COMING_DAYS * DAY)
    then = Q(status=Status.IN_PROGRESS) | Q(status__in=UPCOMING, check_in__range=days)
    then |= Q(completed_at__gte=since) | Q(no_show_at__gte=since)
    return Q(then, check_in__isnull=False, realtor=realtor)


def is_overdue(stay: Appointment, at: datetime) -> bool:
    """Not paid in time: over, swept or not."""
    return stay.awaits_payment and stay.pay_before is not None and stay.pay_before <= at


def stays_ahead(realtor: Realtor, at: datetime) -> list[Appointment]:
    """Pets that are to be there, or are: they need somebody every night. One query."""
    rows = Appointment.objects.stays().filter(realtor=realtor, status__in=LIVE, ends_at__gt=at)
    rows = rows.exclude(unpaid_by(at))
    return [_of(realtor, one) for one in rows.order_by("starts_at", "pk")]


def with_pets(stays: Iterable[Appointment]) -> None:
    """``stay_pets`` of each, with what is known of the pet now. One query, none of none."""
    found = [one for one in stays if one.is_stay]
    pets = StayPet.objects.select_related("pet")
    prefetch_related_objects(found, Prefetch("stay_pets", queryset=pets))


def occupancy(
    places: Sequence[Listing], first: date, last: date, *, at: datetime
) -> dict[date, list[PlaceNight]]:
    """By night: the places in their order. Four queries, whatever the number of nights and
    stays."""
    stays = _stays_within(places, first, last, at)
    with_pets(stays)
    nights = nights_of(places, first, last, at=at) if places else {}
    found: dict[date, list[PlaceNight]] = {}
    for place in places:
        here = [one for one in stays if one.listing_id == place.pk]
        for night in nights[place.pk]:
            there = [one for one in here if is_there(one, night.date)]
            found.setdefault(night.date, []).append(PlaceNight(night, place, there))
    return found


def is_there(stay: Appointment, night: date) -> bool:
    """Who was fetched early is not there in the nights that were left."""
    until = stay.check_out
    if stay.completed_at is not None and until is not None:
        until = min(until, stay.completed_at.astimezone(stay.store.zone).date())
    return stay.check_in is not None and until is not None and stay.check_in <= night < until


def _stays_within(
    places: Sequence[Listing], first: date, last: date, at: datetime
) -> list[Appointment]:
    rows = Appointment.objects.stays().filter(
        listing__in=places,
        status__in=[*LIVE, Status.COMPLETED],
        check_in__lte=last,
        check_out__gt=first,
    )
    found = list(rows.exclude(unpaid_by(at)).order_by("starts_at", "pk"))
    by_id = {one.pk: one for one in places}
    for one in found:
        place = by_id[one.listing_id or 0]
        one.listing, one.store = place, place.store
    return found


def _of(realtor: Realtor, one: Appointment) -> Appointment:
    one.store, one.realtor = realtor.store, realtor
    return one
