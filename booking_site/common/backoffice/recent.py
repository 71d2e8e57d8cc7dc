"""How long a member of staff counts as themselves: for the back office as a whole, and, shorter,
for what cannot be taken back (exports, rights)."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

SEEN = "back_office_seen_at"
# A session is written at most so often, in seconds.
SEEN_STEP = 60
View = Callable[..., HttpResponseBase]


def recently_signed_in(request: HttpRequest) -> bool:
    """Whether this session gave its second factor, or the password of who has none, within
    STAFF_RECENT_MINUTES; always where nobody is asked (0, as in the demo)."""
    minutes = settings.STAFF_RECENT_MINUTES
    if not minutes:
        return True
    methods = {"mfa"} if is_mfa_enabled(request.user) else None
    return _since_proof(request, methods) <= minutes * 60


def requires_recent_sign_in(view: View) -> View:
    """For views and for methods of an admin (``view(request, …)``, ``view(self, request, …)``).
    What was sent is not kept: it may hold a password, and is sent again in full knowledge."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> HttpResponseBase:
        request = next(one for one in args if isinstance(one, HttpRequest))
        if recently_signed_in(request):
            return view(*args, **kwargs)
        return ask_again(request)

    return guarded


def ask_again(request: HttpRequest) -> HttpResponseBase:
    """To the page that asks for password or second factor, and back from there."""
    sentence = _("Please confirm that it is you. Nothing has been changed or exported yet.")
    messages.warning(request, sentence)
    door = "mfa_reauthenticate" if is_mfa_enabled(request.user) else "account_reauthenticate"
    return redirect(f"{reverse(door)}?{urlencode({'next': request.get_full_path()})}")


def session_is_fresh(request: HttpRequest) -> bool:
    """Neither idle in the back office for longer than STAFF_IDLE_MINUTES nor, since the last
    proof, older than STAFF_SESSION_HOURS. Proof of who it is begins both anew."""
    idle, whole = settings.STAFF_IDLE_MINUTES * 60, settings.STAFF_SESSION_HOURS * 3600
    proven = _since_proof(request)
    if whole and proven > whole:
        return False
    return not idle or min(proven, time.time() - request.session.get(SEEN, 0)) <= idle


def note_presence(request: HttpRequest) -> None:
    """Somebody works here; asked for on every page that ``session_is_fresh`` lets through."""
    if not settings.STAFF_IDLE_MINUTES:
        return
    now = int(time.time())
    if now - request.session.get(SEEN, 0) >= SEEN_STEP:
        request.session[SEEN] = now


def _since_proof(request: HttpRequest, methods: set[str] | None = None) -> float:
    """Seconds since the newest proof in this session, of these methods only where they are named;
    without any, for ever."""
    records = get_authentication_records(request, user=request.user)
    times = (one.get("at", 0) for one in records if not methods or one.get("method") in methods)
    return time.time() - max(times, default=float("-inf"))
