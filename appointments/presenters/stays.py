"""A boarding place, and nights somebody is about to book there, in words."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appointments.presenters import stay_words, times
from appointments.presenters.courses import deposit_sentence
from appointments.presenters.policy import policy_sentences
from appointments.presenters.prices import price
from appointments.presenters.what import usual_hours
from appointments.rules import share_of
from appointments.selectors.stay_dates import Nights
from appointments.services.stays import total_price
from realtors.listing_rules import SIZES, SPECIES
from realtors.models import Listing, PriceUnit
from stores.rules import Policy


def place_facts(place: Listing, at: datetime) -> dict[str, Any]:
    """What it is, whoever looks. Queries: its pictures, if they are not loaded."""
    pictures = [
        {
            "url": reverse("realtors:picture", args=[one.key]),
            "thumb_url": reverse("realtors:picture_small", args=[one.key]),
            "alt": one.caption or place.title,
        }
        for one in place.pictures.all()
    ]
    brought, fetched = usual_hours(place, at)
    return {
        "place": place,
        "cover": pictures[0] if pictures else None,
        "pictures": pictures[1:],
        "price": night_price(place),
        "deposit": deposit_sentence(place),
        "takes": takes(place),
        "brought": brought,
        "fetched": fetched,
        "address": place.whole_address,
        "zone_note": times.zone_note(place.store),
    }


def night_price(place: Listing) -> str:
    """``¥80 a night``, of one pet."""
    if place.free_of_charge:
        return _("free of charge")
    unit = PriceUnit(place.price_unit).label
    return _("%(price)s %(unit)s") % {"price": price(place.price, place.currency), "unit": unit}


def takes(place: Listing) -> list[tuple[str, str]]:
    """Which animals it takes, and how many, each with its label."""
    told = place.attributes
    rows = [
        (_("Animals"), _named(told.get("species") or [], SPECIES)),
        (_("Sizes"), _named(told.get("sizes") or [], SIZES)),
        (
            _("Places"),
            ngettext("%(count)d pet at a time", "%(count)d pets at a time", place.capacity)
            % {"count": place.capacity},
        ),
    ]
    if told.get("vaccination_needed"):
        rows.append((_("Vaccination"), _("needed until the day of the check-out")))
    return [(label, text) for label, text in rows if text]


def _named(keys: Iterable[str], choices: Iterable[tuple[str, Any]]) -> str:
    labels = dict(choices)
    return _(", ").join(str(labels.get(key, key)) for key in keys)


def rules_of(place: Listing, policy: Policy) -> list[str]:
    return policy_sentences(policy.snapshot(), final_price=place.price)


def dates_in_words(nights: Nights, today: date) -> str:
    return _("%(first)s to %(last)s") % {
        "first": times.spoken_day(nights.check_in, today),
        "last": times.calendar_day(nights.check_out, today),
    }


def days_in_words(days: Sequence[date], today: date) -> str:
    """Nights one by one; of many, the first ones."""
    told = _(", ").join(times.calendar_day(day, today) for day in days[:5])
    if len(days) <= 5:
        return told
    return _("%(days)s and %(count)d more") % {"days": told, "count": len(days) - 5}


def page_of(place: Listing, nights: Nights | None = None) -> str:
    """The place's calendar, with these nights chosen."""
    page = reverse("appointments:boarding", args=[place.pk])
    return f"{page}?{urlencode(nights.parts)}#nights" if nights else page


def book_address(place: Listing, nights: Nights) -> str:
    page = reverse("appointments:book_stay", args=[place.pk])
    return f"{page}?{urlencode(nights.parts)}"


def other_dates(
    place: Listing, found: Iterable[date], nights: Nights, today: date
) -> list[dict[str, str]]:
    """Chips that lead to as many nights from each of these days on."""
    chips = []
    for day in found:
        other = Nights(day, day + (nights.check_out - nights.check_in), nights.pets)
        chips.append({"label": dates_in_words(other, today), "href": page_of(place, other)})
    return chips


def sums(place: Listing, policy: Policy, nights: Nights, pets: int) -> dict[str, Any]:
    """What so many pets cost, what of it is paid when, and ``terms``: what the customer agrees to,
    as a mark that changes with it."""
    total = total_price(place, nights.count, pets)
    now = share_of(total, place.deposit_percent, place.currency)
    return {
        "count": pets,
        "how": _how(place, nights, pets),
        "total": price(total, place.currency) if total else _("free of charge"),
        "now": price(now, place.currency) if now else "",
        "rest": price(total - now, place.currency) if now < total else "",
        "button": _("Book and pay %(amount)s") % {"amount": price(now, place.currency)}
        if now
        else _("Book now"),
        "terms": _terms(place, policy, total, now),
    }


def _how(place: Listing, nights: Nights, pets: int) -> str:
    """``2 pets × 3 nights × ¥80``."""
    return _("%(pets)s × %(nights)s × %(price)s") % {
        "pets": ngettext("%(count)d pet", "%(count)d pets", pets) % {"count": pets},
        "nights": stay_words.nights(nights.count),
        "price": price(place.price, place.currency),
    }


def _terms(place: Listing, policy: Policy, total: Decimal, now: Decimal) -> str:
    told = [str(total), str(now), place.currency, place.needs_approval, policy.snapshot()]
    return sha256(json.dumps(told).encode()).hexdigest()[:16]
