"""A course with its sessions, week by week, and wishes for a place in a full one."""

from collections.abc import Iterable
from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from appointments import errors, services
from appointments.models import Session
from appointments.presenters import courses as shown
from appointments.presenters import times
from appointments.selectors.course_weeks import course_week
from appointments.selectors.sessions import policy_of_listing
from appointments.views.guards import counted, kind_refusals
from booking_site.common.api.inputs import row_id
from booking_site.common.errors import NotFound, Refusal
from booking_site.common.transactions import run_in_transaction
from realtors.models import Listing, ListingKind

# More than a package has.
MOST_CHOSEN = 60


@require_safe
@kind_refusals
def course(request: HttpRequest, course_id: int) -> HttpResponse:
    """What it is, and which sessions have a place; week and choice stand in the address."""
    at = timezone.now()
    found = course_of(request, course_id)
    week = course_week(
        found,
        day=read_day(request.GET.get("date", ""), found),
        chosen=read_ids(request.GET.getlist("session")),
        user=request.user,
        at=at,
    )
    policy = policy_of_listing(found)
    context = {
        **shown.course_facts(found),
        "store": found.store,
        "teacher": found.realtor,
        "week": shown.picker(week, found, policy, at),
        "rules": shown.rules_of(found, policy),
        "bookable": found.is_published,
    }
    return render(request, "appointments/course.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@kind_refusals
@counted
def wish(request: HttpRequest, course_id: int) -> HttpResponse:
    """Wanting to hear of a free place, and not wanting to any more."""
    found = course_of(request, course_id)
    back = address_back(request, found)
    if request.method != "POST":
        return redirect(back)
    if not isinstance(request.user, User):
        return redirect_to_login(back)
    user = request.user
    forgotten = request.POST.get("forget", "")
    session = _session(found, forgotten or request.POST.get("wish", ""))
    if forgotten:
        run_in_transaction(lambda: services.forget_wish(session, user))
        messages.success(request, _("You no longer wait for a place there."))
        return redirect(back)
    at = timezone.now()
    try:
        run_in_transaction(lambda: services.wish_for_seat(session, user, at=at))
    except errors.SessionNotFound:
        messages.warning(request, _("This session cannot be booked any more."))
    else:
        told = _("We tell you as soon as a place is free. It goes to whoever books it first.")
        messages.success(request, told)
    return redirect(back)


def course_of(request: HttpRequest, course_id: int) -> Listing:
    """A course that the visitor may see. Raises NotFound."""
    rows = Listing.objects.visible_to(request.user).filter(kind=ListingKind.COURSE)
    rows = rows.with_people().select_related("realtor__user").prefetch_related("pictures")
    found = rows.filter(pk=course_id).first()
    if found is None:
        raise NotFound
    return found


def address_back(request: HttpRequest, found: Listing) -> str:
    """Where a form of the course's page came from."""
    if request.POST.get("back") == "mine":
        return reverse("appointments:mine")
    day = request.POST.get("go") or request.POST.get("date", "")
    return course_address(found, read_ids(request.POST.getlist("session")), day)


def course_address(found: Listing, chosen: Iterable[int] = (), day: str = "") -> str:
    """The course's page with a choice made and a week opened."""
    query: list[tuple[str, str]] = [("session", str(pk)) for pk in chosen]
    if read_day(day, found):
        query.append(("date", day))
    address = reverse("appointments:course", args=[found.pk])
    return f"{address}?{urlencode(query)}#sessions" if query else address


def read_ids(texts: Iterable[str]) -> list[int]:
    """Ids of sessions from an address or a form, each once; nonsense is left out."""
    found: dict[int, None] = {}
    for text in list(texts)[:MOST_CHOSEN]:
        try:
            found[row_id(text)] = None
        except NotFound:
            continue
    return list(found)


def read_day(text: str, found: Listing) -> date | None:
    return times.read_day(text, timezone.now().astimezone(found.store.zone).date())


def _session(found: Listing, text: str) -> Session:
    session = Session.objects.filter(listing=found, pk=row_id(text)).first()
    if session is None:
        raise NotFound
    return session


def said(request: HttpRequest, refusal: Refusal) -> None:
    """What speaks against it, above the page that is shown next; a lost race speaks for itself."""
    if not isinstance(refusal, errors.SeatTaken):
        messages.warning(request, str(refusal))
