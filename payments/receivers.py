"""What the news of the apps below means for payments."""

from accounts.events import UserErased
from accounts.models import User
from appointments.events import AppointmentCancelled, CancelRequestChanged
from appointments.models import Appointment
from booking_site.common.events import subscribe
from payments.services import follow_cancelled, follow_decision, forget


@subscribe(AppointmentCancelled)
def give_back_what_was_paid(news: AppointmentCancelled) -> None:
    follow_cancelled(Appointment.objects.get(pk=news.appointment_id), at=news.at)


@subscribe(CancelRequestChanged)
def give_back_what_staff_decided(news: CancelRequestChanged) -> None:
    if news.refund:
        appointment = Appointment.objects.get(pk=news.appointment_id)
        follow_decision(appointment, news.refund, at=news.at)


@subscribe(UserErased)
def take_a_person_out_of_the_books(news: UserErased) -> None:
    forget(User.objects.get(pk=news.user_id))
