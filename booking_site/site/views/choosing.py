"""The times of a store or of one of its people, for whoever is about to choose one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest

from appointments.presenters import times
from appointments.presenters.week import Week, week_for
from appointments.selectors.pictures import Apart
from appointments.views.memory import Memory
from appointments.views.queue import line_address
from realtors.models import Listing, Realtor
from stores.models import Store


def week_of(
    request: HttpRequest,
    store: Store,
    *,
    at: datetime,
    realtor_id: int | None = None,
    house: Listing | None = None,
    people: Sequence[Realtor] | None = None,
    keep: dict[str, str] | None = None,
) -> Week:
    """Everybody's times, or those of the one chosen, or those at which a house can be seen. Who has
    a time held already sees it as free: choosing again replaces it. For somebody who is named
    nobody waits in line, nor for the host of a house. ``keep``: what the links to other days carry
    along; ``people``: of whom nobody else is to be looked at, read already."""
    held = Memory(request).token_in(store.pk)
    user_id = request.user.pk
    own = Q(user=user_id) if user_id else Q(token=held, user=None)
    named = realtor_id or (house.realtor_id if house else None)
    return week_for(
        store,
        at=at,
        wanted=request.GET.get("date", ""),
        realtor_id=named,
        listing=house,
        people=people,
        apart=Apart(holds=own if user_id or held else None),
        line_href=None if named else lambda slot: line_address(store, slot.starts_at, house),
        keep=keep,
    )


def lost(request: HttpRequest, week: Week) -> dict[str, Any]:
    """What to say to whoever comes back because somebody was faster, and what to offer instead."""
    taken = _still_taken(times.read_stamp(request.GET.get("taken", "")), week)
    return {
        "taken": taken and times.spoken(taken, week.picture.hours.zone, week.at),
        "late": "late" in request.GET,
        "kept": bool(Memory(request).details),
        "instead": week.free_from(max(taken, week.at)) if taken else [],
        "instead_of_waiting": [] if taken else week.next_free(limit=3),
    }


def _still_taken(start: datetime | None, week: Week) -> datetime | None:
    """The start somebody lost, unless it has become free again before the page was looked at."""
    slot = week.slot_at(start) if start else None
    return None if slot is not None and slot.available else start
