"""An appointment's life for the one it belongs to: where it stands, what is next, what was."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from appointments.models import (
    Action,
    Appointment,
    AppointmentEvent,
    RealtorReason,
    Status,
    SystemReason,
)
from appointments.presenters import live, own_words, times
from appointments.presenters.live import Standing
from booking_site.common.actors import ActorKind

STATUS_OF_ACTION = {
    Action.CREATED: "pending",
    Action.QUEUED: "queued",
    Action.ASSIGNED: "offered",
    Action.CONFIRMED: "confirmed",
    Action.DECLINED: "queued",
    Action.TIMED_OUT: "queued",
    Action.REQUEUED: "queued",
    Action.REASSIGNED: "offered",
    Action.RESCHEDULED: "pending",
    Action.ARRIVED: "confirmed",
    Action.STARTED: "in_progress",
    Action.COMPLETED: "completed",
    Action.CANCELLED: "cancelled",
    Action.NO_SHOW: "no_show",
    Action.PAID: "paid",
    Action.REFUNDED: "refunded",
    Action.CANCEL_ASKED: "pending",
    Action.CANCEL_REFUSED: "confirmed",
    Action.CANCEL_TAKEN_BACK: "confirmed",
    Action.DISPUTED: "pending",
    Action.DECIDED: "confirmed",
    Action.NEEDS_PERSON: "pending",
}
# Of these it is said by whom.
SAID_BY = (
    Action.CONFIRMED,
    Action.CANCELLED,
    Action.CANCEL_ASKED,
    Action.CANCEL_REFUSED,
    Action.CANCEL_TAKEN_BACK,
)

# What a customer need not follow: to whom it was offered and who said no.
INSIDE = (Action.ASSIGNED, Action.DECLINED, Action.TIMED_OUT)


def shown_status(appointment: Appointment) -> tuple[str, str]:
    """The status component's ``status`` and its word; waiting in a line has its own."""
    of_live = live.status_word(appointment) if appointment.live else None
    if of_live is not None:
        return of_live
    if appointment.is_waiting:
        return "queued", pgettext("status", "in line")
    if appointment.awaits_payment:
        return "unpaid", pgettext("status", "to be paid")
    return appointment.status, str(appointment.get_status_display())


def headline(appointment: Appointment, at: datetime) -> str:
    """The first line of the ticket."""
    if appointment.live:
        return live.headline(appointment)
    titles = {
        Status.CONFIRMED: _("Your appointment is confirmed"),
        Status.IN_PROGRESS: _("Your appointment is under way"),
        Status.COMPLETED: _("Thank you for coming"),
        Status.CANCELLED: _("This appointment was cancelled"),
        Status.NO_SHOW: _("We missed you"),
    }
    if appointment.is_waiting:
        return _("You are in line")
    if appointment.awaits_payment:
        return own_words.until_paid(appointment) or _("Your place is kept until you pay")
    if appointment.status == Status.PENDING:
        return own_words.headline(appointment) or _("Your request is in")
    return own_words.headline(appointment) or titles[Status(appointment.status)]


def announcement(appointment: Appointment, standing: Standing, at: datetime) -> str:
    """What is read out when a page left open has changed, and only then."""
    if not standing.position:
        return headline(appointment, at)
    return _("Number %(n)s in line") % {"n": standing.position}


def what_next(appointment: Appointment, standing: Standing, at: datetime) -> str:
    """One or two sentences: what happens now, and what the customer has to do."""
    if appointment.live:
        return live.what_next(appointment, standing, at)
    if appointment.needs_person and appointment.is_waiting:
        return _("The store is looking for somebody for you and will get in touch with you.")
    if appointment.is_waiting:
        return _waiting(appointment, standing.position, at)
    if appointment.status == Status.CANCELLED and appointment.realtor_id is None:
        return _("You no longer stand in line. You can book another time at any time.")
    if appointment.awaits_payment:
        return _unpaid(appointment, at)
    return own_words.what_next(appointment, at) or _usual(appointment, at)


def _usual(appointment: Appointment, at: datetime) -> str:
    when = times.spoken(appointment.starts_at, appointment.store.zone, at)
    facts = {"realtor": appointment.realtor, "when": when, "store": appointment.store}
    sentences = {
        Status.PENDING: _(
            "The time is kept for you. %(realtor)s has been asked and will confirm it; you need "
            "not do anything."
        ),
        Status.CONFIRMED: _(
            "%(realtor)s expects you %(when)s at %(store)s. Show or say the code at the desk."
        ),
        Status.IN_PROGRESS: _("%(realtor)s is with you now.")
        if not appointment.is_seat
        else _("The session is under way."),
        Status.COMPLETED: _("We hope it went well. You can book again at any time."),
        Status.CANCELLED: _("The time was given back. You can book another one at any time.")
        if not appointment.is_seat
        else _("The place was given back. You can book another one at any time."),
        Status.NO_SHOW: _("You were not there at the time. You can book another one at any time."),
    }
    return sentences[Status(appointment.status)] % facts


def _unpaid(appointment: Appointment, at: datetime) -> str:
    before = appointment.pay_before or at
    if before <= at:
        return _("It was not paid in time, so the place goes to somebody else.")
    sentence = _("Please pay by %(time)s. After that the place goes to somebody else.")
    if appointment.is_order:
        sentence = _("Please pay by %(time)s; that confirms it. After that the time is free again.")
    return sentence % {"time": times.spoken(before, appointment.store.zone, at)}


def _waiting(appointment: Appointment, position: int, at: datetime) -> str:
    zone = appointment.store.zone
    return _(
        "You are number %(position)d in line for %(when)s. As soon as somebody becomes free, the "
        "time is yours; the place in line is kept. If nobody is free by %(latest)s, we cancel it "
        "and it costs you nothing."
    ) % {
        "position": position,
        "when": times.spoken(appointment.starts_at, zone, at),
        "latest": times.spoken(appointment.served_until, zone, at),
    }


def timeline(appointment: Appointment, log: Iterable[AppointmentEvent], at: datetime) -> list[dict]:
    """For the timeline component: what happened, oldest first, and what is still to come."""
    zone = appointment.store.zone
    steps = [
        {
            "status": STATUS_OF_ACTION[Action(entry.action)],
            "title": _title(entry, appointment),
            "at": entry.at,
            "when": times.spoken(entry.at, zone, at),
            "text": _told(entry, appointment, at),
        }
        for entry in log
        if not _is_inside(entry, appointment)
    ]
    return steps + _to_come(appointment, at)


def _is_inside(entry: AppointmentEvent, appointment: Appointment) -> bool:
    """Who waits in a live line is told who has been asked, and so has to hear that nobody came; to
    join and to be put in line is one act for them."""
    if appointment.live:
        return entry.action in (Action.ASSIGNED, Action.QUEUED)
    return entry.action in INSIDE


def reason_text(reason: str) -> str:
    """Our own reasons in a sentence; people's words as they are."""
    if reason in SystemReason.values:
        return str(SystemReason(reason).label)
    code, _colon, words = reason.partition(": ")
    if code not in RealtorReason.values:
        return reason
    sentence = str(RealtorReason(code).label)
    if code == RealtorReason.OTHER and words:
        return words
    return _("%(sentence)s %(more)s") % {"sentence": sentence, "more": words} if words else sentence


def _title(entry: AppointmentEvent, appointment: Appointment) -> str:
    joined = _("Joined the line") if appointment.live else _("Requested")
    titles = {
        Action.CREATED: joined,
        Action.QUEUED: _("Put in line"),
        Action.CONFIRMED: _("Confirmed"),
        Action.DECLINED: _("Had no time; you keep your place"),
        Action.TIMED_OUT: _("Did not answer; you keep your place"),
        Action.REQUEUED: _("Back in line"),
        Action.REASSIGNED: _("Another realtor takes care of it"),
        Action.RESCHEDULED: _("Moved to another time"),
        Action.ARRIVED: _("Arrived"),
        Action.STARTED: _("Started"),
        Action.COMPLETED: _("Completed"),
        Action.CANCELLED: _("Cancelled"),
        Action.NO_SHOW: _("Not there at the time"),
        Action.PAID: _("Paid"),
        Action.REFUNDED: _("The money has gone back"),
        Action.CANCEL_ASKED: _("Asked to call it off"),
        Action.CANCEL_REFUSED: _("Answered no"),
        Action.CANCEL_TAKEN_BACK: _("No longer to be called off"),
        Action.DISPUTED: _("Put before staff"),
        Action.DECIDED: _("Staff have decided"),
        Action.NEEDS_PERSON: _("The store takes care of it"),
    }
    return own_words.title(entry, appointment) or titles[Action(entry.action)]


def _told(entry: AppointmentEvent, appointment: Appointment, at: datetime) -> str:
    if entry.action == Action.RESCHEDULED:
        return _moved(entry, appointment, at)
    if entry.action in INSIDE:
        # Why somebody said no is between them and the store.
        return ""
    who = _actor(entry, appointment)
    reason = reason_text(entry.reason)
    if who and reason:
        return _("%(who)s: %(reason)s") % {"who": who, "reason": reason}
    return who or reason


def _moved(entry: AppointmentEvent, appointment: Appointment, at: datetime) -> str:
    if appointment.is_stay:
        return own_words.moved(entry, appointment, at)
    try:
        before, after = (datetime.fromisoformat(entry.details[key]) for key in ("from", "to"))
    except (KeyError, TypeError, ValueError):
        return ""
    zone = appointment.store.zone
    return _("From %(before)s to %(after)s") % {
        "before": times.spoken(before, zone, at),
        "after": times.spoken(after, zone, at),
    }


def _actor(entry: AppointmentEvent, appointment: Appointment) -> str:
    """By whom, as far as a customer is told: staff speak as the store."""
    if entry.action not in SAID_BY:
        return ""
    if entry.actor_kind == ActorKind.SYSTEM:
        return ""
    if is_of_customer(entry, appointment):
        return _("By you")
    realtor = appointment.realtor
    if realtor and entry.actor_user_id is not None and realtor.user_id == entry.actor_user_id:
        return _("By %(name)s") % {"name": realtor}
    return _("By the store")


def is_of_customer(entry: AppointmentEvent, appointment: Appointment) -> bool:
    """Whether the customer did it, signed in or as a guest."""
    by_account = entry.actor_user_id is not None and entry.actor_user_id == appointment.user_id
    return by_account or entry.actor_kind == ActorKind.GUEST


def _to_come(appointment: Appointment, at: datetime) -> list[dict]:
    zone = appointment.store.zone
    when = times.spoken(appointment.starts_at, zone, at)
    start = {
        "status": "in_progress",
        "title": own_words.start(appointment) or _("Start"),
        "when": "" if appointment.live else when,
        "upcoming": True,
    }
    answer = own_words.confirmation(appointment) or _("Confirmation by the store")
    if appointment.live:
        answer = _("Somebody is ready for you")
    elif appointment.is_seat:
        answer = _("Confirmation by the teacher")
    confirm = {"status": "confirmed", "title": answer, "upcoming": True}
    pay = {"status": "unpaid", "title": _("To be paid"), "upcoming": True}
    ends = _end(appointment, at)
    if appointment.awaits_payment:
        asks = appointment.listing is not None and appointment.listing.needs_approval
        return [pay, *([confirm] if asks else []), start, *ends]
    # An order is paid once it is confirmed, at the latest when it is done.
    due = [pay] if appointment.is_order and _is_to_be_paid(appointment) else []
    steps = {
        Status.PENDING: [confirm, *due, start, *ends],
        Status.CONFIRMED: [*due, start, *ends],
        Status.IN_PROGRESS: [*due, *ends],
        Status.COMPLETED: due,
    }
    return steps.get(Status(appointment.status), [])


def _is_to_be_paid(appointment: Appointment) -> bool:
    """Now, or once it is confirmed."""
    later = appointment.status == Status.PENDING and appointment.due_now > 0
    return later or appointment.is_payable


def _end(appointment: Appointment, at: datetime) -> list[dict]:
    """Of a stay: when the pets are fetched."""
    title = own_words.end(appointment)
    if not title:
        return []
    when = times.spoken(appointment.ends_at, appointment.store.zone, at)
    return [{"status": "completed", "title": title, "when": when, "upcoming": True}]
