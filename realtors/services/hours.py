"""The ordinary week of a realtor."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from booking_site.common.actors import Actor
from booking_site.common.errors import Invalid
from booking_site.common.events import publish
from booking_site.common.history import create_all, delete_all
from realtors.events import RealtorAvailabilityChanged
from realtors.models import Realtor, WorkingInterval
from realtors.permissions import require_runner
from stores.rules import Interval, week_overlaps

Week = Mapping[int, Iterable[Interval]]
Kind = WorkingInterval.Kind


@transaction.atomic
def set_working_hours(
    realtor: Realtor, *, work: Week, breaks: Week, by: Actor, at: datetime
) -> None:
    """Replace the whole week. No ``work`` at all means: whenever the store is open. What is booked
    stays booked. Rows that say the same before and after stay.

    Raises Forbidden, and Invalid for ``hours`` or ``breaks`` that overlap among themselves.
    """
    require_runner(by, realtor)
    errors = {
        name: [_("These hours overlap.")]
        for name, week in (("hours", work), ("breaks", breaks))
        if week_overlaps(week)
    }
    if errors:
        raise Invalid(errors=errors)
    # One after the other: two who replace the same week must not leave a mixture of both.
    Realtor.objects.select_for_update().get(pk=realtor.pk)
    wanted = _facts(Kind.WORK, work) | _facts(Kind.BREAK, breaks)
    rows = WorkingInterval.objects.filter(realtor=realtor)
    there = {(row.kind, row.weekday, row.starts, row.ends): row for row in rows}
    delete_all((row for facts, row in there.items() if facts not in wanted), by=by, at=at)
    new = (
        WorkingInterval(realtor=realtor, kind=kind, weekday=weekday, starts=starts, ends=ends)
        for kind, weekday, starts, ends in sorted(wanted - there.keys())
    )
    create_all(new, by=by, at=at)
    publish(RealtorAvailabilityChanged(realtor_id=realtor.pk, store_id=realtor.store_id, at=at))


def _facts(kind: Kind, week: Week) -> set[tuple[str, int, time, time]]:
    return {
        (kind.value, weekday, interval.opens, interval.closes)
        for weekday, intervals in week.items()
        for interval in intervals
    }
