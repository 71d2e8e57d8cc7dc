from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from appointments.models import Appointment
from chat.rules import LONGEST_NAME
from realtors.models import Listing
from stores.models import Store

if TYPE_CHECKING:
    from accounts.models import User


class ConversationType(models.TextChoices):
    # Document 4's word for two people who talk about a service.
    DIRECT = "service", _("between two")
    GROUP = "group", _("group")
    SYSTEM = "system", _("from the site")


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def visible_to(self, user: "User") -> "ConversationQuerySet":
        """Those the user is a member of now. Nobody else's through any door but the back office's,
        which asks why and writes it down."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(participants__user=user, participants__left_at=None)


class Conversation(models.Model):
    """``last_seq`` is the number of its newest message: raised in the transaction that writes the
    message, and its row lock is held to the commit, so that numbers have no holes and become
    visible in order."""

    type = models.CharField(
        pgettext_lazy("of a conversation", "kind"),
        max_length=10,
        choices=ConversationType,
        default=ConversationType.DIRECT,
    )
    # Of groups. Two people call it by each other's name.
    name = models.CharField(_("name"), max_length=LONGEST_NAME, blank=True)
    # Which two, and about what (chat.rules); null for groups. The unique key is what keeps two who
    # write to each other at the same moment from beginning two conversations.
    pair_key = models.CharField(max_length=80, unique=True, null=True, editable=False)
    appointment = models.ForeignKey(
        Appointment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="conversations",
        verbose_name=_("about the appointment"),
    )
    # What one of the two offers, where somebody asked about that before booking anything.
    listing = models.ForeignKey(
        Listing,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="conversations",
        verbose_name=_("about the listing"),
    )
    # Of the provider in it: whose managers may be asked to look.
    store = models.ForeignKey(
        Store,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="conversations",
        verbose_name=_("store"),
    )
    last_seq = models.PositiveBigIntegerField(_("messages"), default=0)
    created_at = models.DateTimeField(_("created"))
    updated_at = models.DateTimeField(_("last message"))
    archived_at = models.DateTimeField(_("put away"), null=True, blank=True)
    # By a person of the back office: nobody opens it again.
    closed = models.BooleanField(_("closed by staff"), default=False)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        ordering = ["-updated_at", "-id"]
        indexes = [models.Index(fields=["archived_at", "updated_at"], name="conversation_age")]

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"

    @property
    def is_active(self) -> bool:
        return self.archived_at is None

    @property
    def is_direct(self) -> bool:
        return self.type == ConversationType.DIRECT


class ParticipantRole(models.TextChoices):
    """Of two who talk their kind of account, as in Document 4; in groups who looks after it."""

    CUSTOMER = "customer", _("customer")
    PROVIDER = "provider", _("provider")
    OWNER = "owner", _("looks after the group")
    MEMBER = "member", _("member")


class ParticipantQuerySet(models.QuerySet["Participant"]):
    def present(self) -> "ParticipantQuerySet":
        return self.filter(left_at=None)

    def with_unread(self) -> "ParticipantQuerySet":
        return self.filter(conversation__last_seq__gt=F("last_read_seq"))

    def counted(self) -> "ParticipantQuerySet":
        """Of those with unread messages the ones that the number in the header stands for."""
        open_ones = Q(conversation__archived_at=None, is_muted=False)
        return self.present().with_unread().filter(open_ones)


class Participant(models.Model):
    """Somebody in a conversation, and how far they have come in it. Both numbers only grow. Whoever
    writes has read up to there. They see what came after ``joined_seq``."""

    conversation = models.ForeignKey(
        Conversation,
        on_delete=models.CASCADE,
        related_name="participants",
        verbose_name=_("conversation"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="conversations",
        verbose_name=_("who"),
    )
    role = models.CharField(_("role"), max_length=10, choices=ParticipantRole)
    joined_at = models.DateTimeField(_("joined"))
    joined_seq = models.PositiveBigIntegerField(default=0)
    left_at = models.DateTimeField(_("left"), null=True, blank=True)
    last_read_seq = models.PositiveBigIntegerField(_("read up to"), default=0)
    last_read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    last_delivered_seq = models.PositiveBigIntegerField(_("delivered up to"), default=0)
    is_muted = models.BooleanField(_("muted"), default=False)
    # Up to where they have been told by letter or push that something waits.
    reminded_seq = models.PositiveBigIntegerField(default=0, editable=False)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "user"], name="in_a_conversation_once"),
            models.CheckConstraint(
                condition=Q(last_delivered_seq__gte=F("last_read_seq")),
                name="read_is_delivered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id}: {self.user_id}"
