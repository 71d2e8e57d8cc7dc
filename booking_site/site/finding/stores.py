"""Which stores match a search, and in which order. A chain has hundreds of them: their rows are
read at once and counted, told apart by hours and sorted by distance here."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from appointments.selectors.availability import Availability
from appointments.selectors.pictures import Window, pictures
from appointments.selectors.slots import first_free_start
from booking_site.common.places import Point, box_around
from booking_site.site.finding.search import Order, Search
from booking_site.site.finding.words import every, first_those
from realtors.models import Presence, Realtor, RealtorQuerySet
from stores.models import Store, StoreQuerySet
from stores.rules import OpeningHours
from stores.selectors import opening_hours_of

# How far ahead a list looks for the next free time; further ones are found on the store's page.
DAYS_AHEAD = 2
# So many at most are asked for their next free time in order to sort by it.
MOST_ASKED = 100

NEVER = datetime.max.replace(tzinfo=UTC)

Hours = dict[int, OpeningHours]
Pictures = dict[int, Availability]


def stores_matching(search: Search) -> StoreQuerySet:
    """By everything but hours and city, the best first, those that are only described with the
    words last. ``somebody_there``: whether anybody says so; whether they serve now is for the line
    to say."""
    rows = Store.objects.open_to_public().best_first()
    if words := search.words:
        rows = rows.filter(every(words, lambda word: _has(word) | _tells(word)))
        rows = rows.order_by(first_those(every(words, _has)), *rows.query.order_by)
    if search.category:
        rows = rows.filter(Exists(_people().filter(skills__slug=search.category)))
    if search.place and search.within:
        rows = rows.inside(box_around(search.place, search.within))
    there = _people().exclude(presence=Presence.OFFLINE)
    return rows.annotate(somebody_there=Exists(there))


def _people() -> RealtorQuerySet:
    return Realtor.objects.bookable().filter(store=OuterRef("pk"))


def _has(word: str) -> Q:
    """In a store's name or where it is, the name of somebody there, or what they do."""
    own = Q(name__icontains=word) | Q(city__icontains=word) | Q(address__icontains=word)
    skill = Q(skills__name__icontains=word) | Q(skills__name_en__icontains=word)
    people = _people().filter(Q(name__icontains=word) | skill)
    return own | Q(Exists(people))


def _tells(word: str) -> Q:
    """In what the store says of itself, or somebody there of themselves."""
    people = _people().filter(bio__icontains=word)
    return Q(description__icontains=word) | Q(Exists(people))


def distances(stores: Iterable[Store], place: Point | None) -> dict[int, float]:
    """Kilometres by store id, of those whose place is known."""
    if place is None:
        return {}
    return {one.pk: place.kilometres_to(one.point) for one in stores if one.point}


def cities_of(stores: Iterable[Store]) -> list[tuple[str, int]]:
    """With how many stores each, the largest first."""
    counted = Counter(one.city for one in stores if one.city)
    return sorted(counted.items(), key=lambda row: (-row[1], row[0]))


def narrowed(stores: list[Store], search: Search, hours: Hours | None, at: datetime) -> list[Store]:
    """Those of the city, within the distance and open now."""
    found = [one for one in stores if one.city == search.city] if search.city else stores
    if search.within:
        away = distances(found, search.place)
        found = [one for one in found if away.get(one.pk, search.within + 1) <= search.within]
    if search.open_now and hours is not None:
        found = [one for one in found if hours[one.pk].is_open(at)]
    return found


def in_order(
    stores: list[Store], search: Search, painted: Pictures | None, at: datetime
) -> list[Store]:
    """They come the best first, and stay so where nothing else tells them apart. ``painted``: of
    those whose next free time is asked for; the others come last."""
    if search.order == Order.DISTANCE:
        away = distances(stores, search.place)
        return sorted(stores, key=lambda one: away.get(one.pk, float("inf")))
    if search.order == Order.SOONEST and painted is not None:
        starts = {
            one.pk: next_free(one, painted[one.pk], at) for one in stores if one.pk in painted
        }
        return sorted(stores, key=lambda one: starts.get(one.pk) or NEVER)
    return stores


def paint(stores: list[Store], hours: Hours, at: datetime) -> Pictures:
    """Pictures of the days that a list speaks of; the store's own page asks for ways, too. Queries:
    constant."""
    return pictures([_window(one, at) for one in stores], at=at, hours=hours, ways=False)


def next_free(store: Store, picture: Availability, at: datetime) -> datetime | None:
    """The first free start within those days. No query."""
    return first_free_start(picture, last=_window(store, at).last, at=at)


def _window(store: Store, at: datetime) -> Window:
    today = at.astimezone(store.zone).date()
    return Window(store, today, today + timedelta(days=DAYS_AHEAD))


def hours_around(stores: Iterable[Store], at: datetime) -> Hours:
    """Opening hours of the days that a list may speak of, in any zone. Two queries."""
    day = at.date()
    return opening_hours_of(stores, day - timedelta(days=1), day + timedelta(days=DAYS_AHEAD + 6))
