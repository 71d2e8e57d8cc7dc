"""Appointments in the back office: looked at freely, changed by the services only."""

from .appointments import AppointmentAdmin
from .records import (
    AppointmentEventAdmin,
    CalendarFeedAdmin,
    ClaimAdmin,
    DispatchPoolAdmin,
    HoldAdmin,
    OfferAdmin,
)

__all__ = [
    "AppointmentAdmin",
    "AppointmentEventAdmin",
    "CalendarFeedAdmin",
    "ClaimAdmin",
    "DispatchPoolAdmin",
    "HoldAdmin",
    "OfferAdmin",
]
