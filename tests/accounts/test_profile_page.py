"""The profile page and the way out."""

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User

from .people import PASSWORD
from .test_avatar import GOOD

PROFILE, PICTURE, LEAVE = (
    "/accounts/profile/",
    "/accounts/profile/picture/",
    "/accounts/profile/leave/",
)


@pytest.fixture
def mine(client, mei):
    client.force_login(mei)
    return client


@pytest.mark.parametrize("path", [PROFILE, PICTURE, LEAVE])
def test_it_asks_who_one_is(client, db, path):
    answer = client.get(path)

    assert answer.status_code == 302
    assert answer["Location"] == f"/accounts/login/?next={path}"


@pytest.mark.parametrize("path", [PROFILE, PICTURE, LEAVE])
def test_the_page_is_there(mine, path):
    page = mine.get(path).content.decode()

    assert "<h1>" in page
    assert "style=" not in page


def test_it_shows_what_is_known(mine):
    page = mine.get(PROFILE).content.decode()

    assert "mei@example.com" in page
    assert 'value="+8613800138000"' in page


def test_it_saves_and_speaks_the_new_language(mine, mei):
    facts = {"display_name": "Mei Wang", "phone": "13900139000", "locale": "en"}

    answer = mine.post(PROFILE, facts, follow=True)

    mei.refresh_from_db()
    assert (mei.display_name, str(mei.phone), mei.locale) == ("Mei Wang", "+8613900139000", "en")
    assert answer.content.decode().startswith('<!doctype html>\n<html lang="en">')


def test_a_name_is_one_line_whatever_was_pasted(mine, mei):
    mine.post(PROFILE, {"display_name": "Mei\r\n\u202eWang", "phone": "", "locale": "en"})

    mei.refresh_from_db()
    assert mei.display_name == "Mei   Wang"


def test_a_name_of_nothing_but_odd_signs_is_none(mine, mei):
    mine.post(PROFILE, {"display_name": "\u202e\x07\u2069", "phone": "", "locale": "en"})

    mei.refresh_from_db()
    assert mei.display_name == "Mei"


def test_a_taken_number_is_refused_at_the_field(mine, mei, wang):
    wang.phone = "+8613900139000"
    wang.save()

    answer = mine.post(
        PROFILE, {"display_name": "Mei", "phone": "13900139000", "locale": "zh-hans"}
    )

    assert 'id="id_phone_error"' in answer.content.decode()


def test_a_picture_is_kept_as_a_jpeg(mine, mei):
    upload = SimpleUploadedFile("me.html", GOOD["PNG"], "text/html")

    assert mine.post(PICTURE, {"avatar": upload}).status_code == 302

    mei.refresh_from_db()
    assert mei.avatar.name.endswith(".jpg")
    assert mei.avatar_url.startswith(settings.MEDIA_URL)


def test_what_is_no_picture_is_refused_at_the_field(mine, mei):
    answer = mine.post(PICTURE, {"avatar": SimpleUploadedFile("a.png", b"hello", "image/png")})

    assert 'id="id_avatar_error"' in answer.content.decode()


def test_leaving_needs_the_password(mine, mei):
    answer = mine.post(LEAVE, {"password": "wrong-horse-7"})

    assert 'id="id_password_error"' in answer.content.decode()
    assert User.objects.get(pk=mei.pk).is_active


def test_who_never_had_a_password_is_asked_for_none(client, mei):
    mei.set_unusable_password()
    mei.save()
    client.force_login(mei)

    assert 'name="password"' not in client.get(LEAVE).content.decode()
    client.post(LEAVE)
    assert not User.objects.get(pk=mei.pk).is_active


def test_leaving_erases_and_signs_out(mine, mei):
    answer = mine.post(LEAVE, {"password": PASSWORD})

    assert answer.status_code == 302
    assert "_auth_user_id" not in mine.session
    assert not User.objects.get(pk=mei.pk).is_active
