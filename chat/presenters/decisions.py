"""What people read when staff have decided about what they said or reported: what and why, not who.
In the language of whom it is written to."""

from datetime import datetime
from enum import StrEnum

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User


class Decision(StrEnum):
    HIDDEN = "hidden"
    RESTORED = "restored"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


def words_for(
    person: User, decision: Decision, *, reason: str = "", said_at: datetime | None = None
) -> str:
    with override(person.locale):
        told = {"reason": reason, "day": _day(said_at)}
        match decision:
            case Decision.HIDDEN:
                text = _(
                    "We have removed a message of yours of %(day)s: nobody sees it any more. The "
                    "reason: %(reason)s"
                )
            case Decision.RESTORED:
                text = _("A message of yours of %(day)s that we had removed is shown again.")
            case Decision.UPHELD:
                text = _(
                    "Thank you for your report. We have looked at it, you were right, and we have "
                    "done something about it."
                )
            case Decision.DISMISSED:
                text = _(
                    "Thank you for your report. We have looked at it, and what was said may stay. "
                    "You can block whoever you do not want to hear from."
                )
        return text % told


def _day(moment: datetime | None) -> str:
    """By the clock of the installation: people have none of their own here."""
    if moment is None:
        return ""
    there = moment.astimezone(timezone.get_default_timezone())
    return formats.date_format(there, "DATE_FORMAT")
