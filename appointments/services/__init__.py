"""Everything that changes an appointment. Each verb is one module; every door calls these."""

from .arriving import check_in
from .booking import BookingRequest, book
from .cancelling import cancel
from .feeds import close_feed, open_feed
from .holds import hold, release_hold
from .live import LiveRequest, join
from .notes import write_note
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
    "check_in",
    "close_feed",
    "complete",
    "decline",
    "hold",
    "join",
    "mark_no_show",
    "open_feed",
    "reassign",
    "reassign_to_best",
    "release_hold",
    "reschedule",
    "start",
    "write_note",
]
