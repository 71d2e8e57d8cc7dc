"""A month of boarding places, night by night."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from appointments.models import Appointment, Status
from appointments.presenters import times
from appointments.presenters.months import DAY, weekdays
from appointments.presenters.stay_words import names_of, pets
from appointments.selectors.own_stays import PlaceNight
from realtors.models import Listing

# Hours of the wall clock that make a night; see selectors/nights.
NIGHT_FROM, NIGHT_UNTIL = "22:00", "06:00"
# Of one place and night; the rest is a number, and stands on the pages of the others.
MOST_STAYS = 8

Nights = Mapping[date, Sequence[PlaceNight]]


def month_picture(nights: Nights, places: Sequence[Listing], today: date) -> dict[str, Any]:
    """A night after the other; ``offset``: how many days of its week the month leaves out."""
    first = min(nights)
    return {
        "offset": first.weekday(),
        "weekdays": weekdays(),
        "nights": [_night(day, found, len(places) > 1, today) for day, found in nights.items()],
        "figures": _figures(nights, today),
    }


def _figures(nights: Nights, today: date) -> list[dict[str, str]]:
    every = [one for found in nights.values() for one in found]
    taken, there = sum(one.taken for one in every), sum(one.night.capacity for one in every)
    figures = [
        {
            "label": _("Taken this month"),
            "value": f"{round(taken / there * 100)}%" if there else "–",
            "hint": _("%(taken)d of %(all)d nights of a pet") % {"taken": taken, "all": there},
        }
    ]
    if today in nights:
        tonight = sum(one.pets for one in nights[today])
        figures.append({"label": _("Tonight"), "value": pets(tonight), "hint": ""})
    free = sum(one.left for day, found in nights.items() if day >= today for one in found)
    hint = ngettext("night of a pet", "nights of a pet", free)
    figures.append({"label": _("Still free"), "value": str(free), "hint": hint})
    return figures


def _night(day: date, found: Sequence[PlaceNight], named: bool, today: date) -> dict[str, Any]:
    """``named``: there are several places, so each says which it is."""
    is_free = any(one.left for one in found)
    return {
        "id": f"night-{day.isoformat()}",
        "number": day.day,
        "name": times.full_day(day, today),
        "is_today": day == today,
        "is_past": day < today,
        "places": [_place(one, named, day < today) for one in found],
        "block_href": _block(day) if is_free and day >= today else "",
    }


def _place(one: PlaceNight, named: bool, is_past: bool) -> dict[str, Any]:
    label, variant = _state(one, is_past)
    shown = one.stays[:MOST_STAYS]
    more = len(one.stays) - len(shown)
    facts = {"taken": one.taken, "capacity": one.night.capacity}
    return {
        "title": one.place.title if named else "",
        "taken": one.taken,
        "capacity": one.night.capacity,
        "units": _("%(taken)d of %(capacity)d") % facts,
        "label": label,
        "variant": variant,
        "pets": pets(one.pets) if one.pets else "",
        "stays": [_stay(stay) for stay in shown],
        "more": ngettext("and %(count)d more", "and %(count)d more", more) % {"count": more}
        if more
        else "",
    }


def _state(one: PlaceNight, is_past: bool) -> tuple[str, str]:
    """What can still be booked."""
    if one.night.away:
        return pgettext("of a sitter", "away"), "warn"
    if is_past:
        return "", ""
    if not one.left:
        return pgettext("of a night", "full"), "spark"
    free = ngettext("%(count)d free", "%(count)d free", one.left)
    return free % {"count": one.left}, "accent"


def _stay(stay: Appointment) -> dict[str, Any]:
    return {
        "href": reverse("appointments:console:appointment", args=[stay.pk]),
        "names": names_of(stay),
        "owner": stay.customer_name,
        "asks": stay.status == Status.PENDING,
    }


def _block(day: date) -> str:
    """To the form for time off, filled in: from that evening to the next morning."""
    query = {
        "first": day.isoformat(),
        "starts": NIGHT_FROM,
        "last": (day + DAY).isoformat(),
        "ends": NIGHT_UNTIL,
    }
    return f"{reverse('appointments:console:time_off')}?{urlencode(query)}"
