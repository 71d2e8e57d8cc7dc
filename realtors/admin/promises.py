"""What somebody who takes time off had planned to teach. ``sessions`` is the other side of an app
above this one: a name, not an import."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from realtors.models import TimeOff

TOLD = 8


def sessions_within(off: TimeOff) -> list[Any]:
    """The soonest first. One query."""
    rows: Any = off.realtor
    planned = rows.sessions.filter(
        status__in=("open", "blocked"), starts_at__lt=off.ends_at, ends_at__gt=off.starts_at
    )
    return list(planned.select_related("listing", "store").order_by("starts_at", "pk"))


def sessions_in_words(sessions: Sequence[Any]) -> str:
    text = ngettext(
        "%(count)s session of theirs lies within it and stays planned: %(sessions)s. "
        "Call it off, or shorten the time off.",
        "%(count)s sessions of theirs lie within it and stay planned: %(sessions)s. "
        "Call them off, or shorten the time off.",
        len(sessions),
    )
    shown = ", ".join(str(one) for one in sessions[:TOLD])
    if len(sessions) > TOLD:
        more = {"codes": shown, "more": len(sessions) - TOLD}
        shown = _("%(codes)s and %(more)s more") % more
    return text % {"count": len(sessions), "sessions": shown}
