"""Promises: appointments, the claims that make them exclusive, holds, offers, and the log."""

from .appointment import (
    Appointment,
    AppointmentQuerySet,
    PaymentStatus,
    RealtorReason,
    Status,
    SystemReason,
)
from .claim import Claim, ClaimQuerySet
from .feed import CalendarFeed
from .hold import Hold, HoldQuerySet
from .log import Action, AppointmentEvent
from .offer import Offer, OfferStatus
from .order import (
    PENDING_REQUEST,
    CancelRequest,
    CancelRequestQuerySet,
    Order,
    RequestState,
    Side,
)
from .pool import DispatchPool
from .session import (
    Package,
    SeatWish,
    Session,
    SessionQuerySet,
    SessionRule,
    SessionStatus,
    SkippedSession,
)
from .stay import StayPet, Verdict, ViewingFeedback

__all__ = [
    "PENDING_REQUEST",
    "Action",
    "Appointment",
    "AppointmentEvent",
    "AppointmentQuerySet",
    "CalendarFeed",
    "CancelRequest",
    "CancelRequestQuerySet",
    "Claim",
    "ClaimQuerySet",
    "DispatchPool",
    "Hold",
    "HoldQuerySet",
    "Offer",
    "OfferStatus",
    "Order",
    "Package",
    "PaymentStatus",
    "RealtorReason",
    "RequestState",
    "SeatWish",
    "Session",
    "SessionQuerySet",
    "SessionRule",
    "SessionStatus",
    "Side",
    "SkippedSession",
    "Status",
    "StayPet",
    "SystemReason",
    "Verdict",
    "ViewingFeedback",
]
