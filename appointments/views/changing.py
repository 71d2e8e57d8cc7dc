"""The customer changes their mind: another time, or none."""

from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from appointments import errors, services
from appointments.forms import CancelForm
from appointments.models import Appointment, Status
from appointments.presenters import times
from appointments.presenters.money import called_off_with, comes_back
from appointments.presenters.pages import facts
from appointments.presenters.policy import cost_of_cancelling, leave_to
from appointments.presenters.week import Week, week_for
from appointments.selectors.pictures import Apart
from appointments.selectors.sessions import due_together
from appointments.views.access import Opened, opened
from appointments.views.agreeing import agreed_at
from appointments.views.guards import counted, kind_refusals, private
from appointments.views.moving import sessions_instead
from appointments.views.moving_stays import dates_instead
from booking_site.common.errors import Forbidden, NotFound, Refusal
from booking_site.common.transactions import run_in_transaction


@require_http_methods(["GET", "HEAD", "POST"])
@private
@kind_refusals
@counted
def cancel(request: HttpRequest, code: str) -> HttpResponse:
    """What it costs and until when, before the button that does it."""
    found = opened(request, code)
    if found.by is None:
        return _to_proof(code, "cancel")
    appointment, by = found.appointment, found.by
    if not found.may_cancel:
        return _together(request, found) or _not_any_more(request, found)
    form = CancelForm(request.POST) if request.method == "POST" else CancelForm()
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            run_in_transaction(
                lambda: services.cancel(appointment, by=by, at=found.at, reason=reason)
            )
        except errors.NeedsAgreement:
            # Confirmed a moment ago.
            return redirect(agreed_at(code))
        except (errors.InvalidTransition, errors.CancelTooLate) as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _gone(appointment))
        return redirect("appointments:detail", code)
    cost = cost_of_cancelling(appointment, found.at)
    context = {
        "form": form,
        "facts": facts(appointment, found.at),
        "cost": cost,
        "comes_back": comes_back(appointment, cost),
        "with_it": called_off_with(due_together(appointment)),
        "may_move": found.may_move,
        "leave": leave_to(appointment, "cancel_cutoff_minutes", found.at),
    }
    return render(request, "appointments/cancel.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@private
@kind_refusals
@counted
def reschedule(request: HttpRequest, code: str) -> HttpResponse:
    """Another day is a link, another time a choice, and one button moves."""
    found = opened(request, code)
    if found.by is None:
        return _to_proof(code, "reschedule")
    if not found.may_move:
        return _together(request, found) or _not_any_more(request, found)
    if found.appointment.is_seat:
        return sessions_instead(request, found)
    if found.appointment.is_stay:
        return dates_instead(request, found)
    if request.method == "POST":
        return _move(request, found)
    week = week_to_move_in(found, request.GET.get("date", ""))
    taken = times.read_stamp(request.GET.get("taken", ""))
    context = {
        "facts": facts(found.appointment, found.at),
        "week": week,
        "leave": leave_to(found.appointment, "reschedule_cutoff_minutes", found.at),
        "taken": taken and times.spoken(taken, found.appointment.store.zone, found.at),
        "instead": week.free_from(taken) if taken else [],
    }
    return render(request, "appointments/reschedule.html", context)


def _gone(appointment: Appointment) -> str:
    if appointment.live:
        return _("You have left the line.")
    if appointment.is_seat:
        return _("Cancelled. The place has been given back.")
    if appointment.is_stay:
        return _("Cancelled. The nights have been given back.")
    if appointment.is_order:
        return _("Called off. The time has been given back.")
    return _("Cancelled. The time has been given back.")


def week_to_move_in(found: Opened, wanted: str) -> Week:
    """The appointment's own time does not stand in its own way; of a viewing it is the week of that
    house."""
    appointment = found.appointment
    return week_for(
        appointment.store,
        at=found.at,
        wanted=wanted or appointment.starts_local.date().isoformat(),
        realtor_id=appointment.realtor_id if appointment.realtor_named else None,
        duration_minutes=appointment.duration_minutes,
        listing=appointment.listing,
        apart=Apart(appointment_id=appointment.pk),
    )


def _move(request: HttpRequest, found: Opened) -> HttpResponse:
    appointment, by = found.appointment, found.by
    assert by is not None
    starts_at = times.read_stamp(request.POST.get("starts_at", ""))
    if starts_at is None:
        messages.warning(request, _("Please choose one of the offered times."))
        return redirect("appointments:reschedule", appointment.code)
    if starts_at == appointment.starts_at:
        messages.info(request, _("That is the time you have already."))
        return redirect("appointments:detail", appointment.code)
    try:
        run_in_transaction(
            lambda: services.reschedule(appointment, starts_at=starts_at, by=by, at=found.at)
        )
    except (Forbidden, NotFound):
        raise
    except errors.SlotTaken:
        return redirect(_times(found, starts_at, taken=True))
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return redirect(_times(found, starts_at))
    spoken = times.spoken(starts_at, appointment.store.zone, found.at)
    messages.success(request, _("Moved to %(when)s. The code stays the same.") % {"when": spoken})
    return redirect("appointments:detail", appointment.code)


def _times(found: Opened, starts_at: datetime, *, taken: bool = False) -> str:
    query = {"date": starts_at.astimezone(found.appointment.store.zone).date().isoformat()}
    if taken:
        query["taken"] = times.stamp(starts_at)
    address = reverse("appointments:reschedule", args=[found.appointment.code])
    return f"{address}?{urlencode(query)}"


def _to_proof(code: str, after: str) -> HttpResponse:
    address = reverse("appointments:detail", args=[code])
    return redirect(f"{address}?{urlencode({'next': after})}")


def _together(request: HttpRequest, found: Opened) -> HttpResponse | None:
    """A confirmed order is called off by both sides: there it is asked for. None for all else."""
    if not found.binds_both:
        return None
    messages.info(request, _("It is confirmed: both sides have to agree to call it off."))
    return redirect(agreed_at(found.appointment.code or ""))


def _not_any_more(request: HttpRequest, found: Opened) -> HttpResponse:
    waits = found.appointment.status in (Status.PENDING, Status.CONFIRMED)
    if waits and found.appointment.live:
        messages.info(
            request,
            _("A place in the live line has no time to move. Leave the line and book a time."),
        )
    elif waits:
        messages.warning(request, str(errors.CancelTooLate()))
    else:
        messages.warning(request, str(errors.InvalidTransition()))
    return redirect("appointments:detail", found.appointment.code)
