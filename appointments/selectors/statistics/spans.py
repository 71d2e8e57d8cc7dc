"""The local dates somebody asks about, store by store."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.utils.translation import gettext as _

from booking_site.common.errors import Invalid
from booking_site.common.periods import Period, day_start
from stores.models import Store

USUAL_DAYS = 30
LONGEST_DAYS = 366
# Outside of these years there are no appointments, and UTC runs out of years near the edges.
FIRST_DATE, LAST_DATE = date(1970, 1, 2), date(2999, 12, 31)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """From the local date ``first`` to ``last``, included, by the calendar of one store."""

    store: Store
    first: date
    last: date

    @cached_property
    def period(self) -> Period:
        zone = self.store.zone
        return Period(day_start(self.first, zone), day_start(self.last + DAY, zone))

    def holds(self, instant: datetime) -> bool:
        return self.period.start <= instant < self.period.end


def spans_of(
    stores: Iterable[Store], *, first: date | None, last: date | None, at: datetime
) -> list[Span]:
    """``last`` defaults to each store's today, ``first`` to 29 days before. Raises Invalid for
    dates the wrong way round, for more than 366 days, and for other centuries."""
    for name, day in (("date_from", first), ("date_to", last)):
        if day is not None and not FIRST_DATE <= day <= LAST_DATE:
            limits = {"first": FIRST_DATE.isoformat(), "last": LAST_DATE.isoformat()}
            message = _("Must be a date from %(first)s to %(last)s.") % limits
            raise Invalid(errors={name: [message]})
    return [_span(store, first, last, at) for store in stores]


def _span(store: Store, first: date | None, last: date | None, at: datetime) -> Span:
    if last is None:
        today = at.astimezone(store.zone).date()
        last = today if first is None else max(today, first)
    if first is None:
        first = max(FIRST_DATE, last - timedelta(days=USUAL_DAYS - 1))
    if first > last:
        raise Invalid(errors={"date_from": [_("Must not be after date_to.")]})
    if (last - first).days >= LONGEST_DAYS:
        message = _("At most %(days)s days at once.") % {"days": LONGEST_DAYS}
        raise Invalid(errors={"date_from": [message]})
    return Span(store, first, last)
