"""The pets of a sitter's day: who is there, who comes, who goes."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from appointments.models import Appointment, Status
from appointments.models.appointment import UPCOMING
from appointments.presenters import times
from appointments.presenters.entries import entry
from appointments.presenters.prices import price
from appointments.presenters.stay_words import names_of, nights, pet_rows, pets

Row = dict[str, Any]


def guests(stays: Iterable[Appointment], at: datetime) -> dict[str, Any]:
    """``parts``: arriving today, leaving today, here now, each with its stays, as far as there are
    any; ``over``: what has ended today. The pets are loaded."""
    found: dict[str, list[Row]] = {"arriving": [], "leaving": [], "here": [], "over": []}
    for one in stays:
        where = _part(one, at)
        if where:
            found[where].append(stay_entry(one, at))
    titles = {
        "arriving": _("Arriving today"),
        "leaving": _("Leaving today"),
        "here": _("Pets here now"),
    }
    parts = [
        {
            "name": name,
            "title": title,
            "rows": found[name],
            "count": pets(sum(len(row["pets"]) for row in found[name])),
        }
        for name, title in titles.items()
        if found[name]
    ]
    return {"parts": parts, "over": found["over"]}


def stay_entry(stay: Appointment, at: datetime) -> Row:
    """As a row of the day, with its pets."""
    return entry(stay, at) | {"duration": nights(stay.nights), **of_stay(stay, at)}


def of_stay(stay: Appointment, at: datetime) -> Row:
    """What a sitter must know before they say yes, and while the pets are there."""
    zone = stay.store.zone
    return {
        "pets": pet_rows(stay),
        "names": names_of(stay),
        "nights": nights(stay.nights),
        "listing": stay.listing.title if stay.listing else "",
        "note": stay.customer_note,
        "brought": times.spoken(stay.starts_at, zone, at),
        "fetched": times.spoken(stay.ends_at, zone, at),
        "is_late": stay.status == Status.IN_PROGRESS and at > stay.ends_at,
        "price": price(stay.final_price, stay.currency),
    }


def coming_stays(
    stays: Iterable[Appointment], at: datetime
) -> list[tuple[datetime, dict[str, Any]]]:
    """Rows of the next days: who is brought, and who is fetched."""
    rows = []
    for one in stays:
        today = at.astimezone(one.store.zone).date()
        if one.status in UPCOMING and one.starts_local.date() > today:
            rows.append((one.starts_at, _coming(one, one.starts_at)))
        if one.status in (*UPCOMING, Status.IN_PROGRESS) and one.ends_local.date() > today:
            rows.append((one.ends_at, _coming(one, one.ends_at, leaves=True)))
    return rows


def _coming(stay: Appointment, when: datetime, *, leaves: bool = False) -> Row:
    local = when.astimezone(stay.store.zone)
    facts = {"time": times.clock(local)}
    if leaves:
        time = pgettext("of pets", "out until %(time)s") % facts
    else:
        time = pgettext("of pets", "in from %(time)s") % facts
    return {
        "id": stay.pk,
        "date": local.date(),
        "time": time,
        "name": names_of(stay),
        "status": stay.status,
        "status_label": str(stay.get_status_display()),
    }


def _part(stay: Appointment, at: datetime) -> str:
    """Empty of what is still to come."""
    today = at.astimezone(stay.store.zone).date()
    if stay.status == Status.IN_PROGRESS:
        return "leaving" if stay.check_out and stay.check_out <= today else "here"
    if stay.status in UPCOMING:
        return "arriving" if stay.check_in and stay.check_in <= today else ""
    return "over"
