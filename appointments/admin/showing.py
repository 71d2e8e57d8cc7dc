"""How times, states and people of an appointment read in lists."""

from datetime import datetime
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from appointments.models import Appointment, AppointmentEvent, OfferStatus, Status
from booking_site.common.actors import ActorKind
from stores.models import Store

# Colours of the theme's labels.
STATUS_COLOURS: dict[str, str] = {
    "waiting": "warning",
    Status.PENDING: "info",
    Status.CONFIRMED: "success",
    Status.IN_PROGRESS: "primary",
    Status.COMPLETED: "default",
    Status.CANCELLED: "danger",
    Status.NO_SHOW: "danger",
}
OFFER_COLOURS: dict[str, str] = {
    OfferStatus.OPEN: "info",
    OfferStatus.ACCEPTED: "success",
    OfferStatus.DECLINED: "danger",
    OfferStatus.TIMED_OUT: "danger",
    OfferStatus.WITHDRAWN: "default",
}


def local(instant: datetime, store: Store) -> str:
    """The store's own wall clock, whatever the reader's."""
    return formats.localize(instant.astimezone(store.zone).replace(tzinfo=None, microsecond=0))


def status_of(appointment: Appointment) -> tuple[str, str]:
    """The state as (key of STATUS_COLOURS, words); those in line are told apart."""
    if appointment.is_waiting:
        return "waiting", _("in line")
    return appointment.status, appointment.get_status_display()


def actor_of_entry(entry: AppointmentEvent) -> str:
    if entry.actor_user is not None:
        return str(entry.actor_user)
    return _("the system") if entry.actor_kind == ActorKind.SYSTEM else _("a guest")


def change_of(entry: AppointmentEvent) -> str:
    """From what to what, nothing when the state stayed."""
    if entry.from_status == entry.to_status:
        return ""
    return f"{_words(entry.from_status)} → {_words(entry.to_status)}"


def _words(status: str) -> str:
    return str(Status(status).label) if status in Status.values else status


def as_words(facts: dict[str, Any]) -> str:
    """A small JSON object, one fact after the other."""
    names = {
        "realtor_id": _("realtor"),
        "minutes_that_day": _("minutes that day"),
        "held": _("held before"),
        "rescheduled": _("moved"),
        "from": _("from"),
        "to": _("to"),
    }
    return " · ".join(f"{names.get(name, name)}: {_told(facts[name])}" for name in facts)


def _told(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)
