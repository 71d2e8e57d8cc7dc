"""One appointment as its realtor sees it: who comes, what for, what was, and what can be done."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments import services
from appointments.errors import AlreadyTaken, InvalidTransition
from appointments.forms import CallOffForm, DeclineForm, KindForm, NoteForm
from appointments.models import Appointment, AppointmentEvent, Side, Status
from appointments.models.appointment import OVER
from appointments.order_forms import AgreeForm
from appointments.presenters.agreeing import box
from appointments.presenters.console import why_not
from appointments.presenters.travel import Leg, leg_to
from appointments.presenters.visit import visit
from appointments.presenters.where import where
from appointments.selectors.agenda import booked_between
from appointments.selectors.console import asked_of, own_appointment, put_before
from appointments.selectors.orders import latest_request
from appointments.selectors.own_sessions import sessions_within
from appointments.views.console.access import HOME, form_page, page
from booking_site.common.callers import actor_of
from booking_site.common.errors import ChangedMeanwhile, Conflict, Forbidden, Invalid, NotFound
from booking_site.common.periods import local_day
from booking_site.common.transactions import run_in_transaction
from realtors.models import Realtor
from realtors.services import heartbeat

PAGE = "appointments:console:appointment"


@page
def appointment(request: HttpRequest, realtor: Realtor, appointment_id: int) -> HttpResponse:
    """Letters lead here: who was asked once hears that it has gone to somebody else."""
    try:
        return _page(request, realtor, appointment_id)
    except NotFound:
        put_before(realtor, appointment_id)
        messages.info(request, str(AlreadyTaken()))
        return redirect(HOME)


@form_page
def note(request: HttpRequest, realtor: Realtor, appointment_id: int) -> HttpResponse:
    if request.method != "POST":
        return redirect(PAGE, appointment_id)
    found = own_appointment(realtor, appointment_id)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, realtor, appointment_id, note=form)
    text, seen = form.cleaned_data["note"], form.cleaned_data["seen"]
    if "seen" not in request.POST:
        seen = None
    by, at = actor_of(request), timezone.now()
    try:
        run_in_transaction(lambda: services.write_note(found, text=text, by=by, at=at, seen=seen))
    except ChangedMeanwhile:
        found.refresh_from_db()
        again = NoteForm({"note": text, "seen": found.provider_note})
        told = _(
            "Meanwhile this was written here: “%(note)s”. Keep yours again to put it in its place."
        )
        again.add_error("note", told % {"note": found.provider_note})
        return _page(request, realtor, appointment_id, note=again)
    messages.success(request, _("Your note is kept."))
    return redirect(PAGE, appointment_id)


@form_page
def cancel(request: HttpRequest, realtor: Realtor, appointment_id: int) -> HttpResponse:
    """What they have promised; what they are only asked for is declined instead."""
    if request.method != "POST":
        return redirect(PAGE, appointment_id)
    found = own_appointment(realtor, appointment_id)
    form = CallOffForm(request.POST, prefix="cancel")
    if not form.is_valid():
        return _page(request, realtor, appointment_id, cancel=form)
    by, at = actor_of(request), timezone.now()

    def work() -> None:
        found.refresh_from_db()
        if found.status == Status.PENDING or found.realtor_id != realtor.pk:
            raise InvalidTransition(errors={"status": [found.status]})
        services.cancel(found, by=by, at=at, reason=form.stored)
        heartbeat(realtor, by=by, at=at)

    try:
        run_in_transaction(work)
    except (Conflict, Forbidden, Invalid) as refusal:
        messages.warning(request, why_not(refusal, found))
        return redirect(HOME)
    messages.success(request, _("Cancelled. %(name)s is told.") % {"name": found.customer_name})
    return redirect(PAGE, appointment_id)


def _way_to(found: Appointment, realtor: Realtor) -> Leg | None:
    """From what is before it on that day. Two queries of what takes place elsewhere than at the
    store, of other things none."""
    if where(found) is None or found.status in OVER:
        return None
    day = found.starts_local.date()
    whole = local_day(day, found.store.zone)
    booked = booked_between(realtor, day, day)
    taught = sessions_within(realtor, whole, at=found.starts_at)
    return leg_to(found, [*booked, *(one.session for one in taught)])


def _page(
    request: HttpRequest,
    realtor: Realtor,
    appointment_id: int,
    *,
    note: KindForm | None = None,
    cancel: KindForm | None = None,
) -> HttpResponse:
    """``note``, ``cancel``: as they were sent with a mistake. Queries: constant."""
    at = timezone.now()
    found = own_appointment(realtor, appointment_id)
    log = list(AppointmentEvent.objects.filter(appointment=found).select_related("actor_user"))
    asked = asked_of(found, at=at)
    context = {
        **visit(found, log, asked, at, way=_way_to(found, realtor)),
        "decline_form": DeclineForm(auto_id=f"decline-{found.pk}-%s"),
        "note_form": note
        or NoteForm(initial={"note": found.provider_note, "seen": found.provider_note}),
        "cancel_form": cancel or CallOffForm(prefix="cancel"),
        "box": box(found, latest_request(found), Side.PROVIDER, at),
        "call_off_form": AgreeForm(),
        "realtor": realtor,
        "store": realtor.store,
        "now": at,
        # The account of a customer who is there and whose appointment it still is.
        "write_to": found.user_id
        if found.realtor_id == realtor.pk and found.customer_name
        else None,
    }
    return render(request, "console/appointment.html", context)
