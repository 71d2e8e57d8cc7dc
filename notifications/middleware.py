"""Sockets end with the session they were opened in; pages know from where on to listen."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_out
from django.http import HttpRequest, HttpResponse

from notifications.frames import Close
from notifications.gateways.hints import publish_end, session_name


def _note_who_leaves(request: HttpRequest | None, user: Any, **_more: Any) -> None:
    """Django's own signal: whoever signs out, by whatever page, is forgotten a moment later."""
    if request is not None and user is not None:
        request.signed_out_user_id = user.pk  # type: ignore[attr-defined]


user_logged_out.connect(_note_who_leaves, dispatch_uid="notifications.sockets")


class SocketsFollowSessions:
    """After the answer was made, when the old session is gone for certain: signed out, or carried
    on under another key, as after a new password."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        if key and request.session.accessed and request.session.session_key != key:
            user_id = getattr(request, "signed_out_user_id", None) or request.user.pk
            if user_id is not None:
                publish_end(user_id, code=Close.SIGNED_OUT, session=session_name(session_key=key))
        return response


class PositionFirst:
    """Of a page's state and its position in the stream the position is read first: what happens
    between the two then comes again over the socket, and is not missed. It comes with whoever is
    signed in (accounts.backends), who is looked up here and not only for the header."""

    NO_PAGES = ("/api/", "/admin/", "/static/", "/media/", "/health", "/metrics", "/ws")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "GET" and not request.path.startswith(self.NO_PAGES):
            # A lazy object, until something is asked of it.
            bool(request.user.is_authenticated)
        return self.get_response(request)
