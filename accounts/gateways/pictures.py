"""Makes a small safe picture out of whatever somebody uploads."""

import io

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from booking_site.common.errors import Invalid

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 24_000_000
AVATAR_SIDE = 512


class BadPicture(Invalid):
    """Not a picture of a kind we take, or too large; ``errors`` names the field ``avatar``."""

    def __init__(self, reason: str) -> None:
        super().__init__(errors={"avatar": [reason]})


def avatar_from(raw: bytes) -> bytes:
    """A JPEG of at most 512 × 512 pixels, with nothing of the upload in it but what is seen.

    The content decides the kind, not the name. Only pixels survive: place, camera and whatever
    else was hidden in the file are gone.
    """
    if len(raw) > settings.UPLOAD_MAX_BYTES:
        raise BadPicture(_("The picture is larger than 10 MB."))
    try:
        picture = Image.open(io.BytesIO(raw), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadPicture(_("The picture has more than 24 million pixels.")) from error
    except Exception as error:
        raise BadPicture(_("Please choose a JPEG, PNG or WebP picture.")) from error
    if picture.width * picture.height > MOST_PIXELS:
        raise BadPicture(_("The picture has more than 24 million pixels."))
    try:
        return _encoded(picture)
    # A decoder fed by strangers may fail in any way; all of them mean the same to the stranger.
    except Exception as error:
        raise BadPicture(_("This picture is damaged.")) from error


def _encoded(picture: Image.Image) -> bytes:
    if picture.mode in ("1", "P"):
        # Pillow shrinks palettes by dropping points; real colours are averaged.
        picture = picture.convert("RGBA")
    # Shrinks while decoding where the format can, and before anything else makes a copy.
    picture.thumbnail((AVATAR_SIDE, AVATAR_SIDE))
    seen = ImageOps.exif_transpose(picture).convert("RGBA")
    canvas = Image.new("RGB", seen.size, "white")
    canvas.paste(seen, mask=seen.getchannel("A"))
    output = io.BytesIO()
    canvas.save(output, "JPEG", quality=85)
    return output.getvalue()
