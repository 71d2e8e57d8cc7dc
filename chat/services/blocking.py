"""Wanting to hear nothing more of somebody."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from booking_site.common.actors import Actor
from booking_site.common.errors import Forbidden, Invalid
from chat.models import Block


@transaction.atomic
def block(other: User, *, by: Actor, at: datetime) -> Block:
    """Twice is once. Raises Forbidden, Invalid for oneself."""
    if by.user is None:
        raise Forbidden
    if other.pk == by.user.pk:
        raise Invalid(errors={"userId": [_("You cannot block yourself.")]})
    made, _is_new = Block.objects.get_or_create(
        blocker=by.user, blocked=other, defaults={"created_at": at}
    )
    return made


@transaction.atomic
def unblock(other: User, *, by: Actor) -> bool:
    """Whether they were blocked. Raises Forbidden."""
    if by.user is None:
        raise Forbidden
    count, _rows = Block.objects.filter(blocker=by.user, blocked=other).delete()
    return bool(count)
