"""Money on its way back."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .payment import NUMBER_LENGTH, PaymentShare


class RefundState(models.TextChoices):
    DUE = "due", _("to be sent")
    SENT = "sent", _("on its way")
    DONE = "done", _("refunded")
    FAILED = "failed", _("needs a person")


class RefundReason(models.TextChoices):
    CANCELLED = "cancelled", _("called off")
    TOO_LATE = "too_late", _("paid too late")
    PAID_TWICE = "paid_twice", _("paid twice")
    DISPUTE = "dispute", _("decided in a dispute")
    STAFF = "staff", _("by the store")
    # At the gateway, by whoever has an account there.
    OUTSIDE = "outside", _("outside of this site")


# What was never meant to be kept says nothing about the booking.
NOT_THE_BOOKINGS = (RefundReason.TOO_LATE, RefundReason.PAID_TWICE)


class RefundQuerySet(models.QuerySet["Refund"]):
    def due(self, at: datetime) -> "RefundQuerySet":
        """To be sent, or to be asked after, and in nobody's hands; a lease that ran out is a worker
        that died."""
        free = Q(lease_until=None) | Q(lease_until__lte=at)
        waits = Q(status__in=[RefundState.DUE, RefundState.SENT], next_try_at__lte=at)
        return self.filter(free & waits).order_by("next_try_at", "pk")


class Refund(models.Model):
    """The gateway knows it by its number, so that sending it twice returns the money once."""

    share = models.ForeignKey(
        PaymentShare, on_delete=models.PROTECT, related_name="refunds", verbose_name=_("share")
    )
    number = models.CharField(_("number"), max_length=NUMBER_LENGTH, unique=True)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    reason = models.CharField(_("why"), max_length=20, choices=RefundReason)
    # What staff wrote down.
    words = models.CharField(_("in words"), max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    status = models.CharField(
        _("status"), max_length=10, choices=RefundState, default=RefundState.DUE
    )
    gateway_id = models.CharField(_("number there"), max_length=100, blank=True)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_try_at = models.DateTimeField(_("next try"))
    lease_until = models.DateTimeField(_("in hand until"), null=True, blank=True)
    lease_owner = models.CharField(max_length=32, blank=True, editable=False)
    last_error = models.CharField(_("what went wrong"), max_length=200, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    done_at = models.DateTimeField(_("arrived at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"))

    objects = RefundQuerySet.as_manager()

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        ordering = ["-id"]
        indexes = [models.Index(fields=["status", "next_try_at"], name="refund_by_next_try")]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_of_something")
        ]

    def __str__(self) -> str:
        return f"{self.number[:8]} {self.amount}"
