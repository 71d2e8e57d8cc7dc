"""Which tests share a worker, when `-n 2 --dist loadgroup` parts them, and what a worker does not
look through again and again."""

import gc
import math
from collections.abc import Iterable
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

# They judge races, but are none: one thing after another, in one process.
SEQUENTIAL = ("tests/races/test_checker", "tests/races/test_one_after_another.py")
# What a test takes, in seconds, where that is far from the fifth of one that most take. The first
# that fits counts. Who has long to go begins first, so that no worker is left with it at the end.
SECONDS = {
    "tests/faces/test_browser.py": 100.0,
    "tests/faces/test_pages.py": 8.0,
    "tests/demo/first_run/": 3.0,
    "tests/demo/": 20.0,
    "tests/journeys/": 6.0,
    "tests/realtime/": 2.0,
    "tests/races/": 1.5,
    "tests/appointments/api/test_hostile.py": 2.0,
    "tests/backoffice/test_matrix.py": 1.5,
    "tests/reviews/": 0.8,
}
MOST_TAKE = 0.2


class Together(LoadScopeScheduling):
    """xdist's own way, by marks, has stopped working without a word: it writes the group into a
    field of the test that pytest 9.2 does not read."""

    def _split_scope(self, nodeid: str) -> str:
        return together(nodeid)

    def _assign_work_unit(self, node: WorkerController) -> None:
        heaviest = max(self.workqueue, key=lambda scope: magnitude(self.workqueue[scope]))
        self.workqueue.move_to_end(heaviest, last=False)
        super()._assign_work_unit(node)


def together(nodeid: str) -> str:
    """The same for all tests that run one after another on one worker: those of a file, whose
    fixtures (a scene, a Chromium) are then made once and not by each worker."""
    path = nodeid.partition("::")[0]
    if path.startswith("tests/races/") and not path.startswith(SEQUENTIAL):
        # Each of them loads both cores.
        return "tests/races"
    if path.startswith("tests/demo/first_run/"):
        # The demo is made once.
        return "tests/demo/first_run"
    if path in ("tests/realtime/test_chaos_realtime.py", "tests/realtime/test_kills_at_commit.py"):
        return "chaos over sockets"
    if path == "tests/faces/test_browser.py":
        # Few and long, and each sees a world of its own.
        return nodeid
    return path


def magnitude(nodeids: Iterable[str]) -> int:
    """How long these take, in powers of two: those alike stay in the order they came in, which
    pytest-randomly makes another one in every run."""
    return round(math.log2(sum(map(seconds, nodeids))))


def seconds(nodeid: str) -> float:
    return next((SECONDS[one] for one in SECONDS if nodeid.startswith(one)), MOST_TAKE)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Thousands of tests and all modules are there until the end: to look through them for garbage
    took a sixth of the time of tests without a browser."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together | None:
    if config.getvalue("dist") != "loadgroup":
        return None
    # Ordered by their number otherwise, the same in every run.
    config.option.loadscopereorder = False
    return Together(config, log)
