"""The first page's pictures of what is paid for through the site: how much was, and how full
sessions were."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from appointments.models import Session, SessionQuerySet, SessionStatus
from appointments.presenters.prices import price
from appointments.selectors.session_lists import with_seats_sold
from booking_site.common.backoffice.manager import Manager

from .charts import COLOURS, Chart, Series, as_dict
from .days import Days
from .facts import Fact, starting_in


def sessions_seen(manager: Manager, store_id: int | None) -> SessionQuerySet:
    """Those of the reader's stores, or of the one they chose."""
    sessions: SessionQuerySet = Session.objects.all()
    if store_id is not None:
        return sessions.filter(store=store_id)
    return sessions if manager.is_operator else sessions.filter(store__in=manager.store_ids)


def course_charts(
    facts: Sequence[Fact], sessions: SessionQuerySet, days: Days, *, at: datetime
) -> list[dict[str, Any]]:
    """Those there is something to show of: a site without courses has neither. One query."""
    drawn = (paid_by_day(facts, days), seats_by_day(sessions, days, at=at))
    shown = [one.without_empty_beginning() for one in drawn if not one.is_empty]
    return [as_dict(one) for one in shown]


def paid_by_day(facts: Iterable[Fact], days: Days) -> Chart:
    """Through the site, in advance or, for an order, also afterwards; what is paid on the spot
    nobody writes down. By the day of the visit, in the currency that most are paid in."""
    paid = [one for one in starting_in(facts, days.span) if one.kept or one.given_back]
    currencies = Counter(one.currency for one in paid)
    currency = currencies.most_common(1)[0][0] if currencies else ""
    kept, back = ([Decimal(0)] * len(days.dates) for _each in range(2))
    for one in paid:
        if one.currency == currency:
            kept[days.place_of(one.starts_at)] += one.kept
            back[days.place_of(one.starts_at)] += one.given_back
    facts_told = {"amount": price(sum(kept, Decimal(0)), currency), "days": days.count}
    told = _("%(amount)s for the last %(days)s days, by the day of the visit.") % facts_told
    if len(currencies) > 1:
        told += " " + _("Other currencies are left out.")
    return Chart(
        title=_("Paid through this site"),
        told=told,
        kind="bar",
        first=days.head,
        labels=days.labels,
        series=[
            Series(_("kept"), [float(one) for one in kept], COLOURS["done"]),
            Series(_("given back"), [float(one) for one in back], COLOURS["called_off"]),
        ],
        empty=_("Nothing was paid through this site in the last %(days)s days.")
        % {"days": days.count},
        unit=f" {currency}",
        stacked=True,
    )


def seats_by_day(sessions: SessionQuerySet, days: Days, *, at: datetime) -> Chart:
    """Of sessions that have taken place, or begun. One query."""
    held = sessions.filter(starts_at__gte=days.span.start, starts_at__lt=min(days.span.end, at))
    counted = with_seats_sold(held.exclude(status=SessionStatus.CANCELLED))
    rows = list(counted.order_by().values_list("starts_at", "capacity", "sold"))
    taken, left = ([0] * len(days.dates) for _each in range(2))
    for starts_at, capacity, sold in rows:
        place = days.place_of(starts_at)
        taken[place] += sold
        left[place] += max(capacity - sold, 0)
    seats = sum(taken) + sum(left)
    percent = formats.number_format(round(100 * sum(taken) / seats)) if seats else "0"
    return Chart(
        title=_("Seats in sessions"),
        told=_("%(percent)s %% of all seats were taken; %(sessions)s sessions.")
        % {"percent": percent, "sessions": formats.number_format(len(rows))},
        kind="bar",
        first=days.head,
        labels=days.labels,
        series=[
            Series(_("taken"), taken, COLOURS["done"]),
            Series(_("left empty"), left, COLOURS["called_off"]),
        ],
        empty=_("There were no sessions in the last %(days)s days.") % {"days": days.count},
        stacked=True,
    )
