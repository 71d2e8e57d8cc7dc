"""Files of messages, for those who may have them."""

from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from chat.models import Attachment, Participant


def attachment_for(key: str, user: User) -> Attachment | None:
    """One that the user may have: of a message they see, that is still there, in a conversation
    they are in; or their own that is not sent yet."""
    if not user.is_authenticated or not user.is_active:
        return None
    here = Participant.objects.present().filter(
        user=user,
        conversation=OuterRef("conversation"),
        joined_seq__lt=OuterRef("message__seq"),
    )
    shown = Q(Exists(here), message__deleted_at=None, message__hidden_at=None)
    own = Q(message=None, uploader=user)
    # A missing message has no date of being deleted either; its number is greater than none.
    return Attachment.objects.filter(key=key).filter(own | shown).first()
