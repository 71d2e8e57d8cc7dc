"""What the pages of one appointment show; each is a plain dictionary for its template."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

import phonenumbers
import segno
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from appointments.models import Appointment, AppointmentEvent, Status
from appointments.models.appointment import LIVE
from appointments.presenters import life, times
from appointments.presenters.policy import policy_sentences
from appointments.selectors.lines import queue_position
from appointments.selectors.slots import next_free_starts
from stores.models import Store
from stores.selectors import policy_of


def facts(appointment: Appointment, at: datetime) -> dict[str, Any]:
    """When, where, with whom: nothing that is secret."""
    zone = appointment.store.zone
    status, label = life.shown_status(appointment)
    return {
        "code": appointment.code,
        "store": appointment.store,
        "realtor": appointment.realtor,
        "realtor_tentative": appointment.realtor_id and not appointment.realtor_confirmed,
        "starts_at": appointment.starts_at,
        "day": times.full_day(
            appointment.starts_at.astimezone(zone).date(), at.astimezone(zone).date()
        ),
        "hours": times.span(appointment.starts_at, appointment.ends_at, zone),
        "zone_note": times.zone_note(appointment.store),
        "duration": times.duration(appointment.duration_minutes),
        "status": status,
        "status_label": label,
    }


def minimum(appointment: Appointment, at: datetime) -> dict[str, Any]:
    """What a code alone opens."""
    return {
        "facts": facts(appointment, at),
        "headline": life.headline(appointment, at),
        "coming": appointment.status in LIVE,
        "position": queue_position(appointment),
    }


def ticket(appointment: Appointment, address: str, at: datetime) -> dict[str, Any]:
    """Everything, for whom it belongs to. ``address`` is the public one of this page."""
    log = list(AppointmentEvent.objects.filter(appointment=appointment))
    shown = minimum(appointment, at)
    position = shown["position"]
    return {
        **shown,
        "appointment": appointment,
        "phone": spoken_phone(appointment.customer_phone),
        "what_next": life.what_next(appointment, position, at),
        "cancel_reason": life.reason_text(appointment.cancel_reason),
        "steps": life.timeline(appointment, log, at),
        "rules": policy_sentences(appointment.policy),
        "instead": next_times(appointment, log, at),
        "qr": qr(address),
        "calendar_file": f"/api/v1/appointment/appointments/{appointment.code}.ics",
        "map_link": map_link(appointment.store),
    }


def next_times(
    appointment: Appointment, log: Sequence[AppointmentEvent], at: datetime
) -> list[dict[str, str]]:
    """What to offer to a customer whose time others called off before it came. Queries: none for
    all others."""
    called_off = appointment.status == Status.CANCELLED and at < appointment.starts_at
    if not called_off or life.is_of_customer(log[-1], appointment):
        return []
    store = appointment.store
    # As long as the page that takes them would book.
    minutes = policy_of(store).default_duration_minutes
    free = next_free_starts(store, after=appointment.starts_at, at=at, duration_minutes=minutes)
    zone = store.zone
    return [{"label": times.spoken(start, zone, at), "value": times.stamp(start)} for start in free]


def card(appointment: Appointment, position: int, at: datetime) -> dict[str, Any]:
    """A row of a customer's list."""
    return {"facts": facts(appointment, at), "position": position}


def qr(address: str) -> SafeString:
    """A drawing that leads to a public address; segno's own markup, nothing of a person's in it."""
    code = segno.make(address, error="m")
    return mark_safe(code.svg_inline(omitsize=True, border=2, svgclass=None, lineclass=None))


def spoken_phone(phone: str) -> str:
    """As people here write it; with the country's number when it is another country's."""
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return phone
    home = phonenumbers.country_code_for_region(settings.PHONENUMBER_DEFAULT_REGION)
    form = phonenumbers.PhoneNumberFormat
    at_home = number.country_code == home
    return phonenumbers.format_number(number, form.NATIONAL if at_home else form.INTERNATIONAL)


def map_link(store: Store) -> str:
    """``geo:`` opens the map application of a telephone, and asks no other host for anything."""
    if store.latitude is None or store.longitude is None:
        return ""
    place = f"{store.latitude},{store.longitude}"
    return f"geo:{place}?q={place}({quote(store.name)})"
