"""Which tests share a worker, when `-n 2 --dist loadgroup` parts them, and what a worker does not
look through again and again."""

import gc
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

# They judge races, but are none: one thing after another, in one process.
SEQUENTIAL = ("tests/races/test_checker", "tests/races/test_one_after_another.py")


class Together(LoadScopeScheduling):
    """xdist's own way, by marks, has stopped working without a word: it writes the group into a
    field of the test that pytest 9.2 does not read."""

    def _split_scope(self, nodeid: str) -> str:
        return together(nodeid)


def together(nodeid: str) -> str:
    """The same for all tests that run one after another on one worker."""
    path = nodeid.partition("::")[0]
    if path.startswith("tests/races/") and not path.startswith(SEQUENTIAL):
        # Each of them loads both cores.
        return "tests/races"
    if path == "tests/faces/test_pages.py":
        # Every page is read once for all of them,
        return path
    if path.startswith("tests/demo/first_run/"):
        # and the demo made once.
        return "tests/demo/first_run"
    if path in ("tests/realtime/test_chaos_realtime.py", "tests/realtime/test_kills_at_commit.py"):
        return "chaos over sockets"
    if path.startswith("tests/journeys/"):
        # One Chromium a module.
        return path
    return nodeid


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Thousands of tests and all modules are there until the end: to look through them for garbage
    took a sixth of the time of tests without a browser."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together | None:
    return Together(config, log) if config.getvalue("dist") == "loadgroup" else None
