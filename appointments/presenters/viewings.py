"""Viewings of a house, for the one who shows it."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from appointments.models import Appointment, Verdict, ViewingFeedback
from appointments.presenters import times
from appointments.selectors.own_viewings import Viewings
from realtors.models import Realtor

PILLS = {Verdict.INTERESTED: "accent", Verdict.UNDECIDED: "info", Verdict.NOT_FOR_ME: "outline"}


def viewings(found: Viewings, realtor: Realtor, at: datetime) -> dict[str, Any]:
    return {
        "coming": [_row(one, realtor, at) for one in found.coming],
        "past": [_row(one, realtor, at) for one in found.past],
        "more": ngettext("and %(count)d earlier one", "and %(count)d earlier ones", found.more)
        % {"count": found.more}
        if found.more > 0
        else "",
        "said": [
            {"label": said(value), "variant": PILLS[Verdict(value)], "count": count}
            for value, count in found.verdicts.items()
            if count
        ],
        "came": _came(found),
    }


def feedback_of(appointment: Appointment) -> dict[str, str] | None:
    """What the customer said of it; loaded with it."""
    told: ViewingFeedback | None = getattr(appointment, "viewing_feedback", None)
    if told is None:
        return None
    return {
        "label": said(told.verdict),
        "variant": PILLS[Verdict(told.verdict)],
        "note": told.note,
    }


def said(verdict: str) -> str:
    """About them, not by them."""
    return {
        Verdict.INTERESTED: pgettext("about a customer", "interested"),
        Verdict.UNDECIDED: pgettext("about a customer", "has to think about it"),
        Verdict.NOT_FOR_ME: pgettext("about a customer", "not for them"),
    }[Verdict(verdict)]


def _came(found: Viewings) -> str:
    over = found.came + found.stayed_away
    if not over:
        return ""
    return _("%(came)d of %(all)d came") % {"came": found.came, "all": over}


def _row(one: Appointment, realtor: Realtor, at: datetime) -> dict[str, Any]:
    """What a colleague shows is theirs to open."""
    return {
        "id": one.pk if one.realtor_id == realtor.pk else None,
        "when": times.spoken(one.starts_at, one.store.zone, at),
        "name": one.customer_name,
        "status": one.status,
        "status_label": str(one.get_status_display()),
        "feedback": feedback_of(one),
    }
