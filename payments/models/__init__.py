"""Payments, their shares and refunds, what gateways said, and the sandbox's own books."""

from .notice import GatewayNotice
from .payment import Payment, PaymentQuerySet, PaymentShare, PaymentState, new_number
from .refund import NOT_THE_BOOKINGS, Refund, RefundReason, RefundState
from .sandbox import ChargeState, SandboxCharge, SandboxKey, SandboxRefund

__all__ = [
    "NOT_THE_BOOKINGS",
    "ChargeState",
    "GatewayNotice",
    "Payment",
    "PaymentQuerySet",
    "PaymentShare",
    "PaymentState",
    "Refund",
    "RefundReason",
    "RefundState",
    "SandboxCharge",
    "SandboxKey",
    "SandboxRefund",
    "new_number",
]
