"""Why this realtor: what an offer's score says, in minutes and in sentences."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils import formats
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from appointments.models import AppointmentEvent, Offer
from realtors.models import Realtor

from .showing import actor_of_entry, as_words, local, why_not


def why(offers: Sequence[Offer], given: AppointmentEvent | None = None) -> SafeString:
    """The newest first and open. One query for all the names. ``given``: staff have decided, which
    is said first where nobody was asked after that."""
    names = _names(offers)
    told = [_told(offer, names) for offer in offers]
    if given is not None and any(offer.created_at > given.at for offer in offers):
        given = None
    context = {"offers": told, "given": _given(given) if given else ""}
    return render_to_string("admin/appointments/why.html", context)


def _given(entry: AppointmentEvent) -> str:
    facts = {"who": actor_of_entry(entry), "reason": entry.reason}
    text = _("%(who)s decided so: %(reason)s.") % facts
    overridden = entry.details.get("override")
    if not overridden:
        return text
    return f"{text} " + _("Set aside: %(rule)s.") % {"rule": why_not(overridden)}


def in_short(offer: Offer) -> str:
    """For a cell of a list."""
    if _is_weighed(offer):
        return _("%(minutes)s minutes in all") % {"minutes": _minutes(offer.score["minutes"])}
    return as_words(offer.score)


def _is_weighed(offer: Offer) -> bool:
    return "minutes" in offer.score


def _names(offers: Iterable[Offer]) -> dict[int, str]:
    ids = {one.get("realtor_id") for offer in offers for one in offer.considered}
    stores = {offer.appointment.store_id for offer in offers}
    if not ids:
        return {}
    return dict(Realtor.objects.filter(pk__in=ids, store__in=stores).values_list("pk", "name"))


def _told(offer: Offer, names: dict[int, str]) -> dict[str, Any]:
    chosen = {
        "name": offer.realtor.name,
        "minutes": _minutes(offer.score.get("minutes")),
        "note": _("was asked"),
        "chosen": True,
    }
    weighed = _is_weighed(offer)
    others = [one for one in offer.considered if one.get("realtor_id") != offer.realtor_id]
    return {
        "realtor": offer.realtor.name,
        "when": local(offer.created_at, offer.appointment.store),
        "status": offer.get_status_display(),
        "parts": _parts(offer.score) if weighed else [],
        "total": chosen["minutes"],
        "note": "" if weighed else _note(offer),
        "people": [chosen, *_people(others, names)] if others or weighed else [],
    }


def _parts(score: dict[str, Any]) -> list[dict[str, str]]:
    words = {
        "travel": (_("Travel"), _("On the way from the visit before.")),
        "answer": (
            _("Answer"),
            _("Until somebody has said yes: how likely and how fast this one answers, doubled."),
        ),
        "load": (
            _("Load"),
            _("More work that day than those who could come as well; minus is less."),
        ),
        "rating": (_("Rating"), _("Rated higher than those who could come as well takes off.")),
        "relation": (_("Relation"), _("Earlier visits to this customer take off.")),
    }
    return [
        {
            "label": words[name][0] if name in words else name,
            "minutes": _minutes(score[name], signed=True),
            "sentence": words[name][1] if name in words else "",
        }
        # What nobody here knows comes last, as it is.
        for name in sorted(score, key=lambda one: list(words).index(one) if one in words else 99)
        if name != "minutes"
    ]


def _note(offer: Offer) -> str:
    """Of offers that nobody weighed in minutes."""
    score = offer.score
    if "minutes_that_day" in score:
        text = _("Of those who were free, the one with least to do that day: %(count)s minutes.")
        return text % {"count": score["minutes_that_day"]}
    if score.get("held"):
        return _("The customer had chosen this time, and it was kept for them with this realtor.")
    if score.get("rescheduled"):
        return _("It was moved, and this realtor is free at the new time.")
    if score.get("staff"):
        return _("Staff decided so; the operation log says who and why.")
    return as_words(score) or _("Nothing was written down.")


def _people(considered: Iterable[dict[str, Any]], names: dict[int, str]) -> list[dict[str, Any]]:
    """Those who could have come, cheapest first, then those who could not."""
    able = [one for one in considered if "rejected" not in one]
    unable = [one for one in considered if "rejected" in one]
    able.sort(key=lambda one: _number(one.get("minutes")))
    return [_person(one, names) for one in [*able, *unable]]


def _person(one: dict[str, Any], names: dict[int, str]) -> dict[str, Any]:
    pk = one.get("realtor_id")
    return {
        "name": names.get(pk, _("realtor no. %(number)s") % {"number": pk}) if pk else "?",
        "minutes": _minutes(one.get("minutes")),
        "note": why_not(str(one["rejected"])) if "rejected" in one else _("could have come"),
        "chosen": False,
    }


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else float("inf")


def _minutes(value: Any, *, signed: bool = False) -> str:
    """One place after the point; a true minus, and a plus where both occur."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return "–"
    sign = "−" if value < 0 else "+" if signed and value > 0 else ""
    return f"{sign}{formats.number_format(abs(value), 1)}"
