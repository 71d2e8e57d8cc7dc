"""The ordinary week."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.presenters.hours import ordinary_week as store_week
from appointments.presenters.working_week import days
from appointments.views.console.access import form_page
from booking_site.common.callers import actor_of
from booking_site.common.errors import Invalid
from booking_site.common.transactions import run_in_transaction
from realtors.forms import WeekForm, copied_day
from realtors.models import Realtor
from realtors.selectors import ordinary_week
from realtors.services import heartbeat, set_working_hours
from stores.models.hours import Weekday
from stores.selectors import opening_hours

WORKDAYS = range(Weekday.TUESDAY, Weekday.SATURDAY)


@form_page
def hours(request: HttpRequest, realtor: Realtor) -> HttpResponse:
    """Sent with ``copy``, Monday's rows are put into the days after it, to be looked at first."""
    if request.method != "POST":
        return _page(request, realtor, WeekForm(week=ordinary_week(realtor)))
    if "copy" in request.POST:
        form = WeekForm(copied_day(request.POST, Weekday.MONDAY, WORKDAYS))
        return _page(request, realtor, form, copied=True)
    form = WeekForm(request.POST)
    if form.is_valid() and _saved(request, realtor, form):
        messages.success(request, _("Saved. What is booked stays booked."))
        return redirect("appointments:console:hours")
    return _page(request, realtor, form)


def _saved(request: HttpRequest, realtor: Realtor, form: WeekForm) -> bool:
    by, at = actor_of(request), timezone.now()

    def work() -> None:
        week = {"work": form.hours("work"), "breaks": form.hours("break")}
        set_working_hours(realtor, **week, by=by, at=at)
        heartbeat(realtor, by=by, at=at)

    try:
        run_in_transaction(work)
    except Invalid as refusal:
        for complaints in refusal.errors.values():
            form.add_error(None, [str(one) for one in complaints])
        return False
    return True


def _page(
    request: HttpRequest, realtor: Realtor, form: WeekForm, *, copied: bool = False
) -> HttpResponse:
    today = timezone.now().astimezone(realtor.store.zone).date()
    context = {
        "form": form,
        "days": days(form, today),
        "copied": copied,
        "realtor": realtor,
        "store": realtor.store,
        "store_week": store_week(opening_hours(realtor.store, today, today), today),
    }
    return render(request, "console/hours.html", context)
