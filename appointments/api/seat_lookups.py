"""From ids and bodies to booked seats, and to what the services of seats take."""

from typing import Any

from django.utils.translation import get_language
from rest_framework.request import Request

from accounts.api.callers import user_of
from accounts.models import Child, User
from appointments.api.course_lookups import slots_of
from appointments.api.seat_shapes import SHOWN
from appointments.models import Appointment, AppointmentQuerySet, PaymentStatus
from appointments.selectors.finding import between_dates
from appointments.services import SeatRequest
from booking_site.common.api.inputs import not_there, row_id
from booking_site.common.errors import NotFound

LONGEST_NAME = 50
NOBODY = 0


def seats_seen_by(request: Request) -> AppointmentQuerySet:
    """The caller's own as student or teacher, and those of the stores they manage."""
    rows = Appointment.objects.visible_to(user_of(request)).filter(session__isnull=False)
    return rows.with_people().select_related("listing", "child")


def seat_of(request: Request, booking_id: str) -> Appointment:
    """Raises NotFound."""
    found = seats_seen_by(request).filter(pk=row_id(booking_id)).first()
    if found is None:
        raise not_there()
    return found


def seats_asked_for(request: Request, query: dict[str, Any]) -> AppointmentQuerySet:
    """Raises NotFound for what cannot be an id."""
    rows, day = seats_seen_by(request), query.get("bookingDate")
    rows = between_dates(rows, first=day, last=day)
    if query.get("status"):
        rows = rows.filter(status=query["status"])
    if query.get("courseId") is not None:
        rows = rows.filter(listing_id=row_id(query["courseId"], field="courseId"))
    if query.get("paymentStatus"):
        wanted = query["paymentStatus"]
        rows = rows.filter(
            payment_status__in=[
                one for one in PaymentStatus.values if SHOWN.get(one, one) == wanted
            ]
        )
    return rows


def seat_requests(request: Request, body: dict[str, Any]) -> list[SeatRequest]:
    """One for each session. Raises SessionNotFound."""
    in_package = body.get("slotIds") or []
    sessions = slots_of(in_package or [body["slotId"]])
    user = user_of(request)
    child = _child(user, body.get("childId"))
    about: dict[str, Any] = {
        "customer": user,
        "customer_name": str(user)[:LONGEST_NAME],
        "customer_phone": str(user.phone or ""),
        "email": user.email or "",
        "child": child,
        "is_for_unknown": child is None and body.get("childId") is not None,
        "note": body.get("notes") or "",
        "locale": get_language() or SeatRequest.locale,
        # A token is of one session; those of a package are found by whose they are.
        "lock_token": None if in_package else body.get("lockToken") or None,
        "listing_id": _claimed(body.get("courseId")),
        "realtor_id": _claimed(body.get("teacherId")),
    }
    return [SeatRequest(session=session, **about) for session in sessions]


def _child(user: User, said: str | None) -> Child | None:
    found = _claimed(said)
    return None if found is None else Child.objects.visible_to(user).filter(pk=found).first()


def _claimed(said: str | None) -> int | None:
    """What cannot be an id is nobody's; that it does not fit the session is said in its turn."""
    if said is None:
        return None
    try:
        return row_id(said)
    except NotFound:
        return NOBODY
