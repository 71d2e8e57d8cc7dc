"""What the staff at a store's desk see: everybody by name, and what can be done next."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from appointments.models import Appointment, Status
from appointments.models.appointment import LIVE, UPCOMING
from appointments.presenters import life, live, times
from appointments.presenters.board import spaced
from appointments.presenters.order_words import where_to
from appointments.presenters.pages import facts, spoken_phone
from appointments.rules import is_its_day
from appointments.selectors.board import Board, is_elsewhere
from appointments.services.work import may_begin
from realtors.models import Presence, Realtor
from stores.models import Store

# The verbs of the desk, in the order of a visit.
ACCEPT, ARRIVED, START = "accept", "arrived", "start"
COMPLETE, NO_SHOW, LEAVE = "complete", "no-show", "leave"


def rows_of(board: Board, store: Store, at: datetime) -> dict[str, Any]:
    """The live line and the rest of the lobby, with names."""
    return {
        "waiting": [
            _row(row, at)
            | {
                "position": number,
                "wait": live.estimate_words(row, board.waits[row.pk]),
                "since": _since(row, at),
                "needs_person": row.needs_person or row.pk in board.stranded,
            }
            for number, row in enumerate(board.waiting, start=1)
        ],
        "called": [_row(row, at) for row in board.called],
        "serving": [_row(row, at) for row in board.serving],
        "upcoming": [
            _row(row, at) | {"when": live.clock_or_day(row.starts_at, store, at)}
            for row in board.upcoming
        ],
    }


def _row(row: Appointment, at: datetime) -> dict[str, Any]:
    status, label = word_at_desk(row)
    return {
        "code": row.code,
        "spaced": spaced(row.code),
        "name": row.customer_name,
        "realtor": row.realtor.name if row.realtor else "",
        "status": status,
        "status_label": label,
        "needs_person": row.needs_person,
        "arrived": row.arrived_at is not None and row.status in UPCOMING,
    }


def word_at_desk(appointment: Appointment) -> tuple[str, str]:
    """As the customer's page, but said about them."""
    if appointment.live and appointment.status == Status.CONFIRMED:
        return "confirmed", pgettext("status", "to be called")
    return life.shown_status(appointment)


def _since(row: Appointment, at: datetime) -> str:
    minutes = max(0, int((at - row.queued_at) / timedelta(minutes=1)))
    return _("for %(minutes)d min") % {"minutes": minutes}


def on_duty(realtors: Iterable[Realtor], board: Board, silent: set[int]) -> list[dict[str, Any]]:
    """Everybody who works in the store, those who take customers first; ``silent``: who said they
    are there and has not been heard of."""
    busy = {row.realtor_id: row for row in (*board.out, *board.called, *board.serving)}
    order = (Presence.ONLINE, Presence.BUSY, Presence.OFFLINE)
    people = []
    for realtor in sorted(realtors, key=lambda one: order.index(Presence(one.presence))):
        row = busy.get(realtor.pk)
        presence = Presence(realtor.presence)
        detail = _doing(row) if row else ""
        if realtor.pk in silent:
            detail = detail or _("not heard of for a while")
        people.append(
            {
                "name": realtor.name,
                "seed": realtor.pk,
                "detail": detail,
                "presence": presence.value,
                "presence_label": str(presence.label),
            }
        )
    return people


def _doing(row: Appointment) -> str:
    """What a realtor has to do with whom: who is only being asked is with nobody yet."""
    code = spaced(row.code)
    if is_elsewhere(row):
        return _("out, at a viewing")
    if row.status == Status.IN_PROGRESS:
        return _("with %(code)s") % {"code": code}
    if row.status == Status.CONFIRMED:
        return f"{word_at_desk(row)[1]} · {code}"
    return _("To be answered: %(name)s %(code)s") % {"name": row.customer_name, "code": code}


def at_the_desk(
    appointment: Appointment, standing: live.Standing, at: datetime, *, stranded: bool
) -> dict[str, Any]:
    """One appointment, with the buttons for what may come next and the question before its end.
    ``stranded``: nobody on duty can take them."""
    shown = facts(appointment, at)
    shown["status"], shown["status_label"] = word_at_desk(appointment)
    wait = live.wait_words(appointment, standing)
    in_live_line = appointment.live and standing.position
    return {
        "facts": shown,
        "appointment": appointment,
        "phone": spoken_phone(appointment.customer_phone),
        "position": standing.position,
        "wait": (_("nobody can say yet") if stranded else wait) if in_live_line else "",
        "needs_person": appointment.needs_person or stranded,
        "hint": _hint(appointment, at),
        "arrived": _arrived(appointment),
        "steps": steps(appointment, at),
        "leave": _leave(appointment),
    }


def _arrived(appointment: Appointment) -> str:
    if appointment.arrived_at is None or appointment.status not in UPCOMING:
        return ""
    time = times.clock(appointment.arrived_at.astimezone(appointment.store.zone))
    return _("here since %(time)s") % {"time": time}


def steps(appointment: Appointment, at: datetime) -> list[dict[str, str]]:
    """The buttons: ``value``, ``label``, ``icon``, ``variant``; the likeliest first."""
    status, found = Status(appointment.status), []
    answerable = status == Status.PENDING and not appointment.awaits_payment
    if answerable and appointment.realtor_id is not None:
        text = _("Accept for %(name)s") % {"name": appointment.realtor}
        found.append(_step(ACCEPT, text, "check"))
    if _may_arrive(appointment, at):
        found.append(_step(ARRIVED, _("Is here"), "user-check"))
    if status == Status.CONFIRMED and _may_start(appointment, at):
        label = _("Check in") if appointment.is_stay else _("Start")
        found.append(_step(START, label, "circle-play"))
    if status == Status.IN_PROGRESS:
        label = _("Check out") if appointment.is_stay else _("Complete")
        found.append(_step(COMPLETE, label, "circle-check"))
    if status == Status.CONFIRMED and at >= appointment.starts_at:
        found.append(_step(NO_SHOW, _("Did not come"), "user-x", "secondary"))
    return found


def may_leave(appointment: Appointment) -> bool:
    """A confirmed order is called off by both sides, on its own page."""
    if appointment.status == Status.CONFIRMED:
        return not appointment.is_order
    return appointment.status == Status.PENDING


def _leave(appointment: Appointment) -> dict[str, str] | None:
    """What is asked before it is called off, and the button that does it. No step like the others:
    nobody gets the place back who was taken out with one slip."""
    if not may_leave(appointment):
        return None
    if appointment.live:
        return {"question": _("Leave the line?"), "label": _("Leave the line"), "value": LEAVE}
    return {
        "question": _("Cancel the appointment?"),
        "label": _("Cancel the appointment"),
        "value": LEAVE,
    }


def _step(value: str, label: str, icon: str, variant: str = "") -> dict[str, str]:
    return {"value": value, "label": label, "icon": icon, "variant": variant}


def _may_arrive(appointment: Appointment, at: datetime) -> bool:
    """Who stands in the live line at the desk is here already; what takes place elsewhere, nobody
    comes here for."""
    if is_elsewhere(appointment):
        return False
    if appointment.live or appointment.status not in UPCOMING or appointment.arrived_at is not None:
        return False
    return is_its_day(appointment.starts_at, at, appointment.store.zone)


def _may_start(appointment: Appointment, at: datetime) -> bool:
    return appointment.live or at >= may_begin(appointment)


def _hint(appointment: Appointment, at: datetime) -> str:
    """Where else it takes place, or why there is no button to start it yet."""
    listing = appointment.listing
    if listing is not None and is_elsewhere(appointment) and appointment.status in LIVE:
        facts = {"title": listing.title, "address": listing.address or "–"}
        if appointment.is_stay:
            return _("It is not at this desk: the pets stay at “%(title)s”.") % facts
        if appointment.is_order:
            facts["address"] = where_to(appointment)
            return _("It is done at the customer's: “%(title)s”, %(address)s.") % facts
        if not listing.address:
            return _("It is not at this desk: the viewing is at “%(title)s”.") % facts
        return _("It is not at this desk: the viewing is at “%(title)s”, %(address)s.") % facts
    if appointment.is_waiting:
        return _("Whoever becomes free is asked by itself; nothing is to be done here.")
    if appointment.status == Status.CONFIRMED and not _may_start(appointment, at):
        when = times.spoken(may_begin(appointment), appointment.store.zone, at)
        return _("It can be started from %(when)s.") % {"when": when}
    return ""
