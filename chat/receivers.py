"""What the news of the apps below means for conversations."""

from accounts.events import UserErased
from accounts.models import User
from appointments.events import (
    AppointmentAssigned,
    AppointmentCancelled,
    AppointmentCompleted,
    AppointmentConfirmed,
    AppointmentNews,
    AppointmentNoShow,
    AppointmentPaid,
    AppointmentRescheduled,
    AppointmentStarted,
    AppointmentUnassigned,
    CancelRequestChanged,
)
from booking_site.common.events import subscribe
from booking_site.common.transactions import do_last
from chat.services import forget
from chat.services.cards import Changed, follow

WHAT: dict[type[AppointmentNews], str] = {
    AppointmentAssigned: "assigned",
    AppointmentUnassigned: "unassigned",
    AppointmentConfirmed: "confirmed",
    AppointmentRescheduled: "rescheduled",
    AppointmentStarted: "started",
    AppointmentCompleted: "completed",
    AppointmentCancelled: "cancelled",
    AppointmentNoShow: "no_show",
    AppointmentPaid: "paid",
}


def put_on_the_card(news: AppointmentNews) -> None:
    do_last(follow, Changed(news.appointment_id, WHAT[type(news)], news.at))


for kind_of_news in WHAT:
    subscribe(kind_of_news)(put_on_the_card)


@subscribe(CancelRequestChanged)
def put_the_wish_on_the_card(news: CancelRequestChanged) -> None:
    """What one side wants, or what became of that: ``cancel_open``, ``cancel_agreed``, …"""
    do_last(follow, Changed(news.appointment_id, f"cancel_{news.state}", news.at))


@subscribe(UserErased)
def take_a_person_out_of_the_conversations(news: UserErased) -> None:
    forget(User.objects.get(pk=news.user_id), at=news.at)
