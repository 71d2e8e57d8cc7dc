"""Ordering a service in the conversation with whoever provides it."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from appointments.models import Appointment
from appointments.services import BookingRequest, book
from appointments.services.pools import lock_pool
from appointments.services.what_takes_time import require_not_ones_own
from booking_site.common.actors import Actor
from booking_site.common.errors import Conflict, Forbidden, Invalid, NotFound
from booking_site.common.transactions import do_last
from chat.errors import Archived
from chat.models import Conversation, OrderLink, Participant
from chat.selectors.members import members_of
from realtors.models import Realtor

from .cards import Changed, follow
from .conversing import locked
from .sending import require_open


@transaction.atomic
def order_in(
    conversation: Conversation, wish: BookingRequest, *, by: Actor, at: datetime
) -> Appointment:
    """The customer orders what the other of the two offers; both see the order in the conversation
    from now on. What nobody in particular does is done by that other person. One transaction, and
    the first thing in it: the store's pool is locked before anything is read.

    Raises NotFound for who is no member, and by ``serviceId`` for what the other does not offer;
    Forbidden for anybody but the customer; Conflict in groups; Archived, Blocked; and all that
    ``book`` raises of an order.
    """
    lock_pool(wish.store.pk, at=at)
    user = _customer(wish, by)
    provider = _require_between(conversation.pk, wish, user)
    appointment = book(replace(wish, realtor=provider), by=by, at=at)
    # Whoever puts the conversation away waits for this, or has come before it.
    conversation = locked(conversation.pk)
    if not conversation.is_active:
        raise Archived
    OrderLink.objects.create(conversation=conversation, appointment=appointment, created_at=at)
    do_last(follow, Changed(appointment.pk, "ordered", at))
    return appointment


def _customer(wish: BookingRequest, by: Actor) -> User:
    if by.user is None or not by.user.is_active:
        raise NotFound
    if wish.customer != by.user:
        raise Forbidden
    return by.user


def _require_between(conversation_id: int, wish: BookingRequest, user: User) -> Realtor:
    """Who provides it: the other of the two."""
    members = members_of(conversation_id, writer_id=user.pk)
    if user.pk not in {row.user_id for row in members}:
        raise NotFound
    conversation = members[0].conversation
    if not conversation.is_direct:
        raise Conflict(_("Orders are made where two talk."))
    require_open(conversation, members, writer_id=user.pk)
    if wish.listing is None:
        raise Invalid(errors={"serviceId": [_("Name the service.")]})
    require_not_ones_own(wish.listing, user)
    return _offering(wish, next(row for row in members if row.user_id != user.pk))


def _offering(wish: BookingRequest, other: Participant) -> Realtor:
    """Raises NotFound where they offer something else, or nothing."""
    listing = wish.listing
    assert listing is not None
    rows = Realtor.objects.filter(user=other.user_id, store=listing.store_id, is_active=True)
    if listing.realtor_id is not None:
        rows = rows.filter(pk=listing.realtor_id)
    found = rows.select_related("user").first()
    if found is None:
        raise NotFound(errors={"serviceId": [str(NotFound.message)]})
    return found
