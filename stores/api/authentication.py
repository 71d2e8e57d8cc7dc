"""Another system calls, with a key of a store."""

import hmac
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import User
from booking_site.common.callers import address_of
from booking_site.common.errors import Forbidden
from booking_site.common.limits import Limit, digest, network_of, use_up
from stores.models import ApiKey
from stores.services.api_keys import digest_of

from .key_doors import scope_of

LONGEST_KEY = 100
# Not that anybody could guess one: a system that goes on calling with a key that was revoked, or a
# hundred thousand made up ones, should not keep the database busy.
WRONG = Limit("api-key/network", most=10, per=timedelta(minutes=15))
# ``last_used_at`` is written at most so often.
USED_STEP = timedelta(minutes=1)


class KeyForbidden(Forbidden):
    """A key that is right, and does not open this."""


class ApiKeyAuthentication(BaseAuthentication):
    """``Authorization: Api-Key <key>``, or ``X-API-Key: <key>``. The call is made by the key's own
    account, so all rules of who may see and do what hold; what the key may at all is asked here,
    before any view, so that no view can forget it."""

    scheme = "Api-Key"

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        text = _key_in(request)
        if text is None:
            return None
        at = timezone.now()
        key = _valid_key(text, at)
        if key is None:
            use_up([(WRONG, digest(network_of(address_of(request))))], at=at)
            raise AuthenticationFailed(_("The API key is wrong or no longer valid."))
        _require_scope(key, request)
        _note_use(key, at)
        return key.account, key

    def authenticate_header(self, request: Request) -> str:
        return self.scheme


def _key_in(request: Request) -> str | None:
    """None where there is no key; what is there and cannot be one comes back as empty text."""
    scheme, _blank, sent = get_authorization_header(request).partition(b" ")
    if scheme.lower() != b"api-key":
        named = request.headers.get("X-API-Key")
        if named is None:
            return None
        sent = named.encode("latin-1", "replace")
    sent = sent.strip()
    return sent.decode("ascii") if sent.isascii() and len(sent) <= LONGEST_KEY else ""


def _valid_key(text: str, at: datetime) -> ApiKey | None:
    """By the part that tells keys apart; whether it is this one, the digest of the whole says."""
    prefix, _point, secret = text.partition(".")
    if not prefix or not secret:
        return None
    rows = ApiKey.objects.select_related("account", "store").filter(account__is_active=True)
    key = rows.filter(prefix=prefix).first()
    if key is None or not hmac.compare_digest(key.digest, digest_of(text)):
        return None
    return key if key.is_valid(at) else None


def _require_scope(key: ApiKey, request: Request) -> None:
    """Raises Forbidden."""
    needed = scope_of(request)
    if needed is None:
        raise KeyForbidden(_("No API key may make this call."))
    if needed not in key.scopes:
        raise KeyForbidden(_("This API key lacks the scope %(scope)s.") % {"scope": needed})


def _note_use(key: ApiKey, at: datetime) -> None:
    if key.last_used_at is not None and at - key.last_used_at < USED_STEP:
        return
    stale = Q(last_used_at=None) | Q(last_used_at__lte=at - USED_STEP)
    ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=at)
