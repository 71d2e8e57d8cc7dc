"""What conversations say no with."""

from django.utils.translation import gettext_lazy as _

from booking_site.common.errors import Conflict, Forbidden, Invalid


class ClientIdUsed(Conflict):
    """The device has used this name for something else."""

    code = "idempotency_mismatch"
    message = _("This clientId was used for another message.")


class Archived(Conflict):
    code = "conversation_archived"
    message = _("This conversation has been put away. It can be read, and not be written in.")


class TooLate(Conflict):
    code = "too_late"
    message = _("It is too late to change this message.")


class Blocked(Forbidden):
    """One has blocked the other. Which of them is said to whoever did it only."""

    message = _("You cannot write to this person.")


class WordsRefused(Invalid):
    code = "words_refused"
    message = _("This message holds words that may not be sent here. Please write it differently.")


class QuotaUsedUp(Conflict):
    code = "quota_exceeded"
    message = _("Your files here take up all the room there is for one person.")
