from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .outbox import OutboxEvent


class Channel(models.TextChoices):
    EMAIL = "email", _("e-mail")


class Role(models.TextChoices):
    """Whom an appointment concerns."""

    CUSTOMER = "customer", _("customer")
    REALTOR = "realtor", _("realtor")


class Letter(models.TextChoices):
    """What somebody is told; the words for it depend on their role (presenters.letters)."""

    BOOKED = "booked", _("your booking")
    CONFIRMED = "confirmed", _("it is confirmed")
    REALTOR_CHANGED = "realtor_changed", _("another realtor")
    RESCHEDULED = "rescheduled", _("it was moved")
    CANCELLED = "cancelled", _("it was cancelled")
    REMINDER = "reminder", _("reminder")
    ASKED = "asked", _("please answer")
    TAKEN_AWAY = "taken_away", _("no longer yours")
    HOW_WAS_IT = "how_was_it", _("how was it?")
    REVIEWED = "reviewed", _("somebody said how it was")
    REPLIED = "replied", _("your review was answered")


class DeliveryStatus(models.TextChoices):
    PENDING = "pending", _("waiting to be sent")
    SENT = "sent", _("sent")
    DROPPED = "dropped", _("no longer needed")
    DEAD = "dead", _("could not be sent")


class DropReason(models.TextChoices):
    """Why a letter need not be sent any more; kept where others say what went wrong."""

    FORGOTTEN = "forgotten", _("the person is no longer known here")
    UNTRUE = "untrue", _("no longer true")
    SUPERSEDED = "superseded", _("a newer letter says it")


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, at: datetime) -> "DeliveryQuerySet":
        """To be tried now, and in nobody's hands; a lease that ran out is a worker that died."""
        free = Q(lease_until=None) | Q(lease_until__lte=at)
        return self.filter(free, status=DeliveryStatus.PENDING, next_try_at__lte=at)


class Delivery(models.Model):
    """One piece of news on its way to one person. Nothing but these columns decides what is due, so
    that whatever carries it may die at any moment."""

    event = models.ForeignKey(
        OutboxEvent, on_delete=models.CASCADE, related_name="deliveries", verbose_name=_("news")
    )
    channel = models.CharField(_("by"), max_length=10, choices=Channel, default=Channel.EMAIL)
    role = models.CharField(_("to the"), max_length=10, choices=Role)
    # The realtor's id; 0 for the customer, of whom there is one.
    recipient_id = models.PositiveBigIntegerField(default=0, editable=False)
    letter = models.CharField(_("letter"), max_length=20, choices=Letter)
    # Blank once its person has been forgotten, or nothing will be sent there.
    address = models.EmailField(_("address"), blank=True)
    locale = models.CharField(_("language"), max_length=10, default="zh-hans")
    status = models.CharField(
        _("status"), max_length=10, choices=DeliveryStatus, default=DeliveryStatus.PENDING
    )
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_try_at = models.DateTimeField(_("next try"))
    lease_until = models.DateTimeField(_("in hand until"), null=True, blank=True)
    lease_owner = models.CharField(max_length=32, blank=True, editable=False)
    last_error = models.CharField(_("what went wrong"), max_length=200, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"))

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "channel", "role", "recipient_id"], name="told_once"
            )
        ]
        indexes = [models.Index(fields=["status", "next_try_at"], name="delivery_by_next_try")]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.get_letter_display()}"
