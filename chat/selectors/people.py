"""Whom somebody may write to from a page."""

from django.db.models import Q, QuerySet

from accounts.models import User
from appointments.models import Appointment
from chat.models import Block, Participant
from realtors.models import Realtor


def acquaintances(user: User) -> QuerySet[User]:
    """Those with whom they share a conversation: whom they may bring into a group. Not those who
    have blocked them."""
    mine = Participant.objects.present().filter(user=user).values("conversation")
    theirs = Participant.objects.present().filter(conversation__in=mine).values("user")
    rows = User.objects.filter(pk__in=theirs, is_active=True).exclude(pk=user.pk)
    rows = rows.exclude(pk__in=Block.objects.filter(blocked=user).values("blocker"))
    return rows.select_related("realtor").order_by("display_name", "pk")


def person_to_write_to(
    user: User, other_id: int, *, appointment: Appointment | None = None
) -> User | None:
    """Realtors whom anybody may book, and whom one knows; about an appointment, its other side and
    nobody else. Of everybody else a page does not even say the name, and of an appointment neither
    code nor place: ids can be guessed."""
    if not _may_be_asked(user, other_id, appointment):
        return None
    return User.objects.select_related("realtor").filter(pk=other_id, is_active=True).first()


def _may_be_asked(user: User, other_id: int, appointment: Appointment | None) -> bool:
    if appointment is not None:
        realtor = appointment.realtor
        return {user.pk, other_id} == {appointment.user_id, realtor.user_id if realtor else None}
    bookable = Realtor.objects.bookable().filter(user=other_id)
    return bookable.exists() or acquaintances(user).filter(pk=other_id).exists()


def blocked_by(user: User) -> list[Block]:
    """The last first."""
    return list(Block.objects.filter(blocker=user).select_related("blocked__realtor"))


def is_blocked_by(user: User, other_id: int) -> bool:
    return Block.objects.filter(Q(blocker=user, blocked=other_id)).exists()
