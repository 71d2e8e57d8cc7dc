"""What happened to money, for the apps above."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class PaymentNews:
    payment_id: int
    at: datetime


@dataclass(frozen=True)
class PaymentSucceeded(PaymentNews):
    """The money is there; whether it still counted, its shares say."""


@dataclass(frozen=True)
class PaymentFailed(PaymentNews):
    """The gateway will not have it. The customer may try again."""


@dataclass(frozen=True)
class RefundNews:
    refund_id: int
    at: datetime


@dataclass(frozen=True)
class RefundDone(RefundNews):
    """The gateway has it."""


@dataclass(frozen=True)
class RefundStuck(RefundNews):
    """It was given up, and waits for a person."""
