"""What strangers send as a photo: by the API and by the page. Whatever it is, it is refused or
harmless, and never an error of ours."""

import io
import json
import struct
import zlib

import pytest
from django.test import Client
from PIL import Image

from booking_site.common.actors import SYSTEM
from booking_site.common.files import private_storage
from reviews.models import Review, ReviewPhoto
from reviews.services import hide
from reviews.timed import FOLDER
from tests.accounts.test_avatar import BAD, png_that_claims
from tests.appointments import world
from tests.callers import caller, data_of, refusal_of
from tests.pages.visitor import Visitor

from .photographs import added, picture, upload
from .visits import say, served

PHOTOS = "/api/v1/reviews/photos"
SCRIPT = b"<script>alert(document.cookie)</script>"


@pytest.fixture
def visit(wei, fang):
    return served(wei, customer=fang)


def send(user, visit, raw=None, name="a.jpg", **headers):
    body = {"appointment_id": str(visit.pk), "photo": upload(raw, name)}
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    return caller(user).client.post(PHOTOS, body, format="multipart", headers=named)


def gif_as_html():
    return b"GIF89a/*" + SCRIPT + b"*/=1;"


def jpeg_with(extra: bytes) -> bytes:
    """A picture, and in a comment of it what somebody hopes that a browser will run."""
    return picture("JPEG", comment=extra)


def png_with_text(extra: bytes) -> bytes:
    raw = picture("PNG")
    chunk = b"tEXt" + b"Comment\0" + extra
    piece = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return raw[:33] + piece + raw[33:]


def animated() -> bytes:
    output = io.BytesIO()
    frames = [Image.new("RGB", (40, 40), (n * 20, 0, 0)) for n in range(8)]
    frames[0].save(output, "WEBP", save_all=True, append_images=frames[1:])
    return output.getvalue()


REFUSED = {
    **BAD,
    "a script": b"#!/bin/sh\nrm -rf /\n",
    "PHP": b"<?php system($_GET['c']); ?>",
    "a PDF": b"%PDF-1.7\n1 0 obj<</JS(app.alert(1))>>endobj",
    "an archive": b"PK\x03\x04" + b"\x00" * 60,
    "a GIF that is a page": gif_as_html(),
    "an SVG with a script": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg">'
    + SCRIPT
    + b"</svg>",
    "a program": b"MZ\x90\x00" + b"\x00" * 100,
    "EPS": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    "a JPEG 2000": b"\x00\x00\x00\x0cjP  \r\n\x87\n" + b"\x00" * 40,
    "an AVIF": b"\x00\x00\x00\x20ftypavif" + b"\x00" * 40,
    "an ICNS": b"icns\x00\x00\x01\x00" + b"\x00" * 200,
    "a wide bomb": png_that_claims(2_000_000, 20),
    "a high bomb": png_that_claims(20, 2_000_000),
}
HARMLESS = {
    "a picture": picture(),
    "a PNG": picture("PNG"),
    "a WebP": picture("WEBP"),
    "one that moves": animated(),
    "a page in a comment": jpeg_with(SCRIPT),
    "a page in a text": png_with_text(SCRIPT),
    "a page behind it": picture("PNG") + SCRIPT,
    "an archive behind it": picture() + b"PK\x03\x04" + b"\x00" * 60,
    "PHP behind it": picture() + b"<?php phpinfo(); ?>",
    "one pixel": picture("PNG", (1, 1)),
    "very wide": picture("PNG", (9000, 1)),
}
NAMES = [
    "../../../etc/passwd",
    "..\\..\\boot.ini",
    "/etc/cron.d/x",
    "a.jpg.php",
    "a.php\x00.jpg",
    "<script>alert(1)</script>.jpg",
    "x" * 3000 + ".jpg",
    ".htaccess",
    "CON.jpg",
    "\u202egpj.exe",
]


@pytest.mark.parametrize("raw", REFUSED.values(), ids=REFUSED)
def test_it_is_refused_by_the_api(fang, visit, raw):
    assert set(refusal_of(send(fang, visit, raw), 400, "invalid")) == {"photo"}
    assert not ReviewPhoto.objects.exists()


# The API tries all of them; page and API ask the same library.
ON_THE_PAGE = ["nothing", "a page", "a GIF", "half a JPEG", "a bomb of 4 billion pixels", "PHP"]


@pytest.mark.parametrize("raw", [REFUSED[one] for one in ON_THE_PAGE], ids=ON_THE_PAGE)
def test_the_page_says_so_and_keeps_what_was_typed(fang, visit, raw):
    client = Client(headers={"accept-language": "en"})
    client.force_login(fang)
    body = {"rating": "5", "comment": "Patient.", "photos": [upload(raw, "it.jpg"), upload()]}

    shown = client.post(f"/appointments/{visit.code}/review/", body).content.decode()

    assert "it.jpg: " in shown
    assert "Patient." in shown
    assert not Review.objects.exists()
    # The good one is kept for the next try.
    assert ReviewPhoto.objects.unused().count() == 1


@pytest.mark.parametrize("raw", HARMLESS.values(), ids=HARMLESS)
def test_it_becomes_a_picture_and_nothing_else(fang, visit, raw):
    key = data_of(send(fang, visit, raw), 201)["id"]

    photo = ReviewPhoto.objects.get(key=key)
    for field, side in ((photo.picture, 1600), (photo.small, 320)):
        with field.open("rb") as file:
            kept = file.read()
        with Image.open(io.BytesIO(kept)) as made:
            assert (made.format, max(made.size) <= side) == ("JPEG", True)
        assert b"script" not in kept
        assert b"<?php" not in kept
        assert b"PK\x03\x04" not in kept
        field.close()


@pytest.mark.parametrize("name", NAMES)
def test_no_name_of_theirs_is_kept(fang, visit, name):
    before = set(_stored())

    data_of(send(fang, visit, name=name), 201)

    for one in set(_stored()) - before:
        assert one.removesuffix(".jpg").isalnum()


def _stored() -> list[str]:
    storage = private_storage()
    return storage.listdir(FOLDER)[1] if storage.exists(FOLDER) else []


def test_place_and_camera_are_gone(fang, visit):
    exif = Image.Exif()
    exif[0x010F] = "Secret Camera"
    exif.get_ifd(0x8825)[2] = (31.0, 14.0, 0.0)
    raw = picture("JPEG", exif=exif)
    assert b"Secret Camera" in raw

    photo = ReviewPhoto.objects.get(key=data_of(send(fang, visit, raw), 201)["id"])

    with photo.picture.open("rb") as file:
        kept = file.read()
    assert b"Secret" not in kept
    assert not Image.open(io.BytesIO(kept)).getexif()


def test_the_photos_named_are_shown_in_that_order(fang, visit):
    ids = [data_of(send(fang, visit), 201)["id"] for _one in range(3)]
    body = {"appointment_id": visit.pk, "rating": 5, "photos": [ids[2], ids[0]]}

    data = data_of(caller(fang).post("/api/v1/reviews", body), 201)

    assert [one["id"] for one in data["photos"]] == [ids[2], ids[0]]
    for one in data["photos"]:
        for url in (one["url"], one["thumbnail_url"]):
            answer = Client().get(url)
            assert answer.status_code == 200
            assert answer.headers["Content-Type"] == "image/jpeg"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_the_same_key_sends_one_photo(fang, visit):
    first, again = (send(fang, visit, idempotency_key="once") for _turn in range(2))

    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json() == first.json()
    assert ReviewPhoto.objects.count() == 1
    other = send(fang, visit, picture("PNG"), idempotency_key="once")
    refusal_of(other, 409, "idempotency_mismatch")


def test_six_are_enough_and_one_can_be_taken_back(fang, visit):
    ids = [data_of(send(fang, visit), 201)["id"] for _one in range(6)]
    assert set(refusal_of(send(fang, visit), 400, "invalid")) == {"photos"}

    assert caller(fang).delete(f"{PHOTOS}/{ids[0]}").status_code == 204

    data_of(send(fang, visit), 201)
    refusal_of(caller(world.register("Bo")).delete(f"{PHOTOS}/{ids[1]}"), 404, "not_found")
    refusal_of(caller(fang).delete(f"{PHOTOS}/{ids[0]}"), 404, "not_found")


def test_nothing_is_decoded_that_is_refused_anyway(fang, wei, store, visit, monkeypatch):
    full = served(wei, "12:00", customer=fang)
    for _one in range(6):
        added(full)
    say(visit)
    early = world.running(store, world.clock("14:00"), customer=fang)
    decoded = []
    monkeypatch.setattr("reviews.api.views.photos.photo_from", lambda *a, **k: decoded.append(a))
    monkeypatch.setattr("reviews.forms.photo_from", lambda *a, **k: decoded.append(a))

    for one in (visit, early):
        refusal_of(send(fang, one), 409, "invalid_transition")
    assert set(refusal_of(send(fang, full), 400, "invalid")) == {"photos"}
    refusal_of(send(wei.user, full), 403, "forbidden")
    client = Client()
    client.force_login(fang)
    for one in (visit, early, full):
        client.post(f"/appointments/{one.code}/review/", {"only_photos": "1", "photos": [upload()]})

    assert decoded == []


def test_what_is_somebody_else_s_is_not_found(fang, visit, wei, store):
    refusal_of(send(world.register("Bo"), visit), 404, "not_found")
    refusal_of(send(None, visit), 401, "unauthenticated")
    for by in (world.acting(wei), world.manager(store)):
        refusal_of(send(by.user, visit), 403, "forbidden")


def test_a_form_that_is_none_gets_the_envelope(fang, visit):
    client = caller(fang).client
    for body in ({}, {"appointment_id": str(visit.pk)}, {"photo": upload()}):
        assert client.post(PHOTOS, body, format="multipart").status_code == 400
    answer = client.post(PHOTOS, json.dumps({}), content_type="application/json")
    refusal_of(answer, 415, "unsupported_media_type")
    for kind in ("multipart/form-data", "multipart/form-data; boundary=\x7f"):
        answer = client.generic("POST", PHOTOS, b"--x\r\n", content_type=kind)
        assert (answer.status_code, answer.json()["success"]) == (400, False)


def test_strangers_do_not_see_what_is_not_sent_or_hidden(store, wei, fang, visit):
    data = data_of(send(fang, visit), 201)
    stranger, fangs = Client(), Client()
    fangs.force_login(fang)

    def seen():
        return [one.get(data["thumbnail_url"]).status_code for one in (stranger, fangs)]

    assert seen() == [404, 200]
    review = say(visit, photos=[data["id"]])
    assert seen() == [200, 200]
    hide(review, reason="Private.", by=SYSTEM, at=world.NOW)
    assert seen() == [404, 200]
    assert stranger.get("/reviews/photos/none.jpg").status_code == 404
    assert stranger.get(f"/media/{ReviewPhoto.objects.get().picture.name}").status_code == 404


def test_a_guest_with_proof_sees_their_own(wei):
    visit = served(wei)
    lan = Visitor(Client(headers={"accept-language": "en"}))
    page = f"/appointments/{visit.code}/review/"
    lan.client.post(f"/appointments/{visit.code}/proof/", {"digits": world.LAN[-4:]})
    lan.client.post(page, {"only_photos": "1", "photos": [upload()]})

    photo = ReviewPhoto.objects.unused().get()
    address = f"/reviews/photos/{photo.key}/small.jpg"
    assert address in lan.look(page)
    assert lan.client.get(address).status_code == 200
    assert Client().get(address).status_code == 404
