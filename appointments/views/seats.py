"""Booking places in a course: choose, which locks them; say for whom; book, and pay."""

import secrets
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Child, User
from accounts.selectors import child_of, children_of
from accounts.services import add_child
from appointments import errors, services
from appointments.forms import ANOTHER, MYSELF, SeatForm, likely
from appointments.limits import count_lock
from appointments.models import Appointment, Hold, Session
from appointments.presenters import seats as shown
from appointments.selectors.course_weeks import coming_of
from appointments.selectors.sessions import SeatState, policy_of_listing, with_seats
from appointments.services import SeatRequest
from appointments.views.booking import details_form, make_appointment, typed
from appointments.views.courses import address_back, course_address, course_of, read_ids, said
from appointments.views.guards import counted, kind_refusals, private
from appointments.views.held import done
from appointments.views.memory import Memory
from booking_site.common.callers import actor_of
from booking_site.common.errors import Forbidden, NotFound, Refusal, TooMany, Unavailable
from booking_site.common.transactions import run_in_transaction
from realtors.models import Listing

# Of these a page of its own tells, not the course's.
ELSEWHERE = (Forbidden, TooMany, Unavailable)


@require_http_methods(["GET", "HEAD", "POST"])
@kind_refusals
@counted
def choose(request: HttpRequest, course_id: int) -> HttpResponse:
    """Choosing locks the places for some minutes; earlier choices in this course are let go. Also
    turns the weeks of a package, so that what is ticked travels along."""
    course = course_of(request, course_id)
    chosen = read_ids(request.POST.getlist("session"))
    if request.method != "POST" or "go" in request.POST:
        return redirect(address_back(request, course))
    if len(chosen) != course.package_sessions:
        if course.package_sessions > 1:
            told = _("Please choose %(count)d sessions.") % {"count": course.package_sessions}
            messages.warning(request, told)
        elif not chosen:
            messages.warning(request, _("Please choose a session."))
        return redirect(address_back(request, course))
    address = book_address(course, chosen)
    if not isinstance(request.user, User):
        messages.info(request, _("Please sign in to book. What you chose is kept in mind."))
        return redirect_to_login(address)
    if "whom" in request.POST:
        Memory(request).keep_details(typed(_form(request, request.user, course)))
    at = timezone.now()
    sessions = list(coming_of(course, at=at).filter(pk__in=chosen))
    if len(sessions) == len(chosen):
        try:
            _lock(request, course, sessions, at)
        except ELSEWHERE:
            raise
        except Refusal as refusal:
            said(request, refusal)
            return redirect(course_address(course, chosen, _day_of(sessions)))
    return redirect(address)


@require_http_methods(["GET", "HEAD", "POST"])
@private
@kind_refusals
@counted
def book(request: HttpRequest, course_id: int) -> HttpResponse:
    """For whom, and everything once more; the button books, however often it is pressed."""
    if not isinstance(request.user, User):
        return redirect_to_login(request.get_full_path())
    at, course = timezone.now(), course_of(request, course_id)
    booked = _booked(request)
    if booked is not None:
        return booked
    chosen = read_ids(request.GET.getlist("session"))
    sessions = list(coming_of(course, at=at).filter(pk__in=chosen))
    if len(sessions) != course.package_sessions or len(sessions) != len(chosen):
        return redirect(course_address(course, chosen))
    form = _form(request, request.user, course)
    if request.method == "POST":
        Memory(request).keep_details(typed(form))
        if form.is_valid() and _is_as_shown(request, sessions):
            answer = _book(request, form, sessions, at)
            if answer is not None:
                return answer
    return _page(request, form, sessions, at)


def book_address(course: Listing, chosen: Sequence[int]) -> str:
    query = urlencode([("session", str(pk)) for pk in chosen])
    return f"{reverse('appointments:book_seats', args=[course.pk])}?{query}"


def after_booking(appointment: Appointment) -> str:
    """To where it is paid, else to its own page."""
    page = "payments:checkout" if appointment.awaits_payment else "appointments:detail"
    return reverse(page, args=[appointment.code])


def _page(
    request: HttpRequest, form: SeatForm, sessions: list[Session], at: datetime
) -> HttpResponse:
    """Whatever has been taken meanwhile is told where the other sessions are."""
    course, ids = sessions[0].listing, [one.pk for one in sessions]
    holds = list(Hold.objects.live(at).filter(user=request.user.pk, session__in=ids))
    held = {hold.session_id for hold in holds}
    for seats in with_seats(sessions, at=at):
        if seats.session.pk not in held and seats.state != SeatState.AVAILABLE:
            return redirect(course_address(course, ids, _day_of(sessions)))
    kept = holds if len(held) == len(sessions) else []
    policy = policy_of_listing(course)
    context = {
        **shown.about_to_book(course, sessions, kept, at),
        "form": form,
        "rules": shown.rules_of(course, policy, sessions),
        "terms": shown.terms_of(course, policy, sessions),
        "key": next(iter(_keys(request)), "") or secrets.token_urlsafe(16),
        "was_kept": set(ids) <= set(Memory(request).locked),
        "choose_url": reverse("appointments:choose_seats", args=[course.pk]),
        "back_url": course_address(course, ids, _day_of(sessions)),
    }
    return render(request, "appointments/course_book.html", context)


def _is_as_shown(request: HttpRequest, sessions: list[Session]) -> bool:
    """Whether it still costs what the page that was sent had said, under the same rules."""
    course, shown_then = sessions[0].listing, request.POST.get("terms")
    if shown_then in (None, shown.terms_of(course, policy_of_listing(course), sessions)):
        return True
    told = _("The price or the rules have changed meanwhile. Please look at them again.")
    messages.warning(request, told)
    return False


def _lock(request: HttpRequest, course: Listing, sessions: list[Session], at: datetime) -> None:
    """All or none. Raises TooMany, too, for whoever locks again and again."""
    assert isinstance(request.user, User)
    by = actor_of(request)
    count_lock(request.user.pk, at=at)
    earlier = Hold.objects.live(at).filter(user=request.user.pk, session__listing=course)
    for token in earlier.exclude(session__in=sessions).values_list("token", flat=True):
        # What has just run out is gone already.
        with suppress(NotFound):
            run_in_transaction(partial(services.release_hold, token, by=by, at=at))
    run_in_transaction(lambda: [services.lock_seat(session, by=by, at=at) for session in sessions])
    Memory(request).note_locked([session.pk for session in sessions])


def _book(
    request: HttpRequest, form: SeatForm, sessions: list[Session], at: datetime
) -> HttpResponse | None:
    """Where to go; None: the form says what is wrong."""
    user = request.user
    assert isinstance(user, User)
    course, memory = sessions[0].listing, Memory(request)
    child = _child(request, form, user, at)
    if child is not None:
        memory.keep_details(typed(form) | {"whom": str(child.pk), "child_name": ""})
    wanted = [_wish(form, session, user, child) for session in sessions]

    def make() -> Appointment:
        by = actor_of(request)
        if course.package_sessions > 1:
            return services.book_package(wanted, by=by, at=at)[0]
        return services.book_seat(wanted[0], by=by, at=at)

    try:
        appointment = make_appointment(request, make, keys=_keys(request), at=at)
    except ELSEWHERE:
        raise
    except Refusal as refusal:
        return _refused(request, form, sessions, refusal)
    if not appointment.awaits_payment:
        messages.success(request, _("Your place is booked. Please keep the code."))
    return redirect(after_booking(appointment))


def _refused(
    request: HttpRequest, form: SeatForm, sessions: list[Session], refusal: Refusal
) -> HttpResponse | None:
    # The other of two presses has booked, and this one has waited for it.
    booked = _booked(request)
    if booked is not None:
        return booked
    if isinstance(refusal, errors.AttendeeConflict):
        elsewhere = _("Whoever is to come has something else at that time already.")
        form.add_error("whom", elsewhere)
        return None
    said(request, refusal)
    ids = [session.pk for session in sessions]
    return redirect(course_address(sessions[0].listing, ids, _day_of(sessions)))


def _wish(form: SeatForm, session: Session, user: User, child: Child | None) -> SeatRequest:
    facts = form.cleaned_data
    return SeatRequest(
        session=session,
        customer=user,
        customer_name=facts["name"],
        customer_phone=facts["phone"],
        email=facts["email"],
        child=child,
        note=facts["requirements"],
        locale=get_language() or "zh-hans",
    )


def _child(request: HttpRequest, form: SeatForm, user: User, at: datetime) -> Child | None:
    """For whom, if not for oneself; a new one is kept with the account, and only once."""
    whom = form.cleaned_data["whom"]
    if whom == MYSELF:
        return None
    if whom != ANOTHER:
        return child_of(user, whom)
    name = form.cleaned_data["child_name"]
    known = children_of(user).filter(name=name).first()
    by = actor_of(request)
    return known or run_in_transaction(lambda: add_child(facts={"name": name}, by=by, at=at))


def _form(request: HttpRequest, user: User, course: Listing) -> SeatForm:
    """Sent, else filled with what was typed before or what the account knows."""
    children = list(children_of(user))
    if request.method == "POST":
        return SeatForm(request.POST, children=children)
    whom = likely(course.attributes.get("age_to"), children)
    initial = {"whom": whom, **details_form(request).initial}
    return SeatForm(initial=initial, children=children)


def _booked(request: HttpRequest) -> HttpResponse | None:
    """To what an earlier press of the same form has booked."""
    for key in _keys(request):
        booked = Memory(request).booked(key)
        if booked is not None:
            return done(request, booked)
    return None


def _keys(request: HttpRequest) -> list[str]:
    """The form's own key; none where it was left out."""
    key = request.POST.get("key", "")[:40]
    return [key] if key else []


def _day_of(sessions: Sequence[Session]) -> str:
    return sessions[0].starts_local.date().isoformat() if sessions else ""
