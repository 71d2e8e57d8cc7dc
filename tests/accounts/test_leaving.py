"""DELETE me: the person is forgotten, the row stays."""

from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts import services
from accounts.errors import LastOperator
from accounts.events import UserErased
from accounts.models import Child, Pet, RefreshToken, User
from booking_site.common import events
from booking_site.common.actors import Actor
from booking_site.common.errors import Refusal
from booking_site.common.transactions import run_in_transaction

from .crowd import MANY, at_once
from .people import ME, PASSWORD, app_with, make_user, refresh, tokens_of
from .test_avatar import GOOD


def leave(app, **body):
    return app.delete(ME, body or {"password": PASSWORD}, format="json")


def test_nothing_personal_is_left(meis_app, mei):
    Pet.objects.create(owner=mei, name="豆豆", species="dog")
    Child.objects.create(parent=mei, name="小明")
    facts = {"location": {"lat": 1, "lng": 2}, "preferences": {"a": 1}}
    meis_app.patch(ME, facts, format="json")

    assert leave(meis_app).status_code == 204

    mei.refresh_from_db()
    assert (mei.email, mei.phone, mei.display_name, mei.latitude) == (None, None, "", None)
    assert (mei.is_active, mei.preferences, mei.last_login) == (False, {}, None)
    assert not mei.has_usable_password()
    for rows in (Pet, Child, RefreshToken, EmailAddress):
        assert not rows.objects.exists()


def test_the_row_stays_for_the_books(meis_app, mei):
    leave(meis_app)

    assert User.objects.filter(pk=mei.pk).exists()


def test_every_token_and_session_ends(mei, wang):
    pair, other = tokens_of("mei@example.com"), tokens_of("mei@example.com")
    browser, wangs_browser = Client(), Client()
    browser.force_login(mei)
    wangs_browser.force_login(wang)

    leave(app_with(pair["access"]))

    assert app_with(other["access"]).get(ME).status_code == 401
    assert refresh(other["refresh"]).status_code == 401
    assert browser.get(ME).status_code == 401
    assert [s.get_decoded()["_auth_user_id"] for s in Session.objects.all()] == [str(wang.pk)]


def test_the_picture_is_deleted(meis_app, django_capture_on_commit_callbacks):
    answer = meis_app.put(f"{ME}/avatar", GOOD["PNG"], content_type="image/png")
    url = answer.json()["data"]["avatar_url"]
    path = Path(settings.MEDIA_ROOT) / url.removeprefix(settings.MEDIA_URL)
    assert path.exists()

    with django_capture_on_commit_callbacks(execute=True):
        leave(meis_app)

    assert not path.exists()


def test_the_address_is_free_for_a_new_account(meis_app, mei):
    leave(meis_app)

    assert make_user("mei@example.com", phone="+8613800138000").pk != mei.pk


def test_two_may_leave(meis_app, wangs_app):
    assert leave(meis_app).status_code == leave(wangs_app).status_code == 204


@pytest.mark.parametrize("body", [{"password": "wrong-horse-7"}, {"password": ""}, {"x": 1}])
def test_it_needs_the_password(meis_app, mei, body):
    answer = leave(meis_app, **body)

    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {"password"}
    assert User.objects.get(pk=mei.pk).is_active


def test_who_never_had_a_password_needs_none(mei):
    app = app_with(tokens_of("mei@example.com")["access"])
    app.force_authenticate(mei)
    mei.set_unusable_password()
    mei.save()

    assert leave(app, x=1).status_code == 204


def test_upper_apps_hear_of_it_while_they_can_still_read_who_it_is(meis_app, mei, monkeypatch):
    heard: list[str | None] = []
    monkeypatch.setitem(
        events._receivers,
        UserErased,
        [lambda event: heard.append(User.objects.get(pk=event.user_id).email)],
    )

    leave(meis_app)

    assert heard == ["mei@example.com"]


def test_an_upper_app_can_refuse_and_then_nothing_is_lost(meis_app, mei, monkeypatch):
    def refuse(event: UserErased) -> None:
        raise Refusal("first settle your open appointments")

    monkeypatch.setitem(events._receivers, UserErased, [refuse])

    assert leave(meis_app).status_code == 400
    assert meis_app.get(ME).json()["data"]["email"] == "mei@example.com"


def test_the_record_of_staff_edits_names_nobody_who_has_left(mei, wang, meis_app):
    pet = Pet.objects.create(owner=mei, name="豆豆", species="dog")
    for row in (mei, pet, wang):
        LogEntry.objects.log_actions(wang.pk, [row], CHANGE, "changed")

    leave(meis_app)

    assert [one.object_repr for one in LogEntry.objects.order_by("pk")] == ["", "", str(wang)]


class TestOfTheLastOperator:
    SENTENCE = "There would be no operator left. Make somebody else one first."

    @pytest.fixture(autouse=True)
    def rights(self, mei):
        mei.is_superuser = mei.is_staff = True
        mei.save()

    def test_they_stay_until_somebody_else_is_one(self, meis_app, mei, wang):
        answer = meis_app.delete(
            ME, {"password": PASSWORD}, format="json", HTTP_ACCEPT_LANGUAGE="en"
        )

        assert answer.status_code == 409
        assert (answer.json()["code"], answer.json()["error"]) == ("conflict", self.SENTENCE)
        mei.refresh_from_db()
        assert (mei.is_active, mei.email) == (True, "mei@example.com")

        wang.is_superuser = True
        wang.save()
        assert leave(meis_app).status_code == 204

    def test_one_whose_account_is_closed_is_nobody_else(self, meis_app, wang):
        wang.is_superuser, wang.is_active = True, False
        wang.save()

        assert leave(meis_app).status_code == 409

    def test_the_page_says_why(self, client, mei):
        client.force_login(mei)

        answer = client.post(
            "/accounts/profile/leave/", {"password": PASSWORD}, HTTP_ACCEPT_LANGUAGE="en"
        )

        assert answer.status_code == 200
        assert self.SENTENCE in answer.content.decode()
        assert User.objects.get(pk=mei.pk).is_active


@pytest.mark.django_db(transaction=True)
def test_of_the_last_two_operators_who_leave_at_once_one_stays():
    two = [User(email=f"op{n}@example.com", is_superuser=True) for n in range(2)]
    User.objects.bulk_create(two)
    # The other threads only disturb.
    turns = two + [None] * (MANY - 2)

    def attempt() -> int:
        one = turns.pop()
        if one is None:
            return 0
        try:
            run_in_transaction(
                lambda: services.erase_account(one, by=Actor.of(one), at=timezone.now())
            )
        except LastOperator as refusal:
            return refusal.status
        return 204

    assert at_once(attempt) == [0] * (MANY - 2) + [204, 409]
    assert User.objects.filter(is_superuser=True, is_active=True).count() == 1
