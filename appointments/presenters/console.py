"""What the console shows a realtor; plain dictionaries for its templates."""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from appointments import errors
from appointments.models import Appointment, PaymentStatus, Status
from appointments.models.appointment import OVER, UPCOMING
from appointments.presenters import live, times
from appointments.presenters.agenda import day_picture
from appointments.presenters.asked import why_you
from appointments.presenters.days import by_time, coming_days, session_entry
from appointments.presenters.life import reason_text
from appointments.presenters.pages import spoken_phone
from appointments.presenters.prices import price
from appointments.rules import SOON, START_EARLY, is_its_day
from appointments.selectors.console import Asked, Desk
from booking_site.common.errors import Forbidden, Refusal
from realtors.models import Presence, Realtor

REACHABLE = (Status.CONFIRMED, Status.IN_PROGRESS)
# More of them are a number, not a list.
LONGEST_LINE = 12


def shown(desk: Desk, at: datetime) -> dict[str, Any]:
    """Everything on the first page that may change while somebody looks at it."""
    zone = desk.realtor.store.zone
    today = at.astimezone(zone).date()
    held = [one for one in desk.sessions if one.session.starts_local.date() <= today]
    entries = by_time(
        [(one.starts_at, entry(one, at)) for one in desk.today],
        [(one.session.starts_at, session_entry(one, at)) for one in held],
    )
    to_do = [one for one in entries if not one["is_over"]]
    return {
        "presence": presence(desk.realtor),
        "offers": [offer_card(one, at) for one in desk.asked],
        "now_and_next": now_and_next(to_do),
        "picture": day_picture(
            desk.work,
            desk.timed,
            today,
            at,
            sessions=[one for one in held if one.session.ends_local.date() >= today],
        ),
        "to_do": bool(to_do),
        "over": [one for one in entries if one["is_over"]],
        "line": line(desk),
        "days": coming_days(desk, at),
    }


def now_and_next(to_do: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What can be acted on now, and the one that comes after it; the rest stands in the day."""
    found, later = [], None
    for one in to_do:
        if one["can_act"] or one["is_loose"]:
            found.append(one)
        elif later is None:
            later = one
    return [*found, later] if later else found


def fingerprint(page: dict[str, Any]) -> str:
    """The same as long as nothing has changed: then a page that looks again is left alone."""
    text = json.dumps(page, default=str, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def presence(realtor: Realtor) -> dict[str, Any]:
    """The three states, which of them is, and what it means in a sentence."""
    sentences = {
        Presence.ONLINE: _(
            "Whoever waits in the live line is sent to you, within your working hours."
        ),
        Presence.BUSY: _("Nobody new is sent to you. What was offered to you stays yours."),
        Presence.OFFLINE: _(
            "Nobody is sent to you. Bookings for a time still come, by your working hours."
        ),
    }
    now = Presence(realtor.presence)
    return {
        "state": now.value,
        "label": str(now.label),
        "sentence": sentences[now],
        "away": realtor.away_since is not None and now != Presence.OFFLINE,
        "choices": [
            {"value": one.value, "label": str(one.label), "chosen": one == now} for one in Presence
        ],
    }


def offer_card(asked: Asked, at: datetime) -> dict[str, Any]:
    """Somebody who waits for an answer. No phone before it is given."""
    appointment = asked.appointment
    zone = appointment.store.zone
    return {
        "id": appointment.pk,
        "key": str(appointment.pk),
        "code": appointment.code,
        "name": appointment.customer_name,
        "wishes": appointment.requirements,
        "course": appointment.listing.title if appointment.listing else "",
        "child": appointment.child.name if appointment.child else "",
        "live": appointment.live,
        "when": when(appointment, at),
        "duration": times.duration(appointment.duration_minutes),
        "named": appointment.realtor_named,
        "paid": appointment.payment_status == PaymentStatus.PAID,
        "why": why_you(asked),
        "deadline_at": asked.answer_by,
        "counts_down": asked.answer_by - at <= SOON,
        "total": int((asked.answer_by - asked.asked_at).total_seconds()),
        "answer_by": times.spoken(asked.answer_by, zone, at),
    }


def entry(appointment: Appointment, at: datetime) -> dict[str, Any]:
    """A row of the day, with what can be done about it now."""
    status = Status(appointment.status)
    confirmed = status == Status.CONFIRMED
    startable = appointment.live or at >= appointment.starts_at - START_EARLY
    zone = appointment.store.zone
    start_from = times.clock((appointment.starts_at - START_EARLY).astimezone(zone))
    too_early = _("Can be started from %(time)s.") % {"time": start_from}
    return {
        "id": appointment.pk,
        "key": str(appointment.pk),
        "code": appointment.code,
        "name": appointment.customer_name,
        "phone": spoken_phone(appointment.customer_phone),
        # Whoever has not said yes yet, or has nothing more to do with them, need not call.
        "tel": appointment.customer_phone if status in REACHABLE else "",
        "wishes": appointment.requirements,
        "when": _when_today(appointment, at),
        "duration": times.duration(appointment.duration_minutes),
        "place": appointment.store.name,
        "status": status.value,
        "status_label": str(status.label),
        "session": appointment.session_id,
        "payment": _payment(appointment),
        "arrived": _arrived(appointment),
        "reason": reason_text(appointment.cancel_reason),
        "is_over": status in OVER,
        "is_running": status == Status.IN_PROGRESS,
        "can_start": confirmed and startable,
        "too_early": too_early if confirmed and not startable else "",
        "can_complete": status == Status.IN_PROGRESS,
        "can_mark_no_show": confirmed and at >= appointment.starts_at,
        "can_check_in": status in UPCOMING
        and appointment.arrived_at is None
        and (appointment.live or is_its_day(appointment.starts_at, at, zone)),
        "can_cancel": confirmed,
        "can_act": status == Status.IN_PROGRESS
        or (confirmed and (startable or at >= appointment.starts_at)),
        # It stands in no place of the day's picture.
        "is_loose": not appointment.is_timed,
    }


def _payment(appointment: Appointment) -> dict[str, str] | None:
    """As the status component takes it; None where nothing has to be paid in advance."""
    if appointment.payment_status == PaymentStatus.NOT_REQUIRED:
        return None
    label = str(appointment.get_payment_status_display())
    if appointment.due_now:
        amount = price(appointment.due_now, appointment.currency)
        label = _("%(state)s %(amount)s") % {"state": label, "amount": amount}
    return {"status": appointment.payment_status, "label": label}


def _arrived(appointment: Appointment) -> str:
    """Since when they wait; empty once the work has begun."""
    if appointment.arrived_at is None or appointment.status not in UPCOMING:
        return ""
    time = times.clock(appointment.arrived_at.astimezone(appointment.store.zone))
    return _("here since %(time)s") % {"time": time}


def line(desk: Desk) -> dict[str, Any]:
    """Who waits in the store's live line: codes and places, nothing about the person."""
    rows = [
        {
            "code": one.code,
            "position": rank,
            "wait": _wait(one, desk.waits[one.pk]),
            "since": times.clock(one.queued_at.astimezone(one.store.zone)),
            "needs_person": one.needs_person,
        }
        for rank, one in enumerate(desk.waiting[:LONGEST_LINE], start=1)
    ]
    more = len(desk.waiting) - len(rows)
    return {
        "rows": rows,
        "length": len(desk.waiting),
        "more": ngettext("and %(count)d more", "and %(count)d more", more) % {"count": more}
        if more
        else "",
    }


def said(page: dict[str, Any]) -> str:
    """What is read out when it changes: who waits for an answer."""
    waiting = page["offers"]
    if not waiting:
        return ""
    sentence = ngettext(
        "%(count)d offer waits for your answer: %(names)s",
        "%(count)d offers wait for your answer: %(names)s",
        len(waiting),
    )
    names = pgettext("between names", ", ").join(one["name"] for one in waiting)
    return sentence % {"count": len(waiting), "names": names}


def when(appointment: Appointment, at: datetime) -> str:
    """For the one who is asked: now, or a day and a time."""
    if appointment.live:
        return _("now, as soon as possible")
    zone = appointment.store.zone
    day = times.full_day(appointment.starts_at.astimezone(zone).date(), at.astimezone(zone).date())
    span = times.span(appointment.starts_at, appointment.ends_at, zone)
    return _("%(day)s %(time)s") % {"day": day, "time": span}


def _when_today(appointment: Appointment, at: datetime) -> str:
    begun = appointment.status in (Status.IN_PROGRESS, Status.COMPLETED)
    if appointment.live and not begun:
        return pgettext("instead of a time", "now")
    zone = appointment.store.zone
    if appointment.starts_at.astimezone(zone).date() != at.astimezone(zone).date():
        return times.spoken(appointment.starts_at, zone, at)
    return times.span(appointment.starts_at, appointment.ends_at, zone)


def _wait(appointment: Appointment, minutes: int | None) -> str:
    if minutes is None:
        return live.unknown_wait(appointment)
    return _("about %(minutes)d min") % {"minutes": minutes}


def why_not(refusal: Refusal, appointment: Appointment) -> str:
    """A refusal in the words of the one who pressed the button."""
    if isinstance(refusal, Forbidden):
        return str(errors.AlreadyTaken())
    if isinstance(refusal, errors.CustomerConflict):
        return _("The customer has another appointment at this moment. Nothing was changed.")
    if isinstance(refusal, errors.InvalidTransition) and "status" in refusal.errors:
        return _present_state(Status(appointment.status))
    return str(refusal)


def _present_state(status: Status) -> str:
    sentences = {
        Status.PENDING: _("It has not been accepted yet."),
        Status.CONFIRMED: _("It has been accepted already; it is in your plan below."),
        Status.IN_PROGRESS: _("It has begun already."),
        Status.COMPLETED: _("It is completed already."),
        Status.CANCELLED: _("It was cancelled in the meantime."),
        Status.NO_SHOW: _("It is marked as a no-show already."),
    }
    return sentences[status]
