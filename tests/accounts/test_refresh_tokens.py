"""A refresh token works once, and a sign-in ends for all its tokens at once."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import services
from accounts.events import AppSignedOut
from accounts.models import RefreshToken
from booking_site.common import events
from booking_site.common.actors import SYSTEM, Actor

from .people import LOGOUT, ME, PASSWORD, app_with, refresh, tokens_of


@pytest.fixture
def pair(mei):
    return tokens_of("mei@example.com")


def works(access: str) -> bool:
    status = app_with(access).get(ME).status_code
    assert status in (200, 401)
    return status == 200


def test_a_refresh_token_gives_the_next_pair(pair):
    answer = refresh(pair["refresh"])

    new = answer.json()["data"]
    assert answer.status_code == 200
    assert works(new["access"])
    assert new["refresh"] != pair["refresh"]


def test_the_old_access_token_lives_on_for_its_minutes(pair):
    refresh(pair["refresh"])

    assert works(pair["access"])


def test_using_a_refresh_token_twice_ends_the_whole_sign_in(pair):
    second = refresh(pair["refresh"]).json()["data"]
    assert works(second["access"])

    again = refresh(pair["refresh"])

    assert again.status_code == 401
    assert again.json()["code"] == "unauthenticated"
    assert not works(second["access"])
    assert refresh(second["refresh"]).status_code == 401


def test_other_sign_ins_of_the_same_person_go_on(pair):
    other = tokens_of("mei@example.com")
    refresh(pair["refresh"])
    refresh(pair["refresh"])

    assert works(other["access"])
    assert refresh(other["refresh"]).status_code == 200


def test_signing_out_ends_access_at_once(pair):
    answer = APIClient().post(LOGOUT, {"refresh": pair["refresh"]}, format="json")

    assert answer.status_code == 204
    assert not works(pair["access"])
    assert refresh(pair["refresh"]).status_code == 401


def test_an_app_may_sign_out_with_its_access_token_alone(pair):
    other = tokens_of("mei@example.com")

    answer = app_with(pair["access"]).post(LOGOUT, {}, format="json")

    assert answer.status_code == 204
    assert not works(pair["access"])
    assert refresh(pair["refresh"]).status_code == 401
    assert works(other["access"])


def test_nobody_signs_out_nobody(anyone):
    answer = anyone.post(LOGOUT, {}, format="json")

    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


def test_signing_out_twice_is_no_error(pair):
    for _ in range(2):
        answer = APIClient().post(LOGOUT, {"refresh": pair["refresh"]}, format="json")

    assert answer.status_code == 204


def test_signing_out_is_announced_so_that_sockets_can_close(pair, mei, monkeypatch):
    heard: list[AppSignedOut] = []
    monkeypatch.setitem(events._receivers, AppSignedOut, [heard.append])

    APIClient().post(LOGOUT, {"refresh": pair["refresh"]}, format="json")

    assert [event.user_id for event in heard] == [mei.pk]


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "é" * 10])
def test_signing_out_with_something_else_is_refused(anyone, text):
    answer = anyone.post(LOGOUT, {"refresh": text}, format="json")

    assert answer.status_code == (400 if text == "" else 401)


def test_a_closed_account_is_out_at_once(pair, mei):
    mei.is_active = False
    mei.save()

    assert not works(pair["access"])
    assert refresh(pair["refresh"]).status_code == 401


def test_a_new_password_ends_all_sign_ins(pair, mei):
    mei.set_password("another-horse-8")
    mei.save()

    assert not works(pair["access"])
    assert refresh(pair["refresh"]).status_code == 401


def test_an_access_token_dies_of_age(pair):
    with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=1)):
        assert not works(pair["access"])


def test_a_refresh_token_dies_of_age(pair):
    with time_machine.travel(timezone.now() + timedelta(days=14, seconds=1)):
        assert refresh(pair["refresh"]).status_code == 401


def test_an_access_token_does_not_refresh(pair):
    assert refresh(pair["access"]).status_code == 401
    assert works(pair["access"])


def test_a_refresh_token_is_no_access_token(pair):
    assert not works(pair["refresh"])


def test_checking_a_token_takes_one_query(pair, django_assert_num_queries):
    from accounts.gateways.tokens import read_access
    from accounts.selectors import bearer_of

    with django_assert_num_queries(1):
        assert bearer_of(read_access(pair["access"])) is not None


def test_a_token_written_while_its_family_was_revoked_is_dead_too(pair, mei):
    """The revoking UPDATE may miss a row that is committed a moment later."""
    second = refresh(pair["refresh"]).json()["data"]
    RefreshToken.objects.filter(used_at__isnull=False).update(revoked_at=timezone.now())
    assert RefreshToken.objects.filter(revoked_at=None).count() == 1

    assert not works(second["access"])
    assert refresh(second["refresh"]).status_code == 401


def test_all_apps_are_signed_out_at_once(pair, mei):
    other = tokens_of("mei@example.com")

    services.revoke_all(mei, by=SYSTEM, at=timezone.now())

    assert not works(pair["access"])
    assert not works(other["access"])


def test_nobody_issues_tokens_for_another(mei, wang):
    from booking_site.common.errors import Forbidden

    with pytest.raises(Forbidden):
        services.issue_tokens(mei, by=Actor.of(wang), at=timezone.now())


def test_expired_families_are_forgotten_as_a_whole(pair):
    refresh(pair["refresh"])
    living = tokens_of("mei@example.com")
    first_family = RefreshToken.objects.filter(used_at__isnull=False).get().family
    RefreshToken.objects.filter(family=first_family).update(expires_at=timezone.now())

    assert services.forget_expired(at=timezone.now() + timedelta(seconds=1)) == 2
    assert works(living["access"])


def test_a_family_with_one_living_token_is_kept(pair):
    refresh(pair["refresh"])
    RefreshToken.objects.filter(used_at__isnull=False).update(expires_at=timezone.now())

    assert services.forget_expired(at=timezone.now() + timedelta(seconds=1)) == 0


def test_the_password_is_not_in_the_token(pair):
    import base64

    text = base64.urlsafe_b64decode(pair["access"].split(".")[1] + "==").decode()
    assert PASSWORD not in text
    assert "mei" not in text
