from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from booking_site.common.files import private_storage
from chat.rules import LONGEST_FILE_NAME

from .conversation import Conversation
from .message import Message

if TYPE_CHECKING:
    from accounts.models import User


class AttachmentKind(models.TextChoices):
    IMAGE = "image", _("picture")
    VOICE = "voice", _("voice")
    FILE = "file", _("file")


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def unsent(self) -> "AttachmentQuerySet":
        return self.filter(message=None)

    def of_person(self, user: "User") -> "AttachmentQuerySet":
        return self.filter(uploader=user)


class Attachment(models.Model):
    """A file for one message of one conversation. What lies in the folder was decided by its
    content and, where it is a picture or a voice, made anew from what was seen or heard in it; its
    name there tells nothing, and no web server reaches it."""

    conversation = models.ForeignKey(
        Conversation,
        on_delete=models.CASCADE,
        related_name="attachments",
        verbose_name=_("conversation"),
    )
    uploader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="chat_attachments",
        verbose_name=_("from"),
    )
    message = models.ForeignKey(
        Message,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="attachments",
        verbose_name=_("message"),
    )
    # Cannot be guessed: addresses and the API know it by this.
    key = models.CharField(max_length=32, unique=True, editable=False)
    kind = models.CharField(
        pgettext_lazy("of a file", "kind"), max_length=10, choices=AttachmentKind
    )
    # As its sender called it, without what names must not hold, and with the ending of its kind.
    name = models.CharField(_("name"), max_length=LONGEST_FILE_NAME)
    content_type = models.CharField(_("type"), max_length=100)
    # Of what is kept, with the small picture.
    size = models.PositiveIntegerField(_("bytes"))
    # Of what was sent.
    sha256 = models.CharField(max_length=64)
    file = models.FileField(_("file"), upload_to="chat", storage=private_storage)
    small = models.FileField(
        _("small picture"), upload_to="chat", storage=private_storage, blank=True
    )
    width = models.PositiveSmallIntegerField(_("width"), null=True, blank=True)
    height = models.PositiveSmallIntegerField(_("height"), null=True, blank=True)
    seconds = models.PositiveSmallIntegerField(_("seconds"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"))

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("of a message", "attachment")
        verbose_name_plural = pgettext_lazy("of messages", "attachments")
        ordering = ["id"]
        indexes = [models.Index(fields=["message", "created_at"], name="attachments_unsent")]

    def __str__(self) -> str:
        return self.name
