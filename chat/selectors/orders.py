"""Which conversations orders belong to."""

from collections.abc import Iterable

from accounts.models import User
from appointments.models import Appointment
from chat.models import Conversation, OrderLink


def conversation_ids_of(appointments: Iterable[Appointment], user: User) -> dict[int, int]:
    """By the appointment's id: the conversation it was made in, else one that is about it, among
    those the user is a member of. Two queries however many there are."""
    ids = [one.pk for one in appointments]
    if not ids:
        return {}
    about = Conversation.objects.visible_to(user).filter(appointment__in=ids).order_by("pk")
    found = dict(about.values_list("appointment_id", "pk"))
    links = OrderLink.objects.visible_to(user).filter(appointment__in=ids)
    return found | dict(links.values_list("appointment_id", "conversation_id"))
