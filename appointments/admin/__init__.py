"""Appointments in the back office: looked at freely, changed by the services only."""

from .appointments import AppointmentAdmin
from .cancel_requests import CancelRequestAdmin
from .courses import PackageAdmin, SeatWishAdmin, SessionRuleAdmin, SkippedSessionAdmin
from .orders import OrderAdmin
from .records import (
    AppointmentEventAdmin,
    CalendarFeedAdmin,
    ClaimAdmin,
    DispatchPoolAdmin,
    HoldAdmin,
    OfferAdmin,
)
from .sessions import SessionAdmin
from .stays import StayPetAdmin, ViewingFeedbackAdmin

__all__ = [
    "AppointmentAdmin",
    "AppointmentEventAdmin",
    "CalendarFeedAdmin",
    "CancelRequestAdmin",
    "ClaimAdmin",
    "DispatchPoolAdmin",
    "HoldAdmin",
    "OfferAdmin",
    "OrderAdmin",
    "PackageAdmin",
    "SeatWishAdmin",
    "SessionAdmin",
    "SessionRuleAdmin",
    "SkippedSessionAdmin",
    "StayPetAdmin",
    "ViewingFeedbackAdmin",
]
