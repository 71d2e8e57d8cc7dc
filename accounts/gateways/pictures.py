"""Makes a small safe picture of a person out of whatever somebody uploads."""

from booking_site.common.pictures import pictures_from

AVATAR_SIDE = 512
FIELD = "avatar"


def avatar_from(raw: bytes) -> bytes:
    """A JPEG of at most 512 × 512 pixels. Raises BadPicture."""
    (picture,) = pictures_from(raw, sides=(AVATAR_SIDE,), field=FIELD)
    return picture.jpeg
