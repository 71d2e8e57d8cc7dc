"""Signing up, in and out on the pages."""

import re

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User

from .people import PASSWORD, TOKEN

LOGIN, SIGNUP, LOGOUT = "/accounts/login/", "/accounts/signup/", "/accounts/logout/"
NEW = {
    "display_name": "李雷",
    "email": "Li@Example.com",
    "phone": "138 0013 8001",
    "password1": PASSWORD,
    "user_type": "customer",
}


@pytest.fixture(autouse=True)
def letters(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return mail


def sign_in(client, login="mei@example.com", password=PASSWORD, **more):
    return client.post(LOGIN, {"login": login, "password": password} | more)


def who(client) -> User | None:
    user_id = client.session.get("_auth_user_id")
    return User.objects.get(pk=user_id) if user_id else None


def errors_at(answer, name: str) -> bool:
    """Whether the field is marked, and tied to its error for those who do not see it."""
    page = answer.content.decode()
    return f'id="id_{name}_error"' in page and re.search(
        rf'name="{name}"[^>]*aria-describedby="[^"]*id_{name}_error', page
    )


PAGES = [LOGIN, SIGNUP, "/accounts/password/reset/", "/accounts/password/reset/done/"]
OWN_PAGES = [LOGOUT, "/accounts/email/", "/accounts/password/change/"]


@pytest.mark.parametrize("path", PAGES)
def test_the_page_is_there_for_everybody(client, db, path):
    page = client.get(path).content.decode()

    assert "<h1>" in page
    assert "style=" not in page
    assert "onclick" not in page


@pytest.mark.parametrize("path", OWN_PAGES)
def test_the_page_is_there_for_who_is_signed_in(client, mei, path):
    client.force_login(mei)

    assert client.get(path).status_code == 200


@pytest.mark.parametrize("login", ["mei@example.com", "13800138000", "+86 138 0013 8000"])
def test_every_way_to_write_it_signs_in(client, mei, login):
    answer = sign_in(client, login)

    assert answer.status_code == 302
    assert answer["Location"] == reverse("appointments:mine")
    assert who(client) == mei


@pytest.mark.parametrize("login", ["mei@example.com", "nobody@example.com", "13911112222", "mei"])
def test_a_wrong_password_and_an_unknown_account_stay_out(client, mei, login):
    answer = sign_in(client, login, "wrong-horse-7")

    assert answer.status_code == 200
    assert who(client) is None


def test_a_closed_account_answers_as_a_wrong_password(client, mei):
    mei.is_active = False
    mei.save()

    closed = sign_in(client).context["form"].non_field_errors()
    unknown = sign_in(client, "nobody@example.com").context["form"].non_field_errors()

    assert closed == unknown


def test_the_page_counts_failures_together_with_the_api(client, mei, anyone):
    with time_machine.travel(timezone.now().replace(minute=1), tick=False):
        for n in range(10):
            anyone.post(
                TOKEN,
                {"login": "mei@example.com", "password": "x"},
                format="json",
                REMOTE_ADDR=f"192.0.2.{n}",
            )
        answer = sign_in(client)

    assert answer.status_code == 200
    assert who(client) is None


def test_it_leads_back_to_where_one_came_from(client, mei):
    assert f"{SIGNUP}?next=" in client.get(f"{LOGIN}?next=/stores/7/").content.decode()

    assert sign_in(client, next="/stores/7/")["Location"] == "/stores/7/"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"],
)
def test_it_leads_nowhere_else(client, mei, elsewhere):
    assert sign_in(client, next=elsewhere)["Location"] == reverse("appointments:mine")


def test_signing_out_needs_a_post(client, mei):
    client.force_login(mei)

    client.get(LOGOUT)
    assert who(client) == mei

    client.post(LOGOUT)
    assert who(client) is None


def test_signing_up_makes_an_account_and_signs_in(client, db, letters):
    answer = client.post(SIGNUP, NEW)

    user = User.objects.get()
    assert answer.status_code == 302
    assert who(client) == user
    assert (user.email, str(user.phone)) == ("li@example.com", "+8613800138001")
    assert [letter.to for letter in letters.outbox] == [["li@example.com"]]


def test_the_address_is_confirmed_by_a_button_and_not_by_looking(client, db, letters):
    client.post(SIGNUP, NEW)
    link = re.search(r"https?://[^/]+(/accounts/confirm-email/\S+)", letters.outbox[0].body)[1]
    address = User.objects.get().emailaddress_set.get()

    assert client.get(link).status_code == 200
    address.refresh_from_db()
    assert not address.verified

    client.post(link)
    address.refresh_from_db()
    assert address.verified


@pytest.mark.parametrize("missing", ["email", "phone"])
def test_one_way_to_be_reached_is_enough(client, db, missing):
    client.post(SIGNUP, NEW | {missing: ""})

    assert who(client) == User.objects.get()


REFUSALS = {
    "no way to be reached": ({"email": "", "phone": ""}, "phone"),
    "no name": ({"display_name": ""}, "display_name"),
    "a weak password": ({"password1": "password1"}, "password1"),
    "no number": ({"phone": "12"}, "phone"),
    "no address": ({"email": "nobody"}, "email"),
    "a taken address": ({"email": "MEI@example.com"}, "email"),
    "a taken number": ({"phone": "+86 138 0013 8000"}, "phone"),
}


@pytest.mark.parametrize(("changes", "field"), REFUSALS.values(), ids=REFUSALS)
def test_signing_up_refuses_at_the_field(client, mei, changes, field):
    answer = client.post(SIGNUP, NEW | changes)

    assert answer.status_code == 200
    assert errors_at(answer, field)
    assert User.objects.count() == 1


def test_the_password_is_never_sent_back(client, mei):
    answer = client.post(SIGNUP, NEW | {"email": "nobody"})

    assert PASSWORD not in answer.content.decode()


def test_nobody_signs_up_with_rights(client, db):
    client.post(SIGNUP, NEW | {"is_staff": "on", "user_type": "operator"})
    client.post(SIGNUP, NEW | {"is_staff": "on", "is_superuser": "on"})

    user = User.objects.get()
    assert [user.is_staff, user.is_superuser] == [False, False]


class TestForgottenPassword:
    @pytest.fixture
    def link(self, client, mei, letters) -> str:
        client.post("/accounts/password/reset/", {"email": "MEI@example.com"})
        found = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", mail.outbox[0].body)
        return found[1]

    def test_the_link_lets_one_choose_a_new_one(self, client, mei, link):
        form = client.get(link, follow=True)
        new = {"password1": "another-horse-8", "password2": "another-horse-8"}
        page = form.content.decode()
        assert all(f'name="{name}"' in page for name in new)
        assert 'value="mei@example.com"' in page

        answer = client.post(form.request["PATH_INFO"], new, follow=True)

        assert answer.status_code == 200
        mei.refresh_from_db()
        assert mei.check_password("another-horse-8")
        assert sign_in(client, password="another-horse-8").status_code == 302

    def test_the_link_works_once(self, client, mei, link):
        form = client.get(link, follow=True)
        new = {"password1": "another-horse-8", "password2": "another-horse-8"}
        client.post(form.request["PATH_INFO"], new)

        page = client.get(link, follow=True).content.decode()

        assert 'name="password1"' not in page

    def test_an_unknown_address_gets_the_same_answer(self, client, mei, link):
        known = client.post("/accounts/password/reset/", {"email": "mei@example.com"})
        unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.com"})

        assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])

    def test_a_mailbox_gets_three_letters_an_hour(self, client, mei, letters):
        with time_machine.travel(timezone.now().replace(minute=1), tick=False) as clock:
            for _ in range(5):
                client.post("/accounts/password/reset/", {"email": "mei@example.com"})
            assert len(letters.outbox) == 3

            clock.shift(3600)
            client.post("/accounts/password/reset/", {"email": "mei@example.com"})
            assert len(letters.outbox) == 4


class TestAddresses:
    EMAIL = "/accounts/email/"

    @pytest.fixture
    def mine(self, client, mei):
        client.force_login(mei)
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        return client

    def test_a_new_one_is_added_confirmed_and_made_the_main_one(self, mine, mei, letters):
        mine.post(self.EMAIL, {"email": "new@example.com", "action_add": "1"})
        link = re.search(r"(/accounts/confirm-email/\S+)", letters.outbox[0].body)[1]
        mine.post(link)
        mine.post(self.EMAIL, {"email": "new@example.com", "action_primary": "1"})

        mei.refresh_from_db()
        assert mei.email == "new@example.com"

    def test_the_address_of_another_account_is_refused(self, mine, mei, wang):
        answer = mine.post(self.EMAIL, {"email": "wang@example.com", "action_add": "1"})

        assert errors_at(answer, "email")
        assert mei.emailaddress_set.count() == 1

    def test_one_that_became_anothers_meanwhile_breaks_nothing(self, mine, mei):
        mei.emailaddress_set.create(email="new@example.com", verified=True)
        User.objects.create_user("new@example.com")

        answer = mine.post(self.EMAIL, {"email": "new@example.com", "action_primary": "1"})

        assert answer.status_code == 302
        mei.refresh_from_db()
        assert mei.email == "mei@example.com"
        assert mei.emailaddress_set.get(primary=True).email == "mei@example.com"

    def test_the_main_one_cannot_just_go(self, mine, mei):
        mine.post(self.EMAIL, {"email": "mei@example.com", "action_remove": "1"})

        mei.refresh_from_db()
        assert mei.email == "mei@example.com"


def test_a_new_password_signs_the_apps_out(client, mei, meis_app):
    client.force_login(mei)
    new = {
        "oldpassword": PASSWORD,
        "password1": "another-horse-8",
        "password2": "another-horse-8",
    }

    client.post("/accounts/password/change/", new)

    assert who(client) == mei
    assert meis_app.get("/api/v1/me").status_code == 401


def test_who_signs_up_too_often_is_asked_to_come_back(db, client):
    with time_machine.travel("2026-03-02T06:00:00Z", tick=False):
        for number in range(10):
            facts = NEW | {"email": f"p{number}@example.com", "phone": ""}
            assert Client().post(SIGNUP, facts).status_code == 302

        answer = client.post(SIGNUP, NEW)

    assert answer.status_code == 429
    assert int(answer["Retry-After"]) == 3600
    assert 'value="李雷"' in answer.content.decode()
    assert User.objects.count() == 10


def test_a_name_is_one_line_whatever_was_pasted(db, client):
    client.post(SIGNUP, NEW | {"display_name": "Li\nBcc: \u202eall\u2066"})

    assert User.objects.get().display_name == "Li Bcc:  all"


@pytest.mark.parametrize(
    ("language", "subject", "sentence"),
    [
        ("zh-CN", "设置新密码 · 约见 Yuejian", "链接只能使用一次"),
        ("en", "Choose a new password · 约见 Yuejian", "the link works once"),
    ],
)
def test_a_letter_is_from_us_and_in_the_reader_s_language(
    client, mei, settings, language, subject, sentence
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    headers = {"accept-language": language}
    client.post("/accounts/password/reset/", {"email": "mei@example.com"}, headers=headers)

    (letter,) = mail.outbox
    assert letter.subject == subject
    assert sentence in letter.body
    assert "Hello from" not in letter.body
    assert "约见 Yuejian" in letter.body
