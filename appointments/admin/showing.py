"""How times, states and people of an appointment read in lists."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Any

from django.template.loader import render_to_string
from django.utils import formats
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appointments.models import Appointment, AppointmentEvent, OfferStatus, Status, SystemReason
from appointments.models.appointment import LIVE
from appointments.presenters.stay_words import stay_dates
from appointments.presenters.times import full_day, span, spoken_day, zone_note
from appointments.selectors.candidates import Rejected
from booking_site.common.actors import ActorKind
from realtors.models import Realtor
from stores.models import Store

# Facts of the log that are a realtor's id.
PEOPLE = ("realtor_id", "before")
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
MARK_COLOURS: dict[str, str] = {
    "needs": "danger",
    "live": "primary",
    "late": "warning",
    "unpaid": "warning",
}
OFFER_COLOURS: dict[str, str] = {
    OfferStatus.OPEN: "info",
    OfferStatus.ACCEPTED: "success",
    OfferStatus.DECLINED: "danger",
    OfferStatus.TIMED_OUT: "danger",
    OfferStatus.WITHDRAWN: "default",
}


def told_once(show: Callable[[Any, Any], Any]) -> Any:
    """The theme's page asks for each column several times; those that ask the database remember
    what they said of a row."""
    key = f"_told_{show.__name__}"

    @wraps(show)
    def shown(admin: Any, row: Any) -> Any:
        if key not in row.__dict__:
            row.__dict__[key] = show(admin, row)
        return row.__dict__[key]

    return shown


def when(appointment: Appointment, at: datetime) -> str:
    """As people say it: ``tomorrow 14:00–15:00`` by the store's clock."""
    if has_no_time(appointment):
        return _("as soon as possible")
    zone = appointment.store.zone
    if appointment.is_stay:
        return stay_dates(appointment, at.astimezone(zone).date())
    day = spoken_day(appointment.starts_at.astimezone(zone).date(), at.astimezone(zone).date())
    times = span(appointment.starts_at, appointment.ends_at, zone)
    return _("%(day)s %(time)s") % {"day": day, "time": times}


def when_in_full(appointment: Appointment, at: datetime) -> str:
    """With the date, where a mistake would cost a trip: ``tomorrow (Fri, May 2) 14:00–15:00``."""
    zone = appointment.store.zone
    if appointment.is_stay:
        return stay_dates(appointment, at.astimezone(zone).date())
    day = full_day(appointment.starts_at.astimezone(zone).date(), at.astimezone(zone).date())
    times = span(appointment.starts_at, appointment.ends_at, zone)
    note = zone_note(appointment.store)
    told = _("%(day)s %(time)s") % {"day": day, "time": times}
    return f"{told} ({note})" if note else told


def reason_in_words(reason: str) -> str:
    """Persons' own words stay; what the product itself gave as a reason is a sentence."""
    return str(SystemReason(reason).label) if reason in SystemReason.values else reason


def local(instant: datetime, store: Store) -> str:
    """The store's own wall clock, whatever the reader's."""
    return formats.localize(instant.astimezone(store.zone).replace(tzinfo=None, microsecond=0))


def status_of(appointment: Appointment) -> tuple[str, str]:
    """The state as (key of STATUS_COLOURS, words); those in line are told apart."""
    if appointment.is_waiting:
        return "waiting", _("in line")
    return appointment.status, appointment.get_status_display()


def pill(words: Any, colour: str) -> SafeString:
    """The theme's label, on a page; lists make theirs by themselves."""
    return render_to_string("unfold/helpers/label.html", {"text": words, "type": colour})


def mark_of(appointment: Appointment) -> tuple[str, Any] | None:
    """What staff should see at once, as (key of MARK_COLOURS, words)."""
    if appointment.needs_person and appointment.status != Status.CANCELLED:
        return "needs", _("needs a person")
    if appointment.live and appointment.status in LIVE:
        return "live", _("live line")
    if appointment.awaits_payment:
        return "unpaid", _("to be paid")
    return None


def has_no_time(appointment: Appointment) -> bool:
    """Who waits in the live line has no start before somebody says yes; the columns tell when they
    joined."""
    return appointment.live and appointment.status == Status.PENDING


def wait_in_words(minutes: int | None, *, staffed: bool) -> str:
    """Never a made-up figure: where nobody is on duty there is none, and perhaps where somebody
    is, ``staffed``."""
    if minutes is None:
        return _("nobody can say yet") if staffed else _("nobody is on duty")
    return _("about %(time)s") % {"time": minutes_in_words(minutes)}


def minutes_in_words(minutes: int) -> str:
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}


def actor_of_entry(entry: AppointmentEvent) -> str:
    if entry.actor_user is not None:
        return str(entry.actor_user)
    return _("the system") if entry.actor_kind == ActorKind.SYSTEM else _("a guest")


def change_of(entry: AppointmentEvent) -> str:
    """From what to what, nothing when the state stayed."""
    if entry.from_status == entry.to_status:
        return ""
    if not entry.from_status:
        return _words(entry.to_status)
    return f"{_words(entry.from_status)} → {_words(entry.to_status)}"


def _words(status: str) -> str:
    return str(Status(status).label) if status in Status.values else status


def names_in(store_id: int) -> dict[int, str]:
    """The realtors of a store by id, also those who have left. One query."""
    return dict(Realtor.objects.filter(store=store_id).values_list("pk", "name"))


def as_words(
    facts: dict[str, Any],
    people: Mapping[int, str] | None = None,
    store: Store | None = None,
) -> str:
    """A small JSON object, one fact after the other; ``people`` are the realtors it may name. With
    a ``store``, instants are told by its clock."""
    names = {
        "realtor_id": _("realtor"),
        "before": _("realtor before"),
        "override": _("rule left aside"),
        "minutes_that_day": _("minutes that day"),
        "held": _("held before"),
        "rescheduled": _("moved"),
        "staff": _("chosen by staff"),
        "from": _("from"),
        "to": _("to"),
        "minutes": _("minutes in all"),
        "travel": _("travel"),
        "answer": _("answer"),
        "load": _("load"),
        "rating": _("rating"),
        "relation": _("relation"),
    }
    known = people or {}
    told = {
        name: known.get(value, _told(name, value, store))
        if name in PEOPLE
        else _told(name, value, store)
        for name, value in facts.items()
        if value not in ("", None)
    }
    return " · ".join(f"{names.get(name, name)}: {value}" for name, value in told.items())


def _told(name: str, value: Any, store: Store | None = None) -> str:
    if store is not None and name in ("from", "to") and isinstance(value, str):
        return _instant(value, store)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, float):
        return str(formats.number_format(value, 1))
    return why_not(value) if name == "override" else str(value)


def _instant(text: str, store: Store) -> str:
    try:
        return local(datetime.fromisoformat(text), store)
    except ValueError:
        return text


def why_not(code: str) -> str:
    """Why somebody could not be sent; a code that nobody here knows stays what it is."""
    words: dict[str, str] = {
        Rejected.NOT_NAMED: _("the customer asked for another"),
        Rejected.OWN_APPOINTMENT: _("it is their own appointment"),
        Rejected.REFUSED: _("declined or did not answer before"),
        Rejected.UNSKILLED: _("does not list this kind of work among their skills"),
        Rejected.OFF_DUTY: _("not at work then"),
        Rejected.NOT_ONLINE: _("not online"),
        Rejected.SILENT: _("not seen for too long"),
        Rejected.AWAY: _("away: the last offer was not answered"),
        Rejected.COOLING_DOWN: _("has just declined another"),
        Rejected.FULL_LOAD: _("has as many live customers as they can take"),
        Rejected.TOO_FAR: _("would not get there in time, or on to the next"),
        Rejected.DAY_FULL: _("has as many appointments that day as they take"),
        Rejected.BUSY: _("has something else then"),
    }
    return words.get(code, code)
