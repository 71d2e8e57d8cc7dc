"""Positions in line. One function, used on every surface, so that all say the same."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from appointments.models import Appointment

# A store's live line, or a store's line for one listing (or none) and start.
Line = tuple[int, int | None, datetime | None]


def queue_positions(appointments: Iterable[Appointment]) -> dict[int, int]:
    """Rank in its own line by appointment id, 0 for those who do not wait. One query.

    A line is a store, a listing (or none) and a start, or a store's live line; the order is
    (priority, age, id).
    """
    rows = list(appointments)
    positions = {row.pk: 0 for row in rows}
    waiting = [row for row in rows if row.is_waiting]
    if not waiting:
        return positions
    ranks: dict[Line, int] = {}
    live = {row.store_id for row in waiting if row.live}
    scheduled = [row for row in waiting if not row.live]
    in_line = Appointment.objects.queued().filter(
        Q(live=True, store_id__in=live)
        | Q(
            live=False,
            store_id__in={row.store_id for row in scheduled},
            starts_at__in={row.starts_at for row in scheduled},
        )
    )
    for pk, store_id, is_live, listing_id, starts_at in in_line.values_list(
        "pk", "store_id", "live", "listing_id", "starts_at"
    ):
        line: Line = (store_id, None, None) if is_live else (store_id, listing_id, starts_at)
        rank = ranks[line] = ranks.get(line, 0) + 1
        if pk in positions:
            positions[pk] = rank
    return positions


def queue_position(appointment: Appointment) -> int:
    return queue_positions([appointment])[appointment.pk]
