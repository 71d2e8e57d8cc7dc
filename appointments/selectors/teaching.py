"""What a teacher's sessions are, for their own page."""

from datetime import datetime

from appointments.models import Session
from appointments.selectors.sessions import Seats, with_seats
from realtors.models import Realtor

MOST = 4


def next_of_teacher(teacher: Realtor, *, at: datetime) -> list[Seats]:
    """The next sessions of whatever they teach, the soonest first. Three queries, one where there
    is none."""
    rows = Session.objects.bookable(at).filter(realtor=teacher)
    coming = list(rows.select_related("listing", "store").order_by("starts_at", "pk")[:MOST])
    return with_seats(coming, at=at) if coming else []
