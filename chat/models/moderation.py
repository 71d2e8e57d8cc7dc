from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from booking_site.common.appended import Appended
from chat.rules import LONGEST_REASON, LONGEST_REPORT

from .conversation import Conversation
from .message import Message

if TYPE_CHECKING:
    from accounts.models import User


class BlockQuerySet(models.QuerySet["Block"]):
    def visible_to(self, user: "User") -> "BlockQuerySet":
        return self.filter(blocker=user)


class Block(models.Model):
    """``blocker`` wants to hear nothing more of ``blocked``: neither writes to the other where they
    are two, and the other begins no conversation. In groups both stay."""

    blocker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="blocks",
        verbose_name=_("by"),
    )
    blocked = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="blocked_by",
        verbose_name=_("who"),
    )
    created_at = models.DateTimeField(_("when"))

    objects = BlockQuerySet.as_manager()

    class Meta:
        verbose_name = _("block")
        verbose_name_plural = _("blocks")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["blocker", "blocked"], name="blocked_once"),
            models.CheckConstraint(
                condition=~models.Q(blocker=models.F("blocked")), name="nobody_blocks_themselves"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.blocker_id} → {self.blocked_id}"


class ReportReason(models.TextChoices):
    SPAM = "spam", _("Advertising or spam")
    ABUSE = "abuse", _("Insults or hatred")
    FRAUD = "fraud", _("Wants money or data, or pretends to be somebody else")
    PRIVATE = "private", _("Gives away something private")
    OTHER = "other", _("Something else")


class ReportState(models.TextChoices):
    OPEN = "open", _("to decide")
    DISMISSED = "dismissed", _("dismissed")
    UPHELD = "upheld", _("upheld")


class MessageReportQuerySet(models.QuerySet["MessageReport"]):
    def open(self) -> "MessageReportQuerySet":
        return self.filter(state=ReportState.OPEN)


class MessageReport(models.Model):
    """A member holds that something said should not have been, or is troubled by the whole of it
    (``message`` is null then); staff decide. ``quoted`` is what was said when it was reported: its
    author may take it back."""

    conversation = models.ForeignKey(
        Conversation,
        on_delete=models.CASCADE,
        related_name="reports",
        verbose_name=_("conversation"),
    )
    message = models.ForeignKey(
        Message,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
        verbose_name=_("message"),
    )
    # Null: of somebody who has left.
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="message_reports",
        verbose_name=_("reported by"),
    )
    reason = models.CharField(_("reason"), max_length=20, choices=ReportReason)
    words = models.CharField(_("in their words"), max_length=LONGEST_REPORT, blank=True)
    quoted = models.TextField(_("what was said"), blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=ReportState, default=ReportState.OPEN
    )
    # ``conversation:message`` while it is open, else null: nobody has two open ones of the same.
    open_key = models.CharField(max_length=60, null=True, unique=True, editable=False)
    created_at = models.DateTimeField(_("when"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )

    objects = MessageReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report of a message")
        verbose_name_plural = _("reports of messages")
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "id"], name="message_reports_by_state")]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} ({self.get_state_display()})"


class ChatAction(models.TextChoices):
    READ = "read", _("conversation read")
    REPORTED = "reported", _("reported")
    HIDDEN = "hidden", _("message hidden")
    RESTORED = "restored", _("message shown again")
    DISMISSED = "dismissed", _("reports dismissed")
    CLOSED = "closed", _("conversation closed")
    OPENED = "opened", _("conversation opened again")
    WRITTEN = "written", _("written to by the site")
    FILTERED = "filtered", _("words changed by the filter")
    FORGOTTEN = "forgotten", _("member has left; words and files deleted")


class ChatLogEntry(Appended):
    """Who of the staff read, hid or closed what, why and when. Only ever added to."""

    conversation = models.ForeignKey(
        Conversation,
        on_delete=models.PROTECT,
        related_name="log",
        verbose_name=_("conversation"),
    )
    message = models.ForeignKey(
        Message,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="log",
        verbose_name=_("message"),
    )
    action = models.CharField(_("what"), max_length=20, choices=ChatAction)
    actor_kind = models.CharField(_("who"), max_length=10)
    actor_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("account"),
    )
    reason = models.CharField(_("why"), max_length=LONGEST_REASON, blank=True)
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = pgettext_lazy("of conversations", "log entry")
        verbose_name_plural = _("log of conversations")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.at):%Y-%m-%d %H:%M} {self.get_action_display()}"
