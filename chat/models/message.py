from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chat.rules import LONGEST_CLIENT_ID

from .conversation import Conversation

if TYPE_CHECKING:
    from appointments.models import Appointment

    from .attachment import Attachment


class MessageKind(models.TextChoices):
    TEXT = "text", _("text")
    IMAGE = "image", _("picture")
    VOICE = "voice", _("voice")
    FILE = "file", _("file")
    STICKER = "sticker", _("sticker")
    # Written by the site: who came, who left, what was decided.
    SYSTEM = "system", _("note")
    # Written by the site: what became of the appointment.
    ORDER = "order", _("appointment")


class MessageQuerySet(models.QuerySet["Message"]):
    def with_parts(self) -> "MessageQuerySet":
        """Everything that is shown of them, in one query and one or two for the files."""
        people = self.select_related("sender__realtor", "reply_to__sender__realtor")
        return people.prefetch_related("attachments", "reply_to__attachments")


class Message(models.Model):
    """A message stays in its place for ever, because numbers have no holes: one that was taken
    back, hidden by staff or is too old keeps its number and loses its words."""

    conversation = models.ForeignKey(
        Conversation,
        on_delete=models.PROTECT,
        related_name="messages",
        verbose_name=_("conversation"),
    )
    seq = models.PositiveBigIntegerField(_("number"))
    # Null: written by the site itself.
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="messages",
        verbose_name=_("from"),
    )
    # What its sender's device calls it: sent again, it is still one message. Null never collides.
    client_id = models.CharField(max_length=LONGEST_CLIENT_ID, null=True, editable=False)
    # Of what was sent under that name, whatever has become of the words since.
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    kind = models.CharField(
        pgettext_lazy("of a message", "kind"),
        max_length=10,
        choices=MessageKind,
        default=MessageKind.TEXT,
    )
    body = models.TextField(_("words"), blank=True)
    # sticker: its name. system: ``what`` and who. order: ``what``, the appointment's id and status.
    meta = models.JSONField(_("details"), default=dict)
    reply_to = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replies",
        verbose_name=_("in reply to"),
    )
    created_at = models.DateTimeField(_("when"))
    edited_at = models.DateTimeField(_("changed"), null=True, blank=True)
    # Taken back by its author, hidden by staff, or forgotten with its author or with time.
    deleted_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    hidden_at = models.DateTimeField(_("hidden by staff"), null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    # Of one about an order: that as it is now, put here by whoever shows it (chat.selectors.about).
    order_now: "Appointment | None" = None

    _prefetched_objects_cache: dict[str, Any]

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["conversation_id", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "seq"], name="one_message_per_number"),
            models.UniqueConstraint(fields=["sender", "client_id"], name="sent_once"),
        ]
        indexes = [models.Index(fields=["created_at"], name="message_age")]

    def __str__(self) -> str:
        return f"{self.conversation_id}/{self.seq}"

    def has_files(self, files: "list[Attachment]") -> None:
        """These and no others: nobody need look them up. (Django loads related rows into this
        place, and has no way of its own to put there what is known.)"""
        self._prefetched_objects_cache = {"attachments": files}

    @property
    def is_gone(self) -> bool:
        """Nothing of it is shown but that it was there."""
        return self.deleted_at is not None or self.hidden_at is not None
