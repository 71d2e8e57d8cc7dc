"""What staff say of a realtor: who they are, what they are good at, whether they still work."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from booking_site.common.actors import Actor
from booking_site.common.events import publish
from booking_site.common.history import signed
from realtors.events import RealtorAvailabilityChanged, RealtorLeft
from realtors.models import Realtor
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
