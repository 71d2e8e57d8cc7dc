"""Random people who want nights and viewings: one process of the long race of places and houses.

    python -m tests.races.process night_workload '{"seed": 1, "operations": 500, "threads": 4, …}'

As in workload.py, on boarding places and houses: stays are booked for one pet or several, paid or
not, moved, called off, begun and ended early, while places grow and shrink and sitters go away;
houses are held, seen, moved to another time, by hosts who have to travel, and the clock ticks
minutes.
"""

from datetime import date, timedelta
from typing import Any

from accounts.models import Pet
from appointments import services
from appointments.models import Appointment, Hold
from appointments.services import StayRequest
from booking_site.common.actors import Actor
from realtors.models import Listing, Realtor
from realtors.services import edit_listing

from .workload import CHANGED_MIND, Worker, work_with

WEIGHTS = {
    "book_stay": 34,
    "pay": 16,
    "move_stay": 10,
    "cancel_stay": 7,
    "check_in": 6,
    "check_out": 5,
    "stay_away": 1,
    "resize": 4,
    "take_time_off": 2,
    "give_time_off_back": 2,
    "view": 22,
    "hold_viewing": 8,
    "hold_and_see": 8,
    "book_held": 2,
    "release_hold": 2,
    "reschedule": 8,
    "cancel": 4,
    "accept": 10,
    "decline": 3,
    "start": 3,
    "complete": 3,
    "book": 4,
    "timed_work": 3,
}
DAY = timedelta(days=1)
# A place has so many units, or fewer; the test puts the greatest number back in the end.
UNITS = (2, 3, 4)
# Of so many days to come some are wanted, so that they are full.
NEXT = 6


def main(task: dict[str, Any]) -> dict[str, Any]:
    return work_with(NightWorker, task)


class NightWorker(Worker):
    AHEAD = (90, 400)

    def __init__(self, task: dict[str, Any], number: int) -> None:
        super().__init__(task, number)
        without = task.get("without", ())
        self.weights = {verb: weight for verb, weight in WEIGHTS.items() if verb not in without}

    def look_around(self) -> None:
        super().look_around()
        listings = Listing.objects.select_related("store", "realtor__user")
        self.places = list(listings.filter(kind="boarding"))
        self.houses = list(listings.filter(kind="house"))
        self.pets: dict[int, list[Pet]] = {user.pk: list(user.pets.all()) for user in self.users}

    def staff_of(self, store: Any) -> list[Realtor]:
        """Who shows houses; sitters have enough to do."""
        sitters = {one.realtor_id for one in self.places}
        return [one for one in super().staff_of(store) if one.pk not in sitters]

    # Nights

    def book_stay(self) -> str:
        place, user = self.random.choice(self.places), self.random.choice(self.users)
        pets = self.random.sample(self.pets[user.pk], self.random.randint(1, 3))
        check_in = self.some_date(place)
        request = StayRequest(
            listing=place,
            customer=user,
            pets=pets,
            check_in=check_in,
            check_out=check_in + self.random.randint(1, 4) * DAY,
            customer_name=user.display_name,
            customer_phone=str(user.phone or ""),
        )
        by = Actor.of(user)
        return self.acknowledged("book", lambda at: services.book_stay(request, by=by, at=at))

    def pay(self) -> str:
        """What comes too late does not count."""
        one = self.one_of(status="pending", payment_status="unpaid")
        if one is None:
            return "nothing to do"
        counted = self.edge(lambda at: services.note_paid(one, at=at))
        if counted:
            self.done.append(("pay", one.pk))
        return "done" if counted else "too late"

    def move_stay(self) -> str:
        one = self.one_of(status__in=["pending", "confirmed"])
        if one is None or one.listing is None:
            return "nothing to do"
        check_in, by = self.some_date(one.listing), self.owner(one)
        return self.acknowledged("move", lambda at: services.move_stay(one, check_in, by=by, at=at))

    def cancel_stay(self) -> str:
        one = self.one_of(status__in=["pending", "confirmed"])
        if one is None:
            return "nothing to do"
        by = self.owner(one) if self.random.random() < 0.8 else self.provider(one)
        return self.acknowledged(
            "cancel", lambda at: services.cancel(one, by=by, at=at, reason=CHANGED_MIND)
        )

    def check_in(self) -> str:
        return self.of_a_stay("start", status="confirmed", starts_at__lte=self.now() + DAY / 2)

    def check_out(self) -> str:
        return self.of_a_stay("complete", status="in_progress")

    def stay_away(self) -> str:
        return self.of_a_stay("mark_no_show", status="confirmed", starts_at__lte=self.now())

    def resize(self) -> str:
        place, units = self.random.choice(self.places), self.random.choice(UNITS)
        by = Actor.of(place.realtor.user)
        self.edge(lambda at: edit_listing(place, capacity=units, by=by, at=at))
        return "done"

    def take_time_off(self) -> str:
        """Of a sitter, which concerns nights; staff of the houses do not go away."""
        before = self.realtors
        try:
            self.realtors = [one.realtor for one in self.places]
            return super().take_time_off()
        finally:
            self.realtors = before

    # Viewings

    def view(self) -> str:
        home = self.random.choice(self.houses)
        request, by = self.wish(home.store, self.some_start(home.store), listing=home)
        return self.acknowledged("book", lambda at: services.book(request, by=by, at=at))

    def hold_and_see(self) -> str:
        """As people do, if they are quick."""
        self.hold_viewing()
        return self.book_held()

    def hold_viewing(self) -> str:
        home, user = self.random.choice(self.houses), self.random.choice(self.users)
        held = self.edge(
            lambda at: services.hold(
                home.store,
                starts_at=self.some_start(home.store),
                listing=home,
                by=Actor.of(user),
                at=at,
            )
        )
        self.tokens.append((held.token, user.pk))
        del self.tokens[:-8]
        return "done"

    def book_held(self) -> str:
        """The viewing that was held last, which may be over."""
        if not self.tokens:
            return "nothing to do"
        token, user_id = self.tokens.pop()
        held = Hold.objects.filter(token=token).select_related("store", "listing").first()
        if held is None:
            return "nothing to do"
        user = next(one for one in self.users if one.pk == user_id)
        request, by = self.wish(
            held.store, held.starts_at, user=user, hold_token=token, listing=held.listing
        )
        return self.acknowledged("book", lambda at: services.book(request, by=by, at=at))

    # How it is done

    def length(self) -> Any:
        """As long as the house, or the store, says."""
        return None

    def of_a_stay(self, step: str, **which: Any) -> str:
        one = self.one_of(**which)
        if one is None:
            return "nothing to do"
        by, work = self.provider(one), getattr(services, step)
        return self.acknowledged(step, lambda at: work(one, by=by, at=at))

    def some_date(self, place: Listing) -> date:
        today = self.now().astimezone(place.store.zone).date()
        return today + self.random.randrange(NEXT) * DAY

    def one_of(self, **which: Any) -> Appointment | None:
        """One of the latest stays that look so by now."""
        rows = Appointment.objects.stays().filter(**which).order_by("-pk")
        ids = list(rows.values_list("pk", flat=True)[:30])
        if not ids:
            return None
        people = Appointment.objects.select_related("store", "user", "realtor__user", "listing")
        return people.get(pk=self.random.choice(ids))
