"""Whether a seat is still free at the moment somebody would be told of it."""

from datetime import datetime

from appointments.selectors.sessions import SeatState, with_seats
from notifications.models import DropReason, SeatHint


def why_no_seat_hint(hint: SeatHint, *, at: datetime) -> DropReason | None:
    """None when it holds."""
    if not hint.user.is_active or not hint.user.email:
        return DropReason.FORGOTTEN
    (seats,) = with_seats([hint.session], at=at)
    return None if seats.state == SeatState.AVAILABLE else DropReason.UNTRUE
