"""Random people who want seats: one process of the long race of sessions.

    python -m tests.races.process seat_workload '{"seed": 1, "operations": 500, "threads": 4, …}'

As in workload.py, on courses: seats are locked, booked alone and in packages, paid or not, moved
and given back, while teachers resize, block, move, call off and hold their sessions, others book
the teachers' time, and the clock ticks.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from accounts.models import User
from appointments import services
from appointments.models import Appointment, Session
from appointments.models.session import TAKES_PLACE
from appointments.services import SeatRequest
from booking_site.common.actors import Actor
from realtors.models import Listing

from .workload import CHANGED_MIND, MINUTE, Worker, work_with

WEIGHTS = {
    "lock": 10,
    "book_seat": 28,
    "book_locked": 10,
    "book_package": 5,
    "pay": 26,
    "cancel_seat": 8,
    "move_seat": 8,
    "accept": 5,
    "decline": 2,
    "no_show": 1,
    "wish_for_seat": 2,
    "open_session": 6,
    "resize": 4,
    "move_session": 2,
    "block": 2,
    "unblock": 2,
    "call_off_session": 1,
    "complete_session": 3,
    "book": 3,
    "cancel": 2,
    "timed_work": 3,
}
# Of so many sessions to come one is wanted, so that they are full.
NEXT = 5


def main(task: dict[str, Any]) -> dict[str, Any]:
    return work_with(SeatWorker, task)


class SeatWorker(Worker):
    def __init__(self, task: dict[str, Any], number: int) -> None:
        super().__init__(task, number)
        self.weights = WEIGHTS
        # Of which session, whose, and the token.
        self.locks: list[tuple[int, User, str]] = []

    def look_around(self) -> None:
        super().look_around()
        self.courses = list(Listing.objects.select_related("store", "realtor__user"))
        self.children = {user.pk: list(user.children.all()) for user in self.users}

    # Seats

    def lock(self) -> str:
        session, user = self.some_session(), self.random.choice(self.users)
        if session is None:
            return "nothing to do"
        held = self.edge(lambda at: services.lock_seat(session, by=Actor.of(user), at=at))
        self.locks.append((session.pk, user, held.token))
        del self.locks[:-6]
        return "done"

    def book_seat(self) -> str:
        session = self.some_session()
        if session is None:
            return "nothing to do"
        user = self.random.choice(self.users)
        return self.seat_booked(self.request(session, user))

    def book_locked(self) -> str:
        """What was locked, perhaps long before."""
        if not self.locks:
            return "nothing to do"
        session_id, user, token = self.locks.pop(self.random.randrange(len(self.locks)))
        session = Session.objects.get(pk=session_id)
        return self.seat_booked(self.request(session, user, lock_token=token))

    def book_package(self) -> str:
        """In whatever order the sessions were chosen."""
        sessions = self.sessions_to_come(packages=True)
        if len(sessions) < 2:
            return "nothing to do"
        user = self.random.choice(self.users)
        chosen = [self.request(one, user) for one in self.random.sample(sessions, 2)]
        by = Actor.of(user)
        booked = self.edge(lambda at: services.book_package(chosen, by=by, at=at))
        self.done.extend(("book", one.pk) for one in booked)
        return "done"

    def pay(self) -> str:
        """All that is due at once; what comes too late does not count."""
        one = self.one_of(status="pending", payment_status="unpaid")
        if one is None:
            return "nothing to do"
        rows = Appointment.objects.filter(package=one.package_id) if one.package_id else [one]
        together = list(rows)
        counted = self.edge(
            lambda at: [row.pk for row in together if services.note_paid(row, at=at)]
        )
        self.done.extend(("pay", pk) for pk in counted)
        return "done" if counted else "too late"

    def cancel_seat(self) -> str:
        return self.press(
            "cancel",
            self.owner if self.random.random() < 0.8 else self.provider,
            lambda one, by, at: services.cancel(one, by=by, at=at, reason=CHANGED_MIND),
            status__in=["pending", "confirmed"],
            session__isnull=False,
        )

    def move_seat(self) -> str:
        one = self.one_of(status__in=["pending", "confirmed"], starts_at__gt=self.now())
        if one is None:
            return "nothing to do"
        others = self.sessions_to_come(of=one.listing_id)
        if not others:
            return "nothing to do"
        session, by = self.random.choice(others), self.owner(one)
        return self.acknowledged("move", lambda at: services.move_seat(one, session, by=by, at=at))

    def wish_for_seat(self) -> str:
        session, user = self.some_session(), self.random.choice(self.users)
        if session is not None:
            self.edge(lambda at: services.wish_for_seat(session, user, at=at))
        return "done"

    # Sessions

    def open_session(self) -> str:
        course = self.random.choice(self.courses)
        starts_at = self.some_start(course.store)
        by = Actor.of(course.realtor.user)
        capacity = self.random.choice([1, 2, 2, 3])
        self.edge(
            lambda at: services.open_session(
                course, starts_at=starts_at, capacity=capacity, by=by, at=at
            )
        )
        return "done"

    def resize(self) -> str:
        capacity = self.random.choice([1, 2, 3, 4])
        return self.on_session(
            lambda one, by, at: services.edit_session(one, capacity=capacity, by=by, at=at)
        )

    def move_session(self) -> str:
        minutes = self.random.choice([-30, 30, 60]) * MINUTE
        return self.on_session(
            lambda one, by, at: services.edit_session(
                one, starts_at=one.starts_at + minutes, by=by, at=at
            )
        )

    def block(self) -> str:
        return self.on_session(lambda one, by, at: services.block_session(one, by=by, at=at))

    def unblock(self) -> str:
        return self.on_session(
            lambda one, by, at: services.unblock_session(one, by=by, at=at), status="blocked"
        )

    def call_off_session(self) -> str:
        return self.on_session(
            lambda one, by, at: services.call_off_session(one, by=by, at=at, reason="ill")
        )

    def complete_session(self) -> str:
        begun = Session.objects.filter(status__in=TAKES_PLACE, starts_at__lte=self.now())
        session = begun.select_related("realtor__user").order_by("starts_at").first()
        if session is None:
            return "nothing to do"
        by = Actor.of(session.realtor.user)
        self.edge(lambda at: services.complete_session(session, by=by, at=at))
        return "done"

    # How it is done

    def seat_booked(self, request: SeatRequest) -> str:
        by = Actor.of(request.customer)
        return self.acknowledged("book", lambda at: services.book_seat(request, by=by, at=at))

    def on_session(self, work: Callable[[Session, Actor, datetime], Any], **which: Any) -> str:
        """By its teacher."""
        packages = self.random.random() < 0.2
        session = self.some_session(packages=packages, **which)
        if session is None:
            return "nothing to do"
        by = Actor.of(session.realtor.user)
        self.edge(lambda at: work(session, by, at))
        return "done"

    def request(self, session: Session, user: User, **more: Any) -> SeatRequest:
        """For themself or one of their children."""
        whom = self.random.choice([None, None, *self.children[user.pk]])
        return SeatRequest(
            session=session,
            customer=user,
            customer_name=user.display_name,
            customer_phone=str(user.phone or ""),
            child=whom,
            **more,
        )

    def some_session(self, **which: Any) -> Session | None:
        found = self.sessions_to_come(**which)
        return self.random.choice(found) if found else None

    def sessions_to_come(
        self, *, of: int | None = None, packages: bool = False, **which: Any
    ) -> list[Session]:
        """The next few: of that course, of those booked in packages, or of the others."""
        courses = [of] if of is not None else self.courses_in_packages(packages)
        rows = Session.objects.filter(
            **{"status__in": TAKES_PLACE} | which, listing__in=courses, starts_at__gt=self.now()
        )
        rows = rows.select_related("listing", "store", "realtor__user")
        return list(rows.order_by("starts_at", "pk")[:NEXT])

    def courses_in_packages(self, packages: bool) -> list[int]:
        return [one.pk for one in self.courses if (one.package_sessions > 1) == packages]

    def one_of(self, **which: Any) -> Appointment | None:
        """One of the latest seats that look so by now."""
        rows = Appointment.objects.filter(session__isnull=False, **which).order_by("-pk")
        ids = list(rows.values_list("pk", flat=True)[:30])
        if not ids:
            return None
        people = Appointment.objects.select_related("store", "user", "realtor__user")
        return people.get(pk=self.random.choice(ids))
