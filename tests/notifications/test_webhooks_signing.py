"""Signatures are those of Standard Webhooks; nothing that differs in anything passes for one."""

import pytest

from notifications.gateways.webhooks import Message, headers_of, signatures
from notifications.keys import key_of

from .hooks import OTHER, SECRET
from .receivers import NotGenuine, verify

NOW = 1614265330
BODY = b'{"test": 2432232314}'
ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
# The example of the specification's reference libraries.
PUBLISHED = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def message(*secrets: str, body: bytes = BODY, at: int = NOW, id: str = ID) -> Message:
    return Message("https://hooks.example.com/", id, at, body, secrets or (SECRET,))


def sent(**changes: str) -> dict[str, str]:
    """As a receiver reads it: names without case."""
    headers = {name.lower(): value for name, value in headers_of(message()).items()}
    return {name: value for name, value in (headers | changes).items() if value != "-"}


def test_the_published_vector():
    assert signatures(message(PUBLISHED)) == SIGNATURE


# By openssl: printf '%s.%s.%s' "$id" "$timestamp" "$body" | openssl dgst -sha256 -hmac …
@pytest.mark.parametrize(
    ("secret", "body", "signature"),
    [
        (SECRET, b"{}", "v1,rTAxx5nEdI146HTF5VcCC8meKT+RHum3MGU6PgX6z8U="),
        (OTHER, BODY, "v1,nreglw9HPgFb2Lfl1Wu4xzLPBPNc6RIasyTtCP2K77o="),
        (SECRET, '{"name": "约见"}'.encode(), "v1,EhDApWI0H9uGKUwqRj9ZS+sJ4tb4AxBPP1PEfMHDxgQ="),
    ],
)
def test_vectors_of_our_own(secret, body, signature):
    assert signatures(message(secret, body=body)) == signature


def test_with_two_secrets_there_are_two_signatures_and_either_verifies():
    headers = {name.lower(): text for name, text in headers_of(message(OTHER, SECRET)).items()}

    assert headers["webhook-signature"].count("v1,") == 2
    for secret in (SECRET, OTHER):
        verify(secret, headers, BODY, now=NOW)


def test_a_genuine_one_passes():
    verify(SECRET, sent(), BODY, now=NOW)
    verify(SECRET, sent(), BODY, now=NOW + 299)


GENUINE = signatures(message())
WRONG = {
    "another body": ({}, b'{"test": 2432232315}', NOW),
    "a body with a blank more": ({}, BODY + b" ", NOW),
    "the same body written otherwise": ({}, b'{"test":2432232314}', NOW),
    "no body": ({}, b"", NOW),
    "another id": ({"webhook-id": ID + "x"}, BODY, NOW),
    "no id": ({"webhook-id": "-"}, BODY, NOW),
    "another time": ({"webhook-timestamp": str(NOW + 1)}, BODY, NOW),
    "no time": ({"webhook-timestamp": "-"}, BODY, NOW),
    "a time that is none": ({"webhook-timestamp": "now"}, BODY, NOW),
    "too old": ({}, BODY, NOW + 301),
    "from the future": ({}, BODY, NOW - 301),
    "no signature": ({"webhook-signature": "-"}, BODY, NOW),
    "an empty one": ({"webhook-signature": ""}, BODY, NOW),
    "without its version": ({"webhook-signature": GENUINE[3:]}, BODY, NOW),
    "of another version": ({"webhook-signature": "v2" + GENUINE[2:]}, BODY, NOW),
    "of the asymmetric version": ({"webhook-signature": "v1a" + GENUINE[2:]}, BODY, NOW),
    "cut short": ({"webhook-signature": GENUINE[:-5] + "="}, BODY, NOW),
    "in hexadecimal": ({"webhook-signature": "v1," + "ab" * 32}, BODY, NOW),
    "by another secret": ({"webhook-signature": signatures(message(OTHER))}, BODY, NOW),
    "of the body alone": (
        {"webhook-signature": signatures(message(body=b"", id=""))},
        BODY,
        NOW,
    ),
    "two wrong ones": (
        {"webhook-signature": f"{signatures(message(OTHER))} {signatures(message(PUBLISHED))}"},
        BODY,
        NOW,
    ),
}


@pytest.mark.parametrize(("changes", "body", "now"), WRONG.values(), ids=WRONG)
def test_what_differs_in_anything_is_not_believed(changes, body, now):
    with pytest.raises(NotGenuine):
        verify(SECRET, sent(**changes), body, now=now)


def test_a_right_one_among_others_is_found():
    among = f"v2,AAAA {signatures(message(OTHER))} {GENUINE}"

    verify(SECRET, sent(**{"webhook-signature": among}), BODY, now=NOW)


@pytest.mark.parametrize("size", [24, 32, 64])
def test_keys_are_24_to_64_bytes(size):
    import base64

    assert len(key_of("whsec_" + base64.b64encode(bytes(size)).decode())) == size


@pytest.mark.parametrize("size", [0, 23, 65])
def test_others_are_none(size):
    import base64

    with pytest.raises(ValueError, match="not a secret"):
        key_of("whsec_" + base64.b64encode(bytes(size)).decode())
