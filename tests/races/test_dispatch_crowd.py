"""Eight workers serve a live line and a calendar at once, and afterwards everything must add up.

``RACE_OPERATIONS`` says how many things they do: 1,000 in `make test`, 20,000 in `make races`.
"""

from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path

import pytest

from appointments.models import Appointment, AppointmentEvent
from appointments.timed import run_due
from tests.appointments.world import hire, online, open_store, register

from . import process
from .checker import faults
from .test_random_operations import OPERATIONS, only_once, those
from .workload import MINUTE, moment

pytestmark = pytest.mark.django_db(transaction=True)
PROCESSES, THREADS = 4, 2
EPOCH = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
# Without these it would have been no race.
MUST_HAVE_HAPPENED = {
    "join done",
    "join queued",
    "join customer_conflict",
    "book done",
    "accept done",
    "accept already_taken",
    "decline done",
    "start done",
    "complete done",
    "cancel done",
    "reassign done",
    "come_or_go offline",
    "come_or_go online",
    "timed_work done",
}


def fill_the_street() -> None:
    """A busy store and a quiet one, with too few realtors for all who come."""
    busy = open_store("busy", opens="00:00", closes="00:00", buffer_after_minutes=5)
    quiet = open_store(
        "quiet", opens="00:00", closes="00:00", queue_timeout_minutes=20, realtor_max_load=1
    )
    for n in range(6):
        online(hire(busy if n < 4 else quiet, f"R{n}"), at=EPOCH)
    for n in range(6):
        # One has the verified phone of a guest whom all workers know.
        phone = {"phone": "+8613700000003", "phone_verified": True} if n == 0 else {}
        register(f"C{n}", **phone)


def test_a_live_line_and_a_calendar_share_realtors_and_nobody_is_lost(tmp_path: Path):
    fill_the_street()
    (tmp_path / "clock").touch()
    tasks = [
        {
            "seed": f"crowd/{OPERATIONS}/{number}",
            "operations": -(-OPERATIONS // (PROCESSES * THREADS)),
            "threads": THREADS,
            "epoch": EPOCH.isoformat(),
            "clock": str(tmp_path / "clock"),
            "live": True,
        }
        for number in range(PROCESSES)
    ]

    answers = process.run("workload", tasks)
    ended = moment(tasks[0]) + 10 * MINUTE
    run_due(at=ended)

    outcomes: Counter[str] = sum((Counter(one["outcomes"]) for one in answers), Counter())
    print(f"{OPERATIONS} operations: {dict(sorted(outcomes.items()))}")
    print(f"{AppointmentEvent.objects.filter(action='assigned').count()} assignments")
    errors = [error for one in answers for error in one["errors"]]
    assert errors == [], f"{len(errors)} errors, the first:\n{errors[0]}"
    assert faults(ended) == []
    done: dict[str, list[int]] = defaultdict(list)
    for verb, pk in (entry for one in answers for entry in one["done"]):
        done[verb].append(pk)
    # What was acknowledged is what is there: nothing lost, nothing done twice.
    assert only_once([*done["join"], *done["book"]]) == those()
    assert set(done["join"]) == those(live=True)
    assert only_once(done["start"]) == those(started_at__isnull=False)
    assert only_once(done["complete"]) == those(completed_at__isnull=False)
    # Whoever stood in the live line was served, went, or waited for as long as was said.
    let_go = Appointment.objects.filter(live=True, cancel_reason="queue_timeout")
    assert all(one.cancelled_at > one.served_until for one in let_go)
    if OPERATIONS >= 1000:
        assert MUST_HAVE_HAPPENED - set(outcomes) == set()
    gave_up = sum(count for name, count in outcomes.items() if name.endswith(" unavailable"))
    assert gave_up <= OPERATIONS // 50
