"""Makes small safe pictures out of whatever somebody uploads: avatars, photos of reviews."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from booking_site.common.errors import Invalid

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 24_000_000


class BadPicture(Invalid):
    """Not a picture of a kind we take, or too large; ``errors`` names the field it came in."""

    def __init__(self, reason: str, *, field: str) -> None:
        super().__init__(errors={field: [reason]})


@dataclass(frozen=True)
class Picture:
    """A JPEG with nothing of the upload in it but what is seen."""

    jpeg: bytes
    width: int
    height: int


def pictures_from(raw: bytes, *, sides: Sequence[int], field: str) -> list[Picture]:
    """The same picture for each of ``sides``, the largest first: at most so many pixels wide and
    high. Raises BadPicture for ``field``.

    The content decides the kind, not the name. Only pixels survive: place, camera and whatever
    else was hidden in the file are gone.
    """
    if len(raw) > settings.UPLOAD_MAX_BYTES:
        raise BadPicture(_("The picture is larger than 10 MB."), field=field)
    try:
        picture = Image.open(io.BytesIO(raw), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadPicture(_("The picture has more than 24 million pixels."), field=field) from error
    except Exception as error:
        raise BadPicture(_("Please choose a JPEG, PNG or WebP picture."), field=field) from error
    if picture.width * picture.height > MOST_PIXELS:
        raise BadPicture(_("The picture has more than 24 million pixels."), field=field)
    try:
        return _encoded(picture, sides)
    # A decoder fed by strangers may fail in any way; all of them mean the same to the stranger.
    except Exception as error:
        raise BadPicture(_("This picture is damaged."), field=field) from error


def _encoded(picture: Image.Image, sides: Sequence[int]) -> list[Picture]:
    if picture.mode in ("1", "P"):
        # Pillow shrinks palettes by dropping points; real colours are averaged.
        picture = picture.convert("RGBA")
    # Shrinks while decoding where the format can, and before anything else makes a copy.
    picture.thumbnail((sides[0], sides[0]))
    seen = ImageOps.exif_transpose(picture).convert("RGBA")
    canvas = Image.new("RGB", seen.size, "white")
    canvas.paste(seen, mask=seen.getchannel("A"))
    return [_shrunk(canvas, side) for side in sides]


def _shrunk(canvas: Image.Image, side: int) -> Picture:
    canvas.thumbnail((side, side))
    output = io.BytesIO()
    canvas.save(output, "JPEG", quality=85)
    return Picture(output.getvalue(), canvas.width, canvas.height)
