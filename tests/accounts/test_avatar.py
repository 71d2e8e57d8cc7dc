"""PUT me/avatar: what goes in may be anything, what is kept is a small JPEG."""

import io
import struct
import zlib
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.gateways.pictures import avatar_from

from .people import ME

AVATAR = f"{ME}/avatar"


def picture(kind: str = "JPEG", size: tuple[int, int] = (1200, 800), mode: str = "RGB", **options):
    output = io.BytesIO()
    Image.new(mode, size).save(output, kind, **options)
    return output.getvalue()


def put(app, raw: bytes, kind: str = "image/jpeg"):
    return app.put(AVATAR, raw, content_type=kind)


def put_form(app, raw: bytes, name: str = "me.jpg", kind: str = "image/jpeg"):
    return app.put(AVATAR, {"avatar": SimpleUploadedFile(name, raw, kind)}, format="multipart")


def stored(answer) -> Path:
    url = answer.json()["data"]["avatar_url"]
    return Path(settings.MEDIA_ROOT) / url.removeprefix(settings.MEDIA_URL)


GOOD = {
    "JPEG": picture("JPEG"),
    "PNG": picture("PNG"),
    "WebP": picture("WEBP"),
    "PNG with transparency": picture("PNG", mode="RGBA"),
    "PNG with a palette": picture("PNG", mode="P"),
    "grey JPEG": picture("JPEG", mode="L"),
    "CMYK JPEG": picture("JPEG", mode="CMYK"),
    "one pixel": picture("PNG", size=(1, 1)),
    "very wide": picture("PNG", size=(5000, 1)),
}


@pytest.mark.parametrize("raw", GOOD.values(), ids=GOOD)
@pytest.mark.parametrize("send", [put, put_form])
def test_a_picture_becomes_a_small_jpeg(meis_app, send, raw):
    answer = send(meis_app, raw)

    assert answer.status_code == 200
    with Image.open(stored(answer)) as kept:
        assert kept.format == "JPEG"
        assert max(kept.size) <= 512
    assert meis_app.get(ME).json()["data"]["avatar_url"] == answer.json()["data"]["avatar_url"]


def test_place_and_camera_are_gone(meis_app):
    exif = Image.Exif()
    exif[0x010F] = "Secret Camera"
    exif.get_ifd(0x8825)[2] = (31.0, 14.0, 0.0)
    raw = picture("JPEG", exif=exif, comment=b"a secret remark")
    assert b"Secret Camera" in raw

    kept = stored(put(meis_app, raw)).read_bytes()

    assert b"Secret" not in kept
    assert b"secret" not in kept
    assert not Image.open(io.BytesIO(kept)).getexif()


def test_a_picture_taken_sideways_is_turned_upright(meis_app):
    exif = Image.Exif()
    exif[0x0112] = 6
    raw = picture("JPEG", size=(400, 200), exif=exif)

    with Image.open(stored(put(meis_app, raw))) as kept:
        assert kept.size == (200, 400)


def test_the_name_tells_nothing(meis_app, mei):
    path = stored(put_form(meis_app, GOOD["PNG"], name="../../mei.php.html"))

    assert path.parent.name == "avatars"
    assert path.suffix == ".jpg"
    assert len(path.stem) == 32


def test_the_old_file_goes_when_a_new_one_comes(meis_app, django_capture_on_commit_callbacks):
    first = stored(put(meis_app, GOOD["PNG"]))
    assert first.exists()

    with django_capture_on_commit_callbacks(execute=True):
        second = stored(put(meis_app, GOOD["PNG"]))

    assert second.exists()
    assert not first.exists()


def test_the_picture_can_be_taken_away(meis_app, django_capture_on_commit_callbacks):
    path = stored(put(meis_app, GOOD["PNG"]))

    with django_capture_on_commit_callbacks(execute=True):
        answer = meis_app.delete(AVATAR)

    assert answer.status_code == 204
    assert not path.exists()
    assert meis_app.get(ME).json()["data"]["avatar_url"] is None


def png_that_claims(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = zlib.compress(b"\x00" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


BAD = {
    "nothing": b"",
    "text": b"hello",
    "a page": b"<html><script>alert(1)</script></html>",
    "an SVG": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "a GIF": picture("GIF", mode="P"),
    "a BMP": picture("BMP", size=(10, 10)),
    "a TIFF": picture("TIFF", size=(10, 10)),
    "an icon": picture("ICO", size=(16, 16)),
    "half a JPEG": picture("JPEG")[:700],
    "half a PNG": picture("PNG", size=(300, 300))[:200],
    "a JPEG's first bytes": b"\xff\xd8\xff\xe0" + b"\x00" * 100,
    "a PNG's first bytes": b"\x89PNG\r\n\x1a\n" + b"\xff" * 100,
    "a WebP's first bytes": b"RIFF\xff\xff\xff\xffWEBPVP8 " + b"\x00" * 100,
    "25 million pixels": png_that_claims(5000, 5000),
    "100 million pixels": png_that_claims(10_000, 10_000),
    "a bomb of 4 billion pixels": png_that_claims(65_535, 65_535),
    "more than 10 MB": picture("PNG", size=(8, 8)) + b"\x00" * 10_500_000,
}


@pytest.mark.parametrize("raw", BAD.values(), ids=BAD)
@pytest.mark.parametrize("send", [put, put_form])
def test_it_refuses(meis_app, send, raw):
    answer = send(meis_app, raw)

    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {"avatar"}
    assert meis_app.get(ME).json()["data"]["avatar_url"] is None


def test_the_name_of_a_picture_does_not_make_one(meis_app):
    assert put(meis_app, b"%PDF-1.7", "image/png").status_code == 400


def test_a_form_without_a_file_is_refused(meis_app):
    answer = meis_app.put(AVATAR, {"avatar": "a text"}, format="multipart")

    assert answer.status_code == 400


def test_json_is_not_a_picture(meis_app):
    answer = meis_app.put(AVATAR, {"avatar": "x"}, content_type="application/json")

    assert answer.status_code == 415
    assert answer.json()["success"] is False


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=\x7f"])
def test_a_broken_form_gets_the_envelope(meis_app, kind):
    answer = meis_app.generic("PUT", AVATAR, b"--x\r\n", content_type=kind)

    assert answer.status_code == 400
    assert answer.json()["success"] is False


def test_a_hundred_files_and_one_get_the_envelope(meis_app):
    files = {f"f{n}": SimpleUploadedFile("a.png", b"x", "image/png") for n in range(101)}

    answer = meis_app.put(AVATAR, files, format="multipart")

    assert answer.status_code == 400
    assert answer.json()["success"] is False


def test_twenty_four_million_pixels_are_taken():
    raw = picture("JPEG", size=(6000, 4000))

    with Image.open(io.BytesIO(avatar_from(raw))) as kept:
        assert kept.size == (512, 341)


def test_a_disk_that_is_full_is_said_and_not_hidden(meis_app, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("django.core.files.storage.FileSystemStorage._save", full)

    assert put(meis_app, GOOD["PNG"]).status_code == 503
