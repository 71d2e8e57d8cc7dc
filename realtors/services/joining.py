"""Becoming a provider, and ceasing to be one."""

from datetime import datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from booking_site.common.actors import Actor
from booking_site.common.edits import forget_names
from booking_site.common.events import publish
from booking_site.common.history import signed, versions_of
from realtors.events import RealtorLeft
from realtors.models import Realtor, TimeOff
from realtors.services.hours import set_working_hours
from realtors.services.listing_leaving import forget_listings
from stores.rules import Interval
from stores.services import close_store_of_one, open_store_of_one

FIRST_HOURS = Interval(time(9), time(18))


@transaction.atomic
def settle_in(user: User, *, by: Actor, at: datetime) -> Realtor:
    """An independent provider starts with a store of their own and ordinary hours, to be changed
    as they like. One who works somewhere already stays there."""
    already = Realtor.objects.filter(user=user).first()
    if already is not None:
        return already
    name = user.display_name or _("Provider %(number)s") % {"number": user.pk}
    phone = str(user.phone or "")
    store = open_store_of_one(name=name, by=by, at=at)
    realtor = Realtor(user=user, store=store, name=name, phone=phone, email=user.email or "")
    signed(realtor, by=by, at=at).save()
    week = {weekday: [FIRST_HOURS] for weekday in range(7)}
    set_working_hours(realtor, work=week, breaks={}, by=by, at=at)
    return realtor


@transaction.atomic
def forget(user: User, *, by: Actor, at: datetime) -> None:
    """Whoever erases their account takes no more bookings, and their name goes with them, out of
    the history too, and why they were away. What they have promised is for appointments to hand
    on (RealtorLeft)."""
    realtor = Realtor.objects.select_related("store").filter(user=user).first()
    if realtor is None:
        return
    realtor.name = _("Former provider")
    realtor.phone = realtor.email = realtor.bio = ""
    realtor.is_active = False
    signed(realtor, by=by, at=at).save()
    told = ("name", "phone", "email", "bio")
    versions_of(realtor).update(**{field: getattr(realtor, field) for field in told})
    forget_names(Realtor, [realtor.pk])
    forget_listings(realtor, by=by, at=at)
    TimeOff.objects.filter(realtor=realtor).update(reason="")
    TimeOff.history.filter(realtor_id=realtor.pk).update(reason="")
    publish(RealtorLeft(realtor_id=realtor.pk, store_id=realtor.store_id, at=at))
    if not Realtor.objects.filter(store=realtor.store, is_active=True).exists():
        close_store_of_one(realtor.store, name=realtor.name, by=by, at=at)
