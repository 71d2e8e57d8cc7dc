"""Measures sockets on services of its own and prints the figures as a table.

    python -m benchmarks.realtime

BENCH_SOCKETS (10,000) idle ones are held for BENCH_HOLD (600) seconds; loads last BENCH_SECONDS
(20) each; ONLY=fan_out,idle,latency,reconnects,slow_readers,messages chooses. Written to
var/bench-realtime.json as well.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.support.services import mariadb, redis

RESULT = Path("var/bench-realtime.json")
PACKAGES = ("Django", "channels", "channels-redis", "redis", "uvicorn", "uvloop", "websockets")


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="yuejian-bench-") as name:
        folder = Path(name)
        # MariaDB runs as a user of its own.
        folder.chmod(0o755)
        with mariadb(folder, flush_at_commit=1) as database_url, redis(folder) as redis_url:
            os.environ |= {
                "DATABASE_URL": database_url,
                "REDIS_URL": redis_url,
                "TEST_FOLDER": str(folder / "test"),
                "DJANGO_SETTINGS_MODULE": "tests.settings",
                # As in production; tests look at their sockets more often.
                "REALTIME_TICK_SECONDS": "1.0",
            }
            return measure(folder)


def measure(folder: Path) -> int:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from .parts import PARTS
    from .rows import Row

    only = [name for name in os.environ.get("ONLY", "").split(",") if name] or list(PARTS)
    rows: list[Row] = []
    loads: dict[str, float] = {}
    failed: dict[str, str] = {}
    for name in only:
        loads[name] = os.getloadavg()[0]
        print(f"{datetime.now(UTC):%H:%M:%S} {name}", file=sys.stderr, flush=True)
        try:
            rows += PARTS[name](folder)
        except (AssertionError, OSError, RuntimeError) as error:
            failed[name] = f"{type(error).__name__}: {error}"[:2000]
            print(f"  failed: {failed[name]}", file=sys.stderr, flush=True)
    machine = about() | {"load_before_each": loads}
    print(f"\n{json.dumps(machine, ensure_ascii=False)}\n")
    print("| goal | what | measured | wanted |\n| --- | --- | --- | --- |")
    for row in rows:
        print(f"| {row.goal} | {row.what} | {row.value} | {row.wanted} |")
    RESULT.parent.mkdir(exist_ok=True)
    told = {"machine": machine, "rows": [asdict(row) for row in rows], "failed": failed}
    RESULT.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n")
    return int(bool(failed))


def about() -> dict[str, Any]:
    """Figures without these are worth nothing."""
    cpu = [
        line.split(":", 1)[1].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    return {
        "at": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        "cpu": f"{len(cpu)} x {cpu[0] if cpu else platform.machine()}",
        "python": platform.python_version(),
        "mariadb": _said("mariadbd", "--version"),
        "redis-server": _said("redis-server", "--version"),
        **{name: version(name) for name in PACKAGES},
    }


def _said(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()[:80]


if __name__ == "__main__":
    sys.exit(main())
