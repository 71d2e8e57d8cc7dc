"""A worker that posts webhooks that are due, in a process of its own.

    python -m tests.notifications.hook_courier 2026-03-02T00:00:00+00:00 [dies]

``dies``: killed in the moment between the receiver's having a message and its being marked.
"""

import os
import signal
import subprocess
import sys
from datetime import datetime
from typing import Any

import django


def main(at: str, *how: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from notifications import timed_webhooks

    if how:
        timed_webhooks.note_answer = _die
    timed_webhooks.run_due_webhooks(at=datetime.fromisoformat(at))


def _die(*args: Any, **options: Any) -> bool:
    os.kill(os.getpid(), signal.SIGKILL)
    return False


def start(at: datetime, *how: str) -> subprocess.Popen[bytes]:
    """On the test database; receivers are on this machine."""
    from django.conf import settings

    from tests.support.processes import end_with_parent
    from tests.support.server import test_database_url

    own = {
        "DATABASE_URL": test_database_url(),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "WEBHOOK_ALLOW_INSIDE": "1",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "tests.notifications.hook_courier", at.isoformat(), *how],
        cwd=settings.BASE_DIR,
        env=os.environ | own,
        stdin=subprocess.DEVNULL,
        preexec_fn=end_with_parent,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
