"""Who is in a conversation."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef

from accounts.models import User
from chat.events import Member
from chat.models import Block, Conversation, Participant

# What is told of members, with every message: the rest of an account would cost more than the
# message itself.
SHOWN = (
    *(field.name for field in Participant._meta.concrete_fields),
    *(f"conversation__{field.name}" for field in Conversation._meta.concrete_fields),
    *(f"user__{name}" for name in ("display_name", "avatar", "user_type", "locale", "is_active")),
    "user__realtor__name",
)


def members_of(conversation_id: int, *, writer_id: int | None = None) -> list[Participant]:
    """Those present now, with their accounts and the conversation as it is. For a ``writer_id``
    each also says whether they ``has_blocked`` the writer or ``is_blocked`` by them. One query."""
    rows = Participant.objects.present().filter(conversation=conversation_id)
    if writer_id is not None:
        theirs = Block.objects.filter(blocker=OuterRef("user"), blocked=writer_id)
        own = Block.objects.filter(blocker=writer_id, blocked=OuterRef("user"))
        rows = rows.annotate(has_blocked=Exists(theirs), is_blocked=Exists(own))
    rows = rows.select_related("user__realtor", "conversation").only(*SHOWN)
    return list(rows.order_by("user_id"))


def as_members(rows: list[Participant]) -> tuple[Member, ...]:
    """Closed accounts have no devices."""
    return tuple(
        Member(row.user_id, row.user.locale, row.joined_seq) for row in rows if row.user.is_active
    )


def strangers_among(user: User, ids: Collection[int]) -> set[int]:
    """Those with whom the user has never been in one conversation. One query."""
    shared = Participant.objects.filter(
        user__in=list(ids), conversation__participants__user=user
    ).exclude(user=user)
    return set(ids) - {user.pk} - set(shared.values_list("user_id", flat=True))
