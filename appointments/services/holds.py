"""Keeping a chosen time while the form is filled in."""

import secrets
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction

from accounts.models import User
from appointments import claims, errors
from appointments.models import Hold
from appointments.permissions import is_staff
from appointments.rules import cell_of
from appointments.selectors.availability import Availability
from appointments.selectors.candidates import Job, candidates
from appointments.selectors.standing import standings
from appointments.services.booking import slot_taken
from appointments.services.ordering import require_usual_length
from appointments.services.paying import settle_payments
from appointments.services.pools import drop_expired_holds, lock_pool
from appointments.services.queueing import dispatch, let_go_of_own_holds, settle
from appointments.services.seat_wishes import tell_wishers
from appointments.services.starts import checked_start, require_still_there
from appointments.services.what_takes_time import (
    is_service,
    require_not_ones_own,
    what_takes_time,
)
from booking_site.common.actors import Actor
from booking_site.common.errors import NotFound, TooMany
from booking_site.common.limits import digest, network_of
from booking_site.common.periods import Period
from booking_site.common.transactions import all_in_turn, run_in_transaction
from realtors.models import Listing, ListingKind, Realtor
from stores.models import Store

GUEST_HOLDS_A_STORE = 3
GUEST_HOLDS = 10
GUEST_MINUTES = 240


@transaction.atomic
def hold(
    store: Store,
    *,
    starts_at: datetime,
    by: Actor,
    at: datetime,
    duration_minutes: int | None = None,
    realtor: Realtor | None = None,
    listing: Listing | None = None,
    replacing: str | None = None,
    address: str = "",
) -> Hold:
    """Claim the best free realtor (or the named one), and the house that is to be seen, for the
    policy's hold_minutes.

    A person holds one time in a store: the holder's earlier hold there, or the one whose token is
    ``replacing``, is let go. Staff of the store hold for others, as at a desk: as guests do, by
    token, and without their own time. ``address`` is a guest's, whose holds are counted and short.
    Raises the refusals of ``checked_start``, SlotTaken, CustomerConflict, TooMany.
    """
    settle(store, at=at)
    settle_payments(store, at=at)
    listing, realtor = what_takes_time(store, listing, realtor)
    holder = None if is_staff(by, store) else by.user
    require_not_ones_own(listing, holder)
    if is_service(listing):
        require_usual_length(listing, duration_minutes)
    require_still_there(store, holder)
    _let_go_of_earlier(store, holder, replacing, at)
    picture, period = checked_start(
        store, starts_at=starts_at, duration_minutes=duration_minutes, at=at, listing=listing
    )
    held = _claim_best(store, picture, period, realtor, holder, at)
    if by.user is None and address:
        usual = picture.policy.default_duration_minutes
        _keep_within_a_guests_share(held, address, usual, at)
    return held


@transaction.atomic
def release_hold(token: str, *, by: Actor, at: datetime) -> None:
    """Let a held time go, and serve whoever waits for it. Raises NotFound."""
    held = Hold.objects.select_related("store").filter(token=token).first()
    if held is None:
        raise NotFound
    if held.user_id not in (None, by.user_id) and not is_staff(by, held.store):
        raise NotFound
    lock_pool(held.store_id, at=at)
    Hold.objects.filter(pk=held.pk).delete()
    if held.session_id is not None:
        tell_wishers([held.session_id], at=at)
    dispatch(held.store, at=at)


def sweep_expired_holds(*, at: datetime) -> None:
    """Remove expired holds store by store and serve the lines that waited for them."""
    stores = Store.objects.filter(holds__expires_at__lte=at).distinct()
    all_in_turn(partial(run_in_transaction, partial(_sweep, store, at)) for store in stores)


def _sweep(store: Store, at: datetime) -> None:
    lock_pool(store.pk, at=at)
    drop_expired_holds(store, at)
    dispatch(store, at=at)


def _let_go_of_earlier(
    store: Store, holder: User | None, replacing: str | None, at: datetime
) -> None:
    """Those in line come before whoever held, so that renewing a hold overtakes nobody."""
    if holder is not None:
        let_go_of_own_holds(holder, store, at=at)
    elif replacing:
        gone, _by_model = Hold.objects.filter(store=store, token=replacing, user=None).delete()
        if gone:
            dispatch(store, at=at)


def _keep_within_a_guests_share(held: Hold, address: str, usual_minutes: int, at: datetime) -> None:
    """Without an account one could hold a store's whole day, over and over. Behind one address
    may be a café, so a few at once are fine. The demo counts nobody."""
    held.network = digest(network_of(address))
    held.save(update_fields=["network"])
    if settings.RATE_LIMIT_GENEROUS:
        return
    live = Hold.objects.live(at).filter(network=held.network)
    of_this_store = live.filter(store=held.store).count()
    too_long = held.duration_minutes > max(GUEST_MINUTES, usual_minutes)
    if too_long or of_this_store > GUEST_HOLDS_A_STORE or live.count() > GUEST_HOLDS:
        raise TooMany(retry_after=60)


def _claim_best(
    store: Store,
    picture: Availability,
    period: Period,
    realtor: Realtor | None,
    user: User | None,
    at: datetime,
) -> Hold:
    named = realtor.pk if realtor else None
    user_id = user.pk if user else None
    job = Job(period=period, key=f"hold:{cell_of(at)}", user_id=user_id, only=named)
    standing = standings(picture.realtors, at=at)
    for one in candidates(job, picture, standing, at=at):
        if one.rejected is not None:
            break
        candidate = one.realtor
        held = Hold.objects.create(
            token=secrets.token_urlsafe(32),
            store=store,
            realtor=candidate,
            listing=picture.listing,
            realtor_named=realtor is not None,
            user=user,
            starts_at=period.start,
            ends_at=period.end,
            duration_minutes=int((period.end - period.start).total_seconds() // 60),
            created_at=at,
            expires_at=at + timedelta(minutes=picture.policy.hold_minutes),
        )
        if user is not None:
            _claim_own_time(held, user, period, at)
        wanted = claims.for_realtor(candidate.pk, picture.around(period))
        if picture.listing is not None and picture.listing.kind == ListingKind.HOUSE:
            wanted += claims.for_house(picture.listing.pk, period)
        try:
            claims.take(held, wanted, at=at)
        except claims.Refused:
            held.delete()
            continue
        return held
    raise slot_taken(store, period, at, realtor_id=named, listing=picture.listing)


def _claim_own_time(held: Hold, user: User, period: Period, at: datetime) -> None:
    own = claims.for_customer(claims.customer_keys(user), period)
    try:
        claims.take(held, own, at=at)
    except claims.Refused as error:
        raise errors.CustomerConflict from error
