"""The apps that somebody wants pushes on."""

from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.services.ownership import locked_self
from booking_site.common.actors import Actor
from booking_site.common.errors import Conflict
from notifications.models import Device, Platform, hash_of

MOST_DEVICES = 20


@transaction.atomic
def register_device(
    user: User, *, platform: Platform, token: str, by: Actor, at: datetime
) -> Device:
    """Twice is once. A token that was another's is this person's from now on: somebody else has
    signed in on that telephone, and what was on its way to whoever did before goes nowhere."""
    user = locked_self(user, by)
    of_token = Device.objects.filter(token_hash=hash_of(token))
    of_token.exclude(user=user).delete()
    if not of_token.filter(user=user).update(platform=platform, last_used_at=at, disabled_at=None):
        _add(user, platform, token, at)
    _forget_the_oldest(user)
    return of_token.get()


@transaction.atomic
def remove_device(user: User, *, token: str, by: Actor) -> None:
    """No more pushes there. That nobody is there is fine."""
    user = locked_self(user, by)
    Device.objects.filter(user=user, token_hash=hash_of(token)).delete()


def disable_device(device: Device, *, at: datetime) -> None:
    """Its push service says that the app is gone. Should it come back, it registers again."""
    Device.objects.filter(pk=device.pk, disabled_at=None).update(disabled_at=at)


def _add(user: User, platform: Platform, token: str, at: datetime) -> None:
    try:
        with transaction.atomic():
            Device.objects.create(
                user=user,
                platform=platform,
                token=token,
                token_hash=hash_of(token),
                created_at=at,
                last_used_at=at,
            )
    except IntegrityError as error:
        # Another account has registered it at this very moment.
        raise Conflict from error


def _forget_the_oldest(user: User) -> None:
    own = Device.objects.filter(user=user).order_by("-last_used_at", "-pk")
    oldest = list(own.values_list("pk", flat=True)[MOST_DEVICES:])
    if oldest:
        Device.objects.filter(pk__in=oldest).delete()
