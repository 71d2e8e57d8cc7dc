"""Other dates for a stay: as many nights, from another day on."""

from datetime import date, timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from appointments import errors, services
from appointments.presenters import stays as shown
from appointments.presenters import times
from appointments.presenters.months import month_after
from appointments.presenters.pages import facts
from appointments.presenters.policy import cost_of_cancelling, leave_to
from appointments.presenters.stay_calendar import MONTHS_SHOWN, Calendar, Choice
from appointments.selectors.nights import DAY
from appointments.selectors.sessions import policy_of_listing
from appointments.selectors.stay_dates import SEARCHED_DAYS, Nights, OpenNights, open_nights
from appointments.views.access import Opened
from appointments.views.boarding import month_shown, today_at
from booking_site.common.errors import Forbidden, Refusal, TooMany, Unavailable
from booking_site.common.transactions import run_in_transaction


def dates_instead(request: HttpRequest, found: Opened) -> HttpResponse:
    """Choosing is a link, one button moves; ``found`` may be moved."""
    appointment, at = found.appointment, found.at
    place = appointment.listing
    assert place is not None
    assert appointment.check_in is not None
    today = today_at(place, at)
    if request.method == "POST":
        return _move(request, found, times.read_day(request.POST.get("check_in", ""), today))
    wanted = times.read_day(request.GET.get("check_in", ""), today)
    policy = policy_of_listing(place)
    pets = len(appointment.stay_pets.all())
    month = month_shown(request, place, policy, wanted or appointment.check_in, at)
    around = wanted or appointment.check_in
    first = min(month, around - SEARCHED_DAYS * DAY)
    last = max(month_after(month, MONTHS_SHOWN), around + SEARCHED_DAYS * DAY)
    last += timedelta(days=appointment.nights)
    known = open_nights(place, policy, first, last, at=at, apart=appointment)
    context = {
        "facts": facts(appointment, at),
        "cost": cost_of_cancelling(appointment, at),
        "leave": leave_to(appointment, "reschedule_cutoff_minutes", at),
        **_wish(found, known, wanted, pets),
    }
    is_free = context["is_free"]
    choice = Choice(
        check_in=wanted if is_free else None,
        check_out=wanted + timedelta(days=appointment.nights) if wanted and is_free else None,
        units=pets,
        length=appointment.nights,
    )
    context["calendar"] = Calendar(known, choice, month, today)
    return render(request, "appointments/stay_move.html", context)


def _wish(found: Opened, known: OpenNights, wanted: date | None, pets: int) -> dict:
    """The dates that were chosen: free, their own already, or lost with the nearest instead."""
    appointment = found.appointment
    if wanted is None:
        return {"is_free": False}
    place = appointment.listing
    assert place is not None
    today = today_at(place, found.at)
    nights = Nights(wanted, wanted + timedelta(days=appointment.nights), pets)
    dates = shown.dates_in_words(nights, today)
    if wanted == appointment.check_in:
        return {"is_free": False, "own": True}
    if known.has_room(nights.check_in, nights.check_out, pets):
        return {"is_free": True, "check_in": wanted.isoformat(), "dates": dates}
    address = reverse("appointments:reschedule", args=[appointment.code])
    return {
        "is_free": False,
        "lost": dates,
        "instead": [
            {
                "label": shown.dates_in_words(
                    Nights(day, day + timedelta(days=appointment.nights)), today
                ),
                "href": f"{address}?{urlencode({'check_in': day.isoformat()})}#nights",
            }
            for day in known.nearest(wanted, appointment.nights, pets)
            if day != appointment.check_in
        ],
    }


def _move(request: HttpRequest, found: Opened, check_in: date | None) -> HttpResponse:
    appointment, by = found.appointment, found.by
    assert by is not None
    if check_in is None:
        messages.warning(request, _("Please choose a day of the calendar."))
        return redirect("appointments:reschedule", appointment.code)
    if check_in == appointment.check_in:
        messages.info(request, _("These are the dates you have already."))
        return redirect("appointments:detail", appointment.code)
    try:
        run_in_transaction(lambda: services.move_stay(appointment, check_in, by=by, at=found.at))
    except (Forbidden, TooMany, Unavailable):
        raise
    except Refusal as refusal:
        if not isinstance(refusal, errors.NightsTaken):
            said = next((text for texts in (refusal.errors or {}).values() for text in texts), "")
            messages.warning(request, str(said or refusal))
        query = urlencode({"check_in": check_in.isoformat()})
        address = reverse("appointments:reschedule", args=[appointment.code])
        return redirect(f"{address}?{query}#nights")
    today = found.at.astimezone(appointment.store.zone).date()
    when = times.spoken_day(check_in, today)
    messages.success(
        request, _("Moved: check-in is %(when)s. The code stays the same.") % {"when": when}
    )
    return redirect("appointments:detail", appointment.code)
