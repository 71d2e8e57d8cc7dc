"""The same random people as in the long race, one after the other, and a look at everything after
each step: a rule that breaks is caught in the act, with the step that broke it."""

from datetime import datetime, timedelta

import pytest

from appointments.timed import run_due
from tests.appointments.world import hire, open_store, register

from .checker import faults
from .test_random_operations import EPOCH, OPERATIONS
from .workload import MINUTE, Worker

pytestmark = pytest.mark.django_db

# Each look is at everything there is, so a longer walk soon costs more than it finds.
STEPS = min(OPERATIONS // 16, 500)


def fill_the_village() -> None:
    """So little of everything that people get in each other's way all the time."""
    mill = open_store("mill", opens="00:00", closes="00:00", buffer_after_minutes=15)
    forge = open_store("forge", opens="00:00", closes="00:00", zone="America/New_York")
    hire(mill, "Wei")
    hire(mill, "Ming", max_per_day=3)
    hire(forge, "Yun")
    for name in ("Fang", "Bo", "Lin"):
        register(name)


class Alone(Worker):
    """A worker whose clock stands still while it does something."""

    AHEAD = (20, 150)
    clock = EPOCH

    def now(self) -> datetime:
        return self.clock

    def wait_a_little(self) -> None:
        self.clock += self.random.choice([0, 0, 1, 3, 10]) * MINUTE + timedelta(seconds=1)


@pytest.mark.parametrize("seed", ["spring", "summer", "autumn"])
def test_after_every_single_step_everything_is_in_order(seed: str):
    fill_the_village()
    worker = Alone({"seed": seed, "operations": 0, "threads": 1}, 0)
    worker.look_around()
    steps: list[str] = []

    for _ in range(STEPS):
        worker.wait_a_little()
        # What is due by now is done, so that a hold that has just expired is no excuse.
        run_due(at=worker.clock)
        assert faults(worker.clock) == [], ["timed work", *steps[-5:]]
        steps.append(worker.one())
        assert faults(worker.clock) == [], steps[-5:]
        assert worker.errors == []
