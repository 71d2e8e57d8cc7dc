"""Who may come in: whoever is signed in, to conversations of their own; others are not there."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from appointments.views.guards import counted, kind_refusals, private
from booking_site.common.errors import NotFound, Refusal

View = Callable[..., HttpResponse]
LIST, THREAD = "chat:list", "chat:thread"


def page(view: View) -> View:
    """One that is only looked at."""
    return require_safe(private(kind_refusals(_signed_in(view))))


def form_page(view: View) -> View:
    """One with a form that is sent back to it."""
    guarded = private(kind_refusals(counted(_signed_in(view))))
    return require_http_methods(["GET", "HEAD", "POST"])(guarded)


def button(view: View) -> View:
    """Where a button of a conversation leads. Loaded as a page, it leads back there."""

    @wraps(view)
    def pressed(request: HttpRequest, conversation_id: int, *args: Any) -> HttpResponse:
        if request.method != "POST":
            return redirect(THREAD, conversation_id)
        return view(request, conversation_id, *args)

    def called(request: HttpRequest, conversation_id: int, **more: Any) -> HttpResponse:
        return pressed(request, conversation_id, *more.values())

    return form_page(called)


def is_asked_by_script(request: HttpRequest) -> bool:
    return request.accepts("application/json") and not request.accepts("text/html")


def refused(refusal: Refusal) -> HttpResponse:
    """For the script: what and why, and whether it is worth trying again."""
    wait = getattr(refusal, "retry_after", None)
    message = _first_of(refusal) or str(refusal)
    body = {"error": {"code": refusal.code, "message": message, "retry_after": wait}}
    answer = JsonResponse(body, status=refusal.status)
    if wait is not None:
        answer.headers["Retry-After"] = str(wait)
    return answer


def words_of(refusal: Refusal) -> str:
    return _first_of(refusal) or str(refusal)


def _first_of(refusal: Refusal) -> str:
    """What is wrong with a field says more than that something is."""
    found = next(iter(refusal.errors.values()), None)
    if isinstance(found, (list, tuple)) and found and not isinstance(refusal, NotFound):
        return str(found[0])
    return ""


def user_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _signed_in(view: View) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if isinstance(request.user, User):
            return view(request, *args, **kwargs)
        if is_asked_by_script(request) or request.headers.get("X-Requested-With") == "fetch":
            message = _("You have been signed out. Please sign in again.")
            body = {"error": {"code": "unauthenticated", "message": message}}
            return JsonResponse(body, status=401)
        # A button that begins something is not lost: after it they are asked again.
        kept = {name: request.POST[name] for name in ("to", "about") if name in request.POST}
        after = f"{request.path}?{urlencode(kept)}" if kept else request.get_full_path()
        return redirect_to_login(after)

    return guarded
