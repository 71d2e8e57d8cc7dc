"""Everything that changes an appointment. Each verb is one module; every door calls these."""

from .booking import BookingRequest, book
from .cancelling import cancel
from .holds import hold, release_hold
from .live import LiveRequest, join
from .offers import accept, decline
from .rescheduling import reschedule
from .staffing import reassign, reassign_to_best
from .work import complete, mark_no_show, start

__all__ = [
    "BookingRequest",
    "LiveRequest",
    "accept",
    "book",
    "cancel",
    "complete",
    "decline",
    "hold",
    "join",
    "mark_no_show",
    "reassign",
    "reassign_to_best",
    "release_hold",
    "reschedule",
    "start",
]
