"""The sign-ins of apps: short access tokens, and refresh tokens that work once.

A *family* is one sign-in through all its rotations. A refresh token that comes a second time
was copied by somebody, and nobody can tell which of the two is the thief: the family ends.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max

from accounts.errors import TokenRefused
from accounts.events import AppSignedOut
from accounts.gateways import tokens
from accounts.models import RefreshToken, User
from accounts.selectors import bearer_of
from booking_site.common.actors import Actor
from booking_site.common.events import publish
from booking_site.common.transactions import run_in_transaction

from .ownership import locked_self, require_self

FAMILIES_FORGOTTEN_AT_ONCE = 500


@dataclass(frozen=True)
class TokenPair:
    """``expires_in``: seconds of the access token."""

    access: str
    refresh: str
    expires_in: int


@transaction.atomic
def issue_tokens(user: User, *, by: Actor, at: datetime) -> TokenPair:
    """The first pair of a new family."""
    user = locked_self(user, by)
    User.objects.filter(pk=user.pk).update(last_login=at)
    return _next_pair(user, uuid4(), at)


def rotate(refresh: str, *, at: datetime) -> TokenPair:
    """The next pair for a refresh token, which is used up by it. Raises TokenRefused.

    Opens its own transactions, because the end of a family must outlive the refusal. Of twenty
    that come at once, one wins the UPDATE; the others then end the family, the winner's too.
    """
    claims = tokens.read_refresh(refresh)
    pair = run_in_transaction(partial(_consume, claims, at))
    if pair is None:
        run_in_transaction(partial(revoke_family, claims.user_id, claims.family, at=at))
        raise TokenRefused
    return pair


def sign_out(refresh: str, *, at: datetime) -> None:
    """End the family of this refresh token, used or not. Raises TokenRefused if it is not ours."""
    claims = tokens.read_refresh(refresh)
    revoke_family(claims.user_id, claims.family, at=at)


@transaction.atomic
def revoke_family(user_id: int, family: UUID, *, at: datetime) -> None:
    """End one sign-in of one app. Doing it twice changes nothing more."""
    alive = RefreshToken.objects.filter(user_id=user_id, family=family, revoked_at=None)
    if alive.update(revoked_at=at):
        publish(AppSignedOut(user_id=user_id, family=family))


@transaction.atomic
def revoke_all(user: User, *, by: Actor, at: datetime) -> None:
    """End the sign-ins of all apps of this user."""
    require_self(user, by)
    alive = RefreshToken.objects.filter(user=user, revoked_at=None, expires_at__gt=at)
    for family in list(alive.values_list("family", flat=True).distinct()):
        revoke_family(user.pk, family, at=at)


@transaction.atomic
def forget_expired(*, at: datetime) -> int:
    """Delete families that can no longer be used; safe at any time. Returns the rows deleted.

    Whole families only: one revoked row ends its family, so it must stay as long as the others.
    """
    families = RefreshToken.objects.values("family").annotate(last=Max("expires_at"))
    dead = families.filter(last__lt=at).values_list("family", flat=True)
    some = list(dead[:FAMILIES_FORGOTTEN_AT_ONCE])
    return RefreshToken.objects.filter(family__in=some).delete()[0]


def _consume(claims: tokens.Claims, at: datetime) -> TokenPair | None:
    """None when somebody was faster, or the sign-in has ended."""
    fresh = RefreshToken.objects.filter(jti=claims.jti, used_at=None, revoked_at=None)
    if not fresh.update(used_at=at):
        return None
    user = bearer_of(claims)
    return _next_pair(user, claims.family, at) if user else None


def _next_pair(user: User, family: UUID, at: datetime) -> TokenPair:
    row = RefreshToken.objects.create(
        family=family, user=user, created_at=at, expires_at=tokens.refresh_expiry(at)
    )
    refresh = tokens.Claims(user.pk, family, user.password_fingerprint, row.jti, row.expires_at)
    access = replace(refresh, jti=uuid4(), expires_at=tokens.access_expiry(at))
    return TokenPair(
        access=tokens.sign_access(access, at=at),
        refresh=tokens.sign_refresh(refresh, at=at),
        expires_in=int((access.expires_at - at).total_seconds()),
    )
