"""The buttons of an appointment: accept, decline, arrived, start, complete, no-show."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments import services
from appointments.errors import AlreadyTaken
from appointments.models import Appointment
from appointments.presenters.console import why_not
from appointments.selectors.console import put_before
from appointments.views.console.access import HOME, button
from appointments.views.console.today import decline_form, first_page
from booking_site.common.callers import actor_of
from booking_site.common.errors import Conflict, Forbidden, Invalid
from booking_site.common.transactions import run_in_transaction
from realtors.models import Realtor
from realtors.services import heartbeat

Verb = Callable[..., Any]


@button
def accept(request: HttpRequest, realtor: Realtor, appointment_id: int) -> HttpResponse:
    verb = partial(services.accept, realtor=realtor)
    done = _("Accepted. %(name)s is in your plan below.")
    return _carry_out(request, realtor, appointment_id, verb, done)


@button
def decline(request: HttpRequest, realtor: Realtor, appointment_id: int) -> HttpResponse:
    """A reason that is too long comes back as it was typed."""
    form = decline_form(appointment_id, request.POST)
    if not form.is_valid():
        return first_page(request, realtor, refused=(appointment_id, form))
    verb = partial(services.decline, realtor=realtor, reason=form.stored)
    done = _("Declined. You are not asked for %(name)s again.")
    return _carry_out(request, realtor, appointment_id, verb, done)


@button
def start(request: HttpRequest, realtor: Realtor, appointment_id: int) -> HttpResponse:
    done = _("Started. Press “Complete” when you are done with %(name)s.")
    return _carry_out(request, realtor, appointment_id, _own(services.start, realtor), done)


@button
def complete(request: HttpRequest, realtor: Realtor, appointment_id: int) -> HttpResponse:
    done = _("Completed. What is left of the time is free again.")
    verb = _own(services.complete, realtor)
    return _carry_out(request, realtor, appointment_id, verb, done, of_a_seat=_("Completed."))


@button
def no_show(request: HttpRequest, realtor: Realtor, appointment_id: int) -> HttpResponse:
    done = _("Noted that %(name)s did not come. The time is free again.")
    verb, of_a_seat = _own(services.mark_no_show, realtor), _("Noted that %(name)s did not come.")
    return _carry_out(request, realtor, appointment_id, verb, done, of_a_seat=of_a_seat)


@button
def check_in(request: HttpRequest, realtor: Realtor, appointment_id: int) -> HttpResponse:
    done = _("Noted that %(name)s is here.")
    return _carry_out(request, realtor, appointment_id, _own(services.check_in, realtor), done)


def _own(verb: Verb, realtor: Realtor) -> Verb:
    """``verb`` for what is this realtor's now: it may have been given to somebody else, and staff
    who are realtors too act for themselves here."""

    def work(appointment: Appointment, **how: Any) -> Any:
        if appointment.realtor_id != realtor.pk:
            raise AlreadyTaken
        return verb(appointment, **how)

    return work


def _carry_out(
    request: HttpRequest,
    realtor: Realtor,
    appointment_id: int,
    verb: Verb,
    done: str,
    *,
    of_a_seat: str = "",
) -> HttpResponse:
    """Do it and say so, or say why not. Either way somebody was there. ``of_a_seat``: what is said
    instead where the teacher's time is the session's, whoever has left."""
    at = timezone.now()
    by = actor_of(request)
    appointment = put_before(realtor, appointment_id)
    try:
        run_in_transaction(lambda: verb(appointment, by=by, at=at))
    except (Conflict, Forbidden, Invalid) as refusal:
        messages.warning(request, why_not(refusal, appointment))
        _note_sign_of_life(request, realtor, at)
    else:
        said = of_a_seat if of_a_seat and appointment.is_seat else done
        messages.success(request, said % {"name": appointment.attendee_name})
    return _back(request, realtor, appointment)


def _back(request: HttpRequest, realtor: Realtor, appointment: Appointment) -> HttpResponse:
    """To the page the button stood on, if what it is about is still theirs."""
    if request.POST.get("back") == "appointment":
        appointment.refresh_from_db(fields=["realtor"])
        if appointment.realtor_id == realtor.pk:
            return redirect("appointments:console:appointment", appointment.pk)
    if request.POST.get("back") == "session" and appointment.session_id:
        return redirect("appointments:console:session", appointment.session_id)
    return redirect(HOME)


def _note_sign_of_life(request: HttpRequest, realtor: Realtor, at: datetime) -> None:
    run_in_transaction(lambda: heartbeat(realtor, by=actor_of(request), at=at))
