"""The ordinary week of a realtor."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from booking_site.common.actors import Actor
from booking_site.common.errors import Invalid
from booking_site.common.events import publish
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
    stays booked.

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
    WorkingInterval.objects.filter(realtor=realtor).delete()
    WorkingInterval.objects.bulk_create(
        [*_rows(realtor, Kind.WORK, work), *_rows(realtor, Kind.BREAK, breaks)]
    )
    publish(RealtorAvailabilityChanged(realtor_id=realtor.pk, store_id=realtor.store_id, at=at))


def _rows(realtor: Realtor, kind: Kind, week: Week) -> Iterator[WorkingInterval]:
    for weekday, intervals in week.items():
        for interval in intervals:
            yield WorkingInterval(
                realtor=realtor,
                kind=kind,
                weekday=weekday,
                starts=interval.opens,
                ends=interval.closes,
            )
