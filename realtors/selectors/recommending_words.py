"""Why somebody is shown a listing, in a sentence that is true of it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from realtors.recommending_rules import Facts, Standing, Told


@dataclass(frozen=True)
class Reason:
    """``code``: one of those in recommending_rules, or ``fits`` (what is looked for) or ``more``
    (where nothing else is to be said)."""

    code: str
    sentence: str


def reason_in_words(told: Told, facts: Facts, standing: Standing) -> Reason:
    """In the language of the moment."""
    return Reason(told.code, _alike(told, facts) or _shared(told.code) or _own(told.code, standing))


def _alike(told: Told, facts: Facts) -> str:
    place = {"place": facts.place[1] or facts.place[0]}
    said = {
        ("same_place", "viewed"): _("Like what you looked at in %(place)s") % place,
        ("same_place", "saved"): _("Like what you saved in %(place)s") % place,
        ("same_place", "booked"): _("Like what you booked in %(place)s") % place,
        ("same_rooms", "viewed"): _("As many rooms as in what you looked at"),
        ("same_rooms", "saved"): _("As many rooms as in what you saved"),
        ("same_rooms", "booked"): _("As many rooms as in what you booked"),
        ("same_price", "viewed"): _("Costs about as much as what you looked at"),
        ("same_price", "saved"): _("Costs about as much as what you saved"),
        ("same_price", "booked"): _("Costs about as much as what you booked"),
        ("same_category", "viewed"): _("Of the same kind as what you looked at"),
        ("same_category", "saved"): _("Of the same kind as what you saved"),
        ("same_category", "booked"): _("Of the same kind as what you booked"),
    }
    return said.get((told.code, told.what), "")


def _shared(code: str) -> str:
    return {
        "also_booked": _("People who booked the same as you also booked this"),
        "also_liked": _("People who like the same as you like this, too"),
        "saved": _("You have saved it"),
        "viewed": _("You have looked at it before"),
        "new": _("New here"),
        "fits": _("Fits what you look for"),
        "more": _("Also on offer"),
    }.get(code, "")


def _own(code: str, standing: Standing) -> str:
    if code == "popular":
        text = ngettext(
            "%(count)d person took an interest in the last 30 days",
            "%(count)d people took an interest in the last 30 days",
            standing.people,
        )
        return text % {"count": standing.people}
    text = ngettext(
        "%(rating)s stars from %(count)d customer",
        "%(rating)s stars from %(count)d customers",
        standing.review_count,
    )
    return text % {"rating": f"{standing.rating:.1f}", "count": standing.review_count}
