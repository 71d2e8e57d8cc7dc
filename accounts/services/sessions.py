"""Sessions of the pages."""

from datetime import datetime

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session

from accounts.models import User


def end_sessions(user: User, *, at: datetime) -> int:
    """Delete every session of this user; returns how many there were.

    Sessions know their user only inside their data, so all live ones are read. That is slow,
    and right for the one who uses it: an erasure, because the data holds a login name, too.
    """
    live = Session.objects.filter(expire_date__gt=at).iterator()
    own = [one.pk for one in live if one.get_decoded().get(SESSION_KEY) == str(user.pk)]
    return Session.objects.filter(pk__in=own).delete()[0]
