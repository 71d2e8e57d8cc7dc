"""What the console shows a realtor; plain dictionaries for its templates."""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from appointments import errors
from appointments.models import Appointment, PaymentStatus, Session, Status
from appointments.presenters import live, times
from appointments.presenters.agenda import day_picture
from appointments.presenters.asked import why_you
from appointments.presenters.days import by_time, coming_days, session_entry
from appointments.presenters.entries import entry
from appointments.presenters.guests import guests, of_stay
from appointments.presenters.own_orders import order_facts
from appointments.presenters.stay_words import stay_dates
from appointments.presenters.travel import Leg, legs
from appointments.presenters.where import where
from appointments.rules import SOON
from appointments.selectors.console import Asked, Desk
from booking_site.common.errors import Forbidden, Refusal
from realtors.models import Presence, Realtor

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
    add_travel(entries, legs([*desk.timed, *(one.session for one in held)]))
    to_do = [one for one in entries if not one["is_over"]]
    pets = guests(desk.stays, at)
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
        "guests": pets,
        "to_do": bool(to_do),
        "over": [one for one in entries if one["is_over"]] + pets.pop("over"),
        "line": line(desk),
        "days": coming_days(desk, at),
    }


def add_travel(entries: list[dict[str, Any]], ways: list[Leg]) -> None:
    """To each entry that somebody has to travel to, how long that takes."""
    to = {(isinstance(leg.to, Session), leg.to.pk): leg for leg in ways}
    for one in entries:
        leg = to.get((bool(one.get("is_session")), one["id"]))
        one["travel"] = {"words": leg.words, "warning": leg.warning} if leg else None


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
        "where": where(appointment),
        "stay": of_stay(appointment, at) if appointment.is_stay else None,
        "order": order_facts(appointment),
        "child": appointment.child.name if appointment.child else "",
        "live": appointment.live,
        "when": when(appointment, at),
        "duration": _how_long(appointment),
        "named": appointment.realtor_named,
        "paid": appointment.payment_status == PaymentStatus.PAID,
        "why": why_you(asked),
        "deadline_at": asked.answer_by,
        "counts_down": asked.answer_by - at <= SOON,
        "total": int((asked.answer_by - asked.asked_at).total_seconds()),
        "answer_by": times.spoken(asked.answer_by, zone, at),
    }


def line(desk: Desk) -> dict[str, Any]:
    """Who waits in the store's live line: codes and places, nothing about the person."""
    rows = [
        {
            "code": one.code,
            "position": rank,
            "wait": live.estimate_words(one, desk.waits[one.pk]),
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
    if appointment.is_stay:
        return stay_dates(appointment, at.astimezone(zone).date())
    day = times.full_day(appointment.starts_at.astimezone(zone).date(), at.astimezone(zone).date())
    span = times.span(appointment.starts_at, appointment.ends_at, zone)
    return _("%(day)s %(time)s") % {"day": day, "time": span}


def _how_long(appointment: Appointment) -> str:
    """The nights of a stay are said with its dates."""
    return "" if appointment.is_stay else times.duration(appointment.duration_minutes)


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
