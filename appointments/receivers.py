"""What the news of the apps below means for appointments."""

from accounts.events import UserErased
from accounts.models import User
from appointments.events import AppointmentCreated
from appointments.models import Appointment
from appointments.services.leaving import forget_customer, hand_on
from appointments.services.pools import lock_pool
from appointments.services.presence import follow_presence
from appointments.services.queueing import dispatch
from booking_site.common.events import subscribe
from realtors.events import (
    RealtorAvailabilityChanged,
    RealtorLeft,
    RealtorPresenceChanged,
    RealtorPresenceChanges,
)
from realtors.models import Realtor
from realtors.services import note_booked
from stores.events import StoreHoursChanged
from stores.models import Store


@subscribe(RealtorAvailabilityChanged)
def serve_those_waiting_for_a_realtor(news: RealtorAvailabilityChanged) -> None:
    dispatch(Store.objects.get(pk=news.store_id), at=news.at)


@subscribe(StoreHoursChanged)
def serve_those_waiting_for_a_store(news: StoreHoursChanged) -> None:
    dispatch(Store.objects.get(pk=news.store_id), at=news.at)


@subscribe(RealtorPresenceChanges)
def lock_the_pool_before_the_realtor(news: RealtorPresenceChanges) -> None:
    lock_pool(news.store_id, at=news.at)


@subscribe(RealtorPresenceChanged)
def serve_or_hand_on(news: RealtorPresenceChanged) -> None:
    realtor = Realtor.objects.select_related("store").get(pk=news.realtor_id)
    follow_presence(realtor, at=news.at)


@subscribe(AppointmentCreated)
def report_interest_down(news: AppointmentCreated) -> None:
    """What somebody books is what they like; recommendation reads nothing but interest."""
    rows = Appointment.objects.select_related("user", "listing")
    appointment = rows.get(pk=news.appointment_id)
    if appointment.user is not None and appointment.listing is not None:
        note_booked(appointment.user, appointment.listing, at=news.at)


@subscribe(UserErased)
def take_a_customer_out_of_the_books(news: UserErased) -> None:
    forget_customer(User.objects.get(pk=news.user_id), at=news.at)


@subscribe(RealtorLeft)
def hand_on_what_was_promised(news: RealtorLeft) -> None:
    hand_on(Realtor.objects.select_related("store").get(pk=news.realtor_id), at=news.at)
