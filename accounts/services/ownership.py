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


def locked_self(user: User, by: Actor) -> User:
    """The account as it is now, and stays until the transaction ends. Raises Forbidden for
    another's, and for one that has closed: an erasure comes before a change or after it, never
    beside it, so that nothing of a person is written into the row that has forgotten them."""
    require_self(user, by)
    account = User.objects.select_for_update().filter(pk=user.pk, is_active=True).first()
    if account is None:
        raise Forbidden
    return account
