"""What orders are told of the conversations that they are made in (appointments.talks)."""

from collections.abc import Iterable
from datetime import datetime

from accounts.models import User
from appointments.models import Appointment
from appointments.services import BookingRequest
from appointments.talks import held_by
from booking_site.common.actors import Actor
from booking_site.common.errors import NotFound
from chat.models import Conversation
from chat.selectors.orders import conversation_ids_of
from chat.services import order_in

LONGEST_ID = 18


class Conversations:
    def order_there(
        self, conversation_id: str, wish: BookingRequest, *, by: Actor, at: datetime
    ) -> Appointment:
        return order_in(_conversation(conversation_id, by), wish, by=by, at=at)

    def ids_of(self, appointments: Iterable[Appointment], user: User) -> dict[int, int]:
        return conversation_ids_of(appointments, user)


def _conversation(conversation_id: str, by: Actor) -> Conversation:
    """One of which the caller is a member. Raises NotFound."""
    is_number = conversation_id.isascii() and conversation_id.isdigit()
    if by.user is not None and is_number and len(conversation_id) <= LONGEST_ID:
        own = Conversation.objects.visible_to(by.user).filter(pk=int(conversation_id)).first()
        if own is not None:
            return own
    raise NotFound(errors={"conversationId": [str(NotFound.message)]})


held_by(Conversations())
