"""The caller's own pets and children. Not yours is not there."""

from typing import TypeVar

from django.db.models import QuerySet

from accounts.models import Child, Pet, User
from booking_site.common.errors import NotFound

D = TypeVar("D", Child, Pet)


def pets_of(user: User) -> QuerySet[Pet]:
    return Pet.objects.visible_to(user)


def children_of(user: User) -> QuerySet[Child]:
    return Child.objects.visible_to(user)


def pet_of(user: User, pet_id: str) -> Pet:
    """Raises NotFound, also for ids that are no numbers."""
    return _one(pets_of(user), pet_id)


def child_of(user: User, child_id: str) -> Child:
    """Raises NotFound, also for ids that are no numbers."""
    return _one(children_of(user), child_id)


def _one(rows: QuerySet[D], text: str) -> D:
    found = rows.filter(pk=int(text)).first() if _is_id(text) else None
    if found is None:
        raise NotFound
    return found


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
