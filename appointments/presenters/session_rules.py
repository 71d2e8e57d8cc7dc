"""Recurring sessions in words: when they are, what was made of them, and what could not be."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from appointments.models import SessionRule, SkippedSession
from appointments.presenters import times

# Any Monday: weekdays have no other date.
A_MONDAY = date(2024, 1, 1)


def rule_row(rule: SessionRule, today: date) -> dict[str, Any]:
    """A rule in words. ``ahead`` and ``missed`` where the selector has counted them."""
    return {
        "id": rule.pk,
        "title": rule.listing.title,
        "when": weekly(rule),
        "until": _from_to(rule, today),
        "is_active": rule.is_active,
        "ahead": _ahead(getattr(rule, "ahead", 0)),
        "missed": _missed(getattr(rule, "missed", 0)),
    }


def weekly(rule: SessionRule) -> str:
    """``Mon, Wed 18:00``."""
    days = [times.short_weekday(A_MONDAY + timedelta(days=day)) for day in rule.weekdays]
    names = pgettext("between weekdays", ", ").join(days)
    return _("%(day)s %(time)s") % {"day": names, "time": f"{rule.starts:%H:%M}"}


def _from_to(rule: SessionRule, today: date) -> str:
    first = times.plain_day(rule.first_date, today)
    if rule.last_date is None:
        return _("from %(first)s, without an end") % {"first": first}
    last = times.plain_day(rule.last_date, today)
    return _("%(first)s to %(last)s") % {"first": first, "last": last}


def _ahead(count: int) -> str:
    text = ngettext("%(count)d session ahead", "%(count)d sessions ahead", count)
    return text % {"count": count}


def _missed(count: int) -> str:
    if not count:
        return ""
    text = ngettext("%(count)d could not be made", "%(count)d could not be made", count)
    return text % {"count": count}


def skipped_row(one: SkippedSession, rule: SessionRule, today: date) -> dict[str, Any]:
    """A date without its session, and why; ``query`` fills the form that opens it after all."""
    facts = {
        "course": str(rule.listing_id),
        "day": one.date.isoformat(),
        "starts": f"{rule.starts:%H:%M}",
    }
    can_be_opened = one.date >= today and one.reason != SkippedSession.Reason.NO_SUCH_TIME
    return {
        "day": times.full_day(one.date, today),
        "reason": str(one.get_reason_display()),
        "query": urlencode(facts) if can_be_opened else "",
    }
