"""Pets and children somebody books for."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypedDict, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Child, Pet, User
from accounts.rules import birth_is_plausible, vaccination_is_plausible
from booking_site.common.actors import Actor
from booking_site.common.errors import Invalid, NotFound

from .ownership import acting_user, locked_self

D = TypeVar("D", Child, Pet)


class ChildFacts(TypedDict, total=False):
    name: str
    birth_date: date | None
    notes: str


class PetFacts(ChildFacts, total=False):
    species: str
    breed: str
    weight_kg: Decimal | None
    vaccinated_until: date | None


@transaction.atomic
def add_pet(*, facts: PetFacts, by: Actor, at: datetime) -> Pet:
    return _saved(Pet(owner=locked_self(acting_user(by), by)), facts, at)


@transaction.atomic
def change_pet(pet: Pet, *, facts: PetFacts, by: Actor, at: datetime) -> Pet:
    _lock(pet, pet.owner, by)
    return _saved(pet, facts, at)


@transaction.atomic
def remove_pet(pet: Pet, *, by: Actor, at: datetime) -> None:
    _lock(pet, pet.owner, by)
    pet.delete()


@transaction.atomic
def add_child(*, facts: ChildFacts, by: Actor, at: datetime) -> Child:
    return _saved(Child(parent=locked_self(acting_user(by), by)), facts, at)


@transaction.atomic
def change_child(child: Child, *, facts: ChildFacts, by: Actor, at: datetime) -> Child:
    _lock(child, child.parent, by)
    return _saved(child, facts, at)


@transaction.atomic
def remove_child(child: Child, *, by: Actor, at: datetime) -> None:
    _lock(child, child.parent, by)
    child.delete()


def _lock(row: D, whose: User, by: Actor) -> None:
    """The row as it is now. One that was removed meanwhile must not be written again."""
    locked_self(whose, by)
    rows = type(row).objects.select_for_update()
    try:
        row.refresh_from_db(from_queryset=rows)
    except ObjectDoesNotExist as gone:
        raise NotFound from gone


def _saved(row: D, facts: Any, at: datetime) -> D:
    _require_plausible(facts, at)
    for name, value in facts.items():
        setattr(row, name, value)
    row.save()
    return row


def _require_plausible(facts: PetFacts, at: datetime) -> None:
    errors = {}
    born, vaccinated = facts.get("birth_date"), facts.get("vaccinated_until")
    if born and not birth_is_plausible(born, today=at.date()):
        errors["birth_date"] = [_("This is not a plausible date of birth.")]
    if vaccinated and not vaccination_is_plausible(vaccinated):
        errors["vaccinated_until"] = [_("This is not a plausible date.")]
    if errors:
        raise Invalid(errors=errors)
