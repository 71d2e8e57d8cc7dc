"""Pictures that ask for more work than they are worth, and those that only look as if they did."""

import io
import struct
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

import pytest
from PIL import Image, TiffImagePlugin

from booking_site.common import pictures
from booking_site.common.pictures import BadPicture, Picture, pictures_from

SIDE = 1600
RED, BLUE = (200, 30, 30), (30, 30, 200)


def made(raw: bytes, side: int = SIDE) -> Picture:
    (picture,) = pictures_from(raw, sides=(side,), field="photo")
    return picture


def saved(picture: Image.Image, kind: str = "JPEG", **options) -> bytes:
    output = io.BytesIO()
    picture.save(output, kind, **options)
    return output.getvalue()


def plain(kind: str = "JPEG", size: tuple[int, int] = (40, 30), mode: str = "RGB") -> bytes:
    return saved(Image.new(mode, size), kind)


def segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def jpeg_with(*segments: bytes) -> bytes:
    raw = plain()
    return raw[:2] + b"".join(segments) + raw[2:]


def png_with(*chunks: bytes) -> bytes:
    raw = plain("PNG")
    return raw[:33] + b"".join(chunks) + raw[33:]


def of_many_scans(count: int, frame: int = 0xC2) -> bytes:
    """Eight points wide and high, grey; each scan walks over all of it and brings nothing."""
    table = bytes([1] + [0] * 15)
    raw = b"\xff\xd8" + segment(0xDB, b"\0" + b"\1" * 64)
    raw += segment(frame, struct.pack(">BHHB", 8, 8, 8, 1) + b"\1\x11\0")
    raw += segment(0xC4, b"\0" + table + b"\0") + segment(0xC4, b"\x10" + table + b"\0")
    raw += segment(0xDA, b"\1\1\0\0\0\0") + b"\x7f"
    return raw + (segment(0xDA, b"\1\1\0\1\x3f\0") + b"\x7f") * (count - 1) + b"\xff\xd9"


def exif_that_points_to_itself() -> bytes:
    """Some thousand tags, each with the same 50 kB: read one by one, they come to 100 MB."""
    tags = b"".join(struct.pack("<HHII", tag, 7, 50_000, 8) for tag in range(1, 2001))
    table = b"II*\0" + struct.pack("<IH", 8, 2000) + tags
    return table.ljust(60_000, b"\0")


def held(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = "A camera"
    exif[0x0112] = orientation
    return exif


@pytest.mark.parametrize(
    "raw",
    [
        of_many_scans(33),
        of_many_scans(2000),
        of_many_scans(2, frame=0xCA),
        jpeg_with(*[segment(0xE1, b"Exif\0\0" + b"x" * 8)] * 129),
        jpeg_with(*[segment(0xFE, b"")] * 20_000),
        jpeg_with(*[segment(0xDD, b"\0\0")] * 600),
        png_with(*[chunk(b"prVt", b"")] * 20_000),
    ],
    ids=["scans", "many scans", "arithmetic", "EXIF", "comments", "tables", "chunks"],
)
def test_what_has_more_parts_than_a_photo_is_not_a_picture(raw):
    with pytest.raises(BadPicture) as refusal:
        made(raw)
    with pytest.raises(BadPicture) as other:
        made(b"no picture")

    assert refusal.value.errors == other.value.errors


def test_as_many_parts_as_a_careful_photo_has_are_taken():
    notes = [segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0" + b"x" * 9)] * 120

    assert made(of_many_scans(32)).width == 8
    assert made(jpeg_with(*notes)).width == 40
    assert made(png_with(*[chunk(b"prVt", b"")] * 2000)).width == 40


def test_scans_in_a_thumbnail_or_behind_the_picture_do_not_count():
    hidden = b"\xff\xda\0\2" * 1000

    assert made(jpeg_with(segment(0xE1, b"Exif\0\0" + hidden))).width == 40
    # As telephones add the film of a moment.
    assert made(plain() + hidden).width == 40


def test_pillow_sees_nothing_that_stands_beside_the_picture(monkeypatch):
    seen, opens = [], Image.open

    def noting(file, **options):
        seen.append(file.getvalue())
        return opens(file, **options)

    monkeypatch.setattr(Image, "open", noting)
    raw = jpeg_with(segment(0xE1, b"Exif\0\0" + b"secret"), segment(0xFE, b"secret"), b"secret")
    made(raw + b"secret")

    assert b"secret" in raw
    assert b"secret" not in seen[0]


@pytest.mark.parametrize(
    "raw",
    [
        jpeg_with(segment(0xE1, b"Exif\0\0" + exif_that_points_to_itself())),
        png_with(chunk(b"eXIf", exif_that_points_to_itself())),
        saved(Image.new("RGB", (40, 30)), "WEBP", exif=exif_that_points_to_itself()),
    ],
    ids=["JPEG", "PNG", "WebP"],
)
def test_tags_are_not_copied(raw, monkeypatch):
    def load(*args):
        raise AssertionError("Pillow reads all of them")

    monkeypatch.setattr(TiffImagePlugin.ImageFileDirectory_v2, "load", load)

    assert made(raw).width == 40


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_it_is_turned_as_the_camera_was_held(kind, orientation):
    picture = Image.new("RGB", (64, 32), BLUE)
    picture.paste(RED, (0, 0, 32, 16))
    corners = {
        1: (0, 0),
        2: (1, 0),
        3: (1, 1),
        4: (0, 1),
        5: (0, 0),
        6: (1, 0),
        7: (1, 1),
        8: (0, 1),
    }

    shown = made(saved(picture, kind, exif=held(orientation)))

    assert (shown.width, shown.height) == ((64, 32) if orientation < 5 else (32, 64))
    right, down = corners[orientation]
    spot = (shown.width * (1 + 2 * right) // 4, shown.height * (1 + 2 * down) // 4)
    red, _green, blue = Image.open(io.BytesIO(shown.jpeg)).convert("RGB").getpixel(spot)
    assert red > blue


def test_an_orientation_in_the_other_byte_order_counts():
    tag = struct.pack(">HHIHH", 0x0112, 3, 1, 6, 0)
    exif = b"Exif\0\0MM\0*" + struct.pack(">IH", 8, 1) + tag

    assert made(jpeg_with(segment(0xE1, exif))).width == 30


@pytest.mark.parametrize(
    "exif", [b"", b"II*\0", b"II*\0\xff\xff\xff\xff", b"MM\0*\0\0\0\x08\xff\xff"]
)
def test_tags_that_are_broken_turn_nothing(exif):
    assert made(jpeg_with(segment(0xE1, b"Exif\0\0" + exif))).width == 40


def test_twelve_million_progressive_pixels_held_sideways_are_taken():
    raw = saved(Image.effect_noise((4000, 3000), 60).convert("RGB"), progressive=True, exif=held(6))

    shown = made(raw)

    assert (shown.width, shown.height) == (1200, 1600)


@pytest.mark.parametrize("mode", ["P", "RGBA", "LA"])
def test_no_large_picture_is_copied_whole_to_be_shrunk(mode, monkeypatch):
    copied, convert = [], Image.Image.convert

    def noting(self, *args, **options):
        copied.append(self.width * self.height)
        return convert(self, *args, **options)

    raw = plain("PNG", (4898, 4898), mode)
    monkeypatch.setattr(Image.Image, "convert", noting)

    assert made(raw).width == SIDE
    assert max(copied) <= 2 * SIDE * SIDE


def test_a_palette_is_shrunk_to_the_same_picture():
    picture = Image.new("RGB", (1001, 3001), RED)
    picture.paste(BLUE, (0, 1500, 1001, 3001))

    shown = made(saved(picture.quantize(4), "PNG"), side=500)

    seen = Image.open(io.BytesIO(shown.jpeg)).convert("RGB")
    assert seen.size == (167, 500)
    for spot, colour in (((80, 20), RED), ((80, 235), RED), ((80, 265), BLUE), ((80, 498), BLUE)):
        got = seen.getpixel(spot)
        assert max(abs(a - b) for a, b in zip(got, colour, strict=True)) < 12


def test_two_are_decoded_at_once(monkeypatch):
    now, most, lock = [0], [0], Lock()

    def slow(*args):
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        time.sleep(0.02)
        with lock:
            now[0] -= 1
        return []

    monkeypatch.setattr(pictures, "_encoded", slow)
    raw = plain()
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _one: pictures_from(raw, sides=(9,), field="photo"), range(6)))

    assert most == [2]


def test_a_refused_picture_makes_room_for_the_next():
    for _one in range(5):
        with pytest.raises(BadPicture):
            made(b"no picture")

    assert made(plain()).width == 40
