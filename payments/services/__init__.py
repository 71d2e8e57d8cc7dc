"""Everything that moves money, or the word for it."""

from .following import follow_cancelled, follow_decision
from .leaving import forget
from .looking import claim_look, look_soon, note_look, note_mismatch
from .opening import close, open_payment
from .receiving import receive
from .refunding import give_back, note_done, refund_by_staff
from .sending import claim_next, give_up, note_outcome, put_off, send_again
from .settling import apply_state, require_match
from .visiting import visit

__all__ = [
    "apply_state",
    "claim_look",
    "claim_next",
    "close",
    "follow_cancelled",
    "follow_decision",
    "forget",
    "give_back",
    "give_up",
    "look_soon",
    "note_done",
    "note_look",
    "note_mismatch",
    "note_outcome",
    "open_payment",
    "put_off",
    "receive",
    "refund_by_staff",
    "require_match",
    "send_again",
    "visit",
]
