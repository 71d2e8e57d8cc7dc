"""Positions in line. One function, used on every surface, so that all say the same."""

from collections.abc import Iterable
from datetime import datetime

from appointments.models import Appointment


def queue_positions(appointments: Iterable[Appointment]) -> dict[int, int]:
    """Rank in its own line by appointment id, 0 for those who do not wait. One query.

    A line is a store and a start; the order is (priority, age, id).
    """
    rows = list(appointments)
    positions = {row.pk: 0 for row in rows}
    waiting = [row for row in rows if row.is_waiting]
    if not waiting:
        return positions
    lines: dict[tuple[int, datetime], int] = {}
    in_line = Appointment.objects.queued().filter(
        store_id__in={row.store_id for row in waiting},
        starts_at__in={row.starts_at for row in waiting},
    )
    for pk, store_id, starts_at in in_line.values_list("pk", "store_id", "starts_at"):
        rank = lines[store_id, starts_at] = lines.get((store_id, starts_at), 0) + 1
        if pk in positions:
            positions[pk] = rank
    return positions


def queue_position(appointment: Appointment) -> int:
    return queue_positions([appointment])[appointment.pk]
