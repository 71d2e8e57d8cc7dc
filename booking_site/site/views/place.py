"""The place an account has saved: kept and forgotten where it is used; no script needed."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.services import change_profile
from accounts.services.profile import Location
from appointments.views.guards import counted, kind_refusals
from booking_site.common.callers import actor_of
from booking_site.common.places import read_point
from booking_site.common.transactions import run_in_transaction


@require_POST
@counted
@kind_refusals
def keep(request: HttpRequest) -> HttpResponse:
    """``lat`` and ``lng``, as lists have them in their address, or neither to forget it; ``next``:
    where they were, and are led again."""
    user, back = request.user, _back(request)
    if not isinstance(user, User):
        return redirect_to_login(back)
    place = read_point(request.POST.get("lat", ""), request.POST.get("lng", ""))
    told = None if place is None else Location(lat=place.latitude, lng=place.longitude)
    by, at = actor_of(request), timezone.now()
    run_in_transaction(lambda: change_profile(user, changes={"location": told}, by=by, at=at))
    said = _("This is your place now.") if place else _("Your place is forgotten.")
    messages.success(request, said)
    return redirect(back)


def _back(request: HttpRequest) -> str:
    after = request.POST.get("next", "")
    leads = after.startswith("/") and url_has_allowed_host_and_scheme(after, allowed_hosts=None)
    return after if leads else reverse("site:services")
