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
    "Action",
    "Appointment",
    "AppointmentEvent",
    "AppointmentQuerySet",
    "CalendarFeed",
    "Claim",
    "ClaimQuerySet",
    "DispatchPool",
    "Hold",
    "HoldQuerySet",
    "Offer",
    "OfferStatus",
    "Package",
    "PaymentStatus",
    "RealtorReason",
    "SeatWish",
    "Session",
    "SessionQuerySet",
    "SessionRule",
    "SessionStatus",
    "SkippedSession",
    "Status",
    "StayPet",
    "SystemReason",
    "Verdict",
    "ViewingFeedback",
]
