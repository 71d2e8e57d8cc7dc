from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from .device import Device
from .leased import Leased, due_at
from .outbox import OutboxEvent


class Channel(models.TextChoices):
    EMAIL = "email", _("e-mail")
    # Written at once, or as one of these where it is to be told later.
    IN_APP = "in_app", _("on this site")
    PUSH = "push", _("app push")


class Role(models.TextChoices):
    """Whom an appointment concerns."""

    CUSTOMER = "customer", _("customer")
    REALTOR = "realtor", _("realtor")
    # Of its store.
    MANAGER = "manager", _("store manager")


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
    TO_PAY = "to_pay", _("please pay")
    RECEIPT = "receipt", _("your payment")
    PAYMENT_FAILED = "payment_failed", _("your payment failed")
    REFUNDED = "refunded", _("your money goes back")
    REFUND_STUCK = "refund_stuck", _("a refund needs a person")
    CHECKED_IN = "checked_in", _("your pets have arrived")
    VIEWING_FEEDBACK = "viewing_feedback", _("what a customer thinks of a house")
    PAID = "paid", _("the customer has paid")
    CANCEL_ASKED = "cancel_asked", _("to be called off: please answer")
    CANCEL_CHANGED = "cancel_changed", _("whether it is called off")
    DISPUTE = "dispute", _("please decide")


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, at: datetime) -> "DeliveryQuerySet":
        """To be tried now, and in nobody's hands."""
        return self.filter(due_at(at))


class Delivery(Leased):
    """One piece of news on its way to one person, by one way; by push, to one of their devices."""

    event = models.ForeignKey(
        OutboxEvent, on_delete=models.CASCADE, related_name="deliveries", verbose_name=_("news")
    )
    channel = models.CharField(_("by"), max_length=10, choices=Channel, default=Channel.EMAIL)
    role = models.CharField(_("to the"), max_length=10, choices=Role)
    # The realtor's id, or that of a manager's account; 0 for the customer, of whom there is one.
    recipient_id = models.PositiveBigIntegerField(default=0, editable=False)
    letter = models.CharField(_("letter"), max_length=20, choices=Letter)
    # Blank once its person has been forgotten, or nothing will be sent there.
    address = models.EmailField(_("address"), blank=True)
    locale = models.CharField(_("language"), max_length=10, default="zh-hans")
    device = models.ForeignKey(
        Device,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="deliveries",
        verbose_name=_("device"),
    )
    # Its id, which stays when the device goes, and 0 for other ways: an empty column would not
    # count in the unique key below.
    device_key = models.PositiveBigIntegerField(default=0, editable=False)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "channel", "role", "recipient_id", "device_key"],
                name="told_once",
            )
        ]
        indexes = [models.Index(fields=["status", "next_try_at"], name="delivery_by_next_try")]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.get_letter_display()}"
