"""The ordinary week of a store."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from booking_site.common.actors import Actor
from booking_site.common.errors import Invalid
from booking_site.common.events import publish
from booking_site.common.history import create_all, delete_all
from stores.events import StoreHoursChanged
from stores.models import OpeningInterval, Store
from stores.permissions import require_manager
from stores.rules import Interval, week_overlaps


@transaction.atomic
def set_opening_hours(
    store: Store, *, week: Mapping[int, Iterable[Interval]], by: Actor, at: datetime
) -> None:
    """Replace the whole week; a weekday without intervals is closed. What is booked stays booked.
    Rows that say the same before and after stay, so that the history tells of real changes only.

    Raises Forbidden, and Invalid for ``hours`` that overlap.
    """
    require_manager(by, store)
    if week_overlaps(week):
        raise Invalid(errors={"hours": [_("These hours overlap.")]})
    # One after the other: two who replace the same week must not leave a mixture of both.
    Store.objects.select_for_update().get(pk=store.pk)
    wanted = {
        (weekday, interval.opens, interval.closes)
        for weekday, intervals in week.items()
        for interval in intervals
    }
    rows = OpeningInterval.objects.filter(store=store)
    there = {(row.weekday, row.opens, row.closes): row for row in rows}
    delete_all((row for facts, row in there.items() if facts not in wanted), by=by, at=at)
    new = (
        OpeningInterval(store=store, weekday=weekday, opens=opens, closes=closes)
        for weekday, opens, closes in sorted(wanted - there.keys())
    )
    create_all(new, by=by, at=at)
    publish(StoreHoursChanged(store_id=store.pk, at=at))
