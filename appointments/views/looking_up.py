"""One's appointments: by code, by code and digits, and the list of an account."""

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect, HttpResponseClientRefresh

from accounts.models import User
from appointments import proof
from appointments.errors import ProofRequired
from appointments.forms import ProofForm, TrackForm
from appointments.models import Appointment
from appointments.order_forms import AgreeForm
from appointments.presenters.live import Standing, seen
from appointments.presenters.own_seats import unpaid_cards, wish_line, with_packages
from appointments.presenters.pages import card, minimum, standing_of, ticket
from appointments.selectors.calendar import calendar_file
from appointments.selectors.lines import queue_positions
from appointments.selectors.orders import pending_requests
from appointments.selectors.own import (
    counts_of,
    past_of,
    to_review_of,
    unpaid_and_packages,
    upcoming_of,
    wishes_of,
    with_pets,
)
from appointments.selectors.waits import estimates
from appointments.views.access import Opened, opened, place_of_work
from appointments.views.agreeing import box_of
from appointments.views.feedback import feedback_form
from appointments.views.guards import kind_refusals, private
from appointments.views.memory import Memory
from booking_site.common.callers import address_of
from booking_site.common.errors import NotFound

PER_PAGE = 10
# Where the proof form may lead on to.
NEXT_PAGES = ("cancel", "reschedule")


@require_safe
@private
@kind_refusals
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """Done and track in one: everything for whom it belongs to, the minimum for the rest."""
    try:
        found = opened(request, code)
    except NotFound:
        return _unknown(request, code)
    if found.by is None:
        return _minimum(request, found, ProofForm(), request.GET.get("next", ""))
    elsewhere = place_of_work(found)
    if elsewhere:
        return _to(request, elsewhere)
    standing = standing_of(found.appointment, found.at)
    if nothing_new(request, found.appointment, standing):
        return HttpResponse(status=204)
    address = request.build_absolute_uri(reverse("appointments:detail", args=[code]))
    context = {"found": found, **ticket(found.appointment, standing, address, found.at)}
    if found.appointment.is_order:
        context |= {"box": box_of(found, standing.request), "call_off_form": AgreeForm()}
    if found.may_give_feedback:
        context["feedback"] = feedback_form(found.appointment)
    return render(request, "appointments/detail.html", context)


@require_safe
@private
@kind_refusals
def calendar(request: HttpRequest, code: str) -> HttpResponse:
    """The appointment for a calendar, for whom the page opens."""
    found = opened(request, code)
    if found.by is None:
        return redirect("appointments:detail", code)
    return HttpResponse(
        calendar_file(found.appointment, with_person=False),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="appointment-{code}.ics"'},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@private
@kind_refusals
def prove(request: HttpRequest, code: str) -> HttpResponse:
    """The last four digits open this one booking in this browser for a day."""
    if request.method != "POST":
        return redirect("appointments:detail", code)
    form = ProofForm(request.POST)
    found = opened(request, code, with_digits=form.is_valid())
    after = request.POST.get("next", "")
    if form.is_valid():
        try:
            _prove(request, found.appointment, form.cleaned_data["digits"])
        except ProofRequired:
            form.add_error("digits", _("These are not the digits this booking was made with."))
        else:
            page = after if after in NEXT_PAGES else "detail"
            return redirect(f"appointments:{page}", code)
    return _minimum(request, found, form, after)


@require_http_methods(["GET", "HEAD", "POST"])
@private
@kind_refusals
def track(request: HttpRequest) -> HttpResponse:
    """The code, and the digits if one wants to see everything at once."""
    asked = request.POST if request.method == "POST" else request.GET
    form = TrackForm(asked) if "code" in asked else TrackForm()
    if form.is_bound and form.is_valid():
        code, digits = form.cleaned_data["code"], form.cleaned_data["digits"]
        if request.method != "POST":
            return redirect("appointments:detail", code)
        try:
            found = opened(request, code, with_digits=bool(digits))
            if digits and found.by is None:
                _prove(request, found.appointment, digits)
            return redirect("appointments:detail", code)
        except (NotFound, ProofRequired):
            # With digits one answer for both: it must not say which of the two was wrong.
            both = _("We found no booking with this code and these digits.")
            form.add_error(None, both if digits else _("There is no booking with this code."))
    return render(request, "appointments/track.html", {"form": form})


@require_safe
@private
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """The customer's own: to come, over, and what they may still say a word on."""
    assert isinstance(request.user, User)
    at, user = timezone.now(), request.user
    lists = {"upcoming": upcoming_of(user, at=at), "past": past_of(user, at=at)}
    lists["review"] = to_review_of(user)
    show = request.GET.get("show", "")
    show = show if show in lists else "upcoming"
    counts = counts_of(user, at=at)
    paginator = Paginator(lists[show], PER_PAGE)
    paginator.count = counts[show]
    page = paginator.get_page(request.GET.get("page"))
    rows = with_pets(page.object_list)
    positions = queue_positions(rows)
    waits = estimates(rows, at=at, positions=positions)
    requests = pending_requests([row for row in rows if row.is_order])
    standings = {
        row.pk: Standing(
            positions[row.pk],
            waits[row.pk].minutes,
            requests.get(row.pk),
            staffed=waits[row.pk].staffed,
        )
        for row in rows
    }
    cards = [card(row, standings[row.pk], at) for row in rows]
    upcoming = _upcoming(user, cards, rows, at) if show == "upcoming" else {}
    context = {
        "cards": cards,
        **upcoming,
        "page": page,
        "show": show,
        "query": "" if show == "upcoming" else urlencode({"show": show}),
        "to_review": counts["review"],
    }
    return render(request, "appointments/mine.html", context)


def _upcoming(user: User, cards: list[dict], rows: Iterable[Appointment], at: datetime) -> dict:
    """Packages as one, what waits for its payment, and where they wait for a place."""
    unpaid, packages = unpaid_and_packages(user, rows, at=at)
    return {
        "cards": with_packages(cards, rows, packages, at),
        "unpaid": unpaid_cards(unpaid, at),
        "wishes": [wish_line(wish, at) for wish in wishes_of(user, at=at)],
    }


def nothing_new(request: HttpRequest, appointment: Appointment, standing: Standing) -> bool:
    """Whether a page that looks again shows this already. Then it is left alone: swapping it for an
    equal one would throw the keyboard out of it every few seconds."""
    return bool(request.headers.get("HX-Request")) and request.GET.get("seen") == seen(
        appointment, standing
    )


def _to(request: HttpRequest, address: str) -> HttpResponse:
    """A page that looks again by itself goes there as a whole, and puts no other page inside."""
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(address)
    return redirect(address)


def _prove(request: HttpRequest, appointment: Appointment, digits: str) -> None:
    at = timezone.now()
    proof.prove(appointment, digits, address=address_of(request), at=at)
    # More may be seen from now on, so a session id known to somebody else must not carry it.
    request.session.cycle_key()
    Memory(request).note_proof(appointment.pk, at)


def _minimum(request: HttpRequest, found: Opened, form: ProofForm, after: str) -> HttpResponse:
    standing = standing_of(found.appointment, found.at)
    if nothing_new(request, found.appointment, standing):
        return HttpResponse(status=204)
    if request.headers.get("HX-Request") and "full" in request.GET:
        # The proof has ended meanwhile: the whole page asks for it again.
        return HttpResponseClientRefresh()
    context = {"form": form, "next": after if after in NEXT_PAGES else ""}
    shown = minimum(found.appointment, standing, found.at)
    return render(request, "appointments/code.html", {**context, **shown})


def _unknown(request: HttpRequest, code: str) -> HttpResponse:
    form = TrackForm({"code": code})
    form.full_clean()
    form.add_error(None, _("There is no booking with this code."))
    return render(request, "appointments/track.html", {"form": form}, status=404)
