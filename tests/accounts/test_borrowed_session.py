"""Whoever finds a browser signed in does not get the account by way of the e-mail address."""

import pytest
from django.core import mail

from .people import ME, PASSWORD, make_user

EMAIL, AGAIN = "/accounts/email/", "/accounts/reauthenticate/"
ADD = {"email": "thief@example.com", "action_add": "1"}
CHANGES = {
    "add": ADD,
    "make it the main one": {"email": "second@example.com", "action_primary": "1"},
    "remove": {"email": "second@example.com", "action_remove": "1"},
}


@pytest.fixture(autouse=True)
def letters(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def browser(client, mei):
    mei.emailaddress_set.create(email="second@example.com", verified=True)
    client.force_login(mei)
    return client


def addresses(mei) -> set[tuple[str, bool]]:
    return set(mei.emailaddress_set.values_list("email", "primary"))


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_every_change_of_addresses_asks_for_the_password_first(browser, mei, change):
    before = addresses(mei)

    answer = browser.post(EMAIL, change)

    assert answer["Location"] == f"{AGAIN}?next=%2Faccounts%2Femail%2F"
    assert addresses(mei) == before
    assert mail.outbox == []


def test_a_wrong_password_adds_nothing(browser, mei):
    browser.post(EMAIL, ADD)

    browser.post(AGAIN, {"password": "wrong-horse-7", "next": EMAIL})

    assert not mei.emailaddress_set.filter(email="thief@example.com").exists()


def test_with_the_password_what_was_asked_is_carried_out(browser, mei):
    browser.post(EMAIL, ADD)

    answer = browser.post(AGAIN, {"password": PASSWORD, "next": EMAIL})

    assert answer["Location"] == EMAIL
    assert mei.emailaddress_set.filter(email="thief@example.com", verified=False).exists()
    assert [letter.to for letter in mail.outbox] == [["thief@example.com"]]


def test_who_signs_in_by_number_proves_it_the_same_way(client, db):
    lan = make_user(None, phone="+8613800138005")
    client.force_login(lan)
    client.post(EMAIL, ADD)

    client.post(AGAIN, {"password": PASSWORD, "next": EMAIL})

    assert lan.emailaddress_set.filter(email="thief@example.com").exists()


def test_the_addresses_are_shown_without_it(browser):
    assert browser.get(EMAIL).status_code == 200


def test_who_never_had_a_password_is_not_asked_for_one(browser, mei):
    mei.set_unusable_password()
    mei.save()
    browser.force_login(mei)

    browser.post(EMAIL, ADD)

    assert mei.emailaddress_set.filter(email="thief@example.com").exists()


WORDS = {
    "en": (
        "Your e-mail address was changed · 约见 Yuejian",
        "reached at second@example.com, no longer at mei@example.com",
    ),
    "zh-hans": ("您的邮箱已更换 · 约见 Yuejian", "由 mei@example.com 更换为 second@example.com"),
}


@pytest.mark.parametrize("language", WORDS)
def test_the_old_address_hears_of_it_in_its_owners_language(browser, mei, language):
    type(mei).objects.filter(pk=mei.pk).update(locale=language)
    browser.post(AGAIN, {"password": PASSWORD})

    browser.post(EMAIL, CHANGES["make it the main one"], HTTP_ACCEPT_LANGUAGE="fr")

    (letter,) = mail.outbox
    subject, sentence = WORDS[language]
    assert (letter.to, letter.subject) == (["mei@example.com"], subject)
    assert sentence in letter.body
    assert "example.com!" not in letter.body


def test_so_it_does_when_an_app_changes_it(meis_app, mei):
    meis_app.patch(ME, {"email": "new@example.com", "password": PASSWORD}, format="json")

    assert [letter.to for letter in mail.outbox] == [["new@example.com"], ["mei@example.com"]]
    assert "new@example.com" in mail.outbox[1].body


def test_a_profile_that_keeps_its_address_writes_no_letter(meis_app):
    meis_app.patch(ME, {"email": "MEI@example.com", "display_name": "Mei 2"}, format="json")

    assert mail.outbox == []


def test_a_new_password_is_told_to_the_owner(browser, mei):
    new = {"oldpassword": PASSWORD, "password1": "another-horse-8", "password2": "another-horse-8"}

    browser.post("/accounts/password/change/", new)

    assert [letter.to for letter in mail.outbox] == [["mei@example.com"]]
