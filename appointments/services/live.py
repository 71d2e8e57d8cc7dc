"""The live line: whoever wants to be served as soon as possible."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from appointments.models import Appointment
from booking_site.common.actors import Actor
from stores.models import Store


@dataclass(frozen=True, kw_only=True)
class LiveRequest:
    """Somebody who wants whoever is free next. ``phone`` is in E.164."""

    store: Store
    customer_name: str
    customer_phone: str
    duration_minutes: int | None = None
    customer: User | None = None
    email: str = ""
    requirements: str = ""
    locale: str = "zh-hans"


def join(wish: LiveRequest, *, by: Actor, at: datetime) -> Appointment:
    """Stand in the store's live line. Raises StoreClosed when nobody serves today any more,
    CustomerConflict for one who stands there already."""
    raise NotImplementedError
