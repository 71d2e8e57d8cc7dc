"""Sixteen workers do random things to the sessions of six courses, and afterwards everything must
add up.

``RACE_OPERATIONS`` says how many things, of which these are half: 500 in `make test`, 10,000 in
`make races`.
"""

from collections import Counter, defaultdict
from datetime import timedelta
from pathlib import Path

import pytest

from accounts.models import Child
from appointments import services
from appointments.models import Session
from appointments.timed import run_due
from booking_site.common.actors import SYSTEM
from booking_site.common.errors import Refusal
from tests.appointments.courses import teach
from tests.appointments.world import open_store, register
from tests.factories import ListingFactory

from . import process
from .checker import faults
from .test_random_operations import EPOCH, OPERATIONS, RACES, only_once, those
from .workload import CHANGED_MIND, MINUTE, moment

pytestmark = pytest.mark.django_db(transaction=True)
PROCESSES, THREADS = 4, 4
# Without these it would have been no race.
MUST_HAVE_HAPPENED = {
    "lock done",
    "lock slot_taken",
    "book_seat done",
    "book_seat slot_taken",
    "book_seat customer_conflict",
    "book_locked done",
    "book_locked hold_expired",
    "book_package done",
    "pay done",
    "cancel_seat done",
    "move_seat done",
    "accept done",
    "resize done",
    "resize invalid",
    "block done",
    "move_session done",
    "call_off_session done",
    "complete_session done",
    "timed_work done",
}


def fill_the_school() -> None:
    """Two stores with three courses each; Wei teaches two of them. One course of each store waits
    for its teacher's yes, one is booked in twos."""
    north = open_store("north", opens="00:00", closes="00:00", min_advance_minutes=0)
    south = open_store("south", opens="00:00", closes="00:00", zone="America/New_York")
    for store in (north, south):
        drawing = teach(store, f"{store.slug} Wei", title="Drawing", fee_steps=[[120, 50]])
        ListingFactory(
            course=True,
            realtor=drawing.realtor,
            store=store,
            title="Painting",
            price=80,
            needs_approval=True,
        )
        in_twos = {"package_sessions": 2}
        teach(store, f"{store.slug} Ming", title="Swimming", attributes=in_twos, price=50)
    for n in range(16):
        user = register(f"C{n}", phone=f"+86137000000{n:02}", phone_verified=n % 2 == 0)
        if n % 3 == 0:
            Child.objects.create(parent=user, name=f"Child of C{n}")
    open_sessions()


def open_sessions() -> None:
    """The first ones; later the teachers open more."""
    for number, course in enumerate(ListingFactory._meta.model.objects.order_by("pk")):
        for hour in range(5):
            starts_at = EPOCH + timedelta(hours=hour + 1, minutes=15 * (number % 4))
            try:
                services.open_session(course, starts_at=starts_at, capacity=2, by=SYSTEM, at=EPOCH)
            except Refusal:
                continue


def race(
    operations: int, clock: Path, isolation: str
) -> tuple[Counter[str], dict[str, list[int]], list[str], float]:
    clock.touch()
    tasks = [
        {
            "seed": f"seats/{operations}/{number}",
            "operations": -(-operations // (PROCESSES * THREADS)),
            "threads": THREADS,
            "epoch": EPOCH.isoformat(),
            "clock": str(clock),
        }
        for number in range(PROCESSES)
    ]
    answers = process.run("seat_workload", tasks, DATABASE_ISOLATION=isolation)
    outcomes: Counter[str] = sum((Counter(one["outcomes"]) for one in answers), Counter())
    done: dict[str, list[int]] = defaultdict(list)
    for verb, pk in (entry for one in answers for entry in one["done"]):
        done[verb].append(pk)
    errors = [error for one in answers for error in one["errors"]]
    return outcomes, done, errors, max(one["longest"] for one in answers)


@pytest.mark.parametrize(
    ("isolation", "operations"), [(isolation, number // 2) for isolation, number in RACES]
)
def test_whatever_many_do_at_once_no_seat_is_promised_twice(
    isolation: str, operations: int, tmp_path: Path
):
    fill_the_school()
    clock = tmp_path / "clock"

    outcomes, done, errors, longest = race(operations, clock, isolation)
    print(f"{operations} operations: {dict(sorted(outcomes.items()))}")
    print(f"the longest took {longest:.1f} s, {Session.objects.count()} sessions")
    assert errors == [], f"{len(errors)} errors, the first:\n{errors[0]}"
    ended = moment({"epoch": EPOCH.isoformat(), "clock": str(clock)}) + 10 * MINUTE
    run_due(at=ended)

    assert faults(ended) == []
    # What was acknowledged is what is there: nothing lost, nothing done or paid twice.
    assert only_once(done["book"]) == those()
    assert only_once(done["pay"]) == those(paid_at__isnull=False)
    assert only_once(done["cancel"]) <= those(status="cancelled")
    assert those(cancel_reason=CHANGED_MIND, package=None) <= set(done["cancel"])
    assert those(status="confirmed", due_now__gt=0) <= those(payment_status="paid")
    assert those(payment_status="unpaid") <= those(status="cancelled")
    if operations >= 2000:
        assert MUST_HAVE_HAPPENED - set(outcomes) == set()
    gave_up = sum(count for name, count in outcomes.items() if name.endswith(" unavailable"))
    assert gave_up <= OPERATIONS // 50
