"""A user's picture."""

import secrets
from datetime import datetime

from django.db import transaction

from accounts.models import User
from booking_site.common.actors import Actor
from booking_site.common.files import delete_after_commit, keep

from .ownership import locked_self


@transaction.atomic
def set_avatar(user: User, *, jpeg: bytes, by: Actor, at: datetime) -> User:
    """Replace the picture by ``jpeg``, which gateways.pictures made. The name tells nothing."""
    user = locked_self(user, by)
    _delete_file_after_commit(user)
    name = user.avatar.field.generate_filename(user, f"{secrets.token_hex(16)}.jpg")
    user.avatar = keep(user.avatar.storage, name, jpeg)
    user.save(update_fields=["avatar"])
    return user


@transaction.atomic
def remove_avatar(user: User, *, by: Actor, at: datetime) -> User:
    user = locked_self(user, by)
    _delete_file_after_commit(user)
    user.avatar = ""
    user.save(update_fields=["avatar"])
    return user


def _delete_file_after_commit(user: User) -> None:
    delete_after_commit(user.avatar.storage, user.avatar.name or "")
