"""Reading payments: of one booking, of one person, and the sums of many."""

from .books import Line, Span, books_of, paid_shares
from .of_booking import Standing, latest_payment, standing_of
from .of_person import payments_of

__all__ = [
    "Line",
    "Span",
    "Standing",
    "books_of",
    "latest_payment",
    "paid_shares",
    "payments_of",
    "standing_of",
]
