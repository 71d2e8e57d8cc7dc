"""From ids and queries to courses, their sessions, and the days that are asked for."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.request import Request

from appointments.api.course_shapes import FACTS, PARTICULARS
from appointments.errors import SessionNotFound
from appointments.models import Session
from appointments.selectors.finding import within_reason
from booking_site.common.api.inputs import not_there, row_id
from booking_site.common.errors import Invalid, NotFound
from realtors.api.listing_lookups import facts_of, listing_of, own_listing_of, wish_of
from realtors.models import Listing, ListingKind
from realtors.selectors import ListingWish
from stores.models import Store
from stores.selectors import policies_of

MOST_DAYS = 366


def course_of(request: Request, course_id: str) -> Listing:
    """One that the caller may see. Raises NotFound."""
    return _course(listing_of(request, course_id))


def own_course_of(request: Request, course_id: str) -> Listing:
    """One that the caller may edit; to everybody else it is not there. Raises NotFound."""
    return _course(own_listing_of(request, course_id))


def _course(listing: Listing) -> Listing:
    if listing.kind != ListingKind.COURSE:
        raise not_there()
    return listing


def slot_of(slot_id: str) -> Session:
    """One that is there; whether it is for the caller, the service says. Raises SessionNotFound,
    also for what is no id."""
    return slots_of([slot_id])[0]


def slots_of(slot_ids: list[str]) -> list[Session]:
    """In the given order. Raises SessionNotFound when one of them is not there."""
    try:
        ids = [row_id(one) for one in slot_ids]
    except NotFound as error:
        raise SessionNotFound from error
    found = Session.objects.select_related("listing", "store", "realtor").in_bulk(set(ids))
    if any(pk not in found for pk in ids):
        raise SessionNotFound
    return [found[pk] for pk in ids]


def own_slot_of(request: Request, slot_id: str) -> Session:
    """Of a course that the caller runs. Raises SessionNotFound."""
    slot = slot_of(slot_id)
    if not Session.objects.run_by(request.user).filter(pk=slot.pk).exists():
        raise SessionNotFound
    return slot


def course_facts(request: Request, body: dict[str, Any]) -> dict[str, Any]:
    """A body, whole or in part, as keywords of the services; ``attributes`` holds those named.
    Raises NotFound, Invalid."""
    said = {told: body[name] for name, told in FACTS.items() if name in body}
    facts = facts_of(request, said)
    named = {told: body[name] for name, told in PARTICULARS.items() if name in body}
    return facts | {"attributes": named} if named else facts


def course_wish(request: Request, query: dict[str, Any]) -> ListingWish:
    names = {
        "teacherId": "realtor_id",
        "institutionId": "store_id",
        "category": "category",
        "q": "q",
        "priceMin": "price_min",
        "priceMax": "price_max",
    }
    asked = {told: query[name] for name, told in names.items() if name in query}
    return wish_of(request, asked | {"kind": ListingKind.COURSE.value})


def days_asked(query: dict[str, Any], store: Store, at: datetime) -> tuple[date, date]:
    """First and last, by the store's calendar: those that can be booked unless the query says
    otherwise. Raises Invalid for too many."""
    today = at.astimezone(store.zone).date()
    furthest = today + timedelta(days=policies_of([store])[store.pk].dated_advance_days)
    first = within_reason(query.get("dateFrom") or today)
    last = within_reason(query.get("dateTo") or max(first, furthest))
    if (last - first).days > MOST_DAYS:
        message = _("At most %(days)s days at a time.") % {"days": MOST_DAYS}
        raise Invalid(errors={"dateTo": [message]})
    return first, last
