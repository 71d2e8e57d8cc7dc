"""Two workers share the tests, but not those that would stand in each other's way."""

import os
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

from django.conf import settings

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
    assert len(found["tests/journeys/test_guest.py"]) == 1
