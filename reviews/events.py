"""What happened to reviews, for the apps above."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ReviewNews:
    review_id: int
    appointment_id: int
    at: datetime


@dataclass(frozen=True)
class ReviewWritten(ReviewNews):
    """Somebody said how it was."""


@dataclass(frozen=True)
class ReviewReplied(ReviewNews):
    """The realtor or the store has answered; once for each review."""
