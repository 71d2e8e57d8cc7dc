"""Whose account it is."""

from accounts.models import User
from booking_site.common.actors import Actor, ActorKind
from booking_site.common.errors import Forbidden


def require_self(user: User, by: Actor) -> None:
    """People change their own account; the system may do it for them."""
    if by.kind != ActorKind.SYSTEM and by.user_id != user.pk:
        raise Forbidden


def acting_user(by: Actor) -> User:
    if by.user is None:
        raise Forbidden
    return by.user
