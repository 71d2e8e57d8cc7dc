"""Makes the two pictures of a listing out of whatever somebody uploads."""

from booking_site.common.pictures import Picture, pictures_from
from realtors.listing_rules import PICTURE_SIDE, SMALL_SIDE

FIELD = "picture"


def listing_pictures_from(raw: bytes, *, field: str = FIELD) -> list[Picture]:
    """The large and the small one. Raises BadPicture."""
    return pictures_from(raw, sides=(PICTURE_SIDE, SMALL_SIDE), field=field)
