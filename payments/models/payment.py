"""What a customer pays for one booking or for several at once, and what of it went back."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from appointments.models import Appointment
from stores.models import Store

if TYPE_CHECKING:
    from accounts.models import User

NUMBER_LENGTH = 32
NUMBER_SIGNS = "0123456789abcdefghijklmnopqrstuvwxyz"


def new_number() -> str:
    """For the merchant's orders and refunds: nobody guesses it, and every gateway takes it (WeChat
    Pay has the narrowest rule, 6 to 32 letters and digits)."""
    return get_random_string(NUMBER_LENGTH, NUMBER_SIGNS)


class PaymentState(models.TextChoices):
    """``FAILED`` and ``CLOSED`` are what we know, ``PAID`` is what is so: money may still arrive
    after either, and nothing undoes it."""

    OPEN = "open", _("open")
    PAID = "paid", _("paid")
    FAILED = "failed", _("failed")
    CLOSED = "closed", _("closed")


class PaymentQuerySet(models.QuerySet["Payment"]):
    def of_person(self, user: "User") -> "PaymentQuerySet":
        return self.filter(user=user)

    def visible_to(self, user: "User") -> "PaymentQuerySet":
        """One's own, and those of the stores one manages."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_superuser:
            return self
        mine = Q(user=user)
        if user.is_staff:
            mine |= Q(
                store_id__in=list(Store.objects.managed_by(user).values_list("pk", flat=True))
            )
        return self.filter(mine)

    def with_problem(self) -> "PaymentQuerySet":
        """What the gateway says of them and we do not: for a person."""
        return self.exclude(problem="")

    def to_be_looked_up(self, at: datetime) -> "PaymentQuerySet":
        return self.filter(next_look_at__lte=at).order_by("next_look_at", "pk")

    def with_parts(self) -> "PaymentQuerySet":
        return self.select_related("store", "user").prefetch_related("shares__appointment")


class Payment(models.Model):
    """One attempt to pay what is due, at one gateway."""

    number = models.CharField(_("number"), max_length=NUMBER_LENGTH, unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="payments",
        verbose_name=_("account"),
    )
    store = models.ForeignKey(
        Store, on_delete=models.PROTECT, related_name="payments", verbose_name=_("store")
    )
    gateway = models.CharField(_("paid with"), max_length=20)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    # What it is for, as the gateway shows it: the course or the store, never a person.
    subject = models.CharField(_("what for"), max_length=100)
    status = models.CharField(
        _("status"), max_length=10, choices=PaymentState, default=PaymentState.OPEN
    )
    # "a:12" or "p:3": what is due has one open payment at most. Null once it is no longer open.
    open_key = models.CharField(max_length=30, null=True, unique=True, editable=False)
    # The gateway's own number of it, where it gives one before it is paid.
    gateway_id = models.CharField(_("number there"), max_length=100, blank=True)
    # When the customer was first sent to the gateway; before that it knows nothing of it.
    opened_at = models.DateTimeField(_("opened there"), null=True, blank=True)
    expires_at = models.DateTimeField(_("to be paid by"))
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)
    # When to ask the gateway next; null when there is nothing left to ask.
    next_look_at = models.DateTimeField(_("next look"), null=True, blank=True)
    looks = models.PositiveSmallIntegerField(_("looks"), default=0)
    # Why nobody has counted what the gateway says: a code of payments.errors, for a person.
    problem = models.CharField(_("problem"), max_length=40, blank=True)
    created_at = models.DateTimeField(_("created"))

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["next_look_at"], name="payment_by_next_look"),
            models.Index(fields=["store", "paid_at"], name="payment_by_store"),
            models.Index(fields=["user", "created_at"], name="payment_by_person"),
            # Hardly any has one; they are counted whenever the back office is opened.
            models.Index(fields=["problem"], name="payment_by_problem"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_of_something"),
            models.CheckConstraint(
                condition=Q(status="paid", paid_at__isnull=False)
                | (~Q(status="paid") & Q(paid_at__isnull=True)),
                name="paid_payment_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number[:8]} {self.amount} {self.currency}"

    @property
    def is_open(self) -> bool:
        return self.status == PaymentState.OPEN


class PaymentShare(models.Model):
    """How much of a payment is for which booking. It stays with the booking when that is moved."""

    payment = models.ForeignKey(
        Payment, on_delete=models.PROTECT, related_name="shares", verbose_name=_("payment")
    )
    appointment = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, related_name="shares", verbose_name=_("appointment")
    )
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    # Promised back, whether or not it has arrived: the sum of its refunds.
    refunded = models.DecimalField(_("refunded"), max_digits=12, decimal_places=2, default=0)
    # The booking is paid by it. Of what came too late or twice all goes back.
    counts = models.BooleanField(_("counts"), default=False)

    class Meta:
        verbose_name = _("share of a payment")
        verbose_name_plural = _("shares of payments")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["payment", "appointment"], name="one_share_a_booking"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="share_of_something"),
            models.CheckConstraint(
                condition=Q(refunded__gte=0) & Q(refunded__lte=F("amount")),
                name="never_more_refunded_than_paid",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appointment_id}: {self.amount}"

    @property
    def left(self) -> Decimal:
        """What could still go back."""
        return self.amount - self.refunded
