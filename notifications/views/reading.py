"""What one was told: the list, and having read it. Nothing here needs a script."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from appointments.views.guards import kind_refusals
from booking_site.common.transactions import run_in_transaction
from notifications import services
from notifications.models import Notification
from notifications.presenters.lists import days_of
from notifications.selectors.reading import loaded_standing, notifications_of

PAGE = "notifications:list"
PER_PAGE = 20
# Longer numbers are nobody's; also keeps them inside the database's.
LARGEST_U = 10**18 - 1


@require_safe
@login_required
def index(request: HttpRequest) -> HttpResponse:
    user = _user(request)
    # Of before: "all read" must not take in what comes while the list is made.
    standing = loaded_standing(user)
    found = Paginator(notifications_of(user).order_by("-created_at", "-u"), PER_PAGE)
    page: Page[Notification] = found.get_page(request.GET.get("page"))
    context = {
        "days": days_of(page.object_list, at=timezone.now()),
        "page": page,
        "unread": standing.unread,
        "up_to": standing.u,
    }
    return render(request, "notifications/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@kind_refusals
def open_one(request: HttpRequest, u: int) -> HttpResponse:
    """Read it, and go where it leads. Whoever comes by a link changes nothing."""
    if request.method != "POST":
        return redirect(PAGE)
    user, at = _user(request), timezone.now()
    number = min(u, LARGEST_U)
    row = run_in_transaction(lambda: services.mark_read(user, number, at=at))
    # A path of this site, whoever has written it.
    leads = row.link and url_has_allowed_host_and_scheme(row.link, allowed_hosts=None)
    return redirect(row.link if leads else PAGE)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def read_all(request: HttpRequest) -> HttpResponse:
    """Up to the newest that the page has shown."""
    text = request.POST.get("up_to", "")
    if request.method == "POST" and text.isascii() and text.isdigit():
        user, at, up_to = _user(request), timezone.now(), min(int(text[:19]), LARGEST_U)
        run_in_transaction(lambda: services.mark_all_read(user, up_to=up_to, at=at))
    return redirect(PAGE)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
