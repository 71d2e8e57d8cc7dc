"""One course with few seats and few people, in whatever order: beside it runs a naive model that
counts on its fingers, and after every step both say the same.

The model knows sessions as lists of who sits there. It is told which call was made and what it must
answer; tests/races/checker.py looks at the rows.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
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

from accounts.models import User
from appointments import services
from appointments.models import Appointment, Session
from appointments.selectors.sessions import seats_taken
from appointments.timed import run_due
from booking_site.common.actors import Actor
from booking_site.common.errors import Refusal
from booking_site.common.transactions import run_in_transaction
from tests.races.checker import faults

from .courses import child_of, seat, session_at, teach, teaching
from .world import clock, open_store, register

# Of fifty steps each: 12 in `make test`, 250 with RACE_OPERATIONS=20000.
COURSES, STEPS = int(os.environ.get("RACE_OPERATIONS", "1000")) // 80, 50
KEPT = timedelta(minutes=5)
HOUR = timedelta(hours=1)
WHAT = [
    *["book"] * 8,
    *["pay"] * 4,
    *["wait"] * 4,
    *["lock", "move", "resize"] * 3,
    *["cancel", "timed_work", "block_or_unblock"],
    "call_off",
]
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
some = st.integers(0, 11)
# Who sits there: an account, or one of its children.
Sitter = tuple[int, int | None]


@dataclass
class Room:
    """A session as one would keep it on paper."""

    starts_at: datetime
    capacity: int
    open: bool = True
    gone: bool = False
    # Who has a seat, and until when they must have paid; None once they have.
    sitting: dict[Sitter, datetime | None] = field(default_factory=dict)
    locked: dict[int, datetime] = field(default_factory=dict)

    def forget(self, at: datetime) -> None:
        """What ran out."""
        self.sitting = {
            who: until for who, until in self.sitting.items() if until is None or until > at
        }
        self.locked = {who: until for who, until in self.locked.items() if until > at}

    @property
    def taken(self) -> int:
        return len(self.sitting) + len(self.locked)


class Course(RuleBasedStateMachine):
    @initialize()
    def open(self) -> None:
        self.before = transaction.savepoint()
        self.clock = clock("08:00")
        store = open_store(opens="00:00", closes="00:00", min_advance_minutes=0)
        self.course = teach(store)
        self.rooms: dict[int, Room] = {}
        for n in range(3):
            lesson = session_at(self.course, clock("10:00") + n * HOUR, capacity=1 + n % 2)
            self.rooms[lesson.pk] = Room(lesson.starts_at, lesson.capacity)
        # Two lessons at the same hour, of two teachers.
        twin = session_at(teach(store, "Yun", title="Violin"), clock("10:00"), capacity=2)
        self.rooms[twin.pk] = Room(twin.starts_at, 2)
        self.people = [register(f"C{n}") for n in range(3)]
        self.children = [child_of(self.people[0], "Lei"), child_of(self.people[0], "Min")]

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.before)

    # What may be done

    @rule(what=st.sampled_from(WHAT), one=some, other=some)
    def do_something(self, what: str, one: int, other: int) -> None:
        """One rule for all, because hypothesis leaves some of many out for a whole course."""
        getattr(self, what)(one, other)

    def lock(self, who: int, where: int) -> None:
        user, (pk, room) = self.person(who), self.room(where)
        again = user.pk in room.locked
        may = self.bookable(room) and (again or room.taken < room.capacity)
        work = partial(services.lock_seat, self.session(pk), by=Actor.of(user))
        if self.done(work) is not None:
            assert may
            room.locked[user.pk] = self.clock + KEPT
        else:
            assert not may

    def book(self, who: int, where: int) -> None:
        child = self.children[who % 2] if who > 8 else None
        user, (pk, room) = (self.people[0] if child else self.person(who)), self.room(where)
        sitter = (user.pk, child.pk if child else None)
        has_seat = user.pk in room.locked or room.taken < room.capacity
        may = self.bookable(room) and has_seat and not self.sits_then(sitter, room)
        request = seat(self.session(pk), user, child=child)
        if self.done(partial(services.book_seat, request, by=Actor.of(user))) is not None:
            assert may
            room.locked.pop(user.pk, None)
            room.sitting[sitter] = self.clock + KEPT
        else:
            assert not may

    def pay(self, which: int, _other: int) -> None:
        found = self.seat_of(which)
        if found is None:
            return
        one, sitter, room = found
        counted = run_in_transaction(partial(services.note_paid, one, at=self.clock))
        assert counted == (room.sitting[sitter] is not None)
        room.sitting[sitter] = None

    def cancel(self, which: int, _other: int) -> None:
        found = self.seat_of(which)
        if found is None:
            return
        one, sitter, room = found
        work = partial(services.cancel, one, by=Actor.of(one.user))
        unpaid = room.sitting[sitter] is not None
        if self.done(work) is not None:
            assert unpaid or room.starts_at > self.clock
            del room.sitting[sitter]
        else:
            assert room.starts_at <= self.clock

    def move(self, which: int, where: int) -> None:
        found = self.seat_of(which)
        if found is None:
            return
        one, sitter, room = found
        pk, other = self.room(where)
        del room.sitting[sitter]
        may = (
            pk != one.session_id
            and self.session(pk).listing_id == one.listing_id
            and room.starts_at > self.clock
            and self.bookable(other)
            and other.taken < other.capacity
            and not self.sits_then(sitter, other)
        )
        work = partial(services.move_seat, one, self.session(pk), by=Actor.of(one.user))
        moved = self.done(work) is not None
        assert moved == may
        (other if moved else room).sitting[sitter] = one.pay_before

    def resize(self, where: int, seats: int) -> None:
        (pk, room), capacity = self.room(where), 1 + seats % 3
        by = teaching(self.session(pk).listing)
        work = partial(services.edit_session, self.session(pk), capacity=capacity, by=by)
        if self.done(work) is not None:
            assert room.taken <= capacity
            room.capacity = capacity
        else:
            assert room.gone or room.taken > capacity

    def block_or_unblock(self, where: int, number: int) -> None:
        (pk, room), open_ = self.room(where), number > 3
        step = services.unblock_session if open_ else services.block_session
        done = self.done(partial(step, self.session(pk), by=teaching(self.session(pk).listing)))
        assert (done is None) == room.gone
        room.open = open_

    def call_off(self, where: int, _other: int) -> None:
        pk, room = self.room(where)
        by = teaching(self.session(pk).listing)
        done = self.done(partial(services.call_off_session, self.session(pk), by=by))
        assert (done is None) == (room.gone or room.starts_at <= self.clock)
        if done is not None:
            room.gone = True
            room.sitting.clear()
            room.locked.clear()

    def wait(self, number: int, _other: int) -> None:
        self.clock += timedelta(seconds=[60, 299, 300, 900][number % 4])
        for room in self.rooms.values():
            room.forget(self.clock)

    def timed_work(self, _one: int, _other: int) -> None:
        run_due(at=self.clock)
        for pk, room in self.rooms.items():
            session = self.session(pk)
            room.gone = room.gone or session.status == "completed"

    # What must be true

    @invariant()
    def both_count_the_same(self) -> None:
        taken = seats_taken(list(self.rooms), at=self.clock)
        assert {pk: taken[pk] for pk, room in self.rooms.items() if not room.gone} == {
            pk: room.taken for pk, room in self.rooms.items() if not room.gone
        }
        assert all(room.taken <= room.capacity for room in self.rooms.values())

    @invariant()
    def everything_adds_up(self) -> None:
        assert faults(self.clock, swept=False) == []

    # How it is done

    def done(self, work: Callable[..., Any]) -> Any:
        """None for a refusal, which has changed nothing."""
        try:
            return run_in_transaction(partial(work, at=self.clock))
        except Refusal:
            return None

    def person(self, who: int) -> User:
        return self.people[who % len(self.people)]

    def room(self, where: int) -> tuple[int, Room]:
        pk = list(self.rooms)[where % len(self.rooms)]
        return pk, self.rooms[pk]

    def session(self, pk: int) -> Session:
        return Session.objects.select_related("listing", "store").get(pk=pk)

    def bookable(self, room: Room) -> bool:
        return room.open and not room.gone and room.starts_at > self.clock

    def sits_then(self, sitter: Sitter, room: Room) -> bool:
        return any(
            sitter in other.sitting and abs(other.starts_at - room.starts_at) < HOUR
            for other in self.rooms.values()
        )

    def seat_of(self, which: int) -> tuple[Appointment, Sitter, Room] | None:
        """One of those that have a seat by the paper, as its row."""
        seats = [
            (pk, sitter)
            for pk, room in self.rooms.items()
            if not room.gone
            for sitter in room.sitting
        ]
        if not seats:
            return None
        pk, (user_id, child_id) = seats[which % len(seats)]
        rows = Appointment.objects.exclude(status__in=["cancelled", "completed"])
        one = rows.select_related("user", "store").get(session=pk, user=user_id, child=child_id)
        return one, (user_id, child_id), self.rooms[pk]


def test_after_every_step_paper_and_rows_say_the_same(db):
    run_state_machine_as_test(
        Course,
        settings=settings(
            max_examples=COURSES,
            stateful_step_count=STEPS,
            deadline=None,
            phases=PHASES,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
