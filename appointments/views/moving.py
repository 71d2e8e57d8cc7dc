"""A place in another session of the same course, instead of another time."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from appointments import errors, services
from appointments.models import Session
from appointments.presenters import times
from appointments.presenters.moves import other_sessions
from appointments.presenters.pages import facts
from appointments.presenters.policy import cost_of_cancelling, leave_to
from appointments.selectors.moves import sessions_to_move_to
from appointments.views.access import Opened
from appointments.views.courses import read_ids
from booking_site.common.errors import Forbidden, Refusal, TooMany, Unavailable
from booking_site.common.transactions import run_in_transaction


def sessions_instead(request: HttpRequest, found: Opened) -> HttpResponse:
    """Choosing is a press, one button moves; ``found`` may be moved."""
    if request.method == "POST":
        return _move(request, found)
    appointment, at = found.appointment, found.at
    wanted = next(iter(read_ids(request.GET.getlist("session"))), None)
    context = {
        "facts": facts(appointment, at),
        "cost": cost_of_cancelling(appointment, at),
        "leave": leave_to(appointment, "reschedule_cutoff_minutes", at),
        **other_sessions(sessions_to_move_to(appointment, at=at), wanted=wanted, at=at),
    }
    return render(request, "appointments/course_move.html", context)


def _move(request: HttpRequest, found: Opened) -> HttpResponse:
    appointment, by = found.appointment, found.by
    assert by is not None
    wanted = read_ids(request.POST.getlist("session"))
    rows = Session.objects.filter(listing=appointment.listing_id, pk__in=wanted)
    session = rows.select_related("store").first()
    if session is None:
        messages.warning(request, _("Please choose a session."))
        return redirect("appointments:reschedule", appointment.code)
    try:
        run_in_transaction(lambda: services.move_seat(appointment, session, by=by, at=found.at))
    except (Forbidden, TooMany, Unavailable):
        raise
    except Refusal as refusal:
        if not isinstance(refusal, errors.SeatTaken):
            messages.warning(request, str(refusal))
        query = urlencode({"session": str(session.pk)})
        address = reverse("appointments:reschedule", args=[appointment.code])
        return redirect(f"{address}?{query}")
    spoken = times.spoken(session.starts_at, session.store.zone, found.at)
    messages.success(request, _("Moved to %(when)s. The code stays the same.") % {"when": spoken})
    return redirect("appointments:detail", appointment.code)
