"""Booking with an address, and what is found in the letterbox afterwards."""

from datetime import datetime
from typing import Any

from django.core import mail
from icalendar import Calendar

from appointments.models import Appointment
from notifications.models import Delivery
from notifications.timed import deliver_due
from stores.models import Store
from tests.appointments import world
from tests.appointments.world import NOW

LANS = "lan@example.com"


def booked(store: Store, starts_at: datetime, **more: Any) -> Appointment:
    """By Lan, who reads English and has an address."""
    return world.book(store, starts_at, **{"email": LANS, "locale": "en"} | more)


def confirmed(store: Store, starts_at: datetime, **more: Any) -> Appointment:
    return world.confirmed(store, starts_at, **{"email": LANS, "locale": "en"} | more)


def letters_to(address: str, *, at: datetime = NOW) -> list[Any]:
    """Sends what is due; what came to that address by this."""
    mail.outbox.clear()
    deliver_due(at=at)
    return [letter for letter in mail.outbox if letter.to == [address]]


def the_letter_to(address: str, *, at: datetime = NOW) -> Any:
    (letter,) = letters_to(address, at=at)
    return letter


def html_of(letter: Any) -> str:
    return letter.alternatives[0].content


def calendar_of(letter: Any) -> Calendar:
    ((_name, content, _kind),) = letter.attachments
    return Calendar.from_ical(content)


def written(**of: Any) -> list[str]:
    """``["customer booked", …]``, oldest first."""
    rows = Delivery.objects.filter(**of).order_by("pk").values_list("role", "letter")
    return [f"{role} {letter}" for role, letter in rows]
