"""One appointment for its realtor: everything they need to keep it, nothing they may not see."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from appointments.models import Action, Appointment, AppointmentEvent
from appointments.presenters import times
from appointments.presenters.console import offer_card, when
from appointments.presenters.entries import entry
from appointments.presenters.guests import of_stay
from appointments.presenters.life import STATUS_OF_ACTION, is_of_customer, reason_text
from appointments.presenters.stay_words import stay_dates
from appointments.presenters.travel import Leg
from appointments.presenters.viewings import feedback_of
from appointments.selectors.console import Asked
from booking_site.common.actors import ActorKind


def visit(
    appointment: Appointment,
    log: Sequence[AppointmentEvent],
    asked: Asked | None,
    at: datetime,
    *,
    way: Leg | None = None,
) -> dict[str, Any]:
    """``way``: how one comes there from what is before it on that day."""
    return {
        "entry": entry(appointment, at),
        "offer": offer_card(asked, at) if asked else None,
        "when": when(appointment, at)
        if not appointment.is_timed
        else _spoken_span(appointment, at),
        "duration": "" if appointment.is_stay else times.duration(appointment.duration_minutes),
        "stay": of_stay(appointment, at) if appointment.is_stay else None,
        "travel": {"words": way.words, "warning": way.warning} if way else None,
        "feedback": feedback_of(appointment),
        "zone_note": times.zone_note(appointment.store),
        "place": appointment.store,
        "course": appointment.listing.title if appointment.listing else "",
        "child": appointment.child.name if appointment.child else "",
        "note_of_customer": appointment.customer_note,
        "history": history(appointment, log, at),
    }


def _spoken_span(appointment: Appointment, at: datetime) -> str:
    zone = appointment.store.zone
    if appointment.is_stay:
        return stay_dates(appointment, at.astimezone(zone).date())
    day = times.full_day(appointment.starts_at.astimezone(zone).date(), at.astimezone(zone).date())
    span = times.span(appointment.starts_at, appointment.ends_at, zone)
    return _("%(day)s %(time)s") % {"day": day, "time": span}


def history(
    appointment: Appointment, log: Sequence[AppointmentEvent], at: datetime
) -> list[dict[str, Any]]:
    """For the timeline component. What colleagues were asked and said is between them and the
    store: of those steps only one's own are told."""
    zone = appointment.store.zone
    return [
        {
            "status": STATUS_OF_ACTION[Action(one.action)],
            "title": _title(one),
            "at": one.at,
            "when": times.spoken(one.at, zone, at),
            "text": _told(one, appointment),
        }
        for one in log
        if not _is_anothers(one, appointment)
    ]


def _is_anothers(one: AppointmentEvent, appointment: Appointment) -> bool:
    about = one.details.get("realtor_id")
    of_a_realtor = one.action in (
        Action.ASSIGNED,
        Action.DECLINED,
        Action.TIMED_OUT,
        Action.REQUEUED,
        Action.NEEDS_PERSON,
    )
    return of_a_realtor and about is not None and about != appointment.realtor_id


def _title(one: AppointmentEvent) -> str:
    titles = {
        Action.CREATED: _("Booked"),
        Action.ASSIGNED: _("Put before you"),
        Action.REASSIGNED: _("Given to you by the store"),
        Action.DECLINED: _("Declined"),
        Action.TIMED_OUT: _("Not answered in time"),
    }
    words = titles.get(Action(one.action)) or str(one.get_action_display())
    return words[:1].upper() + words[1:]


def _told(one: AppointmentEvent, appointment: Appointment) -> str:
    who, reason = _who(one, appointment), reason_text(one.reason)
    if who and reason:
        return _("%(who)s: %(reason)s") % {"who": who, "reason": reason}
    return who or reason


def _who(one: AppointmentEvent, appointment: Appointment) -> str:
    if one.actor_kind == ActorKind.SYSTEM:
        return ""
    realtor = appointment.realtor
    mine = realtor is not None and one.actor_user_id is not None
    if mine and realtor is not None and one.actor_user_id == realtor.user_id:
        return _("By you")
    if is_of_customer(one, appointment):
        return _("By the customer")
    return _("By the store")
