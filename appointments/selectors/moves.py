"""Where a booked seat may move to."""

from datetime import datetime

from appointments.models import Appointment, SessionStatus
from appointments.selectors.course_weeks import coming_of
from appointments.selectors.sessions import Seats, with_seats

MOST = 40


def sessions_to_move_to(appointment: Appointment, *, at: datetime) -> list[Seats]:
    """The next open sessions of its course that cost the same, full ones too; without those in
    which its package has a seat already. Three queries."""
    assert appointment.listing is not None
    rows = coming_of(appointment.listing, at=at).filter(status=SessionStatus.OPEN)
    mates = Appointment.objects.filter(pk=appointment.pk)
    if appointment.package_id is not None:
        mates = Appointment.objects.filter(package=appointment.package_id).upcoming()
    rows = rows.exclude(pk__in=mates.order_by().values("session"))
    # The price is a sum of two rows; what is left over is looked at here.
    same = [one for one in rows[: 2 * MOST] if one.price == appointment.price]
    return with_seats(same[:MOST], at=at)
