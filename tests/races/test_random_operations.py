"""Sixteen workers do random things to twenty realtors, and afterwards everything must add up.

``RACE_OPERATIONS`` says how many things: 1,000 in `make test`, 20,000 in `make races`.
"""

import os
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from appointments.models import Appointment
from appointments.timed import run_due
from tests.appointments.world import hire, open_store, register, work_from

from . import process
from .checker import faults
from .workload import CHANGED_MIND, MINUTE, moment

pytestmark = pytest.mark.django_db(transaction=True)

OPERATIONS = int(os.environ.get("RACE_OPERATIONS", "1000"))
# READ COMMITTED is what the product runs on; under the other the engine keeps its promises, too.
RACES = (
    [("read committed", OPERATIONS), ("repeatable read", OPERATIONS // 4)]
    if "mysql" in os.environ.get("DATABASE_URL", "")
    else [("", OPERATIONS)]
)
PROCESSES, THREADS = 4, 4
TIME_OFF = ("take_time_off", "give_time_off_back")
# Three hours before the clocks of New York are set forward.
EPOCH = datetime(2026, 3, 8, 4, 0, tzinfo=UTC)
# Without these it would have been no race.
MUST_HAVE_HAPPENED = {
    "book done",
    "book queued",
    "book slot_taken",
    "book customer_conflict",
    "hold done",
    "hold slot_taken",
    "hold_and_book done",
    "reschedule done",
    "reschedule slot_taken",
    "cancel done",
    "accept done",
    "decline done",
    "start done",
    "complete done",
    "timed_work done",
}


def fill_the_town() -> None:
    """Three stores and twenty realtors; some are choosy about how much and when they work."""
    nanjing = open_store("nanjing-road", opens="00:00", closes="00:00", buffer_after_minutes=15)
    broadway = open_store(
        "broadway",
        opens="00:00",
        closes="00:00",
        zone="America/New_York",
        buffer_before_minutes=10,
        buffer_after_minutes=5,
        auto_confirm=True,
    )
    bund = open_store("bund", opens="06:00", closes="04:00", hold_minutes=2, min_advance_minutes=0)
    for n in range(20):
        store = (nanjing, nanjing, broadway, bund)[n % 4]
        realtor = hire(store, f"R{n}", max_per_day=6 if n % 5 == 4 else None)
        if n % 6 == 5:
            work_from(realtor, "02:00", "03:30", kind="break")
    for n in range(12):
        # One has the verified phone of a guest whom all workers know.
        phone = {"phone": "+8613700000003", "phone_verified": True} if n == 0 else {}
        register(f"C{n}", **phone)


def race(
    operations: int, clock: Path, **environment: str
) -> tuple[Counter[str], dict[str, list[int]], datetime]:
    """Outcomes by number, what was acknowledged to have been done to which, and when it ended."""
    clock.touch()
    each = -(-operations // (PROCESSES * THREADS))
    tasks = [
        {
            "seed": f"{operations}/{number}",
            "operations": each,
            "threads": THREADS,
            "epoch": EPOCH.isoformat(),
            "clock": str(clock),
            # Realtors' services read before they get to the pool: only there it matters.
            "without": TIME_OFF if "repeatable" in environment["DATABASE_ISOLATION"] else (),
        }
        for number in range(PROCESSES)
    ]
    answers = process.run("workload", tasks, **environment)
    outcomes: Counter[str] = sum((Counter(one["outcomes"]) for one in answers), Counter())
    done: dict[str, list[int]] = defaultdict(list)
    for verb, pk in (entry for one in answers for entry in one["done"]):
        done[verb].append(pk)
    errors = [error for one in answers for error in one["errors"]]
    print(f"{operations} operations: {dict(sorted(outcomes.items()))}")
    print(f"the longest took {max(one['longest'] for one in answers):.1f} s")
    assert errors == [], f"{len(errors)} errors, the first:\n{errors[0]}"
    return outcomes, done, moment(tasks[0]) + 10 * MINUTE


def those(**which: object) -> set[int]:
    return set(Appointment.objects.filter(**which).values_list("pk", flat=True))


def only_once(keys: Iterable[int]) -> set[int]:
    keys = list(keys)
    assert len(set(keys)) == len(keys)
    return set(keys)


@pytest.mark.parametrize(("isolation", "operations"), RACES)
def test_whatever_many_do_at_once_nobody_is_promised_twice(
    isolation: str, operations: int, tmp_path: Path
):
    fill_the_town()

    outcomes, done, ended = race(operations, tmp_path / "clock", DATABASE_ISOLATION=isolation)
    run_due(at=ended)

    assert faults(ended) == []
    # What was acknowledged is what is there: nothing lost, nothing done twice.
    assert only_once(done["book"]) == those()
    assert only_once(done["complete"]) == those(completed_at__isnull=False)
    assert only_once(done["start"]) == those(started_at__isnull=False)
    assert only_once(done["cancel"]) == those(cancel_reason=CHANGED_MIND)
    if operations >= 1000:
        assert MUST_HAVE_HAPPENED - set(outcomes) == set()
    gave_up = sum(count for name, count in outcomes.items() if name.endswith(" unavailable"))
    assert gave_up <= operations // 200
