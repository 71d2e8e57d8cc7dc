"""Files of pictures that no row names: written by a process that was killed before its commit."""

from datetime import datetime

from booking_site.common.orphans import sweep_folder
from realtors.models import ListingPicture

FOLDER = "listings"


def sweep_listing_files(*, at: datetime) -> int:
    """Delete them; how many there were."""
    return sweep_folder(FOLDER, _named, at=at)


def _named(paths: set[str]) -> set[str]:
    found: set[str] = set()
    for column in ("picture", "small"):
        rows = ListingPicture.objects.filter(**{f"{column}__in": paths - found})
        found |= set(rows.values_list(column, flat=True))
    return found
