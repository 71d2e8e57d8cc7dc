"""News of the realtors."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class RealtorAvailabilityChanged:
    """Hours, breaks, time off, skills or activity changed; somebody waiting may now be served."""

    realtor_id: int
    store_id: int
    at: datetime


@dataclass(frozen=True)
class RealtorLeft:
    """No longer takes bookings; what was promised needs somebody else."""

    realtor_id: int
    store_id: int
    at: datetime


@dataclass(frozen=True)
class RealtorPresenceChanges:
    """About to be written down: whoever has something to lock first does so now. Those who serve
    the line lock the store and then its realtors; two who lock in another order end each other."""

    store_id: int
    at: datetime


@dataclass(frozen=True)
class RealtorPresenceChanged:
    """Somebody came online, went busy or offline, or is back after having been away."""

    realtor_id: int
    store_id: int
    presence: str
    at: datetime
