"""The stores of independent providers."""

from datetime import datetime

from django.db import transaction
from django.utils.crypto import get_random_string

from booking_site.common.actors import Actor, ActorKind
from booking_site.common.edits import forget_names
from booking_site.common.errors import Forbidden
from booking_site.common.history import create_all, signed, versions_of
from booking_site.common.periods import MIDNIGHT
from stores.models import STORE_OF_ONE, OpeningInterval, Store

SLUG_SIGNS = "abcdefghijkmnpqrstuvwxyz23456789"


@transaction.atomic
def open_store_of_one(*, name: str, by: Actor, at: datetime) -> Store:
    """The store of an independent provider. It is open round the clock, so that the hours of its
    one realtor are what counts. It shows no number: theirs is published by nobody but themself
    (``describe_store``). Only the system opens one, when a provider signs up."""
    if by.kind != ActorKind.SYSTEM:
        raise Forbidden
    slug = STORE_OF_ONE + get_random_string(12, SLUG_SIGNS)
    store = signed(Store(name=name, slug=slug), by=by, at=at)
    store.save()
    hours = (
        OpeningInterval(store=store, weekday=weekday, opens=MIDNIGHT, closes=MIDNIGHT)
        for weekday in range(7)
    )
    create_all(hours, by=by, at=at)
    return store


@transaction.atomic
def close_store_of_one(store: Store, *, name: str, by: Actor, at: datetime) -> None:
    """Its provider has left, and what could tell who they were goes with them, out of the history
    too. Other stores stay as they are; whether colleagues still work in it is asked above. Only
    the system closes one."""
    if by.kind != ActorKind.SYSTEM:
        raise Forbidden
    if not store.slug.startswith(STORE_OF_ONE):
        return
    store.name = name
    store.description = store.address = store.phone = store.city = ""
    store.latitude = store.longitude = None
    store.is_active = False
    signed(store, by=by, at=at).save()
    told = ("name", "description", "address", "phone", "city", "latitude", "longitude")
    versions_of(store).update(**{field: getattr(store, field) for field in told})
    forget_names(Store, [store.pk])
