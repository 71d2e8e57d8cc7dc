"""What is due: photos nobody needs. Safe to run twice and at once."""

from datetime import datetime
from functools import partial

from django.core.cache import cache

from booking_site.common.orphans import sweep_folder
from booking_site.common.transactions import all_in_turn, run_in_transaction
from reviews.models import ReviewPhoto
from reviews.services import sweep_photos

HOUR_SECONDS = 3600
FOLDER = "reviews"


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
    return sweep_folder(FOLDER, _named, at=at)


def _named(paths: set[str]) -> set[str]:
    found: set[str] = set()
    for column in ("picture", "small"):
        rows = ReviewPhoto.objects.filter(**{f"{column}__in": paths - found})
        found |= set(rows.values_list(column, flat=True))
    return found
