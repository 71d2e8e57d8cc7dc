"""The live lines of stores whose pictures have been painted already, so that a page of stores does
not ask for everything twice."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from appointments.models import Appointment
from appointments.selectors.availability import Availability
from appointments.selectors.waits import LiveLine, _paces, serves_today


def lines_in(found: Mapping[int, Availability], *, at: datetime) -> dict[int, LiveLine]:
    """As ``live_lines``, from pictures by store id that begin today or earlier. Two queries."""
    paces = _paces(found, at)
    waiting = Appointment.objects.queued().filter(live=True, store__in=list(found)).order_by()
    lengths = Counter(waiting.values_list("store_id", flat=True))
    return {
        pk: LiveLine(
            store_id=pk,
            length=lengths[pk],
            on_duty=paces[pk].on_duty,
            wait_minutes=paces[pk].wait(lengths[pk] + 1),
            serves_today=serves_today(picture, picture.policy.default_duration_minutes, at=at),
        )
        for pk, picture in found.items()
    }
