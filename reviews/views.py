"""The page on which a customer says how it was, and which shows what they have said."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from appointments.errors import InvalidTransition
from appointments.models import Appointment
from appointments.presenters.pages import facts
from appointments.views.access import opened
from appointments.views.guards import counted, kind_refusals, private
from booking_site.common.actors import Actor
from booking_site.common.transactions import run_in_transaction
from realtors.models import Realtor
from reviews.forms import ReviewForm
from reviews.presenters import told
from reviews.selectors import review_of
from reviews.services import write_review
from stores.models import Store


@require_http_methods(["GET", "HEAD", "POST"])
@private
@kind_refusals
@counted
def write(request: HttpRequest, code: str) -> HttpResponse:
    """The form for the customer of a completed appointment, until something was said."""
    found = opened(request, code)
    appointment, by = found.appointment, found.by
    if by is None:
        # There they prove that it is theirs.
        return redirect("appointments:detail", code)
    review = review_of(appointment)
    if review is not None and request.method == "POST":
        return redirect("reviews:write", code)
    if review is None and not found.was_served:
        messages.info(request, _("You can say how it was once the appointment is over."))
        return redirect("appointments:detail", code)
    form = ReviewForm(request.POST) if request.method == "POST" else ReviewForm()
    if form.is_valid():
        _send(request, appointment, form, by=by, at=found.at)
        return redirect("reviews:write", code)
    context = {
        "form": form,
        "facts": facts(appointment, found.at),
        "review": review and told(review, found.at),
    }
    return render(request, "reviews/write.html", context)


def _send(
    request: HttpRequest, appointment: Appointment, form: ReviewForm, *, by: Actor, at: datetime
) -> None:
    """Raises what the service does, but for a second one: the page then shows the first."""
    said = form.cleaned_data
    try:
        run_in_transaction(
            lambda: write_review(
                appointment, rating=said["rating"], comment=said["comment"], by=by, at=at
            )
        )
    except InvalidTransition as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Thank you. Others can read it now."))


@require_safe
def of_store(request: HttpRequest, store_id: int) -> HttpResponse:
    store = get_object_or_404(Store.objects.open_to_public(), pk=store_id)
    return redirect("site:store", store.pk)


@require_safe
def of_realtor(request: HttpRequest, realtor_id: int) -> HttpResponse:
    realtor = get_object_or_404(Realtor.objects.bookable(), pk=realtor_id)
    return redirect("site:realtor", realtor.pk)


@require_safe
def in_console(request: HttpRequest) -> HttpResponse:
    return redirect("appointments:console:today")
