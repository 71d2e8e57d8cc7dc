"""What others may ask about stores."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from stores.models import BookingPolicy, OpeningInterval, SpecialDay, Store, StoreQuerySet
from stores.rules import SITE_DEFAULT, Interval, OpeningHours, Policy

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


def policy_of(store: Store) -> Policy:
    """The effective policy: code's default, then the site's row, then the store's. One query."""
    return policies_of([store])[store.pk]


def policies_of(stores: Sequence[Store]) -> dict[int, Policy]:
    """The same for several stores at once, by store id. One query."""
    rows = BookingPolicy.objects.filter(Q(store=None) | Q(store__in=stores))
    by_store = {row.store_id: row for row in rows}
    site = by_store[None].effective(SITE_DEFAULT) if None in by_store else SITE_DEFAULT
    return {
        store.pk: by_store[store.pk].effective(site) if store.pk in by_store else site
        for store in stores
    }


def opening_hours(store: Store, first: date, last: date) -> OpeningHours:
    """The hours of these dates and of the nights around them. Two queries."""
    return opening_hours_of([store], first, last)[store.pk]


def opening_hours_of(stores: Iterable[Store], first: date, last: date) -> dict[int, OpeningHours]:
    """The same for several stores at once, by store id. Two queries, however many there are."""
    zones = {store.pk: store.zone for store in stores}
    weeks: dict[int, dict[int, list[Interval]]] = defaultdict(lambda: defaultdict(list))
    for row in OpeningInterval.objects.filter(store_id__in=list(zones)):
        weeks[row.store_id][row.weekday].append(Interval(row.opens, row.closes))
    special: dict[int, dict[date, tuple[Interval, ...]]] = defaultdict(dict)
    notes: dict[int, dict[date, str]] = defaultdict(dict)
    for pk, day, note, opens, closes in _special_rows(list(zones), first, last):
        intervals = special[pk].get(day, ())
        # A day without intervals comes as one row without times: closed.
        special[pk][day] = intervals if opens is None else (*intervals, Interval(opens, closes))
        notes[pk][day] = note
    return {
        pk: OpeningHours(
            zone=zone,
            week={weekday: tuple(intervals) for weekday, intervals in weeks[pk].items()},
            special=special[pk],
            notes=notes[pk],
        )
        for pk, zone in zones.items()
    }


def _special_rows(store_ids: list[int], first: date, last: date) -> Iterable[Any]:
    """Store, date, note, opens, closes: a row for every interval of the days around these dates."""
    around = (first - timedelta(days=1), last + timedelta(days=1))
    days = SpecialDay.objects.filter(store_id__in=store_ids, date__range=around)
    columns = ("store_id", "date", "note", "intervals__opens", "intervals__closes")
    return days.order_by("date", "intervals__opens").values_list(*columns)


def hours_now(stores: Iterable[Store], *, at: datetime) -> dict[int, OpeningHours]:
    """The hours around this moment by store id, wherever each store's calendar stands."""
    today = at.astimezone(UTC).date()
    day = timedelta(days=1)
    return opening_hours_of(stores, today - day, today + day)


def stores_visible_to(user: "User | AnonymousUser") -> StoreQuerySet:
    """Those open to the public, and those the caller runs."""
    public = Store.objects.open_to_public()
    if not user.is_authenticated:
        return public
    managed = Store.objects.managed_by(user).values("pk")
    return Store.objects.filter(Q(is_active=True) | Q(pk__in=managed))
