"""What every page knows."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from appointments.views.console.access import has_console
from chat.presenters.counts import count_of
from chat.selectors.reading import unread_conversations_of
from notifications.presenters.lists import bell_of
from notifications.selectors.reading import loaded_standing


def brand(request: HttpRequest) -> dict[str, object]:
    return {"brand_name": settings.BRAND_NAME, "is_demo": settings.DEMO}


def console(request: HttpRequest) -> dict[str, object]:
    """Whether the header leads to the console; asked where somebody is signed in. No query."""
    return {"has_console": SimpleLazyObject(lambda: has_console(request))}


def bell(request: HttpRequest) -> dict[str, object]:
    """What is unread, and where the stream stood then; asked where the header has a bell, which is
    for whoever is signed in. No query: it was loaded with them."""

    def rung() -> dict[str, object]:
        user = request.user
        return bell_of(**vars(loaded_standing(user))) if isinstance(user, User) else {}

    return {"bell": SimpleLazyObject(rung)}


def talks(request: HttpRequest) -> dict[str, object]:
    """How many conversations hold something unread, where the header leads to them. No query: it
    was loaded with whoever is signed in, but for those who have signed in just now."""

    def counted() -> dict[str, object]:
        user = request.user
        if not isinstance(user, User):
            return {}
        loaded = getattr(user, "unread_conversations", None)
        return count_of(unread_conversations_of(user) if loaded is None else loaded)

    return {"talks": SimpleLazyObject(counted)}
