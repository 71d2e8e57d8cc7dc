"""Everything that changes an appointment. Each verb is one module; every door calls these."""

from .booking import BookingRequest, book
from .cancelling import cancel
from .holds import hold, release_hold
from .offers import accept, decline
from .rescheduling import reschedule
from .work import complete, mark_no_show, start

__all__ = [
    "BookingRequest",
    "accept",
    "book",
    "cancel",
    "complete",
    "decline",
    "hold",
    "mark_no_show",
    "release_hold",
    "reschedule",
    "start",
]
