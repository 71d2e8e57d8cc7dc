"""Telephone numbers, always kept in E.164: the same person writes theirs in many ways."""

import phonenumbers
from django.conf import settings
from django.utils.translation import gettext as _

from .errors import Invalid


def normalise_phone(text: str, *, field: str = "phone") -> str:
    """``138 0013 8000`` → ``+8613800138000``. Raises Invalid for that field."""
    try:
        number = phonenumbers.parse(text, settings.PHONENUMBER_DEFAULT_REGION)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise Invalid(errors={field: [_("This is not a telephone number we can call.")]})
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def last_four(phone: str) -> str:
    return phone[-4:]
