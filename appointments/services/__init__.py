"""Everything that changes an appointment. Each verb is one module; every door calls these."""

from .agreeing import (
    answer_cancel_request,
    ask_to_cancel,
    decide_request,
    take_back_request,
)
from .arriving import check_in
from .attending import complete_seat
from .booking import BookingRequest, book
from .cancelling import cancel
from .feeds import close_feed, open_feed
from .holds import hold, release_hold
from .live import LiveRequest, join
from .moving_seats import move_seat
from .notes import write_note
from .offers import accept, decline
from .ordering import OrderTerms
from .paying import note_paid, note_refunded
from .rescheduling import reschedule
from .seat_wishes import forget_wish, wish_for_seat
from .seats import SeatRequest, book_package, book_seat, lock_seat
from .session_rules import add_rule, end_rule
from .sessions import (
    block_session,
    call_off_session,
    complete_session,
    edit_session,
    open_session,
    unblock_session,
)
from .staffing import reassign, reassign_to_best
from .stays import StayRequest, book_stay, move_stay
from .viewings import give_feedback
from .work import complete, mark_no_show, start

__all__ = [
    "BookingRequest",
    "LiveRequest",
    "OrderTerms",
    "SeatRequest",
    "StayRequest",
    "accept",
    "add_rule",
    "answer_cancel_request",
    "ask_to_cancel",
    "block_session",
    "book",
    "book_package",
    "book_seat",
    "book_stay",
    "call_off_session",
    "cancel",
    "check_in",
    "close_feed",
    "complete",
    "complete_seat",
    "complete_session",
    "decide_request",
    "decline",
    "edit_session",
    "end_rule",
    "forget_wish",
    "give_feedback",
    "hold",
    "join",
    "lock_seat",
    "mark_no_show",
    "move_seat",
    "move_stay",
    "note_paid",
    "note_refunded",
    "open_feed",
    "open_session",
    "reassign",
    "reassign_to_best",
    "release_hold",
    "reschedule",
    "start",
    "take_back_request",
    "unblock_session",
    "wish_for_seat",
    "write_note",
]
