"""Pets that stay somewhere in the demo: booked, paid at the sandbox, brought and fetched, by the
services everybody uses. What has passed is finished by bookings.keep_alive, like everything else.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import partial

from accounts.models import Pet, User
from appointments import services
from appointments.models import Appointment
from appointments.models.appointment import LIVE
from appointments.services import StayRequest
from booking_site.common.actors import Actor
from booking_site.common.errors import Refusal
from booking_site.common.transactions import run_in_transaction
from realtors.models import Listing

from .paying import pay
from .pets import FRESH
from .sitters import MAOMAO, TABLE
from .wishes import MAILBOX

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
# As a pupil's number: the demo's customer.
CUSTOMER_STAY = -1
PETS: Mapping[int, tuple[tuple[str, str, str], ...]] = {
    0: (("可乐", "狗", "8.5"),),
    1: (("布丁", "猫", "4.2"), ("奶茶", "猫", "5.1")),
    2: (("大福", "狗", "28"),),
    3: (("雪球", "兔子", "1.6"),),
}


class Goal(StrEnum):
    """What becomes of it. ``PAID`` is confirmed, or waits for its sitter."""

    PAID = "paid"
    UNPAID = "unpaid"
    STAYS = "stays"
    OVER = "over"


@dataclass(frozen=True)
class Stay:
    """``place``: its line in the sitters' table; ``day``: from now to the check-in."""

    number: int
    place: int
    day: int
    nights: int
    whose: int
    pets: tuple[str, ...]
    goal: Goal = Goal.PAID
    note: str = ""

    @property
    def mark(self) -> str:
        return f"stay{self.number}@{MAILBOX}"

    @property
    def most(self) -> int:
        """What was never paid, or is there now, is made anew more often."""
        return {Goal.PAID: 4, Goal.UNPAID: 4, Goal.STAYS: 12, Goal.OVER: 1}[self.goal]


STAYS = (
    Stay(0, 0, -12, 2, CUSTOMER_STAY, ("豆包",), Goal.OVER, "怕吸尘器，请关好门。"),
    Stay(1, 0, 5, 3, CUSTOMER_STAY, ("豆包",), note="自带猫砂和粮，一天两顿。"),
    Stay(2, 0, -1, 4, 1, ("布丁", "奶茶"), Goal.STAYS, "两只要住一间，分开会叫。"),
    Stay(3, 0, 1, 2, CUSTOMER_STAY, ("年糕",), Goal.UNPAID),
    Stay(4, 1, 6, 2, 2, ("大福",), note="第一次离家，能先视频看看院子吗？"),
    Stay(5, 4, 2, 3, 0, ("可乐",)),
    Stay(6, 3, 3, 5, 3, ("雪球",), note="只吃提摩西草。"),
)


@dataclass(frozen=True)
class Guests:
    """Everybody whose pets stay somewhere, by number, and the places by their titles."""

    people: Mapping[int, User]
    places: Mapping[str, Listing]
    at: datetime


def guests(people: Mapping[int, User], *, at: datetime) -> Guests:
    """One query."""
    titles = [sitter.title for sitter in TABLE]
    rows = Listing.objects.with_people().filter(store__slug=MAOMAO.slug, title__in=titles)
    return Guests(people, {one.title: one for one in rows}, at)


def ensure_pets(people: Mapping[int, User], *, at: datetime) -> None:
    """Of those who have none: what somebody has changed stays changed. One query where all is."""
    owners = {pk: number for number in PETS if (pk := people[number].pk)}
    have = set(Pet.objects.filter(owner__in=owners).values_list("owner_id", flat=True))
    fresh = at.date() + FRESH
    Pet.objects.bulk_create(
        Pet(owner_id=pk, name=name, species=species, weight_kg=weight, vaccinated_until=fresh)
        for pk, number in owners.items()
        if pk not in have
        for name, species, weight in PETS[number]
    )


def remember_stays(group: Guests) -> int:
    """What is over, so that it can be reviewed with everything else that is."""
    counts = _counts()
    wanted = [one for one in STAYS if one.goal == Goal.OVER and not counts[one.mark]]
    return sum(_book(one, group) for one in wanted)


def bring_pets(group: Guests) -> int:
    """Book what is not there; returns how many stays were made. Two queries where all is."""
    counts, ahead = _counts(), _ahead(group.at)
    wanted = [
        one
        for one in STAYS
        if one.goal != Goal.OVER and one.mark not in ahead and counts[one.mark] < one.most
    ]
    return sum(_book(one, group) for one in wanted)


def _counts() -> Counter[str]:
    ours = Appointment.objects.stays().filter(customer_email__endswith=f"@{MAILBOX}")
    return Counter(ours.order_by().values_list("customer_email", flat=True))


def _ahead(at: datetime) -> set[str]:
    ours = Appointment.objects.stays().filter(status__in=LIVE, ends_at__gt=at)
    return set(ours.order_by().values_list("customer_email", flat=True))


def _book(stay: Stay, group: Guests) -> int:
    """A refusal (no room, a pet that a visitor has taken away) is no mishap here."""
    place = group.places.get(TABLE[stay.place].title)
    customer = group.people[stay.whose]
    pets = list(Pet.objects.filter(owner=customer, name__in=stay.pets))
    if place is None or len(pets) != len(stay.pets):
        return 0
    check_in = _check_in(stay, place, group.at)
    # Long enough before it, whatever the hour: who has passed booked a day ahead of that.
    at = min(group.at - MINUTE, group.at + (stay.day - 1) * DAY)
    request = StayRequest(
        listing=place,
        customer=customer,
        pets=pets,
        check_in=check_in,
        check_out=check_in + timedelta(days=stay.nights),
        customer_name=customer.display_name,
        customer_phone=str(customer.phone or ""),
        email=stay.mark,
        note=stay.note,
    )
    by = Actor.of(customer)
    try:
        booked = run_in_transaction(partial(services.book_stay, request, by=by, at=at))
        if stay.goal != Goal.UNPAID and booked.awaits_payment:
            pay(booked, by=by, at=at)
        _lead(stay, booked, place, group.at)
    except Refusal:
        return 0
    return 1


def _check_in(stay: Stay, place: Listing, at: datetime) -> date:
    """As it is planned; not before the same pets have gone home."""
    wanted = at.astimezone(place.store.zone).date() + timedelta(days=stay.day)
    last = Appointment.objects.stays().filter(customer_email=stay.mark)
    gone = last.order_by("-check_out").values_list("check_out", flat=True).first()
    return max(wanted, gone) if gone is not None and stay.goal == Goal.STAYS else wanted


def _lead(stay: Stay, booked: Appointment, place: Listing, at: datetime) -> None:
    if stay.goal not in (Goal.STAYS, Goal.OVER):
        return
    booked.refresh_from_db()
    by = Actor.of(place.realtor.user) if place.realtor and place.realtor.user else None
    if by is None:
        return
    # From midnight of its day on; where that is today, by now at the latest.
    begun_at = min(booked.starts_at, at)
    run_in_transaction(partial(services.start, booked, by=by, at=begun_at))
    if stay.goal == Goal.OVER:
        run_in_transaction(partial(services.complete, booked, by=by, at=booked.ends_at))
