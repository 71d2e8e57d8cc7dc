"""Who may look after conversations."""

from booking_site.common.actors import Actor
from booking_site.common.errors import Forbidden
from chat.models import Conversation, Participant
from stores.models import Store


def may_look_after(by: Actor, conversation: Conversation) -> bool:
    """Operators, and managers of the store whose people are in it, but for those who talk in it:
    nobody decides about what they have said themselves."""
    user = by.user
    if user is None or not user.is_active:
        return False
    if user.is_superuser or conversation.store_id is None:
        return user.is_superuser
    if Participant.objects.filter(conversation=conversation, user=user).exists():
        return False
    return Store.objects.managed_by(user).filter(pk=conversation.store_id).exists()


def require_looking_after(by: Actor, conversation: Conversation) -> None:
    if not may_look_after(by, conversation):
        raise Forbidden
