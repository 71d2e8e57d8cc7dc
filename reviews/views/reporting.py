"""Saying that a review should not stand there."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from appointments.views.guards import counted, kind_refusals
from booking_site.common.callers import actor_of
from booking_site.common.errors import Conflict
from booking_site.common.transactions import run_in_transaction
from reviews import services
from reviews.forms import ReportForm
from reviews.limits import count_report
from reviews.models import Review
from reviews.presenters import told


@require_http_methods(["GET", "HEAD", "POST"])
@kind_refusals
@counted
def report(request: HttpRequest, review_id: int) -> HttpResponse:
    """For whoever is signed in; somebody who is not comes back here after it."""
    review = get_object_or_404(Review.objects.public().with_parts(), pk=review_id)
    if not isinstance(request.user, User):
        return redirect_to_login(request.path)
    back = reverse("reviews:of_store", args=[review.store_id])
    form = ReportForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        _send(request, review, form)
        return redirect(back)
    context = {"form": form, "review": told(review, timezone.now()), "back_href": back}
    return render(request, "reviews/report.html", context)


def _send(request: HttpRequest, review: Review, form: ReportForm) -> None:
    at, said = timezone.now(), form.cleaned_data
    assert isinstance(request.user, User)
    count_report(request.user.pk, at)
    try:
        run_in_transaction(
            lambda: services.report(
                review, reason=said["reason"], words=said["words"], by=actor_of(request), at=at
            )
        )
    except Conflict as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, _("Thank you. Somebody will look at it."))
