"""What ordering a service looks like from everywhere: on its own page, and in the conversation with
whoever provides it. ``Doors`` says where the two steps lead and what books."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from appointments import errors, services
from appointments.models import Appointment
from appointments.presenters import times
from appointments.presenters.ordering import Chosen
from appointments.services import BookingRequest
from booking_site.common.actors import Actor
from booking_site.common.errors import Forbidden, NotFound, Refusal, TooMany, Unavailable
from realtors.models import Listing, ListingKind, Realtor

# Of these a page of its own tells, not the service's.
ELSEWHERE = (Forbidden, NotFound, TooMany, Unavailable)


def _book(wish: BookingRequest, by: Actor, at: datetime) -> Appointment:
    return services.book(wish, by=by, at=at)


@dataclass(frozen=True)
class Doors:
    """Where the two steps of one service are (addresses), who provides it if the listing leaves
    that open, what books, and what the pages show above: ``label`` and ``href`` of where somebody
    came from, and goes back to when it is ordered."""

    times: str
    details: str
    provider: Realtor | None = None
    book: Callable[[BookingRequest, Actor, datetime], Appointment] = _book
    back: dict[str, str] = field(default_factory=dict)

    def at_times(self, **query: Any) -> str:
        return f"{self.times}?{urlencode(query)}" if query else self.times

    def at_details(self, chosen: Chosen) -> str:
        query = {"start": times.stamp(chosen.starts_at), "minutes": chosen.minutes}
        return f"{self.details}?{urlencode(query)}"


def service_of(service_id: int) -> Listing:
    """One that everybody sees. Raises NotFound."""
    rows = Listing.objects.open_to_public().filter(kind=ListingKind.SERVICE, pk=service_id)
    found = rows.select_related("store", "realtor__user", "category").first()
    if found is None:
        raise NotFound
    return found


def to_times(
    request: HttpRequest, doors: Doors, chosen: Chosen, refusal: Refusal, *, late: bool = False
) -> HttpResponse:
    """To the times, which say what happened and offer the next free ones."""
    query = same_day(chosen)
    if isinstance(refusal, errors.SlotTaken | errors.HoldExpired):
        query["taken"] = times.stamp(chosen.starts_at)
        if late:
            query["late"] = "1"
    else:
        messages.warning(request, str(refusal))
    return redirect(doors.at_times(**query))


def same_day(chosen: Chosen) -> dict[str, str]:
    day = chosen.starts_at.astimezone(chosen.service.store.zone).date()
    return {"date": day.isoformat(), "minutes": str(chosen.minutes)}
