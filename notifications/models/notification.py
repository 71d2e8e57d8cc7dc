from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from appointments.models import Appointment

from .announcement import Announcement
from .outbox import OutboxEvent


class Type(models.IntegerChoices):
    """The numbers of the push: 1 to 4 are those of Document 1, ours begin at 10."""

    CREATED = 1, _("booked")
    CONFIRMED = 2, _("confirmed")
    CANCELLED = 3, _("cancelled")
    REMINDER = 4, _("reminder")
    QUEUE_MOVED = 10, _("the line has moved")
    REASSIGNED = 11, _("another realtor")
    RESCHEDULED = 12, _("moved to another time")
    PAYMENT = 13, _("payment")
    REVIEW = 14, _("review")
    SYSTEM = 15, _("announcement")
    MESSAGE = 16, _("message in a conversation")
    SEAT_FREE = 17, _("a place is free again")
    VIEWING_FEEDBACK = 18, _("what a customer thinks of a house")
    CHECKED_IN = 19, _("pets have arrived")
    CANCEL_REQUESTED = 20, _("an order is to be called off")
    CANCEL_REQUEST_CHANGED = 21, _("whether an order is called off")

    @property
    def kind(self) -> str:
        """The same by name: ``queue_moved``."""
        return self.name.lower()


class NotificationQuerySet(models.QuerySet["Notification"]):
    def unread(self) -> "NotificationQuerySet":
        return self.filter(read_at=None)


class Notification(models.Model):
    """What one person was told, in their language, in the transaction that made it true. It keeps
    saying what was so then."""

    # Without a constraint, as in UserEvent.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="notifications",
        db_constraint=False,
        verbose_name=pgettext_lazy("of a notification", "to"),
    )
    # Its number in the user's stream: what a client asks on from.
    u = models.PositiveBigIntegerField(_("number"))
    type = models.PositiveSmallIntegerField(
        pgettext_lazy("of a notification", "type"), choices=Type
    )
    # Empty for announcements, and for what no single piece of news has caused.
    event = models.ForeignKey(
        OutboxEvent,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="notifications",
        verbose_name=_("news"),
    )
    appointment = models.ForeignKey(
        Appointment,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="notifications",
        verbose_name=_("appointment"),
    )
    announcement = models.ForeignKey(
        Announcement,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="notifications",
        verbose_name=_("announcement"),
    )
    title = models.CharField(_("title"), max_length=200)
    content = models.CharField(_("text"), max_length=1000, blank=True)
    # A path of this site.
    link = models.CharField(_("link"), max_length=200, blank=True)
    # Document 1's ``detail``, with ids, time and status as they were.
    detail = models.JSONField(_("details"), default=dict)
    created_at = models.DateTimeField(_("when"))
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-u"]
        constraints = [
            models.UniqueConstraint(fields=["user", "u"], name="notification_has_its_number"),
            # Of one piece of news everybody hears once.
            models.UniqueConstraint(fields=["event", "user"], name="notified_once"),
            models.UniqueConstraint(fields=["announcement", "user"], name="announced_once"),
        ]
        indexes = [models.Index(fields=["user", "read_at"], name="notification_unread")]

    def __str__(self) -> str:
        return self.title
