"""A boarding place with its nights, month by month: choosing from when to when."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from appointments.presenters import stays as shown
from appointments.presenters.months import month_after, month_of, read_month
from appointments.presenters.stay_calendar import MONTHS_SHOWN, Calendar, Choice
from appointments.selectors.nights import DAY, first_night, last_check_out
from appointments.selectors.sessions import policy_of_listing
from appointments.selectors.stay_dates import SEARCHED_DAYS, Nights, OpenNights, open_nights
from appointments.services.stay_checks import require_dates
from appointments.stay_forms import NightsForm
from appointments.views.guards import kind_refusals
from booking_site.common.errors import NotFound, Refusal
from realtors.models import Listing, ListingKind
from stores.rules import Policy


@require_safe
@kind_refusals
def boarding(request: HttpRequest, place_id: int) -> HttpResponse:
    """What it is, which nights have room, and what the chosen ones cost; everything that is chosen
    stands in the address."""
    at, place = timezone.now(), place_of(request, place_id)
    policy = policy_of_listing(place)
    form = nights_form(request, place, at)
    nights = form.nights
    month = month_shown(request, place, policy, form.begins, at)
    found = _nights_known(place, policy, month, nights, at)
    context = {
        **shown.place_facts(place, at),
        "store": place.store,
        "sitter": place.realtor,
        "form": form,
        "calendar": Calendar(found, _choice(form), month, today_at(place, at)),
        "rules": shown.rules_of(place, policy),
        "bookable": place.is_published,
        **_chosen(place, policy, found, form, at),
    }
    return render(request, "appointments/boarding.html", context)


def place_of(request: HttpRequest, place_id: int) -> Listing:
    """A boarding place that the visitor may see. Raises NotFound."""
    rows = Listing.objects.visible_to(request.user).filter(
        kind=ListingKind.BOARDING, realtor__isnull=False
    )
    rows = rows.with_people().select_related("realtor__user").prefetch_related("pictures")
    found = rows.filter(pk=place_id).first()
    if found is None:
        raise NotFound
    return found


def nights_form(request: HttpRequest, place: Listing, at: datetime) -> NightsForm:
    """The check-in may stand there alone: the calendar asks for the check-out."""
    return NightsForm(request.GET.dict(), today=today_at(place, at), both=False)


def today_at(place: Listing, at: datetime) -> date:
    return at.astimezone(place.store.zone).date()


def month_shown(
    request: HttpRequest, place: Listing, policy: Policy, begins: date | None, at: datetime
) -> date:
    """The first of the two: the one that was turned to, else that of the check-in."""
    first, last = first_night(place, policy, at), last_check_out(place, policy, at)
    turned = read_month(request.GET.get("month", ""), earliest=first, latest=last)
    if turned is not None:
        return turned
    return month_of(begins if begins is not None and first <= begins <= last else first)


def why_not(place: Listing, policy: Policy, nights: Nights, at: datetime) -> str:
    """What speaks against the dates themselves, whether or not there is room."""
    try:
        require_dates(place, policy, nights.check_in, nights.check_out, at=at)
    except Refusal as refusal:
        said = refusal.errors or {}
        return str(next((text for texts in said.values() for text in texts), refusal))
    return ""


def _nights_known(
    place: Listing, policy: Policy, month: date, nights: Nights | None, at: datetime
) -> OpenNights:
    """Of the two months, and around what is chosen, where others may have to be offered."""
    first, last = month, month_after(month, MONTHS_SHOWN)
    if nights is not None and nights.check_in <= last_check_out(place, policy, at):
        first = min(first, nights.check_in - SEARCHED_DAYS * DAY)
        last = max(last, nights.check_out + SEARCHED_DAYS * DAY)
    return open_nights(place, policy, first, last, at=at)


def _choice(form: NightsForm) -> Choice:
    nights, pets = form.nights, form.how_many
    return Choice(
        check_in=form.begins,
        check_out=nights.check_out if nights else None,
        units=pets,
        keep={"pets": str(pets)} if pets != 1 else {},
    )


def _chosen(
    place: Listing, policy: Policy, found: OpenNights, form: NightsForm, at: datetime
) -> dict[str, Any]:
    """What the chosen nights cost; or which of them are full, and the nearest that are not."""
    nights, today = form.nights, today_at(place, at)
    if nights is None:
        return {}
    told: dict[str, Any] = {"dates": shown.dates_in_words(nights, today), "nights": nights}
    problem = why_not(place, policy, nights, at)
    if problem:
        return told | {"problem": problem}
    full = found.full_in(nights.check_in, nights.check_out, nights.pets)
    if full:
        nearest = found.nearest(nights.check_in, nights.count, nights.pets)
        return told | {
            "full": shown.days_in_words(full, today),
            "instead": shown.other_dates(place, nearest, nights, today),
        }
    return told | {
        "sums": shown.sums(place, policy, nights, nights.pets),
        "book_url": shown.book_address(place, nights),
    }
