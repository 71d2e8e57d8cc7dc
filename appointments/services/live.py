"""The live line: whoever wants to be served as soon as possible."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from appointments import claims, errors
from appointments.events import AppointmentCreated
from appointments.models import Action, Appointment
from appointments.selectors.pictures import availability
from appointments.selectors.waits import serves_today
from appointments.services.booking import (
    Wish,
    insert,
    new_appointment,
    require_not_in_line,
    require_right_to_book_for,
    stand_in_line,
)
from appointments.services.queueing import dispatch, settle
from appointments.services.starts import require_still_there, usable_minutes
from appointments.transitions import write_log
from booking_site.common.actors import Actor
from booking_site.common.events import publish
from booking_site.common.periods import Period


@dataclass(frozen=True, kw_only=True)
class LiveRequest(Wish):
    """Somebody who wants whoever is free next."""


@transaction.atomic
def join(wish: LiveRequest, *, by: Actor, at: datetime) -> Appointment:
    """Stand in the store's live line; somebody who is free now is asked at once.

    Nobody's time is claimed before an offer, and the customer's own not before the work begins.
    Raises StoreClosed when nobody works there today any more, CustomerConflict for one who stands
    there already.
    """
    require_right_to_book_for(wish, by)
    settle(wish.store, at=at)
    require_still_there(wish.store, wish.customer)
    today = at.astimezone(wish.store.zone).date()
    picture = availability(wish.store, today, today, at=at)
    minutes = usable_minutes(wish.duration_minutes, picture.policy)
    if not serves_today(picture, minutes, at=at):
        raise errors.StoreClosed(_("Nobody serves here today any more. Please book a time."))
    period = Period(at, at + timedelta(minutes=minutes))
    appointment = new_appointment(wish, picture, period, at)
    appointment.live = True
    keys = _live_keys(wish)
    require_not_in_line(keys)
    if wish.customer is None:
        _require_phone_not_in_line(wish)
    appointment.live_key = keys[0]
    insert(appointment)
    write_log(appointment, Action.CREATED, by=by, at=at, from_status="")
    stand_in_line(appointment)
    dispatch(wish.store, at=at)
    appointment.refresh_from_db()
    if appointment.is_waiting:
        write_log(appointment, Action.QUEUED, by=by, at=at)
    queued = appointment.is_waiting
    publish(AppointmentCreated(appointment_id=appointment.pk, at=at, queued=queued))
    return appointment


def _live_keys(wish: LiveRequest) -> list[str]:
    """The store and who stands there, under every key they are known by; the first is kept."""
    known = claims.customer_keys(wish.customer, guest_phone=wish.customer_phone)
    return [f"{wish.store.pk}:{key}" for key in known]


def _require_phone_not_in_line(wish: LiveRequest) -> None:
    """Whoever gives a phone stands there already if the account does whose phone it is."""
    standing = Appointment.objects.filter(
        live_key__isnull=False,
        store=wish.store,
        user__phone=wish.customer_phone,
        user__phone_verified=True,
    )
    require_not_in_line([str(key) for key in standing.values_list("live_key", flat=True)])
