"""What customers read of the realtor, and of a store that is nobody's but theirs."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appointments.selectors.console import outside_hours
from appointments.views.console.access import form_page
from booking_site.common.callers import actor_of
from booking_site.common.errors import Invalid
from booking_site.common.transactions import run_in_transaction
from realtors.forms import OwnPageForm
from realtors.models import Realtor
from realtors.selectors import own_realtor
from realtors.services import describe_realtor, heartbeat
from stores.models import Store
from stores.permissions import owns
from stores.services import describe_store


@form_page
def own_page(request: HttpRequest, realtor: Realtor) -> HttpResponse:
    at = timezone.now()
    runs_store = owns(actor_of(request), realtor.store)
    sent = request.POST if request.method == "POST" else None
    form = OwnPageForm(sent, realtor=realtor, runs_store=runs_store)
    if form.is_bound and form.is_valid() and _saved(request, realtor, form, at):
        return redirect("appointments:console:own_page")
    context = {
        "form": form,
        "realtor": realtor,
        "store": realtor.store,
        "runs_store": runs_store,
        "is_new": is_bare(realtor.store),
    }
    return render(request, "console/own_page.html", context)


def is_bare(store: Store) -> bool:
    """Whether its owner has not yet said where it is: a store by hand is never without a city."""
    return not store.city


def _saved(request: HttpRequest, realtor: Realtor, form: OwnPageForm, at: datetime) -> bool:
    by, told = actor_of(request), form.cleaned_data

    def work() -> None:
        if form.runs_store:
            describe_store(realtor.store, form.store_facts(), by=by, at=at)
        describe_realtor(realtor, bio=told["bio"], skills=told.get("skills"), by=by, at=at)
        heartbeat(realtor, by=by, at=at)

    try:
        run_in_transaction(work)
    except Invalid as refusal:
        form.add_refusal(refusal.errors)
        return False
    messages.success(request, _("Saved. This is what customers see now."))
    if "time_zone" in form.changed_data:
        _tell_of_outside(request, at)
    return True


def _tell_of_outside(request: HttpRequest, at: datetime) -> None:
    """By the clock of another zone the same hours are other moments."""
    realtor = own_realtor(request.user)
    outside = outside_hours(realtor, at=at) if realtor else []
    if outside:
        text = ngettext(
            "By this clock %(n)d appointment lies outside of your hours. It stays as it is.",
            "By this clock %(n)d appointments lie outside of your hours. They stay as they are.",
            len(outside),
        )
        messages.warning(request, text % {"n": len(outside)})
