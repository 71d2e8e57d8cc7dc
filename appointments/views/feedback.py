"""After a viewing: what the customer tells their host."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from appointments import services
from appointments.models import Appointment, Verdict, ViewingFeedback
from appointments.presenters.pages import facts
from appointments.stay_forms import FeedbackForm
from appointments.views.access import Opened, opened
from appointments.views.guards import counted, kind_refusals, private
from booking_site.common.errors import Refusal
from booking_site.common.transactions import run_in_transaction


@require_http_methods(["GET", "HEAD", "POST"])
@private
@kind_refusals
@counted
def feedback(request: HttpRequest, code: str) -> HttpResponse:
    """The form stands on the page of the viewing, too; here it says what is wrong with it."""
    found = opened(request, code)
    if found.by is None or not found.may_give_feedback:
        return redirect("appointments:detail", code)
    form = feedback_form(found.appointment, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            _give(found, form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Thank you. Your host has been told."))
            return redirect("appointments:detail", code)
    context = {"form": form, "facts": facts(found.appointment, found.at)}
    return render(request, "appointments/feedback.html", context)


def feedback_form(appointment: Appointment, sent: Any = None) -> FeedbackForm:
    """Filled with what was said before. One query."""
    said = ViewingFeedback.objects.filter(appointment=appointment).first()
    initial = {"verdict": said.verdict, "note": said.note} if said else {}
    return FeedbackForm(sent, initial=initial)


def _give(found: Opened, told: dict[str, Any]) -> None:
    by, appointment = found.by, found.appointment
    assert by is not None
    run_in_transaction(
        lambda: services.give_feedback(
            appointment,
            verdict=Verdict(told["verdict"]),
            note=told["note"],
            by=by,
            at=found.at,
        )
    )
