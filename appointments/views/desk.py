"""The desk of a store, for those who run it: walk-ins, check-in, the line with names."""

from collections.abc import Callable
from datetime import datetime
from functools import partial, wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from accounts.models import User
from appointments import errors, services
from appointments.forms import CancelForm, CheckInForm, WalkInForm
from appointments.models import Appointment
from appointments.presenters import desk as words
from appointments.presenters.pages import qr, standing_of
from appointments.selectors.board import board_of
from appointments.selectors.candidates import Rejected, not_there
from appointments.selectors.waits import whom_nobody_takes
from appointments.services import LiveRequest
from appointments.views.guards import View, counted, kind_refusals, private
from booking_site.common.callers import actor_of
from booking_site.common.errors import NotFound, Refusal
from booking_site.common.transactions import run_in_transaction
from realtors.models import Realtor
from stores.models import Store
from stores.selectors import policy_of

# Who says they are there, and is not.
UNHEARD = (Rejected.SILENT, Rejected.AWAY)
Verb = Callable[..., Appointment]
VERBS: dict[str, Verb] = {
    words.ACCEPT: services.accept,
    words.ARRIVED: services.check_in,
    words.START: services.start,
    words.COMPLETE: services.complete,
    words.NO_SHOW: services.mark_no_show,
    words.LEAVE: services.cancel,
}


def for_staff(view: View) -> View:
    """The store, for who runs it and has shown a second factor where the back office asks for one;
    for everybody else there is no such page. Guests may sign in first."""

    @wraps(view)
    def guarded(request: HttpRequest, store_id: int, **kwargs: Any) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            return _sign_in(request)
        store = get_object_or_404(Store.objects.managed_by(user), pk=store_id)
        return view(request, store, **kwargs)

    return guarded


def _sign_in(request: HttpRequest) -> HttpResponse:
    """A desk that is left open looks again by itself: it goes to the sign-in page as a whole, and
    does not show that page in the place of its lobby."""
    door = redirect_to_login(request.get_full_path())
    return HttpResponseClientRedirect(door.url) if "HX-Request" in request.headers else door


@require_safe
@private
@kind_refusals
@for_staff
def desk(request: HttpRequest, store: Store) -> HttpResponse:
    """Everything at once; a code that is typed or scanned leads on to its appointment."""
    form = CheckInForm(request.GET) if "code" in request.GET else CheckInForm()
    if form.is_bound and form.is_valid():
        code = form.cleaned_data["code"]
        if Appointment.objects.filter(store=store, code=code).exists():
            return redirect("appointments:desk_code", store.pk, code)
        form.add_error("code", _("There is no appointment with this code in this store."))
    return _desk(request, store, WalkInForm(), form)


@require_POST
@private
@kind_refusals
@for_staff
@counted
def walk_in(request: HttpRequest, store: Store) -> HttpResponse:
    """Somebody who has just come in stands in the live line, as a guest."""
    at = timezone.now()
    form = WalkInForm(request.POST)
    if not form.is_valid():
        return _desk(request, store, form, CheckInForm())
    wish = LiveRequest(
        store=store,
        customer_name=form.cleaned_data["name"],
        customer_phone=form.cleaned_data["phone"],
        locale=get_language() or "zh-hans",
    )
    try:
        appointment = run_in_transaction(lambda: services.join(wish, by=actor_of(request), at=at))
    except errors.CustomerConflict as refusal:
        standing = _standing(store, form.cleaned_data["phone"])
        if standing is not None:
            messages.info(request, _("This number stands in line already."))
            return redirect("appointments:desk_code", store.pk, standing.code)
        form.add_error("phone", str(refusal))
    except (errors.StoreClosed, NotFound) as refusal:
        form.add_error(None, str(refusal))
    else:
        messages.success(request, _("In line. Show the customer the code."))
        return redirect("appointments:desk_code", store.pk, appointment.code)
    return _desk(request, store, form, CheckInForm())


@require_http_methods(["GET", "HEAD", "POST"])
@private
@kind_refusals
@for_staff
@counted
def at_desk(request: HttpRequest, store: Store, code: str) -> HttpResponse:
    """One appointment of this store, its state, and the buttons for what is next."""
    at = timezone.now()
    rows = Appointment.objects.with_people().select_related("listing").filter(store=store)
    appointment = get_object_or_404(rows, code=code)
    form = _leave_form(appointment)
    if request.method == "POST":
        verb = VERBS.get(request.POST.get("step", ""))
        if verb is services.cancel:
            form = _leave_form(appointment, request.POST)
            verb = partial(verb, reason=form.cleaned_data["reason"]) if form.is_valid() else None
        if not form.errors:
            _step(request, appointment, verb, at)
            return redirect("appointments:desk_code", store.pk, code)
    standing = standing_of(appointment, at)
    # Only of whom nothing is known is it looked up why.
    stranded = standing.wait is None and bool(whom_nobody_takes([appointment], at=at))
    public = request.build_absolute_uri(reverse("appointments:detail", args=[code]))
    context = {
        "store": store,
        "qr": qr(public),
        "leave_form": form,
        **words.at_the_desk(appointment, standing, at, stranded=stranded),
    }
    return render(request, "appointments/desk/appointment.html", context)


def _leave_form(appointment: Appointment, sent: QueryDict | None = None) -> CancelForm:
    """Why it is called off. Whose booking the store cancels is owed a reason; from the live line
    people mostly go by themselves."""
    form = CancelForm(sent)
    reason = form.fields["reason"]
    reason.required = words.may_leave(appointment) and not appointment.live
    reason.help_text = _("The customer and the store read it.")
    reason.error_messages["required"] = _("Please say why; the customer is told.")
    return form


def _step(request: HttpRequest, appointment: Appointment, verb: Verb | None, at: datetime) -> None:
    if verb is None:
        return
    by = actor_of(request)
    try:
        run_in_transaction(lambda: verb(appointment, by=by, at=at))
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Done."))


def _standing(store: Store, phone: str) -> Appointment | None:
    rows = Appointment.objects.filter(store=store, live_key__isnull=False)
    return rows.filter(customer_phone=phone).first()


def _desk(
    request: HttpRequest, store: Store, walk_in: WalkInForm, check_in: CheckInForm
) -> HttpResponse:
    at = timezone.now()
    if not walk_in.is_bound and not check_in.is_bound:
        # A scanner types wherever the cursor is.
        check_in.fields["code"].widget.attrs["autofocus"] = True
    board = board_of(store, at=at)
    realtors = list(Realtor.objects.bookable().filter(store=store))
    timeout = policy_of(store).online_timeout_minutes
    silent = {one.pk for one in realtors if not_there(one, timeout, at=at) in UNHEARD}
    context = {
        "store": store,
        "walk_in": walk_in,
        "check_in": check_in,
        "people": words.on_duty(realtors, board, silent),
        **words.rows_of(board, store, at),
    }
    return render(request, "appointments/desk/desk.html", context)
