"""The time a visitor is about to book, in words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from appointments.models import Hold
from appointments.presenters import times
from appointments.presenters.what import house_in_short
from realtors.models import Listing, Realtor
from stores.models import Store


def times_address(store: Store, house: Listing | None = None, **query: str) -> str:
    """Where the times of a store stand, or those at which a house can be seen."""
    if house is None:
        page = reverse("site:store", args=[store.pk])
    else:
        page = reverse("site:viewing", args=[house.pk])
    return f"{page}?{urlencode(query)}" if query else page


@dataclass(frozen=True)
class Place:
    """The time a visitor is about to book. Without ``hold`` it is not kept, but was free just now;
    ``realtor`` is the one named, or the one the hold keeps; ``house``: what is to be seen."""

    store: Store
    starts_at: datetime
    ends_at: datetime
    at: datetime
    realtor: Realtor | None = None
    realtor_named: bool = False
    house: Listing | None = None
    hold: Hold | None = None

    @property
    def day(self) -> str:
        zone = self.store.zone
        today = self.at.astimezone(zone).date()
        return times.full_day(self.starts_at.astimezone(zone).date(), today)

    @property
    def hours(self) -> str:
        return times.span(self.starts_at, self.ends_at, self.store.zone)

    @property
    def spoken(self) -> str:
        return times.spoken(self.starts_at, self.store.zone, self.at)

    @property
    def zone_note(self) -> str:
        return times.zone_note(self.store)

    @property
    def duration(self) -> str:
        return times.duration(int((self.ends_at - self.starts_at).total_seconds() // 60))

    @property
    def other_times(self) -> str:
        """Back to the times, on the same day and with the same realtor."""
        query = {"date": self.starts_at.astimezone(self.store.zone).date().isoformat()}
        if self.realtor_named and self.realtor and self.house is None:
            query["realtor"] = str(self.realtor.pk)
        return times_address(self.store, self.house, **query)

    @property
    def what(self) -> dict[str, Any] | None:
        """The house, as the page of a booked viewing shows it."""
        return house_in_short(self.house) if self.house is not None else None
