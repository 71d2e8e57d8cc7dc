"""Letters of an account as mail: their words as text, and in the dress of every other letter."""

import re
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

ADDRESS = re.compile(r"https?://\S+")
BREAK = mark_safe("<br>")
# What the one link of a letter does.
LABELS = {
    "account/email/email_confirmation": _("Confirm the address"),
    "account/email/email_confirmation_signup": _("Confirm the address"),
    "account/email/password_reset_key": _("Choose a new password"),
    "account/email/account_already_exists": _("Choose a new password"),
    "account/email/unknown_account": _("Sign up"),
}


def dress(message: EmailMessage, *, template_prefix: str, headline: str) -> EmailMessage:
    """With an HTML part that says what the text says: its paragraphs, the one that is an address as
    a button. What allauth has dressed itself stays."""
    if not isinstance(message, EmailMultiAlternatives) or message.alternatives:
        return message
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", str(message.body)) if part.strip()]
    if paragraphs and paragraphs[-1] == settings.BRAND_NAME:
        paragraphs.pop()
    link = next((part for part in paragraphs if ADDRESS.fullmatch(part)), "")
    words = SimpleNamespace(
        subject=str(message.subject),
        headline=headline,
        sentences=[_lines(part) for part in paragraphs if part != link],
        link=link,
        label=LABELS.get(template_prefix, _("Open the page")),
    )
    context: dict[str, Any] = {
        "words": words,
        "brand": settings.BRAND_NAME,
        "site": settings.SITE_URL,
        "language": get_language(),
    }
    message.attach_alternative(render_to_string("email/letter.html", context), "text/html")
    return message


def _lines(paragraph: str) -> SafeString:
    return format_html_join(BREAK, "{}", ((line,) for line in paragraph.splitlines()))
