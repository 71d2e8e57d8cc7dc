"""From an HTTP request, of a page or the API, to the Actor that services take."""

from django.http import HttpRequest
from rest_framework.request import Request

from booking_site.common.actors import Actor, Door


def actor_of(request: Request | HttpRequest) -> Actor:
    """The signed-in user, or a guest who has proven nothing yet."""
    user = request.user
    door = Door.API if isinstance(request, Request) else Door.PAGE
    return Actor.of(user, door=door) if user.is_authenticated else Actor.guest()


def staff_of(request: HttpRequest) -> Actor:
    """Whoever works in the back office."""
    return Actor.of(request.user, door=Door.OFFICE)  # type: ignore[arg-type]


def address_of(request: Request | HttpRequest) -> str:
    """The caller's network address. Behind a proxy of one's own it is the visitor's only if uvicorn
    has been told to believe that proxy (FORWARDED_ALLOW_IPS)."""
    return str(request.META.get("REMOTE_ADDR", ""))
