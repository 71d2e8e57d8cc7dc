"""A process of its own for a race: another interpreter, another set of connections.

    python -m tests.races.process workload '{"seed": 1, …}'

Runs ``main`` of that module with the task and prints what it returns, as JSON. A module of another
folder is named in full.
"""

import faulthandler
import importlib
import json
import os
import subprocess
import sys
from typing import Any

import django

ANSWER = "answer: "


def main(module: str, task: dict[str, Any]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    name = module if "." in module else f"tests.races.{module}"
    answer = importlib.import_module(name).main(task)
    print(f"{ANSWER}{json.dumps(answer)}", flush=True)


def run(module: str, tasks: list[dict[str, Any]], **environment: str) -> list[Any]:
    """Run one process a task, all at once, on the test database; what each returned."""
    # The long races take longer than what pytest takes for a hang.
    faulthandler.cancel_dump_traceback_later()
    from django.conf import settings

    from tests.support.processes import end_with_parent, stop
    from tests.support.server import test_database_url

    own = {"DATABASE_URL": test_database_url(), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.races.process", module, json.dumps(task)],
            cwd=settings.BASE_DIR,
            env=os.environ | own | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            preexec_fn=end_with_parent,
        )
        for task in tasks
    ]
    try:
        outputs = [process.communicate()[0].decode() for process in processes]
    finally:
        for process in processes:
            stop(process)
    assert [process.returncode for process in processes] == [0] * len(tasks), outputs
    return [json.loads(output.split(ANSWER)[-1]) for output in outputs]


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
