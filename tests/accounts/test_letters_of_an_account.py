"""What allauth sends, in our words and in the dress of every other letter."""

from pathlib import Path

import pytest
from allauth.account.adapter import get_adapter
from allauth.core import context
from django.conf import settings
from django.test import RequestFactory
from django.utils import translation

TEMPLATES = Path(settings.BASE_DIR) / "templates"
OURS = sorted(
    str(path.relative_to(TEMPLATES)).removesuffix("_subject.txt")
    for part in ("account", "mfa")
    for path in (TEMPLATES / part / "email").glob("*_subject.txt")
)
LINK = "https://yuejian.example/accounts/somewhere/"
FACTS = {
    "activate_url": LINK,
    "password_reset_url": LINK,
    "signup_url": LINK,
    "email": "mei@example.com",
    "from_email": "mei@example.com",
    "to_email": "second@example.com",
    "deleted_email": "second@example.com",
}
EVIL = "<script>window.__ran=1</script>"


def letter_of(prefix, browser="Firefox"):
    request = RequestFactory().get("/", HTTP_USER_AGENT=browser)
    facts = FACTS | {
        "brand_name": settings.BRAND_NAME,
        "ip": "192.0.2.1",
        "user_agent": browser,
        "timestamp": None,
    }
    with context.request_context(request):
        return get_adapter().render_mail(prefix, "mei@example.com", facts)


def html_of(letter):
    ((content, kind),) = letter.alternatives
    assert kind == "text/html"
    return content


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("prefix", OURS)
def test_each_says_the_same_as_text_and_as_html(prefix, language):
    with translation.override(language):
        letter = letter_of(prefix)

    page = html_of(letter)
    assert letter.extra_headers["Content-Language"] == language
    assert letter.subject.endswith(f" · {settings.BRAND_NAME}")
    assert f"<h1>{letter.subject.removesuffix(f' · {settings.BRAND_NAME}')}</h1>" in page
    assert (LINK in letter.body) == (f'href="{LINK}"' in page)
    sentences = [line for line in letter.body.splitlines() if line and line != LINK]
    for sentence in sentences[:-1]:
        assert sentence in page


@pytest.mark.parametrize("prefix", OURS)
def test_none_is_left_in_english(prefix):
    words = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            letter = letter_of(prefix)
            words[language] = {letter.subject, *filter(None, letter.body.splitlines())}

    assert words["en"] & words["zh-hans"] <= {LINK, settings.BRAND_NAME}


def test_what_a_browser_calls_itself_is_text():
    page = html_of(letter_of("account/email/password_changed", browser=EVIL))

    assert EVIL not in page
    assert "&lt;script&gt;" in page


def test_every_letter_that_allauth_sends_here_has_words_of_ours():
    sent = {
        *(f"account/email/{name}" for name in ("email_changed", "email_confirm", "email_deleted")),
        *(f"account/email/password_{name}" for name in ("changed", "set", "reset", "reset_key")),
        *(f"account/email/{name}" for name in ("email_confirmation", "account_already_exists")),
        *(f"mfa/email/totp_{name}" for name in ("activated", "deactivated")),
        "account/email/unknown_account",
        "mfa/email/recovery_codes_generated",
    }

    assert set(OURS) == sent
