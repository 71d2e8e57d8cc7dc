"""What somebody put aside, and putting it there. Nothing here needs a script."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from appointments.views.guards import counted, kind_refusals
from booking_site.common.callers import actor_of
from booking_site.common.errors import NotFound
from booking_site.common.transactions import run_in_transaction
from booking_site.site.presenters import listings
from booking_site.site.presenters.saving import with_hearts
from realtors.models import Listing
from realtors.selectors import saved_by, with_cover
from realtors.services import save_listing, unsave_listing

PER_PAGE = 12


@require_safe
@never_cache
@login_required
def saved(request: HttpRequest) -> HttpResponse:
    """What can be had of it, the latest first, and how much cannot. Queries: six at most."""
    user = request.user
    assert isinstance(user, User)
    page: Page[Listing] = Paginator(with_cover(saved_by(user)), PER_PAGE).get_page(
        request.GET.get("page")
    )
    cards = listings.cards(page.object_list, at=timezone.now(), with_kind=True)
    gone = Listing.objects.saved_by(user).count() - page.paginator.count
    context = {"cards": with_hearts(cards, user), "page": page, "gone": max(0, gone)}
    return render(request, "site/saved.html", context)


@require_POST
@counted
@kind_refusals
def save(request: HttpRequest, listing_id: int) -> HttpResponse:
    """``keep``: 1 to save it, 0 to take it back; ``next``: where they were, and are led again."""
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("site:listing", args=[listing_id]))
    listing = Listing.objects.filter(pk=listing_id).first()
    if listing is None:
        raise NotFound
    by, at = actor_of(request), timezone.now()
    if request.POST.get("keep") == "1":
        run_in_transaction(lambda: save_listing(listing, by=by, at=at))
        messages.success(request, _("Saved. You find it in the menu of your account."))
    else:
        run_in_transaction(lambda: unsave_listing(listing, by=by, at=at))
        messages.success(request, _("Not saved any more."))
    return redirect(_back(request, listing_id))


def _back(request: HttpRequest, listing_id: int) -> str:
    """To the card, so that the page does not begin at its top again."""
    after = request.POST.get("next", "")
    leads = after.startswith("/") and url_has_allowed_host_and_scheme(after, allowed_hosts=None)
    if not leads:
        return reverse("site:listing", args=[listing_id])
    return f"{after.partition('#')[0]}#listing-{listing_id}"
