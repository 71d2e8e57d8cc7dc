"""Opening the demo's stores. A store that is there is left as it is, whatever was changed in it."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.conf import settings

from accounts.models import User
from booking_site.common.periods import day_start
from realtors.models import Realtor, TimeOff, WorkingInterval
from stores.models import (
    BookingPolicy,
    Category,
    OpeningInterval,
    SpecialDay,
    SpecialInterval,
    Store,
    StoreMembership,
)

from .holidays import next_public_holiday
from .sitters import MAOMAO
from .stores import CATEGORIES, CITY, STORES, DemoRealtor, DemoStore, Week

Hours = tuple[time, time]


def ensure_stores(*, at: datetime) -> dict[str, Store]:
    """The demo's stores by slug, made where missing, each with its next public holiday."""
    plans = (*STORES, MAOMAO)
    slugs = [plan.slug for plan in plans]
    found = {store.slug: store for store in Store.objects.filter(slug__in=slugs)}
    for plan in plans:
        if plan.slug not in found:
            found[plan.slug] = _open(plan, at)
    _ensure_site_policy()
    _ensure_holidays(found, at)
    return found


def ensure_manager(store: Store, manager: User) -> None:
    StoreMembership.objects.get_or_create(store=store, user=manager)


def ensure_realtor(store: Store, realtor: User) -> None:
    """The account is that of one of the store's realtors, by name if there is one."""
    if Realtor.objects.filter(user=realtor).exists():
        return
    namesake = Realtor.objects.filter(store=store, name=realtor.display_name, user=None).first()
    person = namesake or Realtor(store=store, name=realtor.display_name)
    person.user = realtor
    person.phone, person.email = str(realtor.phone or ""), realtor.email or ""
    person.save()


def _open(plan: DemoStore, at: datetime) -> Store:
    store = Store.objects.create(
        slug=plan.slug,
        name=plan.name,
        description=plan.description,
        address=plan.address,
        phone=plan.phone,
        city=CITY,
        latitude=plan.latitude,
        longitude=plan.longitude,
        time_zone=settings.DEFAULT_TIME_ZONE,
    )
    OpeningInterval.objects.bulk_create(
        OpeningInterval(store=store, weekday=weekday, opens=opens, closes=closes)
        for weekday, opens, closes in _rows(plan.week)
    )
    # Whoever tries the demo may look around before they answer.
    BookingPolicy.objects.create(store=store, **{"accept_later_minutes": 1440, **plan.policy})
    today = at.astimezone(store.zone).date()
    if plan.special:
        days, note, intervals = plan.special
        _add_special_day(store, today + timedelta(days=days), note, intervals)
    for number, person in enumerate(plan.realtors, start=1):
        hire(store, person, number, today)
    return store


def hire(store: Store, person: DemoRealtor, number: int, today: date) -> None:
    realtor = Realtor.objects.create(
        store=store,
        name=person.name,
        bio=person.bio,
        phone=f"+86137050{store.pk % 100:02d}{number:03d}",
        max_per_day=person.max_per_day,
        commission_percent=5,
    )
    realtor.skills.set(category(name) for name in person.skills)
    weeks = {WorkingInterval.Kind.WORK: person.work, WorkingInterval.Kind.BREAK: person.breaks}
    WorkingInterval.objects.bulk_create(
        WorkingInterval(realtor=realtor, kind=kind, weekday=weekday, starts=starts, ends=ends)
        for kind, week in weeks.items()
        for weekday, starts, ends in _rows(week)
    )
    if person.away:
        first, days = today + timedelta(days=person.away[0]), timedelta(days=person.away[1])
        TimeOff.objects.create(
            realtor=realtor,
            starts_at=day_start(first, store.zone),
            ends_at=day_start(first + days, store.zone),
            reason="年假",
        )


def _ensure_site_policy() -> None:
    """The row with the site's figures; left empty, so that the code's defaults speak."""
    if not BookingPolicy.objects.filter(store=None).exists():
        BookingPolicy.objects.create(store=None)


def _ensure_holidays(stores: dict[str, Store], at: datetime) -> None:
    there = set(
        SpecialDay.objects.filter(store__in=stores.values(), date__gt=at.date()).values_list(
            "store_id", "date"
        )
    )
    for plan in STORES:
        store = stores[plan.slug]
        day, name = next_public_holiday(at.astimezone(store.zone).date())
        if plan.holiday is not None and (store.pk, day) not in there:
            _add_special_day(store, day, name, plan.holiday)


def _add_special_day(store: Store, day: date, note: str, intervals: str) -> None:
    special = SpecialDay.objects.create(store=store, date=day, note=note)
    SpecialInterval.objects.bulk_create(
        SpecialInterval(special_day=special, opens=opens, closes=closes)
        for opens, closes in _intervals(intervals)
    )


def category(name: str) -> Category:
    known = Category.objects.filter(name=name).first()
    if known is not None:
        return known
    made, _new = Category.objects.get_or_create(slug=CATEGORIES[name], defaults={"name": name})
    return made


def _rows(week: Week) -> Iterator[tuple[int, time, time]]:
    """("0-4", "09:00-12:00 13:30-18:30") as rows of (weekday, from, to)."""
    for days, intervals in week:
        first, _dash, last = days.partition("-")
        for weekday in range(int(first), int(last or first) + 1):
            for opens, closes in _intervals(intervals):
                yield weekday, opens, closes


def _intervals(text: str) -> list[Hours]:
    pairs = [interval.split("-") for interval in text.split()]
    return [(time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in pairs]
