"""What an order of a service has beyond an appointment, and how both sides agree to call it off."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from booking_site.common.places import Point

from .appointment import Appointment

if TYPE_CHECKING:
    from datetime import datetime

LONGEST_ADDRESS = 200


class Order(models.Model):
    """A service ordered: the appointment says when, by whom, in which state and for how much
    (``final_price``; ``price`` is what the listing asked for), this where to and under which
    number. ``details``: title, category, subcategory, price, price_unit and currency of the listing
    as they were."""

    appointment = models.OneToOneField(
        Appointment, on_delete=models.CASCADE, related_name="order", verbose_name=_("appointment")
    )
    number = models.CharField(_("order number"), max_length=20, unique=True)
    # Where the customer wants it done; empty: at the provider's.
    address = models.CharField(_("address"), max_length=LONGEST_ADDRESS, blank=True)
    latitude = models.DecimalField(
        _("latitude"), max_digits=9, decimal_places=6, null=True, blank=True
    )
    longitude = models.DecimalField(
        _("longitude"), max_digits=9, decimal_places=6, null=True, blank=True
    )
    provider_address = models.CharField(_("provider's address"), max_length=250, blank=True)
    details = models.JSONField(_("what was ordered"), default=dict)

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ["-appointment_id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False),
                name="an_order_is_somewhere_or_nowhere",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def point(self) -> Point | None:
        if self.latitude is None or self.longitude is None:
            return None
        return Point(float(self.latitude), float(self.longitude))


class Side(models.TextChoices):
    """Of an order; whoever runs the provider's store speaks for the provider."""

    CUSTOMER = "customer", _("customer")
    PROVIDER = "provider", _("provider")


class RequestState(models.TextChoices):
    """Of a wish to call an order off. ``DISPUTED``: the other side said no, or nothing in time, or
    the work was finished all the same; staff decide."""

    OPEN = "open", _("waits for the other side")
    DISPUTED = "disputed", _("staff decide")
    AGREED = "agreed", _("both agreed")
    TAKEN_BACK = "taken_back", _("taken back")
    OVERTAKEN = "overtaken", _("overtaken by events")
    CALLED_OFF = "called_off", _("called off by staff")
    STANDS = "stands", _("the order stands, by staff")


PENDING_REQUEST = (RequestState.OPEN, RequestState.DISPUTED)


class CancelRequestQuerySet(models.QuerySet["CancelRequest"]):
    def pending(self) -> "CancelRequestQuerySet":
        return self.filter(open_key__isnull=False)

    def unanswered(self, at: "datetime") -> "CancelRequestQuerySet":
        """The other side had its time."""
        return self.filter(state=RequestState.OPEN, answer_before__lte=at)


class CancelRequest(models.Model):
    """One side of a confirmed order wants to call it off. One at a time: ``open_key`` is the
    appointment's id until it is settled, and unique."""

    appointment = models.ForeignKey(
        Appointment,
        on_delete=models.PROTECT,
        related_name="cancel_requests",
        verbose_name=_("order"),
    )
    open_key = models.PositiveBigIntegerField(unique=True, null=True, editable=False)
    side = models.CharField(_("asked by"), max_length=10, choices=Side)
    reason = models.CharField(_("why"), max_length=200, blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=RequestState, default=RequestState.OPEN
    )
    asked_at = models.DateTimeField(_("asked at"))
    answer_before = models.DateTimeField(_("to be answered before"))
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=200, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    # Told to both sides.
    decision = models.CharField(_("why it was decided so"), max_length=200, blank=True)

    objects = CancelRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to call an order off")
        verbose_name_plural = _("requests to call orders off")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["state", "answer_before"], name="cancel_request_by_deadline")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(open_key__isnull=False, state__in=["open", "disputed"])
                | (Q(open_key__isnull=True) & ~Q(state__in=["open", "disputed"])),
                name="a_settled_request_holds_no_key",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appointment_id}: {self.get_state_display()}"

    @property
    def is_pending(self) -> bool:
        return self.state in PENDING_REQUEST
