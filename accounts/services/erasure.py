"""Leaving."""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts.errors import LastOperator
from accounts.events import UserErased
from accounts.models import Child, Pet, RefreshToken, User
from booking_site.common.actors import Actor
from booking_site.common.edits import forget_names
from booking_site.common.events import publish
from booking_site.common.history import signed, versions_of
from booking_site.common.models import IdempotencyRecord, SavedSearch, WaitingImport

from .avatars import remove_avatar
from .ownership import locked_self
from .sessions import end_sessions
from .tokens import revoke_all


@transaction.atomic
def erase_account(user: User, *, by: Actor, at: datetime) -> User:
    """Forget the person; keep an empty, closed user row that appointments and payments point to.

    UserErased is announced first, while receivers can still read whom it is about. Whether the
    caller knows the password is asked at the edge (``confirm_password``). Raises LastOperator.
    """
    # What is being booked for it is finished first, and is then seen and called off.
    user = locked_self(user, by)
    _require_another_operator(user)
    publish(UserErased(user_id=user.pk, at=at))
    revoke_all(user, by=by, at=at)
    end_sessions(user, at=at)
    user = remove_avatar(user, by=by, at=at)
    for rows in (RefreshToken, EmailAddress, Authenticator):
        rows.objects.filter(user=user).delete()
    # Remembered answers hold names and numbers.
    IdempotencyRecord.objects.filter(scope=f"user:{user.pk}").delete()
    for rows in (SavedSearch, WaitingImport):
        rows.objects.filter(owner=user).delete()
    for theirs in (Pet.objects.visible_to(user), Child.objects.visible_to(user)):
        forget_names(theirs.model, theirs.values_list("pk", flat=True))
        theirs.delete()
    forget_names(User, [user.pk])
    _blank(user)
    signed(user, by=by, at=at).save()
    # What happened to the account stays known, who it was does not.
    versions_of(user).update(email=None, phone=None, phone_verified=False, display_name="")
    user.groups.clear()
    user.user_permissions.clear()
    return user


def _require_another_operator(user: User) -> None:
    """Of the last two who leave at once, one waits for the other or has to begin anew, and then
    finds nobody else. By key, so that no row is locked but those of operators; after the lock on
    one's own, because what is read before it may show the past."""
    if not user.is_superuser:
        return
    active = {"is_superuser": True, "is_active": True}
    known = User.objects.filter(**active).exclude(pk=user.pk).values_list("pk", flat=True)
    others = User.objects.select_for_update().filter(pk__in=list(known), **active).order_by("pk")
    if not list(others.values_list("pk", flat=True)):
        raise LastOperator


def _blank(user: User) -> None:
    user.email = user.phone = None
    user.phone_verified = user.is_active = user.is_staff = user.is_superuser = False
    user.display_name = ""
    user.latitude = user.longitude = user.last_login = None
    user.preferences = {}
    user.set_unusable_password()
