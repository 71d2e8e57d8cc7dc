"""Makes small safe pictures out of whatever somebody uploads: avatars, photos of reviews."""

import io
import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from threading import BoundedSemaphore

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image

from booking_site.common.errors import Invalid

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 24_000_000

# A few kilobytes may ask for a hundred megabytes and a second of work; not for many at once.
MOST_AT_ONCE = 2
# Progressive photos have about ten. Each walks over the whole picture, however little it holds.
MOST_SCANS = 32
# What cameras and phones note beside the picture, in pieces of at most 64 kB.
MOST_NOTES = 128
MOST_SEGMENTS = 512
# 10 MB of a careful PNG come in one or two thousand.
MOST_CHUNKS = 16_384
# Cameras write twenty or so into the first table.
MOST_TAGS = 256

JPEG_START = b"\xff\xd8\xff"
PNG_START = b"\x89PNG\r\n\x1a\n"
# Those with something in them, and the end; fill bytes, restarts and stuffed zeros are passed over.
MARKER = re.compile(rb"\xff([\xc0-\xc7\xc9-\xcf\xd9-\xef\xfe])")
END, SCAN, APP0, APP1, APP14, APP15, COMMENT = 0xD9, 0xDA, 0xE0, 0xE1, 0xEE, 0xEF, 0xFE
FRAMES = {0xC0, 0xC1, 0xC2}
TABLES = {0xC4, 0xDB, 0xDC, 0xDD}
# JFIF and Adobe say there how the colours are to be read.
COLOURS = {APP0, APP14}

EXIF = b"Exif\0\0"
ORIENTATION, LONG = 0x0112, 4
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# Pillow shrinks these as they are; the others need a copy in real colours first.
SHRINKABLE = ("L", "RGB", "CMYK")
BAND_ROWS = 64

_at_once = BoundedSemaphore(MOST_AT_ONCE)


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
    with _at_once:
        return _pictures(raw, sides, field)


def _pictures(raw: bytes, sides: Sequence[int], field: str) -> list[Picture]:
    try:
        exif = b""
        if raw.startswith(JPEG_START):
            raw, exif = _bare(raw)
        elif raw.startswith(PNG_START):
            _count_chunks(raw)
        picture = Image.open(io.BytesIO(raw), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadPicture(_("The picture has more than 24 million pixels."), field=field) from error
    except Exception as error:
        raise BadPicture(_("Please choose a JPEG, PNG or WebP picture."), field=field) from error
    if picture.width * picture.height > MOST_PIXELS:
        raise BadPicture(_("The picture has more than 24 million pixels."), field=field)
    try:
        return _encoded(picture, sides, exif)
    # A decoder fed by strangers may fail in any way; all of them mean the same to the stranger.
    except Exception as error:
        raise BadPicture(_("This picture is damaged."), field=field) from error


def _bare(raw: bytes) -> tuple[bytes, bytes]:
    """A JPEG without what stands before and behind its picture, and its EXIF. Raises ValueError for
    one that asks for more work than any camera's.

    Pillow reads whatever stands there in ways that take time or memory by the square of it.
    """
    kept, exif, at, end, start = [raw[:2]], b"", 2, len(raw), None
    segments = scans = notes = 0
    while found := MARKER.search(raw, at):
        marker, first, at = found[1][0], found.start(), found.end()
        if marker == END:
            if start is not None:
                end = at
                break
            continue
        at += max(2, int.from_bytes(raw[at : at + 2]))
        segments += 1
        scans += marker == SCAN
        notes += APP0 <= marker <= APP15 or marker == COMMENT
        if segments > MOST_SEGMENTS or scans > MOST_SCANS or notes > MOST_NOTES:
            raise ValueError("more parts than a photo has")
        if 0xC0 <= marker <= 0xCF and marker not in FRAMES | TABLES:
            # Arithmetic coding is slow even where nothing is left to decode; no browser shows it.
            raise ValueError("a kind of JPEG that nobody sends")
        if marker == SCAN:
            start = first if start is None else start
        elif start is None and marker in FRAMES | TABLES | COLOURS:
            kept.append(raw[first:at])
        elif marker == APP1 and not exif and raw.startswith(EXIF, found.end() + 2):
            exif = raw[found.end() + 2 : at]
    return b"".join(kept) + (b"" if start is None else raw[start:end]), exif


def _count_chunks(raw: bytes) -> None:
    """Raises ValueError for a PNG of a million crumbs: Pillow takes seconds to look at each."""
    at = len(PNG_START)
    for _chunk in range(MOST_CHUNKS):
        at += 12 + int.from_bytes(raw[at : at + 4])
        if at >= len(raw):
            return
    raise ValueError("more parts than a photo has")


def _encoded(picture: Image.Image, sides: Sequence[int], exif: bytes) -> list[Picture]:
    largest, small = sides[0], picture
    if picture.mode not in SHRINKABLE:
        small = _in_real_colours(picture, max(1, max(picture.size) // largest))
    # Shrinks while decoding where the format can, and before anything else makes a copy.
    small.thumbnail((largest, largest))
    # Only now: a PNG may tell it behind its pixels.
    turn = TURNS.get(_orientation(exif or picture.info.get("exif") or b""))
    seen = (small if turn is None else small.transpose(turn)).convert("RGBA")
    canvas = Image.new("RGB", seen.size, "white")
    canvas.paste(seen, mask=seen.getchannel("A"))
    return [_shrunk(canvas, side) for side in sides]


def _in_real_colours(picture: Image.Image, factor: int) -> Image.Image:
    """With red, green, blue and alpha, ``factor`` times smaller; a few rows at a time, because a
    palette takes a quarter of the room.

    Pillow shrinks palettes by dropping points; real colours are averaged.
    """
    width, height = picture.size
    small = Image.new("RGBA", (-(-width // factor), -(-height // factor)))
    rows = BAND_ROWS * factor
    for top in range(0, height, rows):
        band = picture.crop((0, top, width, min(top + rows, height)))
        small.paste(band.convert("RGBA").reduce(factor), (0, top // factor))
    return small


def _orientation(exif: bytes) -> int:
    """How the camera was held; 1, upright, where it does not say.

    Of all tags only this one is read: Pillow copies what each of thousands may point to.
    """
    tiff = exif.removeprefix(EXIF)
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None:
        return 1
    try:
        (table,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, table)
        for at in range(table + 2, table + 2 + 12 * min(count, MOST_TAGS), 12):
            tag, kind = struct.unpack_from(f"{order}HH", tiff, at)
            if tag == ORIENTATION:
                (value,) = struct.unpack_from(order + ("I" if kind == LONG else "H"), tiff, at + 8)
                return int(value)
    except struct.error:
        pass
    return 1


def _shrunk(canvas: Image.Image, side: int) -> Picture:
    canvas.thumbnail((side, side))
    output = io.BytesIO()
    canvas.save(output, "JPEG", quality=85)
    return Picture(output.getvalue(), canvas.width, canvas.height)
