"""What looks at documents before anybody may have them: one class, named by CHAT_FILE_SCANNER. This
one lets everything pass; another may ask a scanner of viruses. Pictures and voices are made anew
and need none."""

import logging
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from booking_site.common.errors import Invalid, Unavailable

log = logging.getLogger(__name__)


class FileScanner(Protocol):
    def clean(self, raw: bytes) -> bool: ...


class NoScanner:
    def clean(self, raw: bytes) -> bool:
        return True


def require_clean(raw: bytes, *, field: str) -> None:
    """Raises Invalid for ``field``; Unavailable where the scanner fails: what was not looked at is
    not handed on."""
    scanner: FileScanner = import_string(settings.CHAT_FILE_SCANNER)()
    try:
        is_clean = scanner.clean(raw)
    except Exception as error:
        log.exception("the scanner of files fails")
        raise Unavailable from error
    if is_clean is not True:
        raise Invalid(errors={field: [_("This file seems to do harm, and was not kept.")]})
