"""Opening a session, one or week by week, and changing one."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appointments import errors, services
from appointments.models import Session, SessionRule
from appointments.models.session import TAKES_PLACE
from appointments.presenters.own_sessions import row
from appointments.selectors.own_sessions import own_courses, own_session
from appointments.session_forms import EditSessionForm, RuleForm, ScheduleForm, SessionForm
from appointments.views.console.access import form_page
from booking_site.common.callers import actor_of
from booking_site.common.errors import Conflict, Invalid
from booking_site.common.transactions import run_in_transaction
from realtors.models import Realtor
from realtors.services import heartbeat

SESSION = "appointments:console:session"
RULE = "appointments:console:session_rule"
# What a teacher may know better.
DOUBTS = (errors.StoreClosed, errors.OutsideBusinessHours, errors.TeacherAway)
T = TypeVar("T")
PREFILLED = ("course", "day", "starts")


@form_page
def new_session(request: HttpRequest, realtor: Realtor) -> HttpResponse:
    """What stands against it is shown first; sent with ``confirm`` it is opened all the same."""
    at = timezone.now()
    sent = request.POST if request.method == "POST" else None
    form = SessionForm(sent, initial=_asked(request), **_of(realtor, at))
    doubt = ""
    if form.is_bound and form.is_valid():
        by, facts = actor_of(request), form.cleaned_data

        def work() -> Session:
            session = services.open_session(
                facts["course"],
                starts_at=facts["starts_at"],
                duration_minutes=facts["minutes"],
                capacity=facts["capacity"],
                price_modifier=form.added,
                override="confirm" in request.POST,
                by=by,
                at=at,
            )
            heartbeat(realtor, by=by, at=at)
            return session

        session, doubt = _tried(form, work)
        if session is not None:
            messages.success(request, _("Opened. Customers can book it now."))
            return redirect(SESSION, session.pk)
    context = {"form": form, "doubt": doubt, "realtor": realtor, "store": realtor.store}
    return render(request, "console/new_session.html", context)


@form_page
def edit_session(request: HttpRequest, realtor: Realtor, session_id: int) -> HttpResponse:
    at = timezone.now()
    seats = own_session(realtor, session_id, at=at)
    session = seats.session
    if session.status not in TAKES_PLACE:
        return redirect(SESSION, session_id)
    sent = request.POST if request.method == "POST" else None
    today = at.astimezone(realtor.store.zone).date()
    form = EditSessionForm(
        sent, session=session, is_fixed=seats.taken > 0, store=realtor.store, today=today
    )
    doubt = ""
    if form.is_bound and form.is_valid():
        by, facts = actor_of(request), form.cleaned_data

        def work() -> Session:
            changed = services.edit_session(
                session,
                **form.time(),
                capacity=facts["capacity"],
                price_modifier=form.added,
                override="confirm" in request.POST,
                by=by,
                at=at,
            )
            heartbeat(realtor, by=by, at=at)
            return changed

        changed, doubt = _tried(form, work)
        if changed is not None:
            messages.success(request, _("Saved. A changed price counts for new bookings only."))
            return redirect(SESSION, session_id)
    context = {
        "form": form,
        "doubt": doubt,
        "shown": row(seats, at),
        "realtor": realtor,
        "store": realtor.store,
    }
    return render(request, "console/edit_session.html", context)


@form_page
def new_rule(request: HttpRequest, realtor: Realtor) -> HttpResponse:
    at = timezone.now()
    sent = request.POST if request.method == "POST" else None
    form = RuleForm(sent, initial=_asked(request), **_of(realtor, at))
    if form.is_bound and form.is_valid():
        by, facts = actor_of(request), form.cleaned_data

        def work() -> SessionRule:
            rule = services.add_rule(
                facts["course"],
                weekdays=facts["weekdays"],
                starts=facts["starts"],
                first_date=facts["first_date"],
                last_date=facts["last_date"],
                capacity=facts["capacity"],
                price_modifier=form.added,
                by=by,
                at=at,
            )
            heartbeat(realtor, by=by, at=at)
            return rule

        rule, _none = _tried(form, work)
        if rule is not None:
            made = rule.sessions.count()
            text = ngettext("%(count)d session is open.", "%(count)d sessions are open.", made)
            messages.success(request, text % {"count": made})
            return redirect(RULE, rule.pk)
    context = {"form": form, "realtor": realtor, "store": realtor.store}
    return render(request, "console/new_rule.html", context)


def _asked(request: HttpRequest) -> dict[str, str]:
    """What a link fills in."""
    return {name: request.GET[name] for name in PREFILLED if name in request.GET}


def _of(realtor: Realtor, at: datetime) -> dict[str, Any]:
    return {
        "courses": own_courses(realtor),
        "store": realtor.store,
        "today": at.astimezone(realtor.store.zone).date(),
    }


def _tried(form: ScheduleForm, work: Callable[[], T]) -> tuple[T | None, str]:
    """What was done; else the complaints stand in the form, or, where the teacher may know better,
    what stands against it is handed back."""
    try:
        return run_in_transaction(work), ""
    except DOUBTS as refusal:
        return None, str(refusal)
    except (Conflict, Invalid) as refusal:
        if refusal.errors:
            form.add_refusal(refusal.errors)
        else:
            form.add_refusal({"starts_at": [str(refusal)]})
    return None, ""
