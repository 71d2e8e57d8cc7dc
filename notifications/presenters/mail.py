"""A letter as mail: a subject, the same words as text and as HTML, and the calendar entry."""

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from appointments.models import SystemReason
from appointments.selectors.calendar import calendar_file
from notifications.models import Delivery, Letter, Role
from notifications.presenters.letters import words_of
from notifications.presenters.words import Words
from notifications.selectors.recipients import recipient_again
from notifications.selectors.together import told_together

# What changes a calendar. Whoever is only asked, or reminded, has nothing new to write there.
WITH_CALENDAR = (
    Letter.BOOKED,
    Letter.CONFIRMED,
    Letter.REALTOR_CHANGED,
    Letter.RESCHEDULED,
    Letter.CANCELLED,
)


def compose(delivery: Delivery, *, at: datetime) -> EmailMultiAlternatives:
    """In the recipient's language, with the facts as they are now. Its Message-ID is the same at
    every try, so that whoever gets it twice keeps one."""
    with translation.override(delivery.locale):
        words, reader = words_of(delivery, at=at), recipient_again(delivery)
        message = mail_of(
            words,
            to=delivery.address,
            message_id=message_id(delivery),
            has_account=reader is not None and reader.user_id is not None,
        )
        _attach_calendar(message, delivery)
    return message


def mail_of(
    words: Words, *, to: str, message_id: str, has_account: bool = False
) -> EmailMultiAlternatives:
    """In the language that is active. ``has_account``: its reader chooses there what is sent
    to them, and the letter says where."""
    preferences = settings.SITE_URL + reverse("notifications:preferences")
    context = {
        "words": words,
        "brand": settings.BRAND_NAME,
        "site": settings.SITE_URL,
        "language": translation.get_language(),
        "preferences": preferences if has_account else "",
    }
    message = EmailMultiAlternatives(
        # A name with a line break in it must not become a header.
        subject=" ".join(render_to_string("email/letter.subject.txt", context).split()),
        body=render_to_string("email/letter.txt", context),
        to=[to],
        headers={
            "Message-ID": message_id,
            "Auto-Submitted": "auto-generated",
            "Content-Language": str(translation.get_language()),
        },
    )
    message.attach_alternative(render_to_string("email/letter.html", context), "text/html")
    return message


def message_id(delivery: Delivery) -> str:
    """Of the news and whom it is for."""
    return message_id_of(f"{delivery.event.uid}.{delivery.role}.{delivery.recipient_id}")


def message_id_of(name: str) -> str:
    return f"<{name}@{urlsplit(settings.SITE_URL).hostname}>"


def _attach_calendar(message: EmailMultiAlternatives, delivery: Delivery) -> None:
    """The newest revision under the UID that never changes, of each session that the letter is
    about. A place in the live line has no time to write into a calendar."""
    event = delivery.event
    if event.appointment.live or delivery.letter not in WITH_CALENDAR:
        return
    if event.facts.get("reason") == SystemReason.NOT_PAID:
        # It never stood in one.
        return
    for appointment in told_together(event):
        content = calendar_file(appointment, with_person=delivery.role == Role.REALTOR).decode()
        method = next(line for line in content.splitlines() if line.startswith("METHOD:"))
        kind = f"text/calendar; method={method.removeprefix('METHOD:')}"
        message.attach(f"appointment-{appointment.pk}.ics", content, kind)
