"""Makes the two pictures of a message out of whatever somebody uploads."""

from booking_site.common.pictures import JPEG_START, PNG_START, Picture, pictures_from

LARGE_SIDE, SMALL_SIDE = 1600, 320


def seems_a_picture(raw: bytes) -> bool:
    is_webp = raw.startswith(b"RIFF") and raw[8:12] == b"WEBP"
    return is_webp or raw.startswith((JPEG_START, PNG_START))


def picture_from(raw: bytes, *, field: str) -> list[Picture]:
    """The large and the small one. Raises BadPicture."""
    return pictures_from(raw, sides=(LARGE_SIDE, SMALL_SIDE), field=field)
