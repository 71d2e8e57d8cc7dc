"""Secrets of webhooks: how they are written, made, and kept from whoever reads the database."""

import base64
import binascii
from secrets import token_bytes

from cryptography.fernet import InvalidToken
from django.utils.translation import gettext_lazy as _

from booking_site.common.ciphers import cipher
from booking_site.common.errors import Conflict

# As Standard Webhooks writes them.
PREFIX = "whsec_"
SHORTEST, USUAL, LONGEST = 24, 32, 64


class SecretLost(Conflict):
    message = _("The secret of this webhook can no longer be read. Give it another one.")


def new_secret() -> str:
    return PREFIX + base64.b64encode(token_bytes(USUAL)).decode()


def key_of(secret: str) -> bytes:
    """The bytes that sign. Raises ValueError for what is no secret, or too short to be one."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
    if not secret.startswith(PREFIX) or not SHORTEST <= len(key) <= LONGEST:
        raise ValueError("not a secret")
    return key


def sealed(secret: str) -> str:
    return cipher("webhooks").encrypt(secret.encode()).decode()


def opened(text: str) -> str:
    """Raises SecretLost when SECRET_KEY has been replaced since."""
    try:
        return cipher("webhooks").decrypt(text.encode()).decode()
    except InvalidToken as error:
        raise SecretLost from error
