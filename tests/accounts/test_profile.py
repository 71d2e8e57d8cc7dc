"""GET and PATCH me."""

import json

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail

from .people import ME, PASSWORD, app_with, make_user, tokens_of


def change(app, **facts):
    return app.patch(ME, facts, format="json")


def test_me_is_shown_in_the_contracts_shape(meis_app, mei):
    assert meis_app.get(ME).json() == {
        "success": True,
        "data": {
            "id": str(mei.pk),
            "email": "mei@example.com",
            "phone": "+8613800138000",
            "display_name": "Mei",
            "user_type": "customer",
            "realtor_id": None,
            "avatar_url": None,
            "locale": "zh-hans",
            "location": None,
            "preferences": {},
        },
    }


def test_one_slash_at_the_end_is_tolerated(meis_app):
    assert meis_app.get(f"{ME}/").status_code == 200


GOOD_CHANGES = {
    "display_name": ("王梅 😀", "王梅 😀"),
    "locale": ("en", "en"),
    "phone": ("139 0013 9000", "+8613900139000"),
    "location": ({"lat": 31.23041612345, "lng": 121.4737}, {"lat": 31.230416, "lng": 121.4737}),
    "preferences": ({"theme": "dark", "tags": ["a", 1, None]},) * 2,
}


@pytest.mark.parametrize("field", GOOD_CHANGES)
def test_it_changes_what_is_named_and_nothing_else(meis_app, field):
    before = meis_app.get(ME).json()["data"]
    sent, shown = GOOD_CHANGES[field]

    answer = change(meis_app, **{field: sent})

    assert answer.status_code == 200
    assert answer.json()["data"] == before | {field: shown}
    assert meis_app.get(ME).json()["data"] == before | {field: shown}


@pytest.mark.parametrize(("field", "value"), [("location", None), ("phone", None), ("phone", "")])
def test_it_empties_what_may_be_empty(meis_app, field, value):
    change(meis_app, location={"lat": 1, "lng": 2})

    assert change(meis_app, **{field: value}).json()["data"][field] is None


def test_nothing_named_changes_nothing(meis_app):
    before = meis_app.get(ME).json()

    assert change(meis_app).json() == before


def test_a_new_number_counts_as_unverified(meis_app, mei):
    mei.phone_verified = True
    mei.save()

    change(meis_app, phone="+86 138 0013 8000")
    mei.refresh_from_db()
    assert mei.phone_verified

    change(meis_app, phone="+8613900139000")
    mei.refresh_from_db()
    assert not mei.phone_verified


def test_a_new_address_needs_the_password(meis_app, mei):
    answer = change(meis_app, email="new@example.com")

    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {"password"}
    mei.refresh_from_db()
    assert mei.email == "mei@example.com"


def test_a_new_address_is_to_be_confirmed(meis_app, mei, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    answer = change(meis_app, email="New@example.com", password=PASSWORD)

    assert answer.json()["data"]["email"] == "new@example.com"
    addresses = EmailAddress.objects.filter(user=mei)
    assert [(a.email, a.primary, a.verified) for a in addresses] == [
        ("new@example.com", True, False)
    ]
    # One to confirm the new one, one to warn the old one.
    assert [letter.to for letter in mail.outbox] == [["new@example.com"], ["mei@example.com"]]


def test_the_same_address_again_needs_no_password(meis_app):
    assert change(meis_app, email="MEI@example.com").status_code == 200


def test_somebody_must_stay_reachable(meis_app):
    change(meis_app, phone=None)

    answer = change(meis_app, email=None, password=PASSWORD)

    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {"email", "phone"}


def test_an_address_can_go_when_a_number_stays(meis_app, mei):
    assert change(meis_app, email=None, password=PASSWORD).json()["data"]["email"] is None
    assert not EmailAddress.objects.filter(user=mei).exists()


def test_what_somebody_else_has_is_refused_at_that_field(meis_app, wang):
    wang.phone = "+8613900139000"
    wang.save()

    phone = change(meis_app, phone="13900139000")
    email = change(meis_app, email="wang@example.com", password=PASSWORD)

    assert (phone.status_code, set(phone.json()["errors"])) == (400, {"phone"})
    assert (email.status_code, set(email.json()["errors"])) == (400, {"email"})


LOCATION = {"lat": 31.2, "lng": 121.4}
BAD_CHANGES = {
    "a phone that is none": {"phone": "hello"},
    "a number for a phone, too short": {"phone": 12},
    "a language we do not speak": {"locale": "fr"},
    "an endless name": {"display_name": "x" * 51},
    "a null name": {"display_name": None},
    "a place beyond the pole": {"location": LOCATION | {"lat": 90.1}},
    "half a place": {"location": {"lat": 1}},
    "a list for a place": {"location": [1, 2]},
    "a place that is no number": {"location": LOCATION | {"lng": "nan"}},
    "an infinite place": {"location": LOCATION | {"lng": "-inf"}},
    "a true place": {"location": LOCATION | {"lng": True}},
    "a null coordinate": {"location": LOCATION | {"lng": None}},
    "preferences that are a list": {"preferences": []},
    "preferences that are null": {"preferences": None},
    "preferences of 5 kB": {"preferences": {"a": "x" * 5000}},
    "preferences 40 deep": {"preferences": {"a": json.loads("[" * 40 + "]" * 40)}},
}


@pytest.mark.parametrize("facts", BAD_CHANGES.values(), ids=BAD_CHANGES)
def test_it_refuses(meis_app, facts):
    before = meis_app.get(ME).json()

    answer = change(meis_app, **facts)

    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == set(facts)
    assert meis_app.get(ME).json() == before


@pytest.mark.parametrize("number", ["1e999", "-1e999", "NaN", "Infinity"])
@pytest.mark.parametrize(
    "body", ['{"preferences": {"a": %s}}', '{"location": {"lat": %s, "lng": 1}}']
)
def test_numbers_without_end_are_refused(meis_app, body, number):
    answer = meis_app.patch(ME, body % number, content_type="application/json")

    assert answer.status_code == 400


RAW = {
    "no JSON": b"{",
    "a list": b"[]",
    "a text": b'"x"',
    "NUL": b'{"display_name": "a\\u0000b"}',
    "half a surrogate pair": b'{"display_name": "\\ud800"}',
    "not UTF-8": b'{"display_name": "\xff"}',
    "brackets without end": b'{"preferences": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "three megabytes": b'{"display_name": "' + b"x" * 3_000_000 + b'"}',
    "an integer without end": b'{"preferences": {"a": ' + b"9" * 5000 + b"}}",
}


@pytest.mark.parametrize("body", RAW.values(), ids=RAW)
def test_a_hostile_body_gets_the_envelope(meis_app, body):
    before = meis_app.get(ME).json()

    answer = meis_app.patch(ME, body, content_type="application/json")

    assert answer.status_code == 400
    assert answer.json()["success"] is False
    assert meis_app.get(ME).json() == before


FORBIDDEN = {
    "id": "1",
    "user_type": "provider",
    "realtor_id": "7",
    "avatar_url": "/etc/passwd",
    "is_staff": True,
    "is_superuser": True,
    "is_active": False,
    "phone_verified": True,
    "groups": [1],
    "date_joined": "2001-01-01T00:00:00Z",
}


@pytest.mark.parametrize("field", FORBIDDEN)
def test_what_is_not_theirs_to_say_stays(meis_app, mei, field):
    before = {f.name: getattr(mei, f.name) for f in mei._meta.concrete_fields}

    change(meis_app, **{field: FORBIDDEN[field]})

    mei.refresh_from_db()
    after = {f.name: getattr(mei, f.name) for f in mei._meta.concrete_fields}
    assert after | {"last_login": None} == before | {"last_login": None}


def test_the_refusal_speaks_the_language_of_the_request(meis_app):
    answers = {
        language: meis_app.patch(
            ME, {"phone": "x"}, format="json", HTTP_ACCEPT_LANGUAGE=language
        ).json()["errors"]["phone"]
        for language in ("en", "zh-hans")
    }

    assert answers["en"] == ["This is not a telephone number we can call."]


def test_a_collation_does_not_mix_people_up(db):
    """MariaDB takes é for e: José must not be found by what Jose types."""
    make_user("josé@example.com")

    from accounts.selectors import find_by_login

    assert find_by_login("jose@example.com") is None
    assert find_by_login("JOSÉ@example.com") is not None
    assert tokens_of("josé@example.com")


class TestOfAskingForNumbers:
    """Whether a number has an account is not told as often as somebody likes."""

    @pytest.fixture(autouse=True)
    def clock(self):
        with time_machine.travel("2026-03-02T06:00:00Z", tick=False) as clock:
            yield clock

    @pytest.fixture
    def app(self, clock, mei):
        return app_with(tokens_of("mei@example.com")["access"])

    def test_ten_an_hour_whether_taken_or_free(self, app, wang):
        wang.phone = "+8613900139000"
        wang.save()
        for number in range(5):
            assert change(app, phone=f"1390013901{number}").status_code == 200
            assert change(app, phone="13900139000").status_code == 400

        taken, free = change(app, phone="13900139000"), change(app, phone="13900139019")

        assert (taken.status_code, free.status_code) == (429, 429)
        assert int(taken["Retry-After"]) == 3600

    def test_ones_own_none_and_what_is_no_number_do_not_count(self, app, mei):
        for phone in ("13800138000", "hello", None, "") * 3:
            change(app, phone=str(mei.phone))
            assert change(app, phone=phone).status_code in (200, 400)
            type(mei).objects.filter(pk=mei.pk).update(phone=mei.phone)

        assert change(app, phone="13900139011").status_code == 200

    def test_the_page_counts_together_with_the_api(self, app, client, mei):
        for number in range(10):
            change(app, phone=f"1390013901{number}")
        client.force_login(mei)

        facts = {"display_name": "Mei", "phone": "13900139055", "locale": "en"}
        client.post("/accounts/profile/", facts)

        mei.refresh_from_db()
        assert str(mei.phone) == "+8613900139019"
