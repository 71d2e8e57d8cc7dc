"""Which calls a key's scopes open. What is not named here, no key may call: whatever is one's own
(account, conversations, notifications), and whatever books for the caller themselves."""

import re
from dataclasses import dataclass

from rest_framework.request import Request

READING = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Door:
    """The scopes that reading and writing need; None: no key."""

    read: str | None
    write: str | None

    def scope(self, method: str) -> str | None:
        return self.read if method in READING else self.write


def _both(family: str) -> Door:
    return Door(f"{family}:read", f"{family}:write")


def _read(family: str) -> Door:
    return Door(f"{family}:read", None)


CLOSED = Door(None, None)
APPOINTMENT = "api/v1/appointment"
STORE = f"{APPOINTMENT}/stores/<str:store_id>"
# By the route of a call, or how it begins; the longest that fits counts. Routes are those of
# booking_site.urls: names, not imports, because most of them stand above this app.
DOORS: dict[str, Door] = {
    f"{APPOINTMENT}/stores": _both("stores"),
    f"{APPOINTMENT}/realtors": _both("stores"),
    "api/v1/stores/<str:store_id>/settings": _both("stores"),
    f"{STORE}/queue": _both("appointments"),
    f"{STORE}/slots": _both("appointments"),
    f"{STORE}/holds": _both("appointments"),
    f"{APPOINTMENT}/holds": _both("appointments"),
    f"{APPOINTMENT}/appointments": _both("appointments"),
    f"{APPOINTMENT}/statistics": _read("statistics"),
    "api/v1/categories": _read("listings"),
    "api/v1/listings": _both("listings"),
    "api/v1/listings/<str:listing_id>/saved": CLOSED,
    "api/v1/services": _both("listings"),
    "api/v1/courses": _both("listings"),
    "api/v1/courses/<str:course_id>/slots": _both("appointments"),
    "api/v1/teachers": _both("appointments"),
    "api/v1/slots": _both("appointments"),
    "api/v1/slots/<str:slot_id>/lock": CLOSED,
    "api/v1/slots/<str:slot_id>/wish": CLOSED,
    "api/v1/bookings": _read("appointments"),
    "api/v1/bookings/<str:booking_id>": _both("appointments"),
    "api/v1/boarding/services": _both("listings"),
    "api/v1/boarding/bookings": _read("appointments"),
    "api/v1/boarding/bookings/<str:stay_id>": _both("appointments"),
    "house/recommend": _read("listings"),
    "api/reservations": _both("appointments"),
    "api/v1/orders": _read("orders"),
    "api/v1/orders/<str:order_id>": _both("orders"),
    "api/v1/payments": _read("payments"),
    "api/v1/payments/report": _read("statistics"),
    "api/v1/reviews": _read("reviews"),
    "api/v1/reviews/<str:review_id>/reply": _both("reviews"),
    "api/v1/webhooks": _both("webhooks"),
}


PLACEHOLDER = re.compile(r"<[^>]*>|\{[^}]*\}")


def _plain(route: str) -> str:
    """However its parameters are written, and whatever they are called."""
    return PLACEHOLDER.sub("{}", route.strip("/"))


_DOORS = {_plain(route): door for route, door in DOORS.items()}


def door_of(route: str) -> Door:
    """Of a route as Django knows it, or a path of the OpenAPI document."""
    asked = _plain(route)
    fitting = [one for one in _DOORS if asked == one or asked.startswith(f"{one}/")]
    return _DOORS[max(fitting, key=len)] if fitting else CLOSED


def scope_of(request: Request) -> str | None:
    """What this call needs; None: no key may make it."""
    match = request.resolver_match
    return door_of(match.route).scope(request.method or "") if match else None
