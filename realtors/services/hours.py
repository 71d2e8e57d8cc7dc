"""The ordinary week of a realtor."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from booking_site.common.actors import Actor
from booking_site.common.errors import ChangedMeanwhile, Invalid
from booking_site.common.events import publish
from booking_site.common.history import create_all, delete_all
from realtors.events import RealtorAvailabilityChanged
from realtors.models import Realtor, WorkingInterval
from realtors.permissions import require_runner
from realtors.rules import week_facts, week_mark
from stores.rules import Interval, week_overlaps

Week = Mapping[int, Iterable[Interval]]
Kind = WorkingInterval.Kind


@transaction.atomic
def set_working_hours(
    realtor: Realtor,
    *,
    work: Week,
    breaks: Week,
    by: Actor,
    at: datetime,
    seen: str | None = None,
) -> None:
    """Replace the whole week. No ``work`` at all means: whenever the store is open. What is booked
    stays booked. Rows that say the same before and after stay. ``seen``: the mark of the week that
    stood there when this one was written, so that nobody replaces what they have not read.

    Raises Forbidden, ChangedMeanwhile, and Invalid for ``hours`` or ``breaks`` that overlap among
    themselves.
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
    wanted = week_facts(Kind.WORK.value, work) | week_facts(Kind.BREAK.value, breaks)
    rows = WorkingInterval.objects.filter(realtor=realtor)
    there = {(row.kind, row.weekday, row.starts, row.ends): row for row in rows}
    if seen is not None and seen != week_mark(there) and wanted != there.keys():
        raise ChangedMeanwhile
    delete_all((row for facts, row in there.items() if facts not in wanted), by=by, at=at)
    new = (
        WorkingInterval(realtor=realtor, kind=kind, weekday=weekday, starts=starts, ends=ends)
        for kind, weekday, starts, ends in sorted(wanted - there.keys())
    )
    create_all(new, by=by, at=at)
    publish(RealtorAvailabilityChanged(realtor_id=realtor.pk, store_id=realtor.store_id, at=at))
