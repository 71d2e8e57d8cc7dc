"""How long a member of staff counts as themselves: for the back office as a whole, and, shorter,
for what cannot be taken back (exports, rights)."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account import app_settings
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
    """Whether this session gave its second factor, or the password of who neither has nor needs
    one, within STAFF_RECENT_MINUTES; always where nobody is asked (0, as in the demo)."""
    minutes = settings.STAFF_RECENT_MINUTES
    return not minutes or _since_proof(request, _counting(request)) <= minutes * 60


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


def requires_second_factor(view: View) -> View:
    """For the sign-in library's pages that show, replace or remove a second factor: to them a
    password is proof enough, and whoever knows it could do away with the other half. Who has
    none yet is let through."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = request.user
        if user.is_authenticated and is_mfa_enabled(user) and not _second_factor_is_fresh(request):
            return _to_proof("mfa_reauthenticate", request)
        return view(request, *args, **kwargs)

    return guarded


def ask_again(request: HttpRequest) -> HttpResponseBase:
    """To the page that asks for password or second factor, and back from there."""
    sentence = _("Please confirm that it is you. Nothing has been changed or exported yet.")
    messages.warning(request, sentence)
    if is_mfa_enabled(request.user):
        return _to_proof("mfa_reauthenticate", request)
    # Theirs was taken away while they were signed in.
    lacks = _counting(request) is not None
    return _to_proof("mfa_activate_totp" if lacks else "account_reauthenticate", request)


def session_is_fresh(request: HttpRequest) -> bool:
    """Neither idle in the back office for longer than STAFF_IDLE_MINUTES nor, since the last
    proof, older than STAFF_SESSION_HOURS. Proof of who it is begins both anew."""
    idle, whole = settings.STAFF_IDLE_MINUTES * 60, settings.STAFF_SESSION_HOURS * 3600
    if not idle and not whole:
        return True
    proven = _since_proof(request, _counting(request))
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


def _counting(request: HttpRequest) -> set[str] | None:
    """The methods that are proof of this person; None where all are."""
    user: Any = request.user
    needs = settings.STAFF_MFA_REQUIRED and user.is_staff
    return {"mfa"} if needs or is_mfa_enabled(user) else None


def _second_factor_is_fresh(request: HttpRequest) -> bool:
    """Where the back office asks nobody, as long as the library itself remembers a proof."""
    seconds = settings.STAFF_RECENT_MINUTES * 60 or app_settings.REAUTHENTICATION_TIMEOUT
    return _since_proof(request, {"mfa"}) <= seconds


def _to_proof(door: str, request: HttpRequest) -> HttpResponseBase:
    return redirect(f"{reverse(door)}?{urlencode({'next': request.get_full_path()})}")


def _since_proof(request: HttpRequest, methods: set[str] | None = None) -> float:
    """Seconds since the newest proof in this session, of these methods only where they are named;
    without any, for ever."""
    records = get_authentication_records(request, user=request.user)
    times = (one.get("at", 0) for one in records if not methods or one.get("method") in methods)
    return time.time() - max(times, default=float("-inf"))
