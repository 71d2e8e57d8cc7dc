"""Two small boarding places and three people with two pets each, in whatever order: beside them
runs a naive model that strikes nights out of a calendar, and after every step both say the same.

The model knows stays as who sleeps where from when to when. Whichever units the engine has given to
whom, a stay is refused only when some night has too few left, a pet is elsewhere, or the sitter is
away; tests/races/checker.py looks at the rows.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from accounts.models import Pet
from appointments import services
from appointments.models import Appointment
from appointments.selectors.nights import nights_of
from appointments.timed import run_due
from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.errors import Refusal
from booking_site.common.periods import day_start
from booking_site.common.transactions import run_in_transaction
from realtors.models import Listing, TimeOff
from realtors.services import edit_listing
from tests.races.checker import faults

from .places import boarding, host_of, pet_of, stay
from .world import SHANGHAI, acting, away, clock, open_store, register

# Of forty steps each: 5 in `make test`, 100 with RACE_OPERATIONS=20000.
PLACES, STEPS = max(2, int(os.environ.get("RACE_OPERATIONS", "1000")) // 200), 40
DAY = timedelta(days=1)
BROUGHT = time(14)
WHAT = [
    *["book"] * 10,
    *["pay"] * 3,
    *["move"] * 4,
    *["wait"] * 4,
    *["cancel", "check_in", "resize"] * 2,
    *["check_out", "no_show", "go_away", "come_back", "timed_work"],
]
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
some = st.integers(0, 11)


@dataclass
class Room:
    """A boarding place on paper."""

    units: int
    away: set[date] = field(default_factory=set)


@dataclass
class Night:
    """A stay on paper: ``[check_in, check_out)``, and until when it must have been paid."""

    place: int
    pets: set[int]
    check_in: date
    check_out: date
    pay_before: datetime | None
    status: str

    def sleeps(self, night: date) -> bool:
        return self.check_in <= night < self.check_out


def nights(check_in: date, check_out: date) -> list[date]:
    return [check_in + number * DAY for number in range((check_out - check_in).days)]


class Boarding(RuleBasedStateMachine):
    @initialize()
    def open(self) -> None:
        self.before = transaction.savepoint()
        self.clock = clock("08:00")
        store = open_store(min_advance_minutes=0, payment_minutes=60)
        self.rows = [boarding(store, units=2), boarding(store, "Xin", units=3, deposit_percent=50)]
        self.rooms = {one.pk: Room(one.capacity) for one in self.rows}
        self.people = [register(f"C{n}") for n in range(3)]
        self.pets = [
            [pet_of(one, f"{name} of {one.display_name}") for name in ("First", "Second")]
            for one in self.people
        ]
        # By appointment.
        self.stays: dict[int, Night] = {}

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.before)

    # What may be done

    @rule(what=st.sampled_from(WHAT), one=some, other=some)
    def do_something(self, what: str, one: int, other: int) -> None:
        """One rule for all, because hypothesis leaves some of many out for a whole run."""
        getattr(self, what)(one, other)

    def book(self, who: int, when: int) -> None:
        place, user = self.rows[who % 2], self.people[who % 3]
        theirs = self.pets[who % 3]
        pets = theirs if who > 6 else [theirs[when % 2]]
        check_in = self.today() + (when % 5) * DAY
        check_out = check_in + (1 + when % 4) * DAY
        may = self.fits(place, {pet.pk for pet in pets}, check_in, check_out)
        request = stay(place, user, check_in, check_out, pets=pets)
        done = self.done(partial(services.book_stay, request, by=Actor.of(user)))
        assert (done is not None) == may, (check_in, check_out, self.stays)
        if done is not None:
            self.stays[done.pk] = Night(
                place.pk, _ids(pets), check_in, check_out, done.pay_before, done.status
            )

    def pay(self, which: int, _other: int) -> None:
        found = self.one_of(which, "pending")
        if found is not None:
            pk, paper = found
            assert run_in_transaction(partial(services.note_paid, self.row(pk), at=self.clock))
            paper.pay_before, paper.status = None, "confirmed"

    def move(self, which: int, when: int) -> None:
        found = self.one_of(which, "pending", "confirmed")
        if found is None:
            return
        pk, paper = found
        length, check_in = paper.check_out - paper.check_in, self.today() + (when % 7) * DAY
        place = next(one for one in self.rows if one.pk == paper.place)
        # To where it is already nothing moves, whoever has gone away meanwhile.
        may = check_in == paper.check_in or self.fits(
            place, paper.pets, check_in, check_in + length, apart=pk
        )
        done = self.done(partial(services.move_stay, self.row(pk), check_in, by=SYSTEM))
        assert (done is not None) == may, (check_in, length, paper, self.stays)
        if done is not None:
            paper.check_in, paper.check_out = check_in, check_in + length
            paper.pay_before = done.pay_before

    def cancel(self, which: int, _other: int) -> None:
        found = self.one_of(which, "pending", "confirmed", "in_progress")
        if found is None:
            return
        pk, paper = found
        done = self.done(partial(services.cancel, self.row(pk), by=SYSTEM))
        assert (done is not None) == (paper.status != "in_progress")
        if done is not None:
            del self.stays[pk]

    def check_in(self, which: int, _other: int) -> None:
        found = self.one_of(which, "pending", "confirmed")
        if found is None:
            return
        pk, paper = found
        may = paper.status == "confirmed" and self.clock >= day_start(paper.check_in, SHANGHAI)
        assert (self.sitter(services.start, pk) is not None) == may
        if may:
            paper.status = "in_progress"

    def check_out(self, which: int, _other: int) -> None:
        found = self.one_of(which, "confirmed", "in_progress")
        if found is None:
            return
        pk, paper = found
        done = self.sitter(services.complete, pk)
        assert (done is not None) == (paper.status == "in_progress")
        if done is not None:
            self.end(paper, "completed")

    def no_show(self, which: int, _other: int) -> None:
        found = self.one_of(which, "confirmed", "in_progress")
        if found is None:
            return
        pk, paper = found
        brought = datetime.combine(paper.check_in, BROUGHT, tzinfo=SHANGHAI)
        may = paper.status == "confirmed" and self.clock >= brought
        assert (self.sitter(services.mark_no_show, pk) is not None) == may
        if may:
            self.end(paper, "no_show")

    def resize(self, which: int, units: int) -> None:
        """Whoever stays there stays, and nobody else comes before there is room again."""
        place, units = self.rows[which % 2], 1 + units % 4
        by = acting(host_of(place))
        assert self.done(partial(edit_listing, place, capacity=units, by=by)) is not None
        self.rooms[place.pk].units = units

    def go_away(self, which: int, when: int) -> None:
        place, night = self.rows[which % 2], self.today() + when % 5 * DAY
        if night not in self.rooms[place.pk].away:
            away(host_of(place), clock("20:00", night), clock("08:00", night + DAY))
            self.rooms[place.pk].away.add(night)

    def come_back(self, which: int, _other: int) -> None:
        place = self.rows[which % 2]
        TimeOff.objects.filter(realtor=place.realtor).delete()
        self.rooms[place.pk].away.clear()

    def wait(self, number: int, _other: int) -> None:
        self.clock += timedelta(hours=[0.5, 1, 7, 23][number % 4])
        for pk, paper in list(self.stays.items()):
            if paper.pay_before is not None and paper.pay_before <= self.clock:
                del self.stays[pk]

    def timed_work(self, _one: int, _other: int) -> None:
        run_due(at=self.clock)
        for pk, paper in self.stays.items():
            if paper.status == "confirmed" and self.row(pk).status == "no_show":
                self.end(paper, "no_show")

    # What must be true

    @invariant()
    def both_count_the_same(self) -> None:
        first, last = self.today(), self.today() + 12 * DAY
        for pk, found in nights_of(self.places(), first, last, at=self.clock).items():
            room = self.rooms[pk]
            for night in found:
                assert night.taken == self.taken(pk, night.date), (night, self.stays)
                left = 0 if night.date in room.away else max(room.units - night.taken, 0)
                assert night.left == left

    @invariant()
    def everything_adds_up(self) -> None:
        """But for places that were made smaller than what is booked of them."""
        wrong = faults(self.clock, swept=False)
        assert [fault for fault in wrong if " units and " not in fault] == []

    # How it is done

    def done(self, work: Callable[..., Any]) -> Any:
        """None for a refusal, which has changed nothing."""
        try:
            return run_in_transaction(partial(work, at=self.clock))
        except Refusal:
            return None

    def sitter(self, step: Callable[..., Any], pk: int) -> Any:
        one = self.row(pk)
        assert one.realtor is not None
        return self.done(partial(step, one, by=acting(one.realtor)))

    def fits(
        self,
        place: Listing,
        pets: set[int],
        check_in: date,
        check_out: date,
        *,
        apart: int | None = None,
    ) -> bool:
        room = self.rooms[place.pk]
        others = [one for pk, one in self.stays.items() if pk != apart]
        if datetime.combine(check_in, BROUGHT, tzinfo=SHANGHAI) <= self.clock:
            return False
        for night in nights(check_in, check_out):
            there = [one for one in others if one.sleeps(night)]
            if any(one.pets & pets for one in there) or night in room.away:
                return False
            taken = sum(len(one.pets) for one in there if one.place == place.pk)
            if taken + len(pets) > room.units:
                return False
        return True

    def taken(self, place_id: int, night: date) -> int:
        return sum(
            len(one.pets)
            for one in self.stays.values()
            if one.place == place_id and one.sleeps(night)
        )

    def end(self, paper: Night, status: str) -> None:
        paper.status = status
        paper.check_out = min(paper.check_out, self.today())

    def one_of(self, which: int, *statuses: str) -> tuple[int, Night] | None:
        found = [(pk, one) for pk, one in self.stays.items() if one.status in statuses]
        return found[which % len(found)] if found else None

    def today(self) -> date:
        return self.clock.astimezone(SHANGHAI).date()

    def places(self) -> list[Listing]:
        return list(Listing.objects.select_related("store").filter(pk__in=self.rooms))

    def row(self, pk: int) -> Appointment:
        return Appointment.objects.select_related("store", "realtor__user", "user").get(pk=pk)


def _ids(pets: list[Pet]) -> set[int]:
    return {pet.pk for pet in pets}


def test_after_every_step_paper_and_rows_say_the_same(db):
    run_state_machine_as_test(
        Boarding,
        settings=settings(
            max_examples=PLACES,
            stateful_step_count=STEPS,
            deadline=None,
            phases=PHASES,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
