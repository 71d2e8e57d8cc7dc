"""Ordering a service: how long, when, and everything once more before it is booked."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from appointments.models import Hold
from appointments.presenters import order_words, times
from appointments.presenters.policy import fee_sentences
from appointments.presenters.prices import price
from appointments.rules import share_of
from appointments.services.ordering import listed_price
from booking_site.common.periods import Period
from realtors.models import Listing, PriceUnit, Realtor
from stores.rules import Policy

# So long one may have it for where it is paid by the hour; the usual length is among them.
LENGTHS = (60, 90, 120, 150, 180, 240, 300, 360, 480)


@dataclass(frozen=True)
class Chosen:
    """A service, how long, and when it is to begin. ``provider``: who does it, if that is known;
    ``keep``: what goes along in the address."""

    service: Listing
    minutes: int
    starts_at: datetime
    at: datetime
    provider: Realtor | None = None

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def period(self) -> Period:
        return Period(self.starts_at, self.ends_at)

    @property
    def listed(self) -> Decimal:
        return listed_price(self.service, self.minutes)


def lengths(service: Listing, usual: int) -> list[int]:
    """What there is to choose from; nothing where the visit has its one length."""
    if service.price_unit != PriceUnit.HOUR:
        return []
    return sorted({*LENGTHS, usual})


def minutes_of(service: Listing, usual: int, wanted: str) -> int:
    """As somebody chose in the address; the usual length for anything else."""
    known = {str(minutes): minutes for minutes in lengths(service, usual)}
    return known.get(wanted, usual)


def length_chips(
    service: Listing, usual: int, chosen: int, query: Mapping[str, str]
) -> list[dict[str, Any]]:
    """For the chip group: each with what it costs."""
    return [
        {
            "href": "?" + urlencode({**query, "minutes": minutes}) + "#times",
            "label": times.duration(minutes),
            "count": price(listed_price(service, minutes), service.currency),
            "selected": minutes == chosen,
        }
        for minutes in lengths(service, usual)
    ]


def what(service: Listing) -> dict[str, Any]:
    """For _house.html: the service and its picture. One query."""
    first = service.pictures.order_by("position", "pk").first()
    return {
        "listing_title": service.title,
        "listing_url": reverse("site:listing", args=[service.pk]),
        "picture_url": reverse("realtors:picture_small", args=[first.key]) if first else "",
        "seed": service.pk,
    }


def asked_for(service: Listing, minutes: int) -> str:
    """``¥200 a visit``; by the hour, with what the chosen time comes to."""
    if service.free_of_charge:
        return _("Free of charge")
    unit = price(service.price, service.currency)
    each = _("%(price)s %(unit)s") % {"price": unit, "unit": service.get_price_unit_display()}
    if service.price_unit != PriceUnit.HOUR:
        return each
    total = price(listed_price(service, minutes), service.currency)
    facts = {"total": total, "each": each, "time": times.duration(minutes)}
    return _("%(total)s for %(time)s (%(each)s)") % facts


def takes(service: Listing, usual: int) -> str:
    """How long, before anybody has chosen."""
    if service.price_unit == PriceUnit.HOUR:
        return _("as long as you choose")
    return times.duration(usual)


def area_served(service: Listing) -> str:
    """How far they come; empty where they have not said."""
    reach = service.attributes.get("radius_km")
    return _("They come as far as %(count)s km.") % {"count": reach} if reach else ""


def money(chosen: Chosen, amount: Decimal | None = None) -> list[tuple[str, str]]:
    """What it costs and what of it is paid here, each with its label. ``amount``: what somebody
    proposes instead."""
    service, currency = chosen.service, chosen.service.currency
    whole = chosen.listed if amount is None else amount
    here = share_of(whole, service.deposit_percent, currency)
    lines = [(_("Price"), price(whole, currency))]
    if amount is not None and amount != chosen.listed:
        lines = [
            (_("You offer"), price(whole, currency)),
            (_("They ask for"), price(chosen.listed, currency)),
        ]
    if here and here < whole:
        lines.append((_("Of it, paid here"), price(here, currency)))
        lines.append((_("To pay on the spot"), price(whole - here, currency)))
    return lines


def rules(service: Listing, policy: Policy) -> list[str]:
    """When it is paid, who may call it off, and what that costs."""
    paid = [] if service.free_of_charge else [order_words.when_paid(service)]
    fees = fee_sentences(policy.snapshot(), final_price=service.price)
    return [*paid, order_words.agreement(), *fees]


def terms_of(service: Listing, policy: Policy) -> str:
    """What the customer agrees to beside the price, as a mark that changes with it: what it is
    for, what of it is paid when, what calling it off costs."""
    told = [
        [service.price_unit, service.currency, service.deposit_percent, service.needs_approval],
        policy.snapshot(),
    ]
    return sha256(json.dumps(told).encode()).hexdigest()[:16]


def when(chosen: Chosen) -> dict[str, str]:
    store = chosen.service.store
    today = chosen.at.astimezone(store.zone).date()
    day = chosen.starts_at.astimezone(store.zone).date()
    return {
        "day": times.full_day(day, today),
        "hours": times.span(chosen.starts_at, chosen.ends_at, store.zone),
        "duration": times.duration(chosen.minutes),
        "zone_note": times.zone_note(store),
    }


def countdown(hold: Hold | None, at: datetime) -> dict[str, Any]:
    """How long the time is still kept; nothing where it is not."""
    if hold is None:
        return {}
    kept = hold.expires_at - hold.created_at
    return {"expires_at": hold.expires_at, "now": at, "total": int(kept.total_seconds())}
