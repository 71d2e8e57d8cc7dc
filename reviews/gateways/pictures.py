"""Makes the two pictures of a photo out of whatever somebody uploads."""

from booking_site.common.pictures import Picture, pictures_from
from reviews.rules import PHOTO_SIDE, SMALL_SIDE

FIELD = "photos"


def photo_from(raw: bytes, *, field: str = FIELD) -> list[Picture]:
    """The large and the small one. Raises BadPicture."""
    return pictures_from(raw, sides=(PHOTO_SIDE, SMALL_SIDE), field=field)
