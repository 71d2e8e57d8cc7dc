"""Whose conversations are whose, on the pages."""

import pytest
from django.test import Client

from accounts.models import User
from chat.models import Conversation, Message
from tests.appointments.world import NOW
from tests.chat import talk

from .visits import LIST, at_home, thread

PAGES = ["", "messages/", "members/", "report/", "block/"]


@pytest.mark.parametrize("rest", PAGES)
def test_nobody_else_finds_a_conversation(talking: Conversation, mei: User, rest: str):
    assert at_home(mei).get(thread(talking, rest)).status_code == 404


@pytest.mark.parametrize(
    "rest", ["send/", "read/", "mute/", "block/", "report/", "rename/", "add/", "leave/"]
)
def test_nobody_else_does_anything_in_it(talking: Conversation, mei: User, rest: str):
    sent = {"text": "Hi", "seq": "1", "muted": "1", "reason": "spam", "name": "x"}

    assert at_home(mei).post(thread(talking, rest), sent).status_code == 404
    assert not Message.objects.exists()


@pytest.mark.parametrize("number", ["9" * 19, "9" * 30, "9" * 5000])
def test_a_number_too_large_for_any_row_is_nobody_s(hers: Client, number: str):
    for path in (f"{LIST}{number}/", f"{LIST}{number}/messages/", f"{LIST}blocks/{number}/remove/"):
        assert hers.get(path).status_code == 404
        assert hers.post(path).status_code == 404


@pytest.mark.parametrize("path", ["", "search/", "groups/new/", "blocks/", "7/", "new/?to=3"])
def test_guests_are_asked_to_sign_in_and_come_back(db: None, path: str):
    answer = Client().get(f"{LIST}{path}")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=/chat/")


def test_a_script_whose_person_has_signed_out_is_told_so(db: None):
    answer = Client().post("/chat/7/send/", headers={"accept": "application/json"})

    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "unauthenticated"


def test_a_message_of_another_conversation_is_not_there(
    talking: Conversation, fang: User, mei: User, hers: Client, wei_user: User
):
    other = talk.between(mei, wei_user, at=NOW)
    theirs = talk.say(mei, other, at=NOW)

    assert hers.post(thread(talking, f"{theirs.pk}/take-back/")).status_code == 404
    assert hers.get(thread(talking, f"{theirs.pk}/edit/")).status_code == 404
    assert hers.get(thread(talking, "report/"), {"message": theirs.pk}).status_code == 404


def test_only_its_author_changes_a_message(
    talking: Conversation, fang: User, his: Client, hers: Client
):
    said = talk.say(fang, talking, at=NOW)

    assert his.get(thread(talking, f"{said.pk}/edit/")).status_code == 404
    his.post(thread(talking, f"{said.pk}/take-back/"))
    said.refresh_from_db()
    assert said.deleted_at is None


def test_the_forms_are_guarded_against_other_sites(talking: Conversation, fang: User):
    client = Client(enforce_csrf_checks=True)
    client.force_login(fang)

    assert client.post(thread(talking, "send/"), {"text": "Hi"}).status_code == 403
    assert client.post("/chat/new/", {"to": "1"}).status_code == 403
