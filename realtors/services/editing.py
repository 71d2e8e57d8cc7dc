"""What is said of a realtor: by staff, whether they still work above all, and by themself."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from booking_site.common.actors import Actor
from booking_site.common.events import publish
from booking_site.common.history import signed
from realtors.events import RealtorAvailabilityChanged, RealtorLeft
from realtors.models import Realtor
from realtors.permissions import require_runner
from stores.models import Category
from stores.permissions import require_manager


@transaction.atomic
def save_realtor(
    realtor: Realtor, *, skills: Iterable[Category] | None, by: Actor, at: datetime
) -> Realtor:
    """New or changed, as it stands; ``skills`` None leaves them. Whoever is no longer active hands
    on what was promised; else whoever waits may fit in now. Raises Forbidden."""
    require_manager(by, realtor.store)
    was_active = Realtor.objects.filter(pk=realtor.pk, is_active=True).exists()
    signed(realtor, by=by, at=at).save()
    if skills is not None:
        realtor.skills.set(skills)
    if was_active and not realtor.is_active:
        publish(RealtorLeft(realtor_id=realtor.pk, store_id=realtor.store_id, at=at))
    else:
        publish(RealtorAvailabilityChanged(realtor_id=realtor.pk, store_id=realtor.store_id, at=at))
    return realtor


@transaction.atomic
def describe_realtor(
    realtor: Realtor, *, bio: str, skills: Iterable[Category] | None = None, by: Actor, at: datetime
) -> Realtor:
    """What customers read of them. What they are good at (None: as before) decides whom the store
    asks, so that is for who runs the store. Raises Forbidden."""
    require_runner(by, realtor)
    if skills is not None:
        require_manager(by, realtor.store)
    row = Realtor.objects.select_for_update().get(pk=realtor.pk)
    row.bio = bio
    signed(row, by=by, at=at).save(update_fields=["bio"])
    if skills is not None and {one.pk for one in row.skills.all()} != {one.pk for one in skills}:
        row.skills.set(skills)
        publish(RealtorAvailabilityChanged(realtor_id=row.pk, store_id=row.store_id, at=at))
    return row
