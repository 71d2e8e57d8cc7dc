"""Signs and reads the tokens of apps; simplejwt does the cryptography and nothing else.

Algorithm, audience, issuer and life come from ``SIMPLE_JWT``. What a token says is believed only
here; whether it still counts is for selectors.tokens to say.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken, Token

from accounts.errors import TokenRefused

# Ours have about 400 characters. The limit keeps the library's parser away from monsters.
LONGEST = 2048


@dataclass(frozen=True)
class Claims:
    """What our tokens say. ``family`` is one sign-in of one app, through all its rotations."""

    user_id: int
    family: UUID
    fingerprint: str
    jti: UUID
    expires_at: datetime


def sign_access(claims: Claims, *, at: datetime) -> str:
    return _sign(AccessToken(), claims, at)


def sign_refresh(claims: Claims, *, at: datetime) -> str:
    return _sign(RefreshToken(), claims, at)


def access_expiry(at: datetime) -> datetime:
    return at + api_settings.ACCESS_TOKEN_LIFETIME


def refresh_expiry(at: datetime) -> datetime:
    return at + api_settings.REFRESH_TOKEN_LIFETIME


def read_access(text: str) -> Claims:
    return _read(AccessToken, text)


def read_refresh(text: str) -> Claims:
    return _read(RefreshToken, text)


def _sign(token: Token, claims: Claims, at: datetime) -> str:
    token["sub"], token["sid"] = str(claims.user_id), claims.family.hex
    token["pwd"], token["jti"] = claims.fingerprint, claims.jti.hex
    token["iat"], token["exp"] = int(at.timestamp()), int(claims.expires_at.timestamp())
    return str(token)


def _read(kind: type[Token], text: str) -> Claims:
    """Raises TokenRefused for whatever is not exactly a live token of this kind, signed by us."""
    if len(text) > LONGEST:
        raise TokenRefused
    try:
        token = kind(text)  # type: ignore[arg-type]  # simplejwt's hint is wrong: it takes text
        return Claims(
            user_id=int(token["sub"]),
            family=UUID(token["sid"]),
            fingerprint=str(token["pwd"]),
            jti=UUID(token["jti"]),
            expires_at=datetime.fromtimestamp(token["exp"], UTC),
        )
    # RecursionError: a header of nothing but brackets is parsed before the signature is checked.
    except (TokenError, LookupError, TypeError, ValueError, RecursionError) as error:
        raise TokenRefused from error
