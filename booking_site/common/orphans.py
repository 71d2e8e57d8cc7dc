"""Files that no row names: written by a process that was killed before its commit."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.core.files.storage import Storage, storages

# Younger ones may be on their way.
ORPHANS_AFTER = timedelta(days=1)
ASKED_AT_ONCE = 500


def sweep_folder(folder: str, named: Callable[[set[str]], set[str]], *, at: datetime) -> int:
    """Delete those of a folder of the private storage that ``named`` does not give back; how many
    there were."""
    storage = storages["private"]
    if not storage.exists(folder):
        return 0
    _folders, names = storage.listdir(folder)
    paths = [f"{folder}/{name}" for name in names]
    old = [path for path in paths if _is_older(storage, path, at - ORPHANS_AFTER)]
    gone = 0
    for first in range(0, len(old), ASKED_AT_ONCE):
        some = set(old[first : first + ASKED_AT_ONCE])
        some -= named(some)
        for path in some:
            storage.delete(path)
        gone += len(some)
    return gone


def _is_older(storage: Storage, path: str, moment: datetime) -> bool:
    try:
        return storage.get_modified_time(path) < moment
    except FileNotFoundError:
        # Taken back, or swept by somebody else, since the folder was read.
        return False
