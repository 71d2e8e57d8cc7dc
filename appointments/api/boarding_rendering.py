"""From boarding places and stays to what the API answers with."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from rest_framework.request import Request

from appointments.api.boarding_queries import LONGEST_RANGE
from appointments.api.boarding_shapes import BoardingShape, BoardingWithNightsShape
from appointments.selectors.finding import within_reason
from appointments.selectors.nights import CHECK_IN_HOUR, CHECK_OUT_HOUR, nights_of, units_left
from realtors.models import Listing

DAYS_SHOWN = 30
DAY = timedelta(days=1)


def places_answer(
    request: Request, places: Sequence[Listing], query: dict[str, Any], *, at: datetime
) -> list[dict[str, Any]]:
    """Three queries for all of them, when their people and pictures are loaded."""
    context = _context(request, places, query, at)
    return list(BoardingShape(places, many=True, context=context).data)


def place_answer(request: Request, place: Listing, *, at: datetime) -> dict[str, Any]:
    return places_answer(request, [place], {}, at=at)[0]


def place_with_nights(
    request: Request, place: Listing, query: dict[str, Any], *, at: datetime
) -> dict[str, Any]:
    first, last = _range(place, query, at)
    nights = nights_of([place], first, last, at=at)[place.pk]
    context = _context(request, [place], query, at) | {"occupancy": nights}
    return BoardingWithNightsShape(place, context=context).data


def _context(
    request: Request, places: Sequence[Listing], query: dict[str, Any], at: datetime
) -> dict[str, Any]:
    nights: int | None = None
    left: dict[int, int] = {}
    if query.get("check_in") is not None:
        first, last = query["check_in"], query["check_out"]
        nights, left = (last - first).days, units_left(places, first, last, at=at)
    run = Listing.objects.run_by(request.user).filter(pk__in=[one.pk for one in places])
    return {
        "hours": (CHECK_IN_HOUR, CHECK_OUT_HOUR),
        "run": set(run.values_list("pk", flat=True)) if request.user.is_authenticated else set(),
        "nights": nights,
        "pets": query.get("pets", 1),
        "left": left,
    }


def _range(place: Listing, query: dict[str, Any], at: datetime) -> tuple[date, date]:
    """The first and the last night to tell of."""
    today = at.astimezone(place.store.zone).date()
    first = query.get("date_from") or query.get("check_in") or today
    first = within_reason(first)
    last = query.get("date_to")
    if last is None and query.get("check_out") and query.get("date_from") is None:
        last = query["check_out"] - DAY
    if last is None:
        last = within_reason(first + (DAYS_SHOWN - 1) * DAY)
    furthest = first + (LONGEST_RANGE - 1) * DAY
    return first, max(first, min(within_reason(last), furthest))
