"""What is due: photos nobody needs. Safe to run twice and at once."""

from datetime import datetime, timedelta
from functools import partial

from django.core.cache import cache
from django.core.files.storage import Storage, storages

from booking_site.common.transactions import all_in_turn, run_in_transaction
from reviews.models import ReviewPhoto
from reviews.services import sweep_photos

HOUR_SECONDS = 3600
FOLDER = "reviews"
# Written by a process that was killed before its commit; younger files may be on their way.
ORPHANS_AFTER = timedelta(days=1)
ASKED_AT_ONCE = 500


def run_due(*, at: datetime) -> None:
    """Once an hour: nobody waits for it."""
    if cache.add("reviews.timed.run_due", True, HOUR_SECONDS):
        all_in_turn(
            [
                partial(run_in_transaction, partial(sweep_photos, at=at)),
                partial(sweep_files, at=at),
            ]
        )


def sweep_files(*, at: datetime) -> int:
    """Delete files that no row names; how many there were."""
    storage = storages["private"]
    if not storage.exists(FOLDER):
        return 0
    _folders, names = storage.listdir(FOLDER)
    paths = [f"{FOLDER}/{name}" for name in names]
    old = [path for path in paths if _is_older(storage, path, at - ORPHANS_AFTER)]
    gone = 0
    for first in range(0, len(old), ASKED_AT_ONCE):
        some = set(old[first : first + ASKED_AT_ONCE])
        for column in ("picture", "small"):
            named = ReviewPhoto.objects.filter(**{f"{column}__in": some})
            some -= set(named.values_list(column, flat=True))
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
