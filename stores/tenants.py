"""What may stand in a store's settings. No database."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from booking_site.common.freeform import fits

LARGEST_SETTINGS = 8192
DEEPEST_SETTINGS = 8


def check_settings(value: Any) -> None:
    """Validator: an object, no larger and no deeper than that."""
    if not isinstance(value, dict):
        raise ValidationError(_("Must be an object."))
    if not fits(value, most_bytes=LARGEST_SETTINGS, deepest=DEEPEST_SETTINGS):
        raise ValidationError(_("At most 8 kB, and eight levels deep."))
