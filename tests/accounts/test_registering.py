"""Joining over the API."""

import pytest
import time_machine
from django.core import mail
from rest_framework.test import APIClient

from accounts.events import UserRegistered
from accounts.models import User
from booking_site.common import events

from .people import PASSWORD, REGISTER, tokens_of

FACTS = {
    "email": "Li@Example.com",
    "phone": "138 0013 8001",
    "password": PASSWORD,
    "display_name": "李雷",
    "user_type": "customer",
}


def register(client: APIClient, **changes):
    facts = {name: value for name, value in (FACTS | changes).items() if value is not None}
    return client.post(REGISTER, facts, format="json")


def test_the_new_user_is_answered(anyone):
    answer = register(anyone)

    assert answer.status_code == 201
    assert answer.json()["data"] == {
        "id": str(User.objects.get().pk),
        "email": "li@example.com",
        "phone": "+8613800138001",
        "display_name": "李雷",
        "user_type": "customer",
        "realtor_id": None,
        "avatar_url": None,
        "locale": "zh-hans",
        "location": None,
        "preferences": {},
    }


def test_tokens_work_before_the_address_is_confirmed(anyone):
    register(anyone)

    assert tokens_of("li@example.com")["access"]


@pytest.mark.parametrize("missing", ["email", "phone"])
def test_one_way_to_be_reached_is_enough(anyone, missing):
    answer = register(anyone, **{missing: None})

    assert answer.status_code == 201
    assert answer.json()["data"][missing] is None


def test_an_empty_text_is_no_way_to_be_reached(anyone):
    assert register(anyone, phone="").json()["data"]["phone"] is None


def test_the_language_of_the_request_becomes_the_users(anyone):
    answer = anyone.post(REGISTER, FACTS, format="json", HTTP_ACCEPT_LANGUAGE="en")

    assert answer.json()["data"]["locale"] == "en"


def test_who_says_nothing_about_it_is_a_customer(anyone):
    assert register(anyone, user_type=None).json()["data"]["user_type"] == "customer"


def test_a_provider_is_a_realtor_from_the_first_answer_on(anyone):
    data = register(anyone, user_type="provider").json()["data"]

    assert data["user_type"] == "provider"
    assert data["realtor_id"] == str(User.objects.get().realtor.pk)


def test_a_letter_asks_to_confirm_the_address(anyone, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    register(anyone)

    assert [letter.to for letter in mail.outbox] == [["li@example.com"]]
    assert "/accounts/confirm-email/" in mail.outbox[0].body


def test_a_mail_server_that_is_down_keeps_nobody_from_joining(anyone, settings, caplog):
    settings.EMAIL_BACKEND = "tests.accounts.people.BrokenMail"

    assert register(anyone).status_code == 201
    assert "could not send a mail" in caplog.text


def test_upper_apps_hear_of_it(anyone, monkeypatch):
    heard: list[UserRegistered] = []
    monkeypatch.setitem(events._receivers, UserRegistered, [heard.append])

    register(anyone, user_type="provider")

    assert heard == [UserRegistered(user_id=User.objects.get().pk, user_type="provider")]


def test_the_same_key_registers_once(anyone):
    first, again = (
        anyone.post(REGISTER, FACTS, format="json", HTTP_IDEMPOTENCY_KEY="k-1") for _ in range(2)
    )

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again["Idempotency-Replayed"] == "true"
    assert User.objects.count() == 1


REFUSALS = {
    "no address and no number": ({"email": None, "phone": None}, {"email", "phone"}),
    "no password": ({"password": None}, {"password"}),
    "a short password": ({"password": "abc1234"}, {"password"}),
    "a password of digits": ({"password": "8462947561"}, {"password"}),
    "a common password": ({"password": "password1"}, {"password"}),
    "a password like the address": ({"password": "li@example.com"}, {"password"}),
    "a monstrous password": ({"password": "x" * 129}, {"password"}),
    "no address at all": ({"email": "nobody"}, {"email"}),
    "an endless address": ({"email": "a" * 250 + "@example.com"}, {"email"}),
    "a number nobody can call": ({"phone": "12345"}, {"phone"}),
    "an endless name": ({"display_name": "x" * 51}, {"display_name"}),
    "a name of two lines": ({"display_name": "Li\nBcc: all"}, {"display_name"}),
    "a name that turns its sentence": ({"display_name": "Li \u202egnaW"}, {"display_name"}),
    "a name in another direction": ({"display_name": "Li \u2067 Wang"}, {"display_name"}),
    "a kind that does not exist": ({"user_type": "operator"}, {"user_type"}),
    "a list for an address": ({"email": ["a@example.com"]}, {"email"}),
    "an object for a name": ({"display_name": {"a": 1}}, {"display_name"}),
}


@pytest.mark.parametrize(("changes", "fields"), REFUSALS.values(), ids=REFUSALS)
def test_it_is_refused_with(anyone, changes, fields):
    answer = register(anyone, **changes)

    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid"
    assert set(answer.json()["errors"]) == fields
    assert not User.objects.exists()


@pytest.mark.parametrize("field", ["email", "phone"])
def test_what_somebody_has_is_refused_at_that_field(anyone, field):
    register(anyone)
    other = {"email": "other@example.com", "phone": "+8613900139000"}
    other[field] = {"email": "LI@example.com", "phone": "+86 138-0013-8001"}[field]

    answer = register(anyone, **other)

    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {field}


def test_an_address_that_somebody_proved_to_be_theirs_is_taken_too(anyone, mei):
    mei.emailaddress_set.create(email="li@example.com", verified=True)

    assert set(register(anyone).json()["errors"]) == {"email"}


def test_nobody_registers_with_rights(anyone):
    register(anyone, is_staff=True, is_superuser=True, phone_verified=True, id=7)

    user = User.objects.get()
    assert [user.is_staff, user.is_superuser, user.phone_verified] == [False] * 3


def many(client: APIClient, count: int, first: int = 0) -> list[int]:
    """Statuses of so many people who register with an e-mail address each."""
    people = (f"p{number}@example.com" for number in range(first, first + count))
    return [register(client, email=email, phone=None).status_code for email in people]


@pytest.fixture
def morning(db):
    with time_machine.travel("2026-03-02T06:00:00Z", tick=False) as clock:
        yield clock


def test_ten_an_hour_may_join_from_one_network(anyone, morning):
    assert many(anyone, 11) == [201] * 10 + [429]
    assert User.objects.count() == 10

    elsewhere = APIClient(REMOTE_ADDR="192.0.2.7")
    assert many(elsewhere, 1, first=20) == [201]
    morning.shift(3600)
    assert many(anyone, 1, first=30) == [201]


def test_thirty_a_day_may_join_from_one_network(anyone, morning):
    for hour in range(3):
        assert many(anyone, 10, first=10 * hour) == [201] * 10
        morning.shift(3600)

    answer = register(anyone, email="late@example.com", phone=None)

    assert (answer.status_code, answer.json()["code"]) == (429, "rate_limited")
    assert int(answer["Retry-After"]) > 3600


def test_what_is_refused_or_repeated_is_no_registration(anyone, morning):
    register(anyone)
    for _ in range(12):
        assert register(anyone).status_code == 400
        answer = anyone.post(
            REGISTER,
            FACTS | {"email": "k@example.com", "phone": "13800138002"},
            format="json",
            HTTP_IDEMPOTENCY_KEY="k-1",
        )
        assert answer.status_code == 201

    assert many(anyone, 9) == [201] * 8 + [429]


def test_the_demo_lets_a_crowd_join(anyone, morning, settings):
    settings.RATE_LIMIT_GENEROUS = True

    assert set(many(anyone, 31)) == {201}
