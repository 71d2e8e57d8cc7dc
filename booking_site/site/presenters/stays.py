"""Boarding places in a list, for some nights: what they cost then, and which other dates there
are."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appointments.presenters import stay_words
from appointments.presenters.prices import price
from appointments.presenters.stays import dates_in_words
from appointments.selectors.stay_dates import Nights
from appointments.services.stays import total_price
from booking_site.site.finding.listings import ListingSearch
from realtors.models import Listing


def with_totals(
    cards: list[dict[str, Any]], places: Iterable[Listing], nights: Nights
) -> list[dict[str, Any]]:
    """The cards of ``places`` with what these nights cost there; their links keep the dates."""
    return [
        card | {"href": listing_address(place, nights), "total": _total(place, nights)}
        for card, place in zip(cards, places, strict=True)
    ]


def listing_address(place: Listing, nights: Nights) -> str:
    return f"{reverse('site:listing', args=[place.pk])}?{urlencode(nights.parts)}"


def other_dates(
    search: ListingSearch, found: Iterable[tuple[date, int]], nights: Nights, today: date
) -> list[dict[str, str]]:
    """Chips that lead to the same search at other dates."""
    chips = []
    for day, count in found:
        other = Nights(day, day + (nights.check_out - nights.check_in), nights.pets)
        there = ngettext("%(count)d place", "%(count)d places", count) % {"count": count}
        label = _("%(dates)s: %(places)s") % {
            "dates": dates_in_words(other, today),
            "places": there,
        }
        chips.append({"label": label, "href": search.but(nights=other)})
    return chips


def _total(place: Listing, nights: Nights) -> str:
    """``¥480 for 3 nights, 2 pets``."""
    pets = ngettext("%(count)d pet", "%(count)d pets", nights.pets) % {"count": nights.pets}
    total = total_price(place, nights.count, nights.pets)
    return _("%(price)s for %(nights)s, %(pets)s") % {
        "price": price(total, place.currency),
        "nights": stay_words.nights(nights.count),
        "pets": pets,
    }
