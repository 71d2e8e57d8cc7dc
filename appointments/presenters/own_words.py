"""What the life of a viewing, a stay and an order is called, where it is not that of an appointment
in a store. Every function answers with nothing where the usual words will do."""

from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from appointments.models import Action, Appointment, AppointmentEvent, Status
from appointments.presenters import times
from appointments.presenters.order_words import where_to
from appointments.presenters.prices import price
from appointments.presenters.what import ORDER, STAY, VIEWING, kind_of


def headline(appointment: Appointment) -> str:
    words = {
        VIEWING: {
            Status.CONFIRMED: _("Your viewing is confirmed"),
            Status.IN_PROGRESS: _("You are looking at the house"),
            Status.CANCELLED: _("This viewing was cancelled"),
            Status.COMPLETED: _("You have seen the house"),
        },
        STAY: {
            Status.CONFIRMED: _("Your stay is confirmed"),
            Status.IN_PROGRESS: _("Your stay is under way"),
            Status.CANCELLED: _("This stay was cancelled"),
            Status.COMPLETED: _("Welcome back"),
        },
        ORDER: {
            Status.PENDING: _("Your order is in"),
            Status.CONFIRMED: _("Your order is confirmed"),
            Status.IN_PROGRESS: _("Your order is under way"),
            Status.CANCELLED: _("This order was called off"),
            Status.COMPLETED: _("Your order is done"),
            Status.NO_SHOW: _("Nobody was there, says the provider"),
        },
    }
    return words.get(kind_of(appointment), {}).get(Status(appointment.status), "")


def until_paid(appointment: Appointment) -> str:
    """The headline of what payment confirms."""
    return _("Your order is kept until you pay") if appointment.is_order else ""


def what_next(appointment: Appointment, at: datetime) -> str:
    """Of what has a realtor and is paid, as far as it has to be."""
    kind = kind_of(appointment)
    if kind == ORDER:
        return _of_order(appointment, at)
    if kind not in (VIEWING, STAY):
        return ""
    sentences = _of_viewing() if kind == VIEWING else _of_stay()
    sentence = sentences.get(Status(appointment.status), "")
    listing = appointment.listing
    zone = appointment.store.zone
    return sentence % {
        "realtor": appointment.realtor,
        "when": times.spoken(appointment.starts_at, zone, at),
        "until": times.spoken(appointment.ends_at, zone, at),
        "address": listing.whole_address if listing else "",
    }


def _of_viewing() -> dict[Status, str]:
    return {
        Status.PENDING: _(
            "The time is kept for you. %(realtor)s has been asked and will confirm it; you need "
            "not do anything. Viewing costs nothing."
        ),
        Status.CONFIRMED: _(
            "%(realtor)s meets you %(when)s at the house: %(address)s. Viewing costs nothing."
        ),
        Status.COMPLETED: _("Would you like to tell your host what you think of it?"),
    }


def _of_stay() -> dict[Status, str]:
    return {
        Status.PENDING: _(
            "The nights are kept for you. %(realtor)s has been asked and will confirm them; you "
            "need not do anything."
        ),
        Status.CONFIRMED: _(
            "%(realtor)s expects your pets %(when)s: %(address)s. Please show or say the code, and "
            "bring food they know."
        ),
        Status.IN_PROGRESS: _("Your pets are with %(realtor)s. Please fetch them by %(until)s."),
        Status.COMPLETED: _("We hope they were well. You can book again at any time."),
        Status.CANCELLED: _("The nights were given back. You can book others at any time."),
        Status.NO_SHOW: _("Nobody was brought. You can book other nights at any time."),
    }


def _of_order(appointment: Appointment, at: datetime) -> str:
    at_customers = bool(getattr(appointment, "order", None) and appointment.order.address)
    sentences = {
        Status.PENDING: _(
            "The time is kept for you. %(realtor)s has been asked and will confirm the order; you "
            "need not do anything."
        ),
        Status.CONFIRMED: _("%(realtor)s comes %(when)s: %(address)s.")
        if at_customers
        else _("%(realtor)s expects you %(when)s: %(address)s."),
        Status.IN_PROGRESS: _("%(realtor)s is at work."),
        Status.COMPLETED: _("We hope it went well. You can order again at any time."),
        Status.CANCELLED: _("The time was given back. You can order again at any time."),
        Status.NO_SHOW: _("If that is not so, please write to them or to the people of this site."),
    }
    told = sentences.get(Status(appointment.status), "") % {
        "realtor": appointment.realtor,
        "when": times.spoken(appointment.starts_at, appointment.store.zone, at),
        "address": where_to(appointment),
    }
    if told and appointment.is_payable:
        due = {"amount": price(appointment.due_now, appointment.currency), "told": told}
        return _("%(told)s Please pay %(amount)s here.") % due
    return told


def title(entry: AppointmentEvent, appointment: Appointment) -> str:
    """A step of the timeline."""
    if kind_of(appointment) != STAY:
        return ""
    titles = {
        Action.RESCHEDULED: _("Moved to other dates"),
        Action.STARTED: _("Checked in"),
        Action.COMPLETED: _("Checked out"),
        Action.NO_SHOW: _("Not brought"),
    }
    return titles.get(Action(entry.action), "")


def moved(entry: AppointmentEvent, appointment: Appointment, at: datetime) -> str:
    """From which dates to which, as a stay's log keeps them."""
    if not appointment.is_stay:
        return ""
    try:
        before, after = (date.fromisoformat(entry.details[key][:10]) for key in ("from", "to"))
    except (KeyError, TypeError, ValueError):
        return ""
    today = at.astimezone(appointment.store.zone).date()
    return _("From %(before)s to %(after)s") % {
        "before": times.spoken_day(before, today),
        "after": times.spoken_day(after, today),
    }


def start(appointment: Appointment) -> str:
    """How the beginning that is still to come is called."""
    words = {
        STAY: pgettext("of pets", "Check-in"),
        VIEWING: _("Viewing"),
        ORDER: _("The work begins"),
    }
    return words.get(kind_of(appointment), "")


def end(appointment: Appointment) -> str:
    """How the end that is still to come is called, where it is looked forward to."""
    return _("Check-out") if appointment.is_stay else ""


def confirmation(appointment: Appointment) -> str:
    """By whom, where it is not the store."""
    words = {
        VIEWING: _("Confirmation by the host"),
        STAY: _("Confirmation by the sitter"),
        ORDER: _("Confirmation by the provider"),
    }
    return words.get(kind_of(appointment), "")
