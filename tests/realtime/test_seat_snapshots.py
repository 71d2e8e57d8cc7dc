"""State = snapshot + events, for seats of sessions and what is paid for them: Fang takes a seat of
Mei's piano lesson."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from appointments import services
from appointments.models import Appointment, PaymentStatus, Session, Status
from appointments.services.paying import end_unpaid
from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.transactions import run_in_transaction
from notifications.models import Turn
from notifications.selectors.due import DueReminder
from notifications.services import remind
from payments.timed import send_due_refunds
from tests.appointments import courses, world
from tests.notifications import seats
from tests.payments import money

from .happenings import soon
from .test_snapshots import Follower, snapshot

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]


class Lesson:
    """Two sessions of a course, and Fang's seat in the first of them: unpaid."""

    def __init__(self, store: Any, fang: Any, **course: Any) -> None:
        self.fang, self.course = fang, courses.teach(store, **course)
        self.first, self.second = self._open(0), self._open(3)
        self.teacher = courses.teacher_of(self.course).user
        self.manager = world.manager(store)
        self.seat: Appointment | None = None

    def _open(self, hours: int) -> Session:
        open_it = partial(courses.session_at, self.course, soon(hours), at=timezone.now())
        return run_in_transaction(partial(open_it, override=True))

    def book(self) -> Appointment:
        self.seat = seats.booked(self.first, self.fang, at=timezone.now())
        return self.seat

    def do(self, service: Callable[..., Any], *args: Any, at: Any = None, **more: Any) -> None:
        at = at or timezone.now()
        run_in_transaction(partial(service, *args, **{"by": Actor.of(self.fang)} | more, at=at))

    def pay(self) -> None:
        seats.paid(self.seat, at=timezone.now())

    def over(self) -> None:
        self.do(services.complete_session, self.first, by=SYSTEM, at=self.first.ends_at)

    def remind(self) -> None:
        due = DueReminder(self.seat.pk, self.seat.starts_at, (Turn.FIRST,))
        run_in_transaction(lambda: remind(due, at=timezone.now()))


@pytest.fixture
def lesson(store, fang):
    return Lesson(store, fang)


def unpaid_is_over(one: Lesson) -> None:
    end_unpaid(at=timezone.now() + timedelta(minutes=6))


def refunded(one: Lesson) -> None:
    one.do(services.cancel, one.seat)
    send_due_refunds(at=timezone.now())


UNPAID = {
    "paying": lambda one: one.pay(),
    "a payment that fails": lambda one: seats.failed(one.seat, at=timezone.now()),
    "not paying": unpaid_is_over,
    "cancelling": lambda one: one.do(services.cancel, one.seat),
    "moving": lambda one: one.do(services.move_seat, one.seat, one.second),
    "calling the session off": lambda one: one.do(
        services.call_off_session, one.first, by=one.manager, reason="ill"
    ),
}
PAID = {
    "cancelling": lambda one: one.do(services.cancel, one.seat),
    "money going back": refunded,
    "moving": lambda one: one.do(services.move_seat, one.seat, one.second),
    "being reminded": lambda one: one.remind(),
    "taking place": lambda one: one.over(),
    "calling the session off": lambda one: one.do(
        services.call_off_session, one.first, by=one.manager, reason="ill"
    ),
}


def all_hear_of(one: Lesson, action: Callable[[Lesson], Any]) -> None:
    followers = [Follower(one.fang), Follower(one.teacher)]

    action(one)

    heard = [follower.listen() for follower in followers]
    assert all(heard), heard
    for follower in followers:
        assert follower.picture == snapshot(follower.user)


def test_booking_is_heard_by_both(lesson):
    all_hear_of(lesson, Lesson.book)


@pytest.mark.parametrize("name", UNPAID)
def test_so_is_what_becomes_of_an_unpaid_seat(lesson, name):
    lesson.book()

    all_hear_of(lesson, UNPAID[name])


@pytest.mark.parametrize("name", PAID)
def test_and_of_a_paid_one(lesson, name):
    lesson.book()
    lesson.pay()

    all_hear_of(lesson, PAID[name])


def test_and_a_teacher_s_answer(store, fang):
    lesson = Lesson(store, fang, needs_approval=True)
    lesson.book()
    lesson.pay()

    def accepted(one: Lesson) -> None:
        one.do(services.accept, one.seat, by=Actor.of(one.teacher))

    all_hear_of(lesson, accepted)
    lesson.seat.refresh_from_db()
    assert (lesson.seat.status, lesson.seat.payment_status) == (
        Status.CONFIRMED,
        PaymentStatus.PAID,
    )


def test_locking_a_seat_is_nobody_s_news(lesson):
    follower = Follower(lesson.fang)

    lesson.do(services.lock_seat, lesson.first)

    assert follower.listen() == 0
    assert follower.picture == snapshot(lesson.fang)


def test_a_page_that_follows_its_payment_hears_when_it_counts(lesson):
    """What the page of a payment looks again for."""
    seat = lesson.book()
    follower = Follower(lesson.fang)
    payment = money.opened(seat, at=timezone.now())
    assert follower.listen() == 0

    money.pay(payment, at=timezone.now())

    follower.listen()
    state = follower.picture["appointments"][str(seat.pk)]
    assert (state[0], state[2], state[3]) == ("confirmed", "paid", None)
