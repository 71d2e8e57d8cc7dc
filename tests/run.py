"""Runs the checks and the tests on real services, and stops those whatever happens.

    python -m tests.run test  [pytest arguments…]    the static checks, then every test
    python -m tests.run races [pytest arguments…]    the races alone, on both databases
    python -m tests.run chaos [pytest arguments…]    dispatch while processes are killed, on both
    python -m tests.run chaos-realtime [pytest arguments…]    sockets while processes are killed

Standard library only. `make test` and `make races` install what this needs and call it.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from .support.processes import end_with_parent, stop
from .support.services import ServiceError, mariadb, redis

ROOT = Path(__file__).resolve().parents[1]
# A third makes two cores no faster.
WORKERS = "2"
# One phase; a run that hangs must end while somebody still looks.
PHASE_SECONDS = 120 * 60
NO_TESTS = 5
OPERATIONS = int(os.environ.get("RACE_OPERATIONS", "1000"))
CHAOS = {
    "chaos": ["tests/races/test_chaos_dispatch.py"],
    "chaos-realtime": [
        "tests/realtime/test_chaos_realtime.py",
        "tests/realtime/test_chaos_chat.py",
        "tests/realtime/test_kills_at_commit.py",
    ],
}


@dataclass
class Phase:
    """One command of the run and how it ended. To find no test is to fail (but see _on_sqlite)."""

    name: str
    code: int = 0
    seconds: float = 0.0
    counts: dict[str, int] = field(default_factory=dict)


def main(arguments: list[str]) -> int:
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, _interrupt)
    mode, extra = (arguments[0], arguments[1:]) if arguments else ("test", [])
    if mode not in ("test", "races", *CHAOS):
        print(__doc__)
        return 2
    if mode in CHAOS:
        extra = [*CHAOS[mode], "-n", "0", "-s", *extra]
    phases: list[Phase] = []
    try:
        with _folder() as folder:
            phases += _static_checks(folder) if mode == "test" else []
            with mariadb(folder) as database_url, redis(folder) as redis_url:
                services = {"DATABASE_URL": database_url, "REDIS_URL": redis_url}
                chosen = ["-m", "race"] if mode == "races" else []
                phases.append(_pytest("MariaDB and Redis", folder, services, [*chosen, *extra]))
            phases += _on_sqlite(folder, {"test": "engine", "races": "race"}.get(mode, ""), extra)
    except KeyboardInterrupt:
        print("\nInterrupted; everything this run started has been stopped.")
        return 130
    except ServiceError as error:
        print(f"\n{error}")
        return 1
    return _report(phases)


def _interrupt(signum: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """A folder of this run's own, passable for the user that MariaDB runs as."""
    folder = Path(tempfile.mkdtemp(prefix="yuejian-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _static_checks(folder: Path) -> list[Phase]:
    collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity=0"]
    return [
        _run("make lint", ["bash", "deploy/dev/lint.sh"]),
        _run("static files", collect, _environment(folder, {})),
    ]


def _on_sqlite(folder: Path, mark: str, extra: list[str]) -> list[Phase]:
    """The engine again, without any service: each guarantee must hold on both databases. No mark:
    all that ``extra`` names."""
    if not any((ROOT / "tests" / part).is_dir() for part in ("appointments", "races")):
        print("\nThe engine has no tests yet: nothing to run on SQLite.")
        return []
    database = {"DATABASE_URL": f"sqlite:///{folder}/db.sqlite3", "REDIS_URL": ""}
    name, chosen = (f"SQLite alone ({mark})", ["-m", mark]) if mark else ("SQLite alone", [])
    phase = _pytest(name, folder, database, [*chosen, *extra])
    if extra and phase.code == NO_TESTS:
        # The caller asked for some tests only, and none of those is the engine's.
        phase.code = 0
    return [phase]


def _pytest(name: str, folder: Path, services: dict[str, str], arguments: list[str]) -> Phase:
    results = folder / "results.xml"
    results.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "-n", WORKERS, "--dist", "loadgroup"]
    command += [f"--junit-xml={results}", *arguments]
    phase = _run(name, command, _environment(folder, services))
    if results.exists():
        phase.counts = _counts(results)
    return phase


def _environment(folder: Path, services: dict[str, str]) -> dict[str, str]:
    """Nothing that the shell says of the product reaches the tests, only how much they shall do."""
    own = {
        "TEST_FOLDER": str(folder / "test"),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "RACE_OPERATIONS": str(OPERATIONS),
        "CHAOS_SECONDS": os.environ.get("CHAOS_SECONDS", "20"),
        "KILLS": os.environ.get("KILLS", "24"),
    }
    plain = {
        name: os.environ[name]
        for name in ("PATH", "HOME", "LANG", "TMPDIR", "CI", "FUZZ_EXAMPLES", "FUZZ_SEED", "FACES")
        if name in os.environ
    }
    return plain | {"PYTHONUNBUFFERED": "1"} | own | services


def _run(name: str, command: list[str], environment: dict[str, str] | None = None) -> Phase:
    print(f"\n== {name}", flush=True)
    began = time.monotonic()
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        # Ctrl-C reaches this runner alone, which passes it on once.
        start_new_session=True,
        preexec_fn=end_with_parent,
    )
    try:
        code = process.wait(PHASE_SECONDS)
    except subprocess.TimeoutExpired:
        print(f"{name} took longer than {PHASE_SECONDS // 60} minutes and was stopped.")
        code = 1
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(5)
            stop(process)
    return Phase(name, code, time.monotonic() - began)


def _counts(results: Path) -> dict[str, int]:
    suites = list(ElementTree.parse(results).getroot().iter("testsuite"))
    total = {
        key: sum(int(suite.get(key, 0)) for suite in suites)
        for key in ("tests", "failures", "errors", "skipped")
    }
    failed = total["failures"] + total["errors"]
    return {
        "passed": total["tests"] - failed - total["skipped"],
        "failed": failed,
        "skipped": total["skipped"],
    }


def _report(phases: list[Phase]) -> int:
    print("\n== summary")
    for phase in phases:
        how = "no test found" if phase.code == NO_TESTS else ("failed" if phase.code else "ok")
        print(f"  {phase.name:<26} {how:<14} {phase.seconds:6.0f} s")
    sums = {
        key: sum(phase.counts.get(key, 0) for phase in phases)
        for key in ("passed", "failed", "skipped")
    }
    code = int(any(phase.code for phase in phases))
    # A check that failed without a test of its own counts as one failure in the closing line.
    sums["failed"] += sum(1 for phase in phases if phase.code and not phase.counts.get("failed"))
    print(f"{sums['passed']} passed, {sums['failed']} failed, {sums['skipped']} skipped")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
