"""Beginning conversations, who is in them, and putting them away."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors.people import realtor_id_of
from appointments.models import Appointment
from booking_site.common.actors import Actor
from booking_site.common.errors import Conflict, Forbidden, Invalid, NotFound
from booking_site.common.events import publish
from booking_site.common.transactions import BeginAgain
from chat.errors import Archived, Blocked, WordsRefused
from chat.events import ConversationUpdated, Member, MemberLeft
from chat.gateways.words import word_filter
from chat.models import Block, Conversation, ConversationType, Participant, ParticipantRole
from chat.rules import LONGEST_NAME, MOST_MEMBERS, pair_key, system_key
from chat.selectors.about import shown_on_cards
from chat.selectors.members import as_members, members_of
from realtors.models import Listing

from .about import About
from .notes import add_card, add_note


@dataclass(frozen=True)
class Opened:
    conversation: Conversation
    is_new: bool


@transaction.atomic
def open_direct(
    other: User,
    *,
    appointment: Appointment | None = None,
    listing: Listing | None = None,
    by: Actor,
    at: datetime,
) -> Opened:
    """The conversation with ``other`` about this appointment, about what one of the two offers, or
    about nothing in particular: the one there is, out of the archive if need be, or a new one. What
    was ordered in a conversation is talked about there.

    Raises Forbidden, NotFound, Blocked, Invalid for oneself; NotFound for an appointment that is
    not between the two, and for a listing of neither, or of somebody else.
    """
    user = _person(by)
    if other.pk == user.pk:
        raise Invalid(errors={"targetUserId": [_("You cannot write to yourself.")]})
    if not other.is_active:
        raise NotFound
    if Block.objects.filter(blocker=other, blocked=user).exists():
        raise Blocked
    about = About(appointment, listing)
    about.require_between(user, other)
    key = pair_key(user.pk, other.pk, about=about.key)
    found = _ordered_in(appointment, user, other)
    found = found or Conversation.objects.filter(pair_key=key).first()
    if found is None:
        try:
            with transaction.atomic():
                return Opened(_begin_direct(key, user, other, about, at), is_new=True)
        except IntegrityError as error:
            # The other side, or another device, was a moment faster.
            found = _begun_by_others(key, error)
    return Opened(_taken_out(found, at), is_new=False)


def _ordered_in(appointment: Appointment | None, user: User, other: User) -> Conversation | None:
    """Where the two have agreed on it. No query but for orders."""
    if appointment is None or not appointment.is_order:
        return None
    own = Conversation.objects.visible_to(user).filter(order_links__appointment=appointment)
    return own.filter(participants__user=other).first()


def _begun_by_others(key: str, error: IntegrityError) -> Conversation:
    found = Conversation.objects.filter(pair_key=key).first()
    if found is None:
        raise BeginAgain from error
    return found


def _begin_direct(key: str, user: User, other: User, about: About, at: datetime) -> Conversation:
    realtor = getattr(other, "realtor", None) or getattr(user, "realtor", None)
    conversation = Conversation.objects.create(
        type=ConversationType.DIRECT,
        pair_key=key,
        appointment=about.appointment,
        listing_id=about.listing_id,
        store_id=about.store_id or (realtor and realtor.store_id),
        created_at=at,
        updated_at=at,
    )
    people = sorted((user, other), key=lambda one: one.pk)
    _join(conversation, [(one, _role_of(one)) for one in people], at)
    _tell(conversation, at, arrived=people)
    if about.appointment is not None:
        shown = shown_on_cards([about.appointment.pk])[about.appointment.pk]
        add_card(conversation, shown, what="opened", at=at)
    return conversation


def _role_of(user: User) -> ParticipantRole:
    is_provider = user.user_type == "provider" or realtor_id_of(user) is not None
    return ParticipantRole.PROVIDER if is_provider else ParticipantRole.CUSTOMER


@transaction.atomic
def open_group(people: Iterable[User], *, name: str, by: Actor, at: datetime) -> Conversation:
    """A new group of the caller and these. Raises Forbidden, Invalid, NotFound for a closed
    account, Blocked where one of them has blocked the caller, WordsRefused."""
    owner = _person(by)
    others = {one.pk: one for one in people if one.pk != owner.pk}
    if not others:
        raise Invalid(errors={"participantIds": [_("Name somebody to talk to.")]})
    conversation = Conversation(type=ConversationType.GROUP, created_at=at, updated_at=at)
    conversation.name = _group_name(name)
    _require_welcome(owner, others.values(), already=1)
    conversation.save()
    everybody = [(owner, ParticipantRole.OWNER)]
    everybody += [(one, ParticipantRole.MEMBER) for one in others.values()]
    _join(conversation, sorted(everybody, key=lambda pair: pair[0].pk), at)
    _tell(conversation, at, arrived=[owner, *others.values()])
    add_note(conversation, what="began", by=owner, at=at)
    return conversation


@transaction.atomic
def add_people(
    conversation: Conversation, people: Iterable[User], *, by: Actor, at: datetime
) -> Conversation:
    """By any member of a group. They see what is said from now on; who had left comes back. Raises
    Forbidden, NotFound, Invalid, Blocked, Archived."""
    user, conversation = _member(by), locked(conversation.pk)
    rows = _require_group(conversation, user)
    present = {row.user_id for row in rows}
    new = {one.pk: one for one in people if one.pk not in present}
    _require_welcome(user, new.values(), already=len(rows))
    for _pk, one in sorted(new.items()):
        Participant.objects.update_or_create(
            conversation=conversation,
            user=one,
            defaults={
                "role": ParticipantRole.MEMBER,
                "joined_at": at,
                "joined_seq": conversation.last_seq,
                "left_at": None,
                "last_read_seq": conversation.last_seq,
                "last_delivered_seq": conversation.last_seq,
                "reminded_seq": conversation.last_seq,
            },
        )
        add_note(conversation, what="joined", by=user, whom=one, at=at)
    if new:
        _tell(conversation, at, arrived=new.values())
    return conversation


@transaction.atomic
def leave(conversation: Conversation, *, by: Actor, at: datetime) -> None:
    """A group. Where its owner leaves, whoever came first looks after it. Raises NotFound, Invalid
    where two talk."""
    user, conversation = _member(by), locked(conversation.pk)
    rows = _require_group(conversation, user, archived_too=True)
    own = next(row for row in rows if row.user_id == user.pk)
    add_note(conversation, what="left", by=user, at=at)
    Participant.objects.filter(pk=own.pk).update(left_at=at)
    heirs = sorted((row for row in rows if row != own), key=lambda row: (row.joined_at, row.pk))
    if heirs and own.role == ParticipantRole.OWNER:
        Participant.objects.filter(pk=heirs[0].pk).update(role=ParticipantRole.OWNER)
    gone = (Member(user.pk, user.locale),)
    publish(MemberLeft(conversation.pk, gone, at, user_id=user.pk))
    _tell(conversation, at)


@transaction.atomic
def rename(conversation: Conversation, *, name: str, by: Actor, at: datetime) -> Conversation:
    """A group, by any member. Raises NotFound, Invalid, Archived, WordsRefused."""
    user, conversation = _member(by), locked(conversation.pk)
    _require_group(conversation, user)
    new = _group_name(name)
    if new != conversation.name:
        conversation.name = new
        Conversation.objects.filter(pk=conversation.pk).update(name=new)
        add_note(conversation, what="renamed", by=user, name=new, at=at)
        _tell(conversation, at)
    return conversation


@transaction.atomic
def mute(conversation: Conversation, *, muted: bool, by: Actor, at: datetime) -> Participant:
    """For the caller alone: messages still come, and nobody rings. Raises NotFound."""
    user = _member(by)
    own = Participant.objects.present().filter(conversation=conversation, user=user)
    if not own.filter(is_muted=not muted).update(is_muted=muted) and not own.exists():
        raise NotFound
    row = own.select_related("conversation").get()
    mine = (Member(user.pk, user.locale),)
    publish(ConversationUpdated(conversation.pk, mine, at, row.conversation, is_muted=muted))
    return row


@transaction.atomic
def system_conversation(user: User, *, at: datetime) -> Conversation:
    """In which the site itself writes to this person; they can read it, and not answer."""
    key = system_key(user.pk)
    found = Conversation.objects.filter(pair_key=key).first()
    if found is None:
        try:
            with transaction.atomic():
                found = Conversation.objects.create(
                    type=ConversationType.SYSTEM, pair_key=key, created_at=at, updated_at=at
                )
                _join(found, [(user, ParticipantRole.MEMBER)], at)
                _tell(found, at)
        except IntegrityError as error:
            found = _begun_by_others(key, error)
    return found


@transaction.atomic
def put_away(conversation: Conversation, *, at: datetime, closed: bool = False) -> bool:
    """It can be read, and nobody writes in it. ``closed``: nor opens it again, but staff. Whether
    anything changed."""
    rows = Conversation.objects.filter(pk=conversation.pk)
    changed = rows.filter(archived_at=None).update(archived_at=at)
    if closed:
        changed += rows.filter(closed=False).update(closed=True)
    if changed:
        _tell(rows.get(), at)
    return bool(changed)


@transaction.atomic
def take_out(conversation: Conversation, *, at: datetime) -> bool:
    """Out of the archive, also what staff had closed. Whether anything changed."""
    rows = Conversation.objects.filter(pk=conversation.pk).exclude(archived_at=None, closed=False)
    changed = rows.update(archived_at=None, closed=False, updated_at=at)
    if changed:
        _tell(Conversation.objects.get(pk=conversation.pk), at)
    return bool(changed)


def locked(conversation_id: int) -> Conversation:
    """As it is, and stays until the transaction ends: written, because a lock that was only read
    does not hold on every database. Before anything is read: under REPEATABLE READ who is in it
    would be those of before. Raises NotFound."""
    rows = Conversation.objects.filter(pk=conversation_id)
    if not rows.update(closed=F("closed")):
        raise NotFound
    return rows.get()


def _taken_out(found: Conversation, at: datetime) -> Conversation:
    if found.closed:
        raise Archived
    if found.archived_at is not None:
        take_out(found, at=at)
        found.refresh_from_db()
    return found


def _join(
    conversation: Conversation, people: Iterable[tuple[User, ParticipantRole]], at: datetime
) -> None:
    Participant.objects.bulk_create(
        Participant(conversation=conversation, user=one, role=role, joined_at=at)
        for one, role in people
    )


def _tell(conversation: Conversation, at: datetime, *, arrived: Iterable[User] = ()) -> None:
    """Raises NotFound where somebody of those who ``arrived`` just now has closed their account
    since it was looked at: no name is written down any more."""
    rows = members_of(conversation.pk)
    closed = {row.user_id for row in rows if not row.user.is_active}
    if any(one.pk in closed for one in arrived):
        raise NotFound
    publish(ConversationUpdated(conversation.pk, as_members(rows), at, conversation))


def _require_group(
    conversation: Conversation, user: User, *, archived_too: bool = False
) -> list[Participant]:
    rows = members_of(conversation.pk)
    if user.pk not in {row.user_id for row in rows}:
        raise NotFound
    if conversation.type != ConversationType.GROUP:
        raise Conflict(_("Only groups have members who come and go."))
    if not conversation.is_active and not archived_too:
        raise Archived
    return rows


def _require_welcome(user: User, people: Iterable[User], *, already: int) -> None:
    """Whom one may bring into a group: not those who have blocked one."""
    people = list(people)
    if any(not one.is_active for one in people):
        raise NotFound(errors={"participantIds": [str(NotFound.message)]})
    if already + len(people) > MOST_MEMBERS:
        message = _("At most %(count)s people, please.") % {"count": MOST_MEMBERS}
        raise Invalid(errors={"participantIds": [message]})
    if Block.objects.filter(blocker__in=people, blocked=user).exists():
        raise Blocked


def _group_name(name: str) -> str:
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        message = _("Please give it a name of at most %(count)s characters.")
        raise Invalid(errors={"name": [message % {"count": LONGEST_NAME}]})
    # Everybody in it reads it, and it stands above letters.
    verdict = word_filter().look_at(name)
    if verdict.is_refused:
        raise WordsRefused
    return verdict.text


def _person(by: Actor) -> User:
    if by.user is None or not by.user.is_active:
        raise Forbidden
    return by.user


def _member(by: Actor) -> User:
    """To whoever is nobody it is not there."""
    if by.user is None:
        raise NotFound
    return by.user
