"""Sixteen workers do random things to the nights of four boarding places and to six houses, and
afterwards everything must add up.

``RACE_OPERATIONS`` says how many things, of which these are a quarter: 250 in `make test`, 5,000
in `make races`.
"""

from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from appointments.models import Claim
from appointments.timed import run_due
from realtors.models import Listing
from tests.appointments.places import ACROSS_TOWN, HERE, NEXT_DOOR, boarding, house, pet_of
from tests.appointments.world import hire, open_store, register

from . import process
from .checker import faults
from .night_workload import UNITS
from .test_random_operations import EPOCH, OPERATIONS, RACES, TIME_OFF, only_once, those
from .workload import CHANGED_MIND, MINUTE, moment

pytestmark = pytest.mark.django_db(transaction=True)
PROCESSES, THREADS = 4, 4
# So that nights pass.
TICK = 300
# Without these it would have been no race.
MUST_HAVE_HAPPENED = {
    "book_stay done",
    "book_stay slot_taken",
    "book_stay customer_conflict",
    "pay done",
    "move_stay done",
    "move_stay slot_taken",
    "cancel_stay done",
    "check_in done",
    "check_out done",
    "resize done",
    "view done",
    "view slot_taken",
    "hold_viewing done",
    "hold_viewing slot_taken",
    "hold_and_see done",
    "reschedule done",
    "accept done",
    "decline done",
    "timed_work done",
}


def fill_the_city() -> None:
    """Two stores in two zones, each with a place that is paid in advance and one that is not, whose
    sitter wants to be asked; with two hosts, a house of each and one that any of them can show."""
    # The clock runs fast: a hold of five minutes would be over before anybody could book it.
    north = open_store("north", opens="00:00", closes="00:00", payment_minutes=240, hold_minutes=60)
    south = open_store(
        "south",
        opens="00:00",
        closes="00:00",
        zone="America/New_York",
        payment_minutes=240,
        hold_minutes=60,
        buffer_after_minutes=10,
    )
    for store in (north, south):
        store.latitude, store.longitude = HERE
        store.save()
        boarding(store, f"{store.slug} Tao", units=max(UNITS), deposit_percent=50)
        boarding(store, f"{store.slug} Xin", units=max(UNITS), needs_approval=True)
        for name, place in (("Jing", NEXT_DOOR), ("Ping", ACROSS_TOWN)):
            host = hire(store, f"{store.slug} {name}")
            house(store, f"House of {host.name}", realtor=host, place=place)
        middle = (HERE[0] + Decimal("0.05"), HERE[1])
        house(store, "Of the agency", realtor=None, place=middle, needs_approval=False)
    for n in range(12):
        user = register(f"C{n}", phone=f"+86137000000{n:02}", phone_verified=n % 2 == 0)
        for number in range(3):
            pet_of(user, f"Pet {number} of C{n}")


def race(
    operations: int, clock: Path, isolation: str
) -> tuple[Counter[str], dict[str, list[int]], list[str]]:
    clock.touch()
    tasks = [
        {
            "seed": f"nights/{operations}/{number}",
            "operations": -(-operations // (PROCESSES * THREADS)),
            "threads": THREADS,
            "epoch": EPOCH.isoformat(),
            "clock": str(clock),
            "tick": TICK,
            # As in test_random_operations: the services of realtors read before they stand in line.
            "without": TIME_OFF if "repeatable" in isolation else (),
        }
        for number in range(PROCESSES)
    ]
    answers = process.run("night_workload", tasks, DATABASE_ISOLATION=isolation)
    outcomes: Counter[str] = sum((Counter(one["outcomes"]) for one in answers), Counter())
    done: dict[str, list[int]] = defaultdict(list)
    for verb, pk in (entry for one in answers for entry in one["done"]):
        done[verb].append(pk)
    errors = [error for one in answers for error in one["errors"]]
    print(f"{operations} operations: {dict(sorted(outcomes.items()))}")
    print(f"the longest took {max(one['longest'] for one in answers):.1f} s")
    return outcomes, done, errors


@pytest.mark.parametrize(
    ("isolation", "operations"), [(isolation, number // 4) for isolation, number in RACES]
)
def test_whatever_many_do_at_once_no_night_and_no_house_is_promised_twice(
    isolation: str, operations: int, tmp_path: Path
):
    fill_the_city()
    clock = tmp_path / "clock"

    outcomes, done, errors = race(operations, clock, isolation)
    assert errors == [], f"{len(errors)} errors, the first:\n{errors[0]}"
    task = {"epoch": EPOCH.isoformat(), "clock": str(clock), "tick": TICK}
    ended = moment(task) + 10 * MINUTE
    run_due(at=ended)
    # Whoever stays in a place that was made smaller stays: it has as many units as it ever had.
    Listing.objects.filter(kind="boarding").update(capacity=max(UNITS))

    assert faults(ended) == []
    # What was acknowledged is what is there: nothing lost, nothing done or paid twice.
    assert only_once(done["book"]) == those()
    assert only_once(done["pay"]) == those(paid_at__isnull=False)
    assert only_once(done["cancel"]) == those(cancel_reason=CHANGED_MIND)
    assert only_once(done["start"]) == those(started_at__isnull=False)
    assert only_once(done["complete"]) == those(completed_at__isnull=False)
    assert those(payment_status="unpaid") <= those(status="cancelled") | those(pay_before__gt=ended)
    assert not Claim.objects.filter(resource__startswith="n:", unit__gte=max(UNITS)).exists()
    if operations >= 1000:
        assert MUST_HAVE_HAPPENED - set(outcomes) == set()
    gave_up = sum(count for name, count in outcomes.items() if name.endswith(" unavailable"))
    assert gave_up <= OPERATIONS // 50
