"""Letters about backups to those who run the site: ALERT_EMAILS, or else its operators.

Sent at once and not through the outbox: what is to be told may be that the database is down.
"""

import logging
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import Error, connection
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from notifications.gateways.mail import Mailer
from notifications.presenters.mail import mail_of, message_id_of
from notifications.presenters.words import Words

from .manifest import Manifest
from .progress import size_in_words

log = logging.getLogger(__name__)


def tell_failed(problem: str, *, tries: int, at: datetime) -> None:
    def words() -> Words:
        return Words(
            subject=_("No backup was made"),
            headline=_("No backup was made"),
            sentences=(
                _("Every try has failed. The backups of before are still there."),
                _("Until one succeeds, what is lost would be lost since the last good one."),
            ),
            rows=((_("What went wrong"), problem), (_("Tries"), str(tries))),
            link=_page(),
            label=_("Look at the backups"),
        )

    _send(words, name=f"backup.failed.{int(at.timestamp())}")


def tell_good(manifest: Manifest, *, at: datetime) -> None:
    def words() -> Words:
        size = pgettext("of a backup", "Size")
        rows = [(_("Name"), manifest.name), (size, size_in_words(manifest.size))]
        if manifest.missing_files:
            rows.append((_("Files that were not there"), str(len(manifest.missing_files))))
        return Words(
            subject=_("A backup was made"),
            headline=_("A backup was made"),
            sentences=(_("It is complete, and was compared with what it was made of."),),
            rows=tuple(rows),
            link=_page(),
            label=_("Look at the backups"),
        )

    _send(words, name=f"backup.good.{int(at.timestamp())}")


def readers() -> list[tuple[str, str]]:
    """Whom it concerns: (address, language)."""
    if settings.ALERT_EMAILS:
        return [(address, settings.LANGUAGE_CODE) for address in settings.ALERT_EMAILS]
    try:
        people = User.objects.filter(is_active=True, is_superuser=True).exclude(email=None)
        return [(one.email or "", one.locale) for one in people.exclude(email="").order_by("pk")]
    except Error:
        connection.close()
        return []


def _send(words: Callable[[], Words], *, name: str) -> None:
    found = readers()
    if not found:
        log.error("nobody can be told of a backup: set ALERT_EMAILS")
    with Mailer() as mailer:
        for number, (address, language) in enumerate(found):
            try:
                with translation.override(language):
                    message_id = message_id_of(f"{name}.{number}")
                    mailer.send(mail_of(words(), to=address, message_id=message_id))
            except Exception as error:
                log.error("letter about a backup not sent: %s", type(error).__name__)


def _page() -> str:
    return settings.SITE_URL + reverse("admin:common_backuprun_changelist")
