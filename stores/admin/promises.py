"""Promises that stand when a store closes its doors or its hours. ``appointments`` and ``sessions``
are the other sides of an app above this one: names, not imports."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from booking_site.common.periods import Period, covers, local_day, merge
from stores.models import Store
from stores.selectors import opening_hours

TOLD = 8


def to_come(store: Store, *, at: datetime) -> list[Any]:
    """With a time, the soonest first."""
    rows: Any = store.appointments
    upcoming = rows.filter(status__in=("pending", "confirmed"), live=False, ends_at__gte=at)
    return list(upcoming.order_by("starts_at", "pk"))


def in_live_line(store: Store) -> int:
    rows: Any = store.appointments
    return rows.filter(status="pending", live=True).count()


def sessions_to_come(store: Store, *, at: datetime) -> list[Any]:
    """Of its courses, whether or not anybody has a seat; the soonest first."""
    rows: Any = store.sessions
    planned = rows.filter(status__in=("open", "blocked"), ends_at__gte=at)
    found = list(planned.select_related("listing").order_by("starts_at", "pk"))
    for one in found:
        one.store = store
    return found


def outside_hours(store: Store, *, at: datetime) -> list[Any]:
    """Those that no longer fit into the hours as they stand now. Four queries at most."""
    return _outside(store, to_come(store, at=at))


def sessions_outside_hours(store: Store, *, at: datetime) -> list[Any]:
    """The same of sessions."""
    return _outside(store, sessions_to_come(store, at=at))


def _outside(store: Store, found: list[Any]) -> list[Any]:
    if not found:
        return []
    first = found[0].starts_at.astimezone(store.zone).date()
    # What goes on past midnight needs the hours of the day it ends on, too.
    last = max(one.ends_at for one in found).astimezone(store.zone).date()
    open_then = merge(opening_hours(store, first, last).periods(first, last))
    return [one for one in found if not covers(open_then, Period(one.starts_at, one.ends_at))]


@contextmanager
def minding_promises(
    request: HttpRequest, store: Store, days: Collection[date], *, at: datetime
) -> Iterator[None]:
    """Within it the hours of these dates change; then it names the promises outside of them: all
    that touch one of the dates, and those of the night after that its hours used to reach."""
    looks = ((outside_hours, outside_in_words), (sessions_outside_hours, sessions_in_words))
    before = [{one.pk for one in look(store, at=at)} for look, _in_words in looks]
    yield
    spans = [local_day(day, store.zone) for day in days]
    for (look, in_words), known in zip(looks, before, strict=True):
        outside = []
        for one in look(store, at=at):
            period = Period(one.starts_at, one.ends_at)
            if one.pk not in known or any(span.overlaps(period) for span in spans):
                outside.append(one)
        if outside:
            messages.warning(request, in_words(outside))


def left_behind(store: Store, *, at: datetime) -> list[str]:
    """In sentences, whom a store would leave waiting that closes now. Three queries."""
    rows, waiting = to_come(store, at=at), in_live_line(store)
    planned = len(sessions_to_come(store, at=at))
    sentences = []
    if rows:
        text = ngettext(
            "%(count)s appointment is still to come and stays promised: %(codes)s.",
            "%(count)s appointments are still to come and stay promised: %(codes)s.",
            len(rows),
        )
        sentences.append(text % {"count": len(rows), "codes": named(rows)})
    if planned:
        text = ngettext(
            "%(count)s session of a course is planned and stays so.",
            "%(count)s sessions of courses are planned and stay so.",
            planned,
        )
        sentences.append(text % {"count": planned})
    if waiting:
        text = ngettext(
            "%(count)s person waits in the live line and is let go when their time is up.",
            "%(count)s people wait in the live line and are let go when their time is up.",
            waiting,
        )
        sentences.append(text % {"count": waiting})
    return sentences


def named(rows: Sequence[Any]) -> str:
    """The codes of the first of them, and how many more."""
    codes = ", ".join(str(one.code) for one in rows[:TOLD])
    if len(rows) <= TOLD:
        return codes
    return _("%(codes)s and %(more)s more") % {"codes": codes, "more": len(rows) - TOLD}


def outside_in_words(rows: Sequence[Any]) -> str:
    text = ngettext(
        "%(count)s appointment lies outside the new hours and stays promised: %(codes)s. "
        "Move it or call it off.",
        "%(count)s appointments lie outside the new hours and stay promised: %(codes)s. "
        "Move them or call them off.",
        len(rows),
    )
    return text % {"count": len(rows), "codes": named(rows)}


def sessions_in_words(sessions: Sequence[Any]) -> str:
    """Which, by course and start."""
    text = ngettext(
        "%(count)s session lies outside the new hours and stays planned: %(sessions)s. "
        "Move it or call it off.",
        "%(count)s sessions lie outside the new hours and stay planned: %(sessions)s. "
        "Move them or call them off.",
        len(sessions),
    )
    shown = ", ".join(str(one) for one in sessions[:TOLD])
    if len(sessions) > TOLD:
        more = {"codes": shown, "more": len(sessions) - TOLD}
        shown = _("%(codes)s and %(more)s more") % more
    return text % {"count": len(sessions), "sessions": shown}
