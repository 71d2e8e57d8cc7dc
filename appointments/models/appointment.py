from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Child
from booking_site.common.places import Point
from realtors.models import Listing, ListingKind, Realtor
from stores.models import Store

from .session import Package, Session

if TYPE_CHECKING:
    from accounts.models import User


class Status(models.TextChoices):
    """The six states of an appointment's life; see transitions.ALLOWED."""

    PENDING = "pending", _("to be confirmed")
    CONFIRMED = "confirmed", _("confirmed")
    IN_PROGRESS = "in_progress", _("in progress")
    COMPLETED = "completed", _("completed")
    CANCELLED = "cancelled", _("cancelled")
    NO_SHOW = "no_show", _("no-show")


UPCOMING = (Status.PENDING, Status.CONFIRMED)
LIVE = (*UPCOMING, Status.IN_PROGRESS)
OVER = (Status.COMPLETED, Status.CANCELLED, Status.NO_SHOW)


class SystemReason(models.TextChoices):
    """Why the product itself called something off, and the sentence people are told. What persons
    give as a reason is kept in their own words."""

    QUEUE_TIMEOUT = "queue_timeout", _("Nobody became free in time.")
    NOT_ANSWERED = "not_answered", _("Nobody confirmed it in time.")
    REALTOR_LEFT = "realtor_left", _("The realtor no longer works here and nobody else was free.")
    REALTOR_OFFLINE = "realtor_offline", _("The realtor had to go; you keep your place in line.")
    NOT_STARTED = "not_started", _("Nobody came to begin it.")
    NOT_FINISHED = "not_finished", _("Nobody has said that it is done.")
    NOT_PAID = "not_paid", _("It was not paid in time.")
    SESSION_CANCELLED = "session_cancelled", _("The session will not take place.")
    ACCOUNT_ERASED = "account_erased", _("The account was deleted.")


class RealtorReason(models.TextChoices):
    """What a realtor may give as a reason with one press. Kept as the code, with their own words
    after ``: `` if they added some, so that everybody reads it in their own language."""

    BUSY = "realtor_busy", _("I have something else at that time.")
    ILL = "realtor_ill", _("I am ill.")
    NOT_MINE = "realtor_not_mine", _("A colleague knows more about this.")
    OTHER = "realtor_other", _("Something came up.")


class PaymentStatus(models.TextChoices):
    NOT_REQUIRED = "not_required", _("nothing to pay")
    UNPAID = "unpaid", _("unpaid")
    PAID = "paid", _("paid")
    REFUNDED = "refunded", _("refunded")


def unpaid_by(at: datetime, of: str = "") -> Q:
    """Of what was not paid in time; ``of``: the way to it from other rows."""
    wanted = {
        "status": Status.PENDING,
        "payment_status": PaymentStatus.UNPAID,
        "pay_before__lte": at,
    }
    return Q(**{f"{of}{name}": value for name, value in wanted.items()})


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def visible_to(self, user: "User") -> "AppointmentQuerySet":
        """One's own as customer or realtor, and those of the stores one manages. Who does not work
        as a realtor any more sees what is not over yet. One query or two by itself."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_superuser:
            return self
        # Ids instead of joins: an OR over several tables would be answered by reading all of ours.
        realtors = dict(Realtor.objects.filter(user=user).values_list("pk", "is_active"))
        mine = Q(user=user) | Q(realtor_id__in=[pk for pk, active in realtors.items() if active])
        mine |= Q(realtor_id__in=list(realtors), status__in=LIVE)
        if user.is_staff:
            managed = Store.objects.managed_by(user).values_list("pk", flat=True)
            mine |= Q(store_id__in=list(managed))
        return self.filter(mine)

    def queued(self) -> "AppointmentQuerySet":
        """Waiting for a realtor, in the order of their lines."""
        return self.filter(status=Status.PENDING, realtor=None).order_by(
            "priority", "queued_at", "id"
        )

    def upcoming(self) -> "AppointmentQuerySet":
        return self.filter(status__in=UPCOMING)

    def of_time(self) -> "AppointmentQuerySet":
        """Those that take their realtor's time: neither seats, whose session does, nor stays."""
        return self.filter(session=None, check_in=None)

    def stays(self) -> "AppointmentQuerySet":
        return self.filter(check_in__isnull=False)

    def overdue(self, at: datetime) -> "AppointmentQuerySet":
        """Not paid in time: over, swept or not."""
        return self.filter(unpaid_by(at))

    def with_people(self) -> "AppointmentQuerySet":
        return self.select_related("store", "realtor", "user")


class Appointment(models.Model):
    """A promise of a realtor's time. Without a realtor while pending, it waits in a line."""

    # Unique among those that hold one; null once it has been given back.
    code = models.CharField(_("code"), max_length=6, unique=True, null=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="appointments",
        verbose_name=_("account"),
    )
    customer_name = models.CharField(_("customer"), max_length=50)
    customer_phone = models.CharField(_("customer's phone"), max_length=20)
    customer_email = models.EmailField(_("customer's e-mail"), blank=True)
    locale = models.CharField(_("language"), max_length=10, default="zh-hans")
    store = models.ForeignKey(
        Store, on_delete=models.PROTECT, related_name="appointments", verbose_name=_("store")
    )
    realtor = models.ForeignKey(
        Realtor,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
        verbose_name=_("realtor"),
    )
    realtor_named = models.BooleanField(_("chosen by the customer"), default=False)
    listing = models.ForeignKey(
        Listing,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
        verbose_name=_("listing"),
    )
    # A seat of it; start, end and realtor are the session's.
    session = models.ForeignKey(
        Session,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
        verbose_name=pgettext_lazy("course", "session"),
    )
    package = models.ForeignKey(
        Package,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
        verbose_name=_("package of sessions"),
    )
    # For whom, if not for the customer.
    child = models.ForeignKey(
        Child,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="appointments",
        verbose_name=_("child"),
    )
    # Nights in a boarding place, from one date of its wall clock to another; start and end are the
    # hours of bringing and fetching. Which pets: StayPet.
    check_in = models.DateField(_("check-in"), null=True, blank=True)
    check_out = models.DateField(_("check-out"), null=True, blank=True)
    nightly_price = models.DecimalField(
        _("price a night and pet"), max_digits=12, decimal_places=2, default=0
    )
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))
    duration_minutes = models.PositiveIntegerField(_("minutes"))
    buffer_before_minutes = models.PositiveIntegerField(_("buffer before"), default=0)
    buffer_after_minutes = models.PositiveIntegerField(_("buffer after"), default=0)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.PENDING)
    payment_status = models.CharField(
        _("payment"), max_length=12, choices=PaymentStatus, default=PaymentStatus.NOT_REQUIRED
    )
    price = models.DecimalField(_("price"), max_digits=12, decimal_places=2, default=0)
    commission = models.DecimalField(_("commission"), max_digits=12, decimal_places=2, default=0)
    final_price = models.DecimalField(_("final price"), max_digits=12, decimal_places=2, default=0)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    # Of the final price, what is asked for before it is confirmed; less than all is a deposit.
    due_now = models.DecimalField(_("to be paid now"), max_digits=12, decimal_places=2, default=0)
    # While unpaid: until when the place is kept.
    pay_before = models.DateTimeField(_("pay before"), null=True, blank=True)
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)
    # What calling it off has cost the customer, by the policy they booked under.
    cancel_fee = models.DecimalField(
        _("cancellation fee"), max_digits=12, decimal_places=2, default=0
    )
    requirements = models.CharField(_("wishes"), max_length=1000, blank=True)
    customer_note = models.CharField(_("customer's note"), max_length=1000, blank=True)
    provider_note = models.CharField(_("realtor's note"), max_length=1000, blank=True)
    # Asked for "as soon as possible": a place in the store's live line instead of a start. Start
    # and end are those of joining, then of the offer, and at last of the work itself.
    live = models.BooleanField(_("as soon as possible"), default=False)
    # "12:u:7": the store and who stands there, null when served. A person stands there once.
    live_key = models.CharField(max_length=60, null=True, unique=True, editable=False)
    # The age in its line: set when first queued or booked, kept through every re-offer.
    queued_at = models.DateTimeField(_("waiting since"))
    priority = models.SmallIntegerField(_("priority"), default=0, help_text=_("Lower comes first."))
    needs_person = models.BooleanField(_("needs a person"), default=False)
    policy = models.JSONField(_("policy when booked"), default=dict)
    cancel_reason = models.CharField(_("reason of cancelling"), max_length=200, blank=True)
    # Revision of the calendar entry (RFC 5545 SEQUENCE).
    sequence = models.PositiveIntegerField(_("revision"), default=0)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    # Seen at the door or the desk, before the work begins.
    arrived_at = models.DateTimeField(_("arrived at"), null=True, blank=True)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    completed_at = models.DateTimeField(_("completed at"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    no_show_at = models.DateTimeField(_("no-show at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"))
    updated_at = models.DateTimeField(_("updated"))

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ["-starts_at", "-id"]
        indexes = [
            models.Index(fields=["store", "status", "starts_at"], name="appointment_by_store"),
            models.Index(fields=["realtor", "starts_at"], name="appointment_by_realtor"),
            models.Index(fields=["user", "starts_at"], name="appointment_by_customer"),
            models.Index(fields=["status", "starts_at"], name="appointment_by_status"),
            models.Index(fields=["starts_at", "id"], name="appointment_by_start"),
            models.Index(fields=["customer_phone", "starts_at"], name="appointment_by_phone"),
            models.Index(fields=["payment_status", "pay_before"], name="appointment_by_pay_before"),
            models.Index(fields=["listing", "check_in"], name="appointment_by_stay"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="appointment_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(realtor__isnull=False) | Q(status__in=["pending", "cancelled"]),
                name="only_waiting_or_cancelled_without_realtor",
            ),
            models.CheckConstraint(
                condition=Q(check_in__isnull=True, check_out__isnull=True)
                | Q(check_in__isnull=False, check_out__gt=F("check_in")),
                name="a_stay_has_nights",
            ),
        ]

    def __str__(self) -> str:
        # The code of what is long over is given back, and so is the name of who has left.
        return f"{self.code or ''} {self.customer_name}".strip() or f"#{self.pk}"

    @property
    def is_waiting(self) -> bool:
        return self.status == Status.PENDING and self.realtor_id is None

    @property
    def realtor_confirmed(self) -> bool:
        """False while the realtor is tentative: they have not said yes."""
        return self.realtor_id is not None and self.status != Status.PENDING

    @property
    def is_seat(self) -> bool:
        """A seat of a session, not a realtor's time for one customer."""
        return self.session_id is not None

    @property
    def is_stay(self) -> bool:
        """Nights of pets in a boarding place; they take nobody's time."""
        return self.check_in is not None

    @property
    def is_viewing(self) -> bool:
        """Of a house. Looks at the listing."""
        return self.listing is not None and self.listing.kind == ListingKind.HOUSE

    @property
    def is_order(self) -> bool:
        """Of a service: called off by both sides' agreement once it is confirmed, and paid after
        that. Looks at the listing."""
        return self.listing is not None and self.listing.kind == ListingKind.SERVICE

    @property
    def destination(self) -> Point | None:
        """Where an order is to be done, if its customer has said so. Looks at the order."""
        order = getattr(self, "order", None) if self.is_order else None
        return order.point if order is not None else None

    @property
    def has_proposal(self) -> bool:
        """Another amount than the listing asks for; it binds once the provider confirms."""
        return self.is_order and self.final_price != self.price

    @property
    def nights(self) -> int:
        """How many; 0 for what is no stay."""
        if self.check_in is None or self.check_out is None:
            return 0
        return (self.check_out - self.check_in).days

    @property
    def awaits_payment(self) -> bool:
        """Not confirmed by anybody before it is paid."""
        return self.status == Status.PENDING and self.payment_status == PaymentStatus.UNPAID

    @property
    def is_payable(self) -> bool:
        """Whether a payment would count: before it is confirmed, or of an order, which is paid for
        from then on."""
        if self.payment_status != PaymentStatus.UNPAID:
            return False
        return self.status not in (Status.CANCELLED, Status.NO_SHOW)

    @property
    def attendee_name(self) -> str:
        return self.child.name if self.child_id and self.child else self.customer_name

    @property
    def due_on_the_spot(self) -> Decimal:
        """What a deposit leaves to be paid there."""
        return self.final_price - self.due_now

    @property
    def is_timed(self) -> bool:
        """Whether its start is one that people may be told: of live ones, once work has begun."""
        return not self.live or self.status in (Status.IN_PROGRESS, Status.COMPLETED)

    @property
    def served_until(self) -> datetime:
        """Until when a realtor can still be found: by the policy of the day it was booked, so that
        no later one ends an acknowledged wait."""
        if self.live:
            return self.queued_at + timedelta(minutes=int(self.policy["queue_timeout_minutes"]))
        return self.starts_at - timedelta(minutes=int(self.policy.get("min_advance_minutes", 0)))

    @property
    def starts_local(self) -> datetime:
        return self.starts_at.astimezone(self.store.zone)

    @property
    def ends_local(self) -> datetime:
        return self.ends_at.astimezone(self.store.zone)
