"""The address at which a realtor's own calendar application reads their appointments."""

import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from appointments.models import CalendarFeed
from appointments.models.feed import digest_of
from booking_site.common.actors import Actor
from booking_site.common.errors import Forbidden
from realtors.models import Realtor

if TYPE_CHECKING:
    from accounts.models import User

TOKEN_BYTES = 32


@transaction.atomic
def open_feed(realtor: Realtor, *, locale: str, by: Actor, at: datetime) -> str:
    """A new secret; one that was given out before opens nothing any more. It is returned here and
    kept nowhere. Raises Forbidden for everybody but the realtor themself."""
    user = _themself(by, realtor)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    CalendarFeed.objects.update_or_create(
        realtor=realtor,
        defaults={
            "user": user,
            "token_digest": digest_of(token),
            "locale": locale,
            "created_at": at,
            "last_read_at": None,
        },
    )
    return token


@transaction.atomic
def close_feed(realtor: Realtor, *, by: Actor) -> None:
    """Nobody reads it from now on. Raises Forbidden."""
    _themself(by, realtor)
    CalendarFeed.objects.filter(realtor=realtor).delete()


def note_read(feed: CalendarFeed, *, at: datetime) -> None:
    """So that its owner sees whether some application still asks."""
    CalendarFeed.objects.filter(pk=feed.pk).update(last_read_at=at)


def _themself(by: Actor, realtor: Realtor) -> "User":
    if by.user is None or realtor.user_id != by.user.pk:
        raise Forbidden
    return by.user
