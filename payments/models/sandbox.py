"""The books of the built-in gateway, which plays the bank where nobody has an account with one.

It knows nothing of payments but what they told it, as a real one."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .payment import NUMBER_LENGTH


class ChargeState(models.TextChoices):
    OPEN = "open", _("open")
    PAID = "paid", _("paid")
    FAILED = "failed", _("failed")
    CLOSED = "closed", _("closed")


class SandboxCharge(models.Model):
    number = models.CharField(_("number"), max_length=NUMBER_LENGTH, unique=True)
    # The bookings it is for, as it was told.
    booking = models.CharField(_("booking"), max_length=200)
    subject = models.CharField(_("what for"), max_length=100)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    status = models.CharField(
        _("status"), max_length=10, choices=ChargeState, default=ChargeState.OPEN
    )
    return_url = models.CharField(max_length=300, editable=False)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("charge of the sandbox")
        verbose_name_plural = _("charges of the sandbox")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.number[:8]} {self.amount} {self.currency}"


class SandboxRefund(models.Model):
    """A number is refunded once, however often it is asked for."""

    charge = models.ForeignKey(
        SandboxCharge, on_delete=models.CASCADE, related_name="refunds", verbose_name=_("charge")
    )
    number = models.CharField(_("number"), max_length=NUMBER_LENGTH, unique=True)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("refund of the sandbox")
        verbose_name_plural = _("refunds of the sandbox")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.number[:8]} {self.amount}"


class SandboxKey(models.Model):
    """With which the sandbox signs: made once for an installation, kept encrypted."""

    # There is one.
    only = models.PositiveSmallIntegerField(default=1, unique=True, editable=False)
    secret = models.BinaryField(editable=False)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("key of the sandbox")
        verbose_name_plural = _("keys of the sandbox")

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d}"
