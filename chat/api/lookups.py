"""The rows that a call names, as far as its caller may see them."""

from rest_framework.request import Request

from accounts.api.callers import user_of
from accounts.models import User
from appointments.models import Appointment
from booking_site.common.api.inputs import not_there, row_id
from chat.models import Message
from chat.selectors.members import strangers_among
from chat.selectors.reading import Thread, message_of, thread_of


def thread_for(request: Request, conversation_id: str) -> Thread:
    return thread_of(user_of(request), row_id(conversation_id))


def message_for(request: Request, conversation_id: str, message_id: str) -> tuple[Thread, Message]:
    thread = thread_for(request, conversation_id)
    return thread, message_of(thread, row_id(message_id))


def person_of(user_id: int, *, field: str) -> User:
    """Anybody whose account is open."""
    rows = User.objects.filter(pk=user_id, is_active=True).select_related("realtor")
    found = rows.first()
    if found is None:
        raise not_there(field)
    return found


def people_of(ids: list[int], *, field: str) -> list[User]:
    found = User.objects.filter(pk__in=ids, is_active=True).select_related("realtor").in_bulk()
    if set(ids) - set(found):
        raise not_there(field)
    return [found[pk] for pk in dict.fromkeys(ids)]


def acquaintance_of(request: Request, user_id: str, *, field: str | None = None) -> User:
    """Somebody with whom the caller is or was in a conversation: of others the call would give
    away the names."""
    pk, user = row_id(user_id, field=field), user_of(request)
    found = User.objects.filter(pk=pk).select_related("realtor").first()
    if found is None or (pk != user.pk and strangers_among(user, [pk])):
        raise not_there(field)
    return found


def appointment_of(request: Request, appointment_id: str) -> Appointment:
    rows = Appointment.objects.visible_to(user_of(request)).with_people()
    found = rows.filter(pk=row_id(appointment_id, field="orderId")).first()
    if found is None:
        raise not_there("orderId")
    return found
