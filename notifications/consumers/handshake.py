"""Who opens a socket: a page by its session cookie and an origin of ours, an app by a ticket.

Sync code, to be run in a thread. A handshake that is refused is accepted and closed at once,
because before that every server turns a code into a bare 403.
"""

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models import Count, Max
from django.http import HttpRequest, parse_cookie
from django.http.request import split_domain_port, validate_host
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.models import RefreshToken, User
from booking_site.common.backoffice.site import second_factor_given
from booking_site.common.errors import Unavailable
from notifications.frames import PROTOCOL, Close
from notifications.gateways import tickets
from notifications.gateways.hints import session_name
from notifications.gateways.tickets import Ticket

log = logging.getLogger(__name__)

TICKET = "ticket."


class Refused(Exception):
    """By which close code, and why in a word for the log and the client."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


@dataclass(frozen=True)
class Visitor:
    """Whose socket it is, and in which sign-in. ``stamp`` changes with the password and with
    rights; the socket then ends."""

    user_id: int
    stamp: str
    session_key: str = ""
    family: str = ""

    @property
    def session(self) -> str:
        """The sign-in by a name that may be published."""
        return session_name(session_key=self.session_key, family=self.family)


def identify(scope: Any) -> Visitor:
    """Raises Refused. No frame is ever sent to a socket without identity."""
    offered = scope.get("subprotocols") or []
    ticket = next((one.removeprefix(TICKET) for one in offered if one.startswith(TICKET)), None)
    protocols = [one for one in offered if not one.startswith(TICKET)]
    if protocols and PROTOCOL not in protocols:
        raise Refused(Close.UPGRADE, f"use {PROTOCOL}")
    user, where = _by_ticket(ticket) if ticket is not None else _by_cookie(scope)
    stamp = stamp_of(*(getattr(user, name) for name in STAMPED))
    visitor = Visitor(user.pk, stamp, where.session_key, where.family)
    _require_own_name(scope, visitor)
    return visitor


# What of an account a socket depends on.
STAMPED = ("password", "is_active", "is_staff", "is_superuser")
IS_ACTIVE = STAMPED.index("is_active")


def stamp_of(*facts: object) -> str:
    """Of those that STAMPED names, in its order."""
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:32]


def _by_ticket(text: str) -> tuple[User, Ticket]:
    try:
        ticket = tickets.redeem(text)
    except Unavailable as error:
        raise Refused(Close.INTERNAL, "tickets cannot be read now") from error
    if ticket is None:
        raise Refused(Close.SIGNED_OUT, "ticket unknown, used or too old")
    user = User.objects.only(*STAMPED).filter(pk=ticket.user_id, is_active=True).first()
    if user is None or not list(_alive([ticket])):
        raise Refused(Close.SIGNED_OUT, "signed out")
    return user, ticket


def _by_cookie(scope: Any) -> tuple[User, Ticket]:
    headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
    if not origin_is_ours(headers.get(b"origin", ""), headers.get(b"host", "")):
        raise Refused(Close.FORBIDDEN, "origin not allowed")
    cookies = parse_cookie(headers.get(b"cookie", ""))
    key = cookies.get(settings.SESSION_COOKIE_NAME, "")
    session = import_module(settings.SESSION_ENGINE).SessionStore(key or None)
    user = _user_of(session)
    if user is None:
        raise Refused(Close.SIGNED_OUT, "not signed in")
    if (user.is_staff or user.is_superuser) and not _second_factor_given(user, session):
        raise Refused(Close.FORBIDDEN, "second factor missing")
    return user, Ticket(user.pk, session_key=key)


def _user_of(session: Any) -> User | None:
    """As Django's ``get_user``, without what pages load with their user: thousands come at once
    when a server has been started anew."""
    people = User.objects.only(*STAMPED).filter(pk=session.get(SESSION_KEY), is_active=True)
    user = people.first() if SESSION_KEY in session else None
    proof = session.get(HASH_SESSION_KEY, "")
    if user is None or not constant_time_compare(proof, user.get_session_auth_hash()):
        return None
    return user


def _second_factor_given(user: User, session: Any) -> bool:
    request = HttpRequest()
    request.session, request.user = session, user
    return second_factor_given(request)


def origin_is_ours(origin: str, host: str) -> bool:
    """The site's own host, or one of CSRF_TRUSTED_ORIGINS. Missing is not ours: a browser sends
    one, and who is no browser brings a ticket."""
    if not origin or not host:
        return False
    name, _port = split_domain_port(host)
    if not name or not validate_host(name, settings.ALLOWED_HOSTS):
        return False
    if origin in (f"http://{host}", f"https://{host}"):
        return True
    return origin in settings.CSRF_TRUSTED_ORIGINS


def _require_own_name(scope: Any, visitor: Visitor) -> None:
    """Document 1 writes ``/ws?user_id=``: a name in an address grants nothing, so it must be one's
    own."""
    named = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("user_id", [])
    if any(one != str(visitor.user_id) for one in named):
        raise Refused(Close.FORBIDDEN, "user_id is not yours")


def ended(visitors: Iterable[Visitor]) -> set[Visitor]:
    """Those whose sign-in is over. Two queries."""
    visitors = set(visitors)
    return visitors - set(_alive(visitors))


def _alive(signed_in: Iterable[Any]) -> Iterable[Any]:
    """Of visitors or tickets, those whose session or family is still there."""
    signed_in = list(signed_in)
    keys = {one.session_key for one in signed_in if one.session_key}
    families = {one.family for one in signed_in if one.family}
    now = timezone.now()
    rows = Session.objects.filter(pk__in=keys, expire_date__gt=now)
    sessions = set(rows.values_list("pk", flat=True)) if keys else set()
    apps = _alive_families(families, now) if families else set()
    for one in signed_in:
        if one.session_key in sessions if one.session_key else one.family in apps:
            yield one


def _alive_families(families: set[str], now: datetime) -> set[str]:
    """A family ends with one of its tokens revoked, or with the last of them grown too old."""
    rows = RefreshToken.objects.filter(family__in=families).values("family")
    rows = rows.annotate(last=Max("expires_at"), revoked=Count("revoked_at"))
    return {row["family"].hex for row in rows if row["last"] > now and not row["revoked"]}
