"""Orders of the demo. Finished ones of the weeks before are written as rows, like the visits of
remembering.py; what is still to come is ordered by the services everybody uses."""

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import partial

from accounts.models import User
from appointments import services
from appointments.models import Appointment, AppointmentEvent, Order, Status
from appointments.models.appointment import LIVE
from appointments.selectors.slots import days_of_slots
from appointments.services import BookingRequest, OrderTerms
from appointments.services.codes import draw_code
from appointments.services.ordering import details_of, listed_price
from booking_site.common.actors import Actor
from booking_site.common.errors import Refusal
from booking_site.common.periods import Period, local_instant
from booking_site.common.places import Point
from booking_site.common.transactions import run_in_transaction
from realtors.models import Listing
from stores.rules import Policy

from .home_services import AIR_CONDITIONER, DAILY_CLEANING, KITCHEN, PIANO_PRACTICE, WINDOWS, WORKS
from .paying import pay
from .remembering import life_of
from .wishes import MAILBOX

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
# As a pupil's number: the demo's customer.
CUSTOMER_ORDER = -1
SEARCH_DAYS = 6
CLOCKS = (time(9, 30), time(14, 0), time(16, 30))
# Newest first, in days before now; every service on other days.
NEWEST, APART = 3, 5
HOUSES = (
    ("杭州市西湖区文一路 115 号 3 幢 402", Point(30.2894, 120.1298)),
    ("杭州市拱墅区莫干山路 218 号 7 幢 1101", Point(30.2861, 120.1503)),
    ("杭州市上城区庆春路 86 号 2 单元 601", Point(30.2595, 120.1746)),
    ("杭州市滨江区江南大道 1090 号 5 幢 803", Point(30.2126, 120.2098)),
)


# Who may have ordered, and when which of them (by id) is somewhere else.
Calendar = tuple[Sequence[User], list[tuple[int | None, Period]]]


class Goal(StrEnum):
    """What becomes of it. ``ASKED``: its provider wants to call it off, and waits for a word."""

    PENDING = "pending"
    TO_PAY = "to_pay"
    PAID = "paid"
    ASKED = "asked"


@dataclass(frozen=True)
class Plan:
    """``day``: from now to about when; ``amount``: a proposal; ``house``: in HOUSES."""

    number: int
    title: str
    whose: int
    day: int
    goal: Goal
    house: int = 0
    amount: str = ""
    note: str = ""

    @property
    def mark(self) -> str:
        return f"order{self.number}@{MAILBOX}"


PLANS = (
    Plan(0, DAILY_CLEANING, CUSTOMER_ORDER, 2, Goal.PENDING, 0, "80", "两室一厅，能便宜一点吗？"),
    Plan(1, WINDOWS, CUSTOMER_ORDER, 4, Goal.TO_PAY, 0, note="七扇窗，飘窗一处。"),
    Plan(2, AIR_CONDITIONER, CUSTOMER_ORDER, 3, Goal.PAID, 0, note="两台挂机。"),
    Plan(3, KITCHEN, CUSTOMER_ORDER, 5, Goal.ASKED, 0, note="抽油烟机外壳也擦一下。"),
    Plan(4, DAILY_CLEANING, 1, 3, Goal.TO_PAY, 1, note="家里有两只猫。"),
    Plan(5, DAILY_CLEANING, 2, 5, Goal.PENDING, 2),
    Plan(6, PIANO_PRACTICE, 3, 5, Goal.PAID, 3),
)
# What is called off, or over, is ordered anew so many times.
MOST = 4


@dataclass(frozen=True)
class Household:
    """Who orders, by number, and what there is to be ordered, by its title."""

    people: Mapping[int, User]
    listings: Mapping[str, Listing]
    at: datetime


def household(people: Mapping[int, User], *, at: datetime) -> Household:
    """One query."""
    titles = [work.title for work in WORKS]
    rows = Listing.objects.with_people().filter(kind="service", title__in=titles)
    return Household(people, {one.title: one for one in rows}, at)


def remember_orders(home: Household) -> int:
    """Once: one or two finished orders of each service, to be reviewed with everything else that is
    over. Paid on the spot: no gateway was asked."""
    if Appointment.objects.filter(customer_email__startswith="done").exists():
        return 0
    customers = [home.people[number] for number in sorted(home.people)]
    elsewhere = Appointment.objects.filter(user__in=customers, check_in=None)
    taken = [(one.user_id, Period(one.starts_at, one.ends_at)) for one in elsewhere]
    rows = [
        _finished(home.listings[work.title], place, turn, (customers, taken), home.at)
        for place, work in enumerate(WORKS)
        if work.title in home.listings
        for turn in range(1 + place % 2)
    ]
    Appointment.objects.bulk_create(rows)
    kept = Appointment.objects.filter(customer_email__startswith="done")
    kept = kept.select_related("listing__category", "listing__store", "realtor")
    Order.objects.bulk_create(_order_of(number, one) for number, one in enumerate(kept))
    AppointmentEvent.objects.bulk_create(entry for one in kept for entry in life_of(one))
    return len(rows)


def order_ahead(home: Household) -> int:
    """Order what is not there; returns how many orders were made. Two queries where all is."""
    ours = Appointment.objects.filter(customer_email__startswith="order").order_by()
    counts = Counter(ours.values_list("customer_email", flat=True))
    live = ours.filter(status__in=LIVE, ends_at__gt=home.at)
    ahead = set(live.values_list("customer_email", flat=True))
    wanted = [one for one in PLANS if one.mark not in ahead and counts[one.mark] < MOST]
    return sum(_order(plan, home) for plan in wanted)


def _order(plan: Plan, home: Household) -> int:
    """A refusal (somebody took the time) is no mishap here."""
    listing = home.listings.get(plan.title)
    customer, (address, place) = home.people[plan.whose], HOUSES[plan.house]
    start = _free_start(plan, listing, customer, home.at) if listing is not None else None
    if listing is None or start is None:
        return 0
    request = BookingRequest(
        store=listing.store,
        listing=listing,
        starts_at=start,
        customer=customer,
        customer_name=customer.display_name,
        customer_phone=str(customer.phone or ""),
        email=plan.mark,
        requirements=plan.note,
        terms=OrderTerms(
            address=address, place=place, amount=Decimal(plan.amount) if plan.amount else None
        ),
    )
    by = Actor.of(customer)
    try:
        booking = partial(services.book, request, by=by, at=home.at - 3 * MINUTE)
        _lead(plan, run_in_transaction(booking), by, home.at)
    except Refusal:
        return 0
    return 1


def _free_start(plan: Plan, listing: Listing, customer: User, at: datetime) -> datetime | None:
    """When who does it is free, and who orders it has nothing else."""
    busy = Appointment.objects.filter(user=customer, status__in=LIVE, ends_at__gt=at)
    # Whose pet is elsewhere for some nights has their days to themselves.
    busy = busy.filter(check_in=None)
    taken = [(one.starts_at, one.ends_at) for one in busy]
    first = (at + plan.day * DAY).astimezone(listing.store.zone).date()
    days = days_of_slots(listing.store, first=first, days=SEARCH_DAYS, at=at, listing=listing)
    free = (slot for day in days for slot in day.slots if slot.available)
    suits = (
        slot.starts_at
        for slot in free
        if all(slot.ends_at <= begins or ends <= slot.starts_at for begins, ends in taken)
    )
    return next(suits, None)


def _lead(plan: Plan, booked: Appointment, by: Actor, at: datetime) -> None:
    if plan.goal == Goal.PENDING:
        return
    provider = _provider_of(booked)
    if booked.status == Status.PENDING and not booked.awaits_payment:
        accepting = partial(services.accept, booked, by=provider, at=at - 2 * MINUTE)
        booked = run_in_transaction(accepting)
    if plan.goal in (Goal.PAID, Goal.ASKED):
        pay(booked, by=by, at=at - MINUTE)
        booked.refresh_from_db()
    if plan.goal == Goal.ASKED:
        asking = partial(
            services.ask_to_cancel, booked, by=provider, reason="那天要去参加培训", at=at
        )
        run_in_transaction(asking)


def _provider_of(booked: Appointment) -> Actor:
    """Themselves where they have an account; else the store speaks for them."""
    user = booked.realtor.user if booked.realtor else None
    if user is not None:
        return Actor.of(user)
    manager = User.objects.filter(store_memberships__store=booked.store, is_active=True).first()
    return Actor.of(manager or User.objects.filter(is_superuser=True).earliest("pk"))


def _finished(
    listing: Listing, place: int, turn: int, calendar: Calendar, at: datetime
) -> Appointment:
    zone = listing.store.zone
    day = (at - timedelta(days=NEWEST + APART * turn + place % APART)).astimezone(zone).date()
    starts_at = local_instant(day, CLOCKS[place % len(CLOCKS)], zone)
    assert starts_at is not None
    minutes = listing.duration_minutes or 60
    ends_at, ordered_at = starts_at + timedelta(minutes=minutes), starts_at - 2 * DAY
    customer = _whose(place, turn, Period(starts_at, ends_at), calendar)
    price = listed_price(listing, minutes)
    return Appointment(
        code=draw_code(),
        user=customer,
        customer_name=customer.display_name,
        customer_phone=str(customer.phone or ""),
        customer_email=f"done{place}-{turn}@{MAILBOX}",
        store=listing.store,
        realtor=listing.realtor,
        realtor_named=True,
        listing=listing,
        starts_at=starts_at,
        ends_at=ends_at,
        duration_minutes=minutes,
        status=Status.COMPLETED,
        price=price,
        final_price=price,
        currency=listing.currency,
        policy=Policy().snapshot(),
        queued_at=ordered_at,
        confirmed_at=ordered_at,
        started_at=starts_at,
        completed_at=ends_at,
        created_at=ordered_at,
        updated_at=ends_at,
    )


def _whose(place: int, turn: int, time: Period, calendar: Calendar) -> User:
    """One after another, and nobody at two places at once. The demo's customer, who comes first of
    all, has other visits in the last week."""
    customers, taken = calendar
    among = customers if turn else customers[1:]
    first = (place // APART + 2 * (place % APART) + turn) % len(among)
    in_turn = [*among[first:], *among[:first]]
    busy = {who for who, other in taken if other.overlaps(time)}
    customer = next((one for one in in_turn if one.pk not in busy), in_turn[0])
    taken.append((customer.pk, time))
    return customer


def _order_of(number: int, appointment: Appointment) -> Order:
    listing = appointment.listing
    assert listing is not None
    address, place = HOUSES[number % len(HOUSES)]
    return Order(
        appointment=appointment,
        number=f"{appointment.created_at:%Y%m%d}{secrets.randbelow(10**8):08d}",
        address=address,
        latitude=Decimal(str(place.latitude)),
        longitude=Decimal(str(place.longitude)),
        provider_address=listing.whole_address,
        details=details_of(listing),
    )
