"""Two workers share the tests, but not those that would stand in each other's way."""

import os
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

from django.conf import settings

from tests.support.workers import SECONDS, magnitude

ROOT = Path(settings.BASE_DIR)
# So many that each worker gets its share of them when nothing keeps them together.
SOME = """
import pytest
@pytest.mark.parametrize("n", range(20))
def test_it(n): pass
"""


def workers_of(folder: Path, *files: str) -> dict[str, set[str]]:
    """Who ran the tests of these files, parted as `make test` does it."""
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(SOME)
    command = [sys.executable, "-m", "pytest", "-v", "-n2", "--dist=loadgroup", "-p"]
    command += ["tests.support.workers", "--import-mode=importlib", "--rootdir=.", "-c", os.devnull]
    command += ["-p", "no:django", "-p", "no:randomly", "-p", "no:cacheprovider", *files]
    done = subprocess.run(
        command,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found = defaultdict(set)
    for worker, file in re.findall(r"\[(gw\d)\].*PASSED (\S+)::", done.stdout):
        found[file].add(worker)
    return found


def test_what_needs_the_machine_to_itself_stays_on_one_worker(tmp_path):
    races = ["tests/races/test_one.py", "tests/races/test_other.py"]
    others = ["tests/journeys/test_guest.py", "tests/pages/test_any.py"]

    found = workers_of(tmp_path, *races, *others)

    assert found.keys() == {*races, *others}
    assert len(found[races[0]] | found[races[1]]) == 1


def test_a_file_and_its_scene_have_one_worker_and_both_have_work(tmp_path):
    files = [f"tests/pages/test_{name}.py" for name in ("one", "two", "three", "four")]

    found = workers_of(tmp_path, *files)

    assert all(len(found[file]) == 1 for file in files)
    assert set.union(*found.values()) == {"gw0", "gw1"}


def test_who_takes_long_begins_first_and_never_waits_for_the_end():
    long = [f"tests/races/test_one.py::test_it[{n}]" for n in range(100)]
    longer = ["tests/faces/test_browser.py::test_nothing_is_wrong_with_any_page[full-site]"]
    short = [f"tests/stores/test_hours.py::test_it[{n}]" for n in range(100)]

    assert magnitude(long) >= magnitude(longer) > magnitude(short)
    # One test more does not change who is first: that is left to chance.
    assert magnitude(short) == magnitude(short[1:])


def test_what_is_known_to_take_long_is_there():
    """A name that has changed would be forgotten here without a word."""
    assert [name for name in SECONDS if not (ROOT / name).exists()] == []
