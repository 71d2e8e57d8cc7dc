"""Who sits in a session, as its teacher sees them: for each what can be done now, nobody's phone
before their yes."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from appointments.models import Appointment, Status
from appointments.presenters.console import offer_card
from appointments.presenters.entries import entry
from appointments.selectors.console import Asked

# After those who wait for the teacher's yes.
ORDER = (
    Status.IN_PROGRESS,
    Status.CONFIRMED,
    Status.COMPLETED,
    Status.PENDING,
    Status.NO_SHOW,
)


def attendee(appointment: Appointment, at: datetime) -> dict[str, Any]:
    """One seat. Starting and completing is for all of them together."""
    found = entry(appointment, at)
    asked = _asked(appointment, at)
    return found | {
        "name": appointment.attendee_name,
        "booked_by": _booked_by(appointment),
        "note": appointment.customer_note,
        "own_note": appointment.provider_note,
        "offer": offer_card(asked, at) if asked else None,
        "write_to": appointment.user_id if appointment.customer_name else None,
        "can_start": False,
        "can_complete": False,
        "too_early": "",
    }


def in_order(rows: Iterable[Appointment], at: datetime) -> list[Appointment]:
    """Of those who are not gone: first who waits for an answer, last who did not come."""
    here = [one for one in rows if one.status != Status.CANCELLED]
    return sorted(here, key=lambda one: (_asked(one, at) is None, ORDER.index(Status(one.status))))


def _booked_by(appointment: Appointment) -> str:
    if appointment.child is None:
        return ""
    return _("booked by %(name)s") % {"name": appointment.customer_name}


def _asked(appointment: Any, at: datetime) -> Asked | None:
    """``answer_by`` comes with the selector."""
    if appointment.status != Status.PENDING or appointment.answer_by is None:
        return None
    if appointment.answer_by <= at:
        return None
    return Asked(appointment, appointment.asked_at, appointment.answer_by)
