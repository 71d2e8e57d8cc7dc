"""The ordinary week."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.presenters.working_week import affected, days, written_week
from appointments.selectors.console import Promise, outside_of
from appointments.views.console.access import form_page
from booking_site.common.callers import actor_of
from booking_site.common.errors import ChangedMeanwhile, Invalid
from booking_site.common.transactions import run_in_transaction
from realtors.forms import KINDS, WeekForm, copied_day, with_row_more
from realtors.models import Realtor
from realtors.selectors import ordinary_week
from realtors.services import heartbeat, set_working_hours
from stores.models.hours import Weekday
from stores.selectors import opening_hours

TARGETS = {"workdays": range(Weekday.MONDAY, Weekday.SATURDAY), "all": Weekday.values}
Week = dict[int, Any]


@form_page
def hours(request: HttpRequest, realtor: Realtor) -> HttpResponse:
    """Sent with ``copy`` or ``more`` it comes back changed, to be looked at first; without
    ``confirm``, where saving leaves bookings outside of the hours, with the list of them."""
    at = timezone.now()
    today = at.astimezone(realtor.store.zone).date()
    store = dict(opening_hours(realtor.store, today, today).week)
    if request.method != "POST":
        week = ordinary_week(realtor)
        return _page(request, realtor, WeekForm(week=week, store=store), at, seen=week.mark)
    changed = _changed(request.POST)
    if changed is not None:
        note = _("Copied. Look at the days and save.") if "copy" in request.POST else ""
        return _page(request, realtor, WeekForm(changed, store=store), at, note=note)
    form = WeekForm(request.POST, store=store)
    if not form.is_valid():
        return _page(request, realtor, form, at)
    outside = outside_of(realtor, form.week(), at=at)
    if outside and request.POST.get("confirm") != fingerprint(outside):
        return _page(request, realtor, form, at, outside=outside)
    try:
        if not _saved(request, realtor, form, at):
            return _page(request, realtor, form, at)
    except ChangedMeanwhile:
        text = _(
            "Your week was changed elsewhere meanwhile. What you typed is below; save again to put"
            " it in the place of that."
        )
        return _page(request, realtor, form, at, note=text, seen=ordinary_week(realtor).mark)
    messages.success(request, _("Saved. What is booked stays booked."))
    return redirect("appointments:console:hours")


def fingerprint(booked: Iterable[Promise]) -> str:
    """What somebody has seen before they said yes; another booking in between asks again."""
    text = " ".join(f"{one._meta.model_name}{one.pk}/{one.starts_at.isoformat()}" for one in booked)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _changed(sent: Any) -> dict[str, str] | None:
    """What was typed after one of the helping buttons; None if it was none of them."""
    name, _colon, which = (sent.get("copy") or sent.get("more") or "").partition("-")
    if "copy" in sent:
        source = _weekday(name)
        return copied_day(sent, source, TARGETS.get(which, ()))
    if "more" in sent:
        return with_row_more(sent, name if name in KINDS else KINDS[0], _weekday(which))
    return None


def _weekday(text: str) -> int:
    return int(text) if text in {str(day) for day in Weekday.values} else 0


def _saved(request: HttpRequest, realtor: Realtor, form: WeekForm, at: datetime) -> bool:
    by, week = actor_of(request), form.week()

    def work() -> None:
        hours = {"work": week.work, "breaks": week.breaks}
        set_working_hours(realtor, **hours, by=by, at=at, seen=request.POST.get("seen"))
        heartbeat(realtor, by=by, at=at)

    try:
        run_in_transaction(work)
    except Invalid as refusal:
        for complaints in refusal.errors.values():
            form.add_error(None, [str(one) for one in complaints])
        return False
    return True


def _page(
    request: HttpRequest,
    realtor: Realtor,
    form: WeekForm,
    at: datetime,
    *,
    note: str = "",
    outside: Iterable[Promise] = (),
    seen: str | None = None,
) -> HttpResponse:
    """``seen``: the mark of the week that the form was filled with, if it is a fresh one."""
    today = at.astimezone(realtor.store.zone).date()
    context = {
        "form": form,
        "is_refused": form.is_bound and not note and "more" not in request.POST and form.errors,
        "days": days(form, form.store, today),
        "sentence": written_week(form, form.store),
        "note": note,
        "seen": request.POST.get("seen", "") if seen is None else seen,
        "open_day": _open_day(request),
        "outside": affected(outside, at),
        "confirm": fingerprint(outside) if outside else "",
        "realtor": realtor,
        "store": realtor.store,
    }
    return render(request, "console/hours.html", context)


def _open_day(request: HttpRequest) -> int | None:
    """The day whose button was pressed stays open."""
    if "more" in request.POST:
        return _weekday(request.POST["more"].partition("-")[2])
    return _weekday(request.POST["copy"].partition("-")[0]) if "copy" in request.POST else None
