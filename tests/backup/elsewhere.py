"""Another machine: its own empty database and its own folder for files. A backup comes back there.

python -m tests.races.process tests.backup.elsewhere '{"folder": "…", "at": "…"}'
"""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.utils import timezone

from booking_site.site.backup.engines import engine
from tests.races.checker import faults


def main(task: dict[str, Any]) -> dict[str, Any]:
    before = engine().has_tables()
    call_command("restore", task["folder"], verbosity=0)
    if task["migrated"]:
        # The site starts on it as it is.
        call_command("migrate", check_unapplied=True, verbosity=0)
    tables = {name: [one.rows, one.checksum] for name, one in engine().tables().items()}
    return {
        "was_empty": not before,
        "tables": tables,
        "content": engine().content_sha256(),
        "faults": faults(datetime.fromisoformat(task["at"]), swept=False),
        "now": timezone.now().isoformat(),
        "exists": Path(task["folder"]).exists(),
    }
