"""Whatever is typed into the address bar or a form, a page answers; it never breaks."""

import pytest

from .people import PASSWORD

KEY = "/accounts/password/reset/key"
ODD_PATHS = [
    "/accounts/confirm-email/x/",
    "/accounts/confirm-email/MQ:1abc:xyz/",
    "/accounts/confirm-email/" + "a" * 2000 + "/",
    f"{KEY}/1-set-password/",
    f"{KEY}/1-x/",
    f"{KEY}/zzzzzzzzzzzzz-x/",
    f"{KEY}/zzzzzzzzzzzzzzzzzz-x/",
    "/accounts/login/?next=%00",
    "/accounts/login/?next=" + "a" * 3000,
    "/accounts/signup/?email=%F0%9F%98%80",
    "/accounts/profile/x",
]
ODD_TEXTS = [
    "\x00",
    "a\x00b",
    "😀" * 300,
    "x" * 100_000,
    "' OR 1=1 --",
    "\ud7ff",
    "{{ 7*7 }}",
    "\r\n",
]
FORMS = {
    "/accounts/login/": ["login", "password"],
    "/accounts/signup/": ["display_name", "email", "phone", "password1", "user_type"],
    "/accounts/password/reset/": ["email"],
}
OWN_FORMS = {
    "/accounts/profile/": ["display_name", "phone", "locale"],
    "/accounts/profile/picture/": ["avatar"],
    "/accounts/profile/leave/": ["password"],
    "/accounts/password/change/": ["oldpassword", "password1", "password2"],
    "/accounts/email/": ["email", "action_add"],
}


@pytest.mark.parametrize("path", ODD_PATHS)
def test_an_odd_address_is_answered(client, mei, path):
    assert client.get(path).status_code < 500
    assert client.post(path).status_code < 500


@pytest.mark.parametrize("text", ODD_TEXTS, ids=range(len(ODD_TEXTS)))
def test_an_odd_text_is_answered(client, mei, text):
    good = {"login": "mei@example.com", "password": PASSWORD, "display_name": "x"}
    for path, names in FORMS.items():
        for name in names:
            assert client.post(path, good | {name: text}).status_code < 500


@pytest.mark.parametrize("text", ODD_TEXTS, ids=range(len(ODD_TEXTS)))
def test_an_odd_text_in_ones_own_forms_is_answered(client, mei, text):
    client.force_login(mei)
    good = {"display_name": "Mei", "locale": "en", "action_add": "1"}
    for path, names in OWN_FORMS.items():
        for name in names:
            assert client.post(path, good | {name: text}).status_code < 500


def test_what_is_typed_is_shown_as_text(client, mei):
    text = "<script>alert(1)</script>"

    page = client.post("/accounts/signup/", {"display_name": text}).content.decode()

    assert text not in page
    assert "&lt;script&gt;" in page
