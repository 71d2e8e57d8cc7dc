"""What is not exactly a live access token of ours opens nothing (E6)."""

import base64
import json
import uuid
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from django.conf import settings

from accounts.gateways.tokens import read_access
from accounts.models import User

from .people import ME, app_with, tokens_of

KEY = settings.SIMPLE_JWT["SIGNING_KEY"]


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Forge:
    """Mei's own good token, to be spoilt in one way at a time."""

    def __init__(self, good: str, other_user: User) -> None:
        self.good = good
        self.head, self.body, self.signature = good.split(".")
        self.claims = jwt.decode(good, options={"verify_signature": False})
        self.other_user = other_user

    def signed(self, key: str = KEY, algorithm: str = "HS256", head=None, **changes) -> str:
        claims = {k: v for k, v in (self.claims | changes).items() if v is not None}
        return jwt.encode(claims, key, algorithm=algorithm, headers=head)

    def unsigned(self, **head) -> str:
        return f"{b64(json.dumps(head).encode())}.{self.body}."


def soon(**delta) -> int:
    return int((datetime.now(UTC) + timedelta(**delta)).timestamp())


SPOILT = {
    "alg none": lambda f: f.unsigned(alg="none", typ="JWT"),
    "alg NoNe": lambda f: f.unsigned(alg="NoNe", typ="JWT"),
    "alg none with the old signature": lambda f: f.unsigned(alg="none") + f.signature,
    "no alg": lambda f: f.unsigned(typ="JWT"),
    "HS384 with the right key": lambda f: f.signed(algorithm="HS384"),
    "HS512 with the right key": lambda f: f.signed(algorithm="HS512"),
    "another key": lambda f: f.signed(key="another-key-that-is-long-enough-for-hmac"),
    "the key of the cookies": lambda f: f.signed(key=settings.SECRET_KEY),
    "a stripped signature": lambda f: f"{f.head}.{f.body}.",
    "two parts": lambda f: f"{f.head}.{f.body}",
    "another body under the signature": lambda f: (
        f"{f.head}.{b64(json.dumps(f.claims | {'sub': str(f.other_user.pk)}).encode())}"
        f".{f.signature}"
    ),
    "expired": lambda f: f.signed(exp=soon(seconds=-1)),
    "no expiry": lambda f: f.signed(exp=None),
    "issued in the future": lambda f: f.signed(iat=soon(hours=1)),
    "not valid yet": lambda f: f.signed(nbf=soon(hours=1)),
    "another audience": lambda f: f.signed(aud="somebody-else"),
    "no audience": lambda f: f.signed(aud=None),
    "another issuer": lambda f: f.signed(iss="somebody-else"),
    "no issuer": lambda f: f.signed(iss=None),
    "no id": lambda f: f.signed(jti=None),
    "a refresh token": lambda f: f.signed(token_type="refresh"),
    "no type": lambda f: f.signed(token_type=None),
    "no sign-in": lambda f: f.signed(sid=None),
    "a sign-in that never was": lambda f: f.signed(sid=uuid.uuid4().hex),
    "a sign-in that is no id": lambda f: f.signed(sid="' OR 1=1 --"),
    "no fingerprint": lambda f: f.signed(pwd=None),
    "another fingerprint": lambda f: f.signed(pwd="0" * 32),
    "another user in this sign-in": lambda f: f.signed(sub=str(f.other_user.pk)),
    "a user who never was": lambda f: f.signed(sub="999999"),
    "a user beyond all integers": lambda f: f.signed(sub="9" * 40),
    "a user who is no number": lambda f: f.signed(sub="mei"),
    "a key id that is a path": lambda f: f.unsigned(alg="HS256", kid="../../dev/null"),
    "a signed key id that is a path, wrong key": lambda f: f.signed(
        key="x" * 40, head={"kid": "../../../../dev/null"}
    ),
    "a key from elsewhere": lambda f: f.unsigned(alg="HS256", jku="http://192.0.2.1/keys"),
    "a header of brackets": lambda f: f"{b64(b'[' * 1400)}.{f.body}.{f.signature}",
    "ten kilobytes": lambda f: f.good + "A" * 10_000,
    "junk": lambda f: "junk",
    "nothing": lambda f: "",
    "spaces": lambda f: f"{f.good} {f.good}",
    "dots": lambda f: ".." * 50,
    "not ASCII": lambda f: "é.é.é",
}


@pytest.fixture
def forge(mei, wang) -> Forge:
    return Forge(tokens_of("mei@example.com")["access"], wang)


def test_the_good_one_opens(forge):
    assert app_with(forge.good).get(ME).status_code == 200
    assert app_with(forge.signed()).get(ME).status_code == 200


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_a_bad_one_does_not(forge, spoil):
    answer = app_with(spoil(forge)).get(ME)

    assert answer.status_code == 401
    assert answer.json()["code"] == "unauthenticated"
    assert answer["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "header", ["Basic bWVpOng=", "Bearer", "Token x", "bearer\tx", "JWT a.b.c"]
)
def test_another_scheme_is_nobody(forge, header, anyone):
    assert anyone.get(ME, HTTP_AUTHORIZATION=header).status_code == 401


def test_our_tokens_are_far_below_the_longest_we_read(forge):
    assert len(forge.good) < 1024
    assert read_access(forge.good).user_id
