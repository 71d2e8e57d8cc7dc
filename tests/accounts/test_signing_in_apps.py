"""POST auth/token: e-mail address or telephone number, and a password, for two tokens."""

from datetime import timedelta
from unittest import mock

import pytest
import time_machine
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from tests.backoffice.test_entering import SECRET, code_of_the_moment

from .people import ME, PASSWORD, TOKEN, app_with, make_user

LOGINS = ["mei@example.com", "MEI@Example.com ", "13800138000", "+86 138 0013 8000"]


def knock(client, login="mei@example.com", password="wrong-horse-7", address="192.0.2.1"):
    body = {"login": login, "password": password}
    return client.post(TOKEN, body, format="json", REMOTE_ADDR=address)


@pytest.fixture
def clock():
    """Limits have fixed windows; so that none ends while a test runs."""
    with time_machine.travel("2026-03-02 09:00:00+08:00", tick=False) as clock:
        yield clock


@pytest.mark.parametrize("login", LOGINS)
def test_every_way_to_write_it_signs_in(anyone, mei, login):
    answer = knock(anyone, login, PASSWORD)

    assert answer.status_code == 200
    assert set(answer.json()["data"]) == {"access", "refresh", "expires_in"}
    assert app_with(answer.json()["data"]["access"]).get(ME).json()["data"]["id"] == str(mei.pk)


def test_signing_in_is_remembered(anyone, mei):
    knock(anyone, password=PASSWORD)

    mei.refresh_from_db()
    assert mei.last_login is not None


def test_a_wrong_password_an_unknown_and_a_closed_account_answer_alike(anyone, mei):
    make_user("closed@example.com", is_active=False)

    wrong = knock(anyone)
    unknown = knock(anyone, "nobody@example.com", PASSWORD)
    closed = knock(anyone, "closed@example.com", PASSWORD)

    assert wrong.status_code == unknown.status_code == closed.status_code == 401
    assert wrong.json()["code"] == "unauthenticated"
    assert wrong.content == unknown.content == closed.content


def test_an_unknown_account_costs_the_same_work(anyone, mei, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    mei.password = make_password(PASSWORD)
    mei.save()
    hasher = "django.contrib.auth.hashers.PBKDF2PasswordHasher.encode"
    work = []
    for login in ("mei@example.com", "nobody@example.com", "+8613911112222", "no login at all"):
        with mock.patch(hasher, return_value="pbkdf2_sha256$1000000$salt$hash") as encode:
            knock(anyone, login)
        work.append(encode.call_count)

    assert work == [1, 1, 1, 1]


def test_who_never_chose_a_password_cannot_guess_one(anyone, mei):
    mei.set_unusable_password()
    mei.save()

    assert knock(anyone, password=mei.password).status_code == 401


@pytest.mark.parametrize("body", [{}, {"login": "mei@example.com"}, {"login": [], "password": {}}])
def test_half_a_request_is_refused_at_its_fields(anyone, mei, body):
    answer = anyone.post(TOKEN, body, format="json")

    assert answer.status_code == 400
    assert answer.json()["errors"]


def test_an_old_token_does_not_keep_anybody_from_signing_in(mei):
    assert knock(app_with("long.out.dated"), password=PASSWORD).status_code == 200


def test_ten_failures_close_the_account_for_a_while(anyone, mei, clock):
    fails = [knock(anyone, address=f"192.0.2.{n}").status_code for n in range(10)]
    closed = knock(anyone, password=PASSWORD, address="192.0.2.99")

    assert fails == [401] * 10
    assert closed.status_code == 429
    assert closed.json()["code"] == "rate_limited"
    assert 0 < int(closed["Retry-After"]) <= 15 * 60


def test_ten_failures_close_an_address_for_a_while(anyone, mei, clock):
    for n in range(10):
        knock(anyone, f"somebody-{n}@example.com")

    assert knock(anyone, password=PASSWORD).status_code == 429
    assert knock(anyone, password=PASSWORD, address="192.0.2.99").status_code == 200


def test_one_network_is_one_address_in_ipv6(anyone, mei, clock):
    for n in range(10):
        knock(anyone, f"somebody-{n}@example.com", address=f"2001:db8::{n}")

    assert knock(anyone, password=PASSWORD, address="2001:db8::ffff").status_code == 429


def test_an_unknown_account_closes_in_the_same_way(anyone, db, clock):
    for n in range(10):
        knock(anyone, "nobody@example.com", address=f"192.0.2.{n}")

    assert knock(anyone, "nobody@example.com", address="192.0.2.99").status_code == 429


def test_the_account_opens_again_by_itself(anyone, mei, clock):
    for n in range(10):
        knock(anyone, address=f"192.0.2.{n}")

    clock.shift(timedelta(minutes=15))

    assert knock(anyone, password=PASSWORD, address="192.0.2.99").status_code == 200


def test_strangers_do_not_lock_the_owner_out_of_where_they_sign_in(anyone, mei, clock):
    knock(anyone, password=PASSWORD, address="203.0.113.7")
    for n in range(10):
        knock(anyone, address=f"192.0.2.{n}")

    assert knock(anyone, password=PASSWORD, address="192.0.2.99").status_code == 429
    assert knock(anyone, password=PASSWORD, address="203.0.113.7").status_code == 200


def test_knocking_on_a_closed_address_closes_no_accounts(anyone, mei, clock):
    for n in range(10):
        knock(anyone, f"somebody-{n}@example.com")
    for _ in range(20):
        knock(anyone)

    assert knock(anyone, password=PASSWORD, address="192.0.2.99").status_code == 200


def test_successes_are_not_counted(anyone, mei, clock):
    codes = [knock(anyone, password=PASSWORD).status_code for _ in range(30)]

    assert codes == [200] * 30


def test_counters_tell_neither_who_nor_where(anyone, mei, clock):
    from booking_site.common.models import AttemptCounter

    knock(anyone, "nobody@example.com", address="192.0.2.44")

    names = " ".join(AttemptCounter.objects.values_list("name", flat=True))
    assert names
    assert "nobody" not in names
    assert "192.0.2.44" not in names


def test_the_access_token_says_how_long_it_lives(anyone, mei):
    before = timezone.now()

    seconds = knock(anyone, password=PASSWORD).json()["data"]["expires_in"]

    assert seconds == 300
    assert timezone.now() - before < timedelta(seconds=30)


def signs_in(client, **more):
    body = {"login": "mei@example.com", "password": PASSWORD, **more}
    return client.post(TOKEN, body, format="json", REMOTE_ADDR="192.0.2.1")


def test_who_has_a_second_factor_gives_it_too(anyone, mei):
    TOTP.activate(mei, SECRET)
    spare = RecoveryCodes.activate(mei).get_unused_codes()[0]
    code = code_of_the_moment()

    for wrong in ({}, {"second_factor": ""}, {"second_factor": "000000"}):
        answer = signs_in(anyone, **wrong)
        assert (answer.status_code, set(answer.json()["errors"])) == (400, {"second_factor"})
    for right in (code, spare):
        assert signs_in(anyone, second_factor=right).status_code == 200
        # Each counts once.
        assert signs_in(anyone, second_factor=right).status_code == 400


def test_guesses_of_the_second_factor_are_counted(anyone, mei):
    TOTP.activate(mei, SECRET)

    answers = [signs_in(anyone, second_factor=f"{n:06}").status_code for n in range(12)]

    assert answers == [400] * 10 + [429] * 2


def test_staff_must_have_one_where_it_is_asked_for(anyone, mei, settings):
    settings.STAFF_MFA_REQUIRED = True
    assert signs_in(anyone).status_code == 200
    mei.is_staff = True
    mei.save()

    answer = signs_in(anyone)

    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
