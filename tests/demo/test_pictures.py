"""In the demo nothing stands before the site that would serve what people have uploaded."""

import importlib

import pytest
from django.test import Client, override_settings
from django.urls import clear_url_caches

from booking_site import urls


@pytest.fixture
def demo(settings, tmp_path):
    settings.DEMO, settings.DEBUG, settings.MEDIA_ROOT = True, False, tmp_path
    importlib.reload(urls)
    clear_url_caches()
    yield tmp_path
    settings.DEMO = False
    importlib.reload(urls)
    clear_url_caches()


@override_settings(ROOT_URLCONF="booking_site.urls")
def test_an_uploaded_picture_is_served_and_nothing_beside_it(demo, db):
    (demo / "avatars").mkdir()
    (demo / "avatars" / "a.jpg").write_bytes(b"\xff\xd8")

    answer = Client().get("/media/avatars/a.jpg")

    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == b"\xff\xd8"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert Client().get("/media/%2e%2e/manage.py").status_code in (400, 404)
    assert Client().get("/media/avatars/").status_code == 404


@pytest.mark.parametrize("name", ["a" * 300, "a%00b", "%FF%FE"])
def test_a_name_that_no_file_has_is_not_there(demo, name):
    assert Client().get(f"/media/{name}").status_code == 404
    assert Client().post(f"/media/{name}").status_code == 405
