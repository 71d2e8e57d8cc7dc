"""The time behind a token, kept or just free again; and the way back to the times."""

from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from appointments import errors
from appointments.models import Appointment, Hold
from appointments.models.hold import HoldQuerySet
from appointments.presenters import times
from appointments.presenters.place import Place, times_address
from appointments.presenters.policy import policy_sentences
from appointments.selectors.pictures import Window, pictures
from appointments.views.memory import Memory, Wanted
from booking_site.common.api.inputs import row_id
from booking_site.common.errors import NotFound, Refusal
from booking_site.common.periods import Period
from realtors.models import Listing, ListingKind, Realtor
from stores.models import Store
from stores.selectors import policy_of


def done(request: HttpRequest, appointment_id: int) -> HttpResponse:
    appointment = get_object_or_404(Appointment, pk=appointment_id)
    return redirect("appointments:detail", appointment.code)


def named_realtor(store: Store, text: str) -> Realtor | None:
    """The realtor somebody chose in this store; None when the choice is open or no longer there."""
    try:
        realtor_id = row_id(text)
    except NotFound:
        return None
    return Realtor.objects.bookable().filter(store=store, pk=realtor_id).first()


def named_house(store: Store, text: str) -> Listing | None:
    """The house somebody wants to see; None where it is about none. Raises NotFound for one that
    is not shown there, so that nobody books a plain appointment instead."""
    if not text:
        return None
    rows = Listing.objects.open_to_public().filter(kind=ListingKind.HOUSE, store=store)
    found = rows.select_related("store", "realtor").filter(pk=row_id(text)).first()
    if found is None:
        raise NotFound
    return found


def rules_of(place: Place) -> list[str]:
    """Cancelling and moving, by the store's policy or what the house says otherwise. A viewing
    costs nothing."""
    policy = policy_of(place.store)
    if place.house is not None:
        policy = policy.overridden_by(place.house)
    return policy_sentences(policy.snapshot())


def back_to_times(
    request: HttpRequest,
    store: Store,
    starts_at: datetime,
    refusal: Refusal,
    *,
    realtor: Realtor | None = None,
    house: Listing | None = None,
    late: bool = False,
) -> HttpResponse:
    """To the times of the store, or of the house, which say what happened and offer the next free
    ones."""
    query = {"date": starts_at.astimezone(store.zone).date().isoformat()}
    if realtor and house is None:
        query["realtor"] = str(realtor.pk)
    if isinstance(refusal, errors.SlotTaken | errors.HoldExpired):
        query["taken"] = times.stamp(starts_at)
        if late:
            query["late"] = "1"
    else:
        messages.warning(request, str(refusal))
    return redirect(times_address(store, house, **query))


def held_times() -> HoldQuerySet:
    return Hold.objects.of_times().select_related("store", "realtor", "listing__store")


def entered(request: HttpRequest, token: str, at: datetime) -> Place | HttpResponse:
    """The time behind a token; or where to go when it was booked, or is not this visitor's."""
    memory = Memory(request)
    booked = memory.booked(token)
    if booked is not None:
        return done(request, booked)
    hold = held_times().live(at).filter(token=token).first()
    if hold is not None and hold.user_id in (None, request.user.pk):
        return place_of(hold, at)
    wanted = memory.wanted(token)
    if wanted is None:
        messages.warning(request, _("This time is no longer kept. Please choose again."))
        return redirect("site:stores")
    store = get_object_or_404(Store.objects.open_to_public(), pk=wanted.store_id)
    house = named_house(store, str(wanted.house_id or ""))
    place = _place_again(wanted, store, house, at)
    if place is None:
        expired = errors.HoldExpired()
        realtor = named_realtor(store, str(wanted.realtor_id or ""))
        return back_to_times(
            request, store, wanted.starts_at, expired, realtor=realtor, house=house, late=True
        )
    return place


def place_of(hold: Hold, at: datetime) -> Place:
    return Place(
        store=hold.store,
        starts_at=hold.starts_at,
        ends_at=hold.ends_at,
        at=at,
        realtor=hold.realtor,
        realtor_named=hold.realtor_named,
        house=hold.listing,
        hold=hold,
    )


def _place_again(wanted: Wanted, store: Store, house: Listing | None, at: datetime) -> Place | None:
    """The same time after its hold ran out, if it is still free.

    Nothing is kept here: looking at a page must not take anything. The next button keeps it.
    """
    day = wanted.starts_at.astimezone(store.zone).date()
    picture = pictures([Window(store, day, day)], at=at, listing=house)[store.pk]
    free = picture.free(Period(wanted.starts_at, wanted.ends_at))
    named = [realtor for realtor in free if realtor.pk == wanted.realtor_id]
    soon = wanted.starts_at < at + timedelta(minutes=picture.policy.min_advance_minutes)
    if soon or not (named if wanted.realtor_id else free):
        return None
    return Place(
        store=store,
        starts_at=wanted.starts_at,
        ends_at=wanted.ends_at,
        at=at,
        realtor=named[0] if named else None,
        realtor_named=bool(named),
        house=house,
    )
