"""The language that one chooses in the header is that of what one is told."""

import pytest

from accounts.models import User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def fang() -> User:
    return UserFactory(locale="zh-hans")


def choose(client, code: str, **more: str):
    return client.post("/i18n/setlang/", {"language": code, "next": "/track/", **more})


def test_an_account_remembers_it(client, fang):
    client.force_login(fang)

    answer = choose(client, "en")

    assert answer["Location"] == "/track/"
    fang.refresh_from_db()
    assert fang.locale == "en"
    assert 'lang="en"' in client.get("/track/").content.decode()


def test_a_guest_s_browser_does(client):
    choose(client, "en")

    assert 'lang="en"' in client.get("/track/").content.decode()


@pytest.mark.parametrize("code", ["xx", "", "zh-hans'--"])
def test_what_is_no_language_of_ours_changes_nothing(client, fang, code):
    client.force_login(fang)

    choose(client, code)

    fang.refresh_from_db()
    assert fang.locale == "zh-hans"


def test_a_link_changes_nothing(client, fang):
    client.force_login(fang)

    client.get("/i18n/setlang/", {"language": "en"})

    fang.refresh_from_db()
    assert fang.locale == "zh-hans"
