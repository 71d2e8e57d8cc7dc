"""Stores, realtors and wishes of the engine's tests.

It is Monday morning in Shanghai. People stand for rules: Wei and Ming are realtors, Fang and Bo
have accounts, Lan and Qiang are guests known by their phones, Hua manages the store.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import User
from appointments import services
from appointments.models import Appointment, Claim, Hold
from appointments.services import BookingRequest, LiveRequest
from booking_site.common.actors import SYSTEM, Actor
from realtors.models import Presence, Realtor, TimeOff, WorkingInterval
from realtors.services import set_presence
from stores.models import Store
from tests.factories import PolicyFactory, RealtorFactory, StoreFactory, UserFactory, manager_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 3, 2)
TUESDAY = date(2026, 3, 3)
LAN = "+8613800000001"
QIANG = "+8613800000002"
GUEST = Actor.guest()
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def clock(text: str, day: date = MONDAY, zone: ZoneInfo = SHANGHAI) -> datetime:
    """``clock("14:00")``: that time by the wall clock, as an instant."""
    return datetime.combine(day, time.fromisoformat(text), tzinfo=zone).astimezone(UTC)


NOW = clock("08:00")


def open_store(
    slug: str = "nanjing-road",
    *,
    opens: str = "09:00",
    closes: str = "18:00",
    zone: str = "Asia/Shanghai",
    **policy: Any,
) -> Store:
    """Open at the same hours on every day of the week; ``policy`` names figures of its own."""
    store = StoreFactory(slug=slug, time_zone=zone, hours=[(opens, closes)])
    if policy:
        PolicyFactory(store=store, **policy)
    return store


def hire(store: Store, name: str, **fields: Any) -> Realtor:
    """A realtor with an account, who works whenever the store is open."""
    return RealtorFactory(store=store, name=name, user=register(name), **fields)


def work_from(realtor: Realtor, starts: str, ends: str, *, kind: str = "work") -> None:
    """Hours (or a break) of this realtor, on every day of the week."""
    WorkingInterval.objects.bulk_create(
        WorkingInterval(realtor=realtor, kind=kind, weekday=weekday, starts=starts, ends=ends)
        for weekday in range(7)
    )


def away(realtor: Realtor, starts_at: datetime, ends_at: datetime) -> TimeOff:
    return TimeOff.objects.create(realtor=realtor, starts_at=starts_at, ends_at=ends_at)


def register(name: str, **fields: Any) -> User:
    return UserFactory(display_name=name, **fields)


def manager(store: Store, name: str = "Hua") -> Actor:
    return Actor.of(manager_of(store, display_name=name))


def acting(realtor: Realtor) -> Actor:
    assert realtor.user is not None
    return Actor.of(realtor.user)


def owner(appointment: Appointment) -> Actor:
    """Whoever booked it, with proof if a guest."""
    if appointment.user is not None:
        return Actor.of(appointment.user)
    return Actor.guest(proven_appointment_id=appointment.pk)


def wish(
    store: Store,
    starts_at: datetime,
    *,
    phone: str = LAN,
    customer: User | None = None,
    **more: Any,
) -> BookingRequest:
    """What Lan (or whoever has this phone, or this account) asks for."""
    name = (
        customer.display_name if customer else {LAN: "Lan", QIANG: "Qiang"}.get(phone, "Somebody")
    )
    return BookingRequest(
        store=store,
        starts_at=starts_at,
        customer_name=name,
        customer_phone=phone,
        customer=customer,
        **more,
    )


def book(
    store: Store,
    starts_at: datetime,
    *,
    phone: str = LAN,
    customer: User | None = None,
    at: datetime = NOW,
    by: Actor | None = None,
    **more: Any,
) -> Appointment:
    """Book as that customer, or as ``by`` for them."""
    by = by or (Actor.of(customer) if customer else GUEST)
    request = wish(store, starts_at, phone=phone, customer=customer, **more)
    return services.book(request, by=by, at=at)


def confirmed(store: Store, starts_at: datetime, **more: Any) -> Appointment:
    """Booked, and accepted by the realtor it was given to."""
    appointment = book(store, starts_at, **more)
    return services.accept(appointment, by=SYSTEM, at=more.get("at", NOW))


def running(store: Store, starts_at: datetime, **more: Any) -> Appointment:
    """Booked, accepted, and started on time."""
    appointment = confirmed(store, starts_at, **more)
    return services.start(appointment, by=SYSTEM, at=starts_at)


def join(
    store: Store,
    *,
    phone: str = LAN,
    customer: User | None = None,
    at: datetime = NOW,
    by: Actor | None = None,
    **more: Any,
) -> Appointment:
    """Stand in the store's live line as that customer."""
    by = by or (Actor.of(customer) if customer else GUEST)
    name = customer.display_name if customer else {LAN: "Lan", QIANG: "Qiang"}.get(phone, "Other")
    request = LiveRequest(
        store=store, customer_name=name, customer_phone=phone, customer=customer, **more
    )
    return services.join(request, by=by, at=at)


def online(realtor: Realtor, *, at: datetime = NOW) -> Realtor:
    return set_presence(realtor, Presence.ONLINE, by=SYSTEM, at=at)


def offline(realtor: Realtor, *, at: datetime = NOW) -> Realtor:
    return set_presence(realtor, Presence.OFFLINE, by=SYSTEM, at=at)


def claimed(owner: Appointment | Hold) -> dict[str, list[str]]:
    """What the owner's claims cover, as ``{resource: ["13:50-15:10"]}`` by Shanghai's clock."""
    spans: dict[str, list[list[int]]] = {}
    for row in Claim.objects.of(owner).order_by("resource", "cell"):
        runs = spans.setdefault(row.resource, [])
        if runs and runs[-1][1] == row.cell:
            runs[-1][1] += 1
        else:
            runs.append([row.cell, row.cell + 1])
    return {
        resource: [f"{_clock_of(first)}-{_clock_of(last)}" for first, last in runs]
        for resource, runs in spans.items()
    }


def _clock_of(cell: int) -> str:
    return f"{datetime.fromtimestamp(cell * 300, SHANGHAI):%H:%M}"


def phones(count: int, *, first: int = 100) -> list[str]:
    """So many different guests."""
    return [f"+861390{first + n:07d}" for n in range(count)]
