"""What happened to an appointment, in the order it happened, in words and by the store's clock."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from appointments.models import Appointment, AppointmentEvent

from .showing import actor_of_entry, as_words, change_of, local, names_in, reason_in_words


def timeline(appointment: Appointment) -> SafeString:
    """Two queries."""
    people = names_in(appointment.store_id)
    entries = appointment.log.select_related("actor_user").order_by("id")
    told = [_told(entry, appointment, people) for entry in entries]
    return render_to_string("admin/appointments/timeline.html", {"entries": told})


def _told(
    entry: AppointmentEvent, appointment: Appointment, people: dict[int, str]
) -> dict[str, Any]:
    return {
        "when": local(entry.at, appointment.store),
        "what": entry.get_action_display(),
        "who": actor_of_entry(entry),
        "change": change_of(entry),
        "reason": reason_in_words(entry.reason),
        "details": as_words(entry.details, people, appointment.store),
    }
