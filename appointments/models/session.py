from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from realtors.models import Listing, Realtor
from stores.models import Store
from stores.models.hours import Weekday

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


class SessionStatus(models.TextChoices):
    """``OPEN`` is Document 3's *available*, or *booked* once its seats are taken: that is counted,
    never kept. ``CANCELLED`` will not take place; it is shown to those only who had booked it."""

    OPEN = "open", pgettext_lazy("session", "open")
    BLOCKED = "blocked", pgettext_lazy("session", "blocked")
    COMPLETED = "completed", _("completed")
    CANCELLED = "cancelled", _("cancelled")


TAKES_PLACE = (SessionStatus.OPEN, SessionStatus.BLOCKED)


class SessionRule(models.Model):
    """Makes a course's sessions week by week: on these weekdays at this time of the store's wall
    clock, from one date to another. A session it made stands for itself afterwards."""

    listing = models.ForeignKey(
        Listing, on_delete=models.CASCADE, related_name="session_rules", verbose_name=_("course")
    )
    # [0, 2]: Monday and Wednesday.
    weekdays = models.JSONField(_("weekdays"), default=list)
    starts = models.TimeField(_("from"))
    first_date = models.DateField(_("first day"))
    last_date = models.DateField(_("last day"), null=True, blank=True)
    capacity = models.PositiveIntegerField(
        _("capacity"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(500)],
    )
    price_modifier = models.DecimalField(
        _("added to the price"), max_digits=12, decimal_places=2, default=0
    )
    # Up to which date it has made its sessions: a session that was called off is not made again.
    made_until = models.DateField(null=True, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("recurring session")
        verbose_name_plural = _("recurring sessions")
        ordering = ["listing", "starts", "id"]

    def __str__(self) -> str:
        names = ", ".join(str(Weekday(day).label) for day in self.weekdays)
        return f"{names} {self.starts:%H:%M}"


class SkippedSession(models.Model):
    """A date on which a rule's session could not be made, and why: for whoever runs the course."""

    class Reason(models.TextChoices):
        CLOSED = "closed", _("the store is closed")
        AWAY = "away", _("the teacher has time off")
        TAKEN = "taken", _("the teacher has something else then")
        NO_SUCH_TIME = "no_such_time", _("the clock jumps over that time")

    rule = models.ForeignKey(
        SessionRule, on_delete=models.CASCADE, related_name="skipped", verbose_name=_("rule")
    )
    date = models.DateField(_("date"))
    reason = models.CharField(_("why"), max_length=12, choices=Reason)

    class Meta:
        verbose_name = _("session not made")
        verbose_name_plural = _("sessions not made")
        ordering = ["date", "id"]
        constraints = [models.UniqueConstraint(fields=["rule", "date"], name="skipped_once_a_date")]

    def __str__(self) -> str:
        return f"{self.date} {self.get_reason_display()}"


class SessionQuerySet(models.QuerySet["Session"]):
    def visible_to(self, user: "User | AnonymousUser") -> "SessionQuerySet":
        """Those of the listings the caller may see, but for what will not take place."""
        listings = Listing.objects.visible_to(user).values("pk")
        return self.filter(listing__in=listings).exclude(status=SessionStatus.CANCELLED)

    def run_by(self, user: "User | AnonymousUser") -> "SessionQuerySet":
        return self.filter(listing__in=Listing.objects.run_by(user).values("pk"))

    def bookable(self, at: datetime) -> "SessionQuerySet":
        """Open and yet to begin, of a published course; seats are not asked about."""
        listings = Listing.objects.open_to_public().values("pk")
        return self.filter(listing__in=listings, status=SessionStatus.OPEN, starts_at__gt=at)


class Session(models.Model):
    """A dated session of a course: its teacher's time once, and so many seats. Seats are claims
    (``s:<id>``, one unit a seat); nothing here counts them."""

    listing = models.ForeignKey(
        Listing, on_delete=models.PROTECT, related_name="sessions", verbose_name=_("course")
    )
    # As they were when it was made: whose pool it is booked in, and whose time it claims.
    store = models.ForeignKey(
        Store, on_delete=models.PROTECT, related_name="sessions", verbose_name=_("store")
    )
    realtor = models.ForeignKey(
        Realtor, on_delete=models.PROTECT, related_name="sessions", verbose_name=_("teacher")
    )
    rule = models.ForeignKey(
        SessionRule,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="sessions",
        verbose_name=_("rule"),
    )
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))
    buffer_before_minutes = models.PositiveIntegerField(_("buffer before"), default=0)
    buffer_after_minutes = models.PositiveIntegerField(_("buffer after"), default=0)
    capacity = models.PositiveIntegerField(
        _("capacity"), validators=[MinValueValidator(1), MaxValueValidator(500)]
    )
    price_modifier = models.DecimalField(
        _("added to the price"), max_digits=12, decimal_places=2, default=0
    )
    status = models.CharField(
        _("status"), max_length=10, choices=SessionStatus, default=SessionStatus.OPEN
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created"))
    updated_at = models.DateTimeField(_("updated"))

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("course", "session")
        verbose_name_plural = pgettext_lazy("course", "sessions")
        ordering = ["starts_at", "id"]
        indexes = [
            models.Index(fields=["listing", "starts_at"], name="session_by_listing"),
            models.Index(fields=["realtor", "starts_at"], name="session_by_teacher"),
            models.Index(fields=["status", "ends_at"], name="session_by_status"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="session_ends_after_it_starts"
            ),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="session_has_a_seat"),
        ]

    def __str__(self) -> str:
        return f"{self.listing} {self.starts_local:%Y-%m-%d %H:%M}"

    @property
    def starts_local(self) -> datetime:
        return self.starts_at.astimezone(self.store.zone)

    @property
    def ends_local(self) -> datetime:
        return self.ends_at.astimezone(self.store.zone)

    @property
    def duration_minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def price(self) -> Decimal:
        """Of one seat: the course's price with what this session adds, never below nothing."""
        return max(self.listing.price + self.price_modifier, Decimal(0))


class SeatWish(models.Model):
    """Somebody wants to hear when a seat of a full session is free. Told once a wish."""

    session = models.ForeignKey(
        Session,
        on_delete=models.CASCADE,
        related_name="wishes",
        verbose_name=pgettext_lazy("course", "session"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="seat_wishes",
        verbose_name=_("account"),
    )
    created_at = models.DateTimeField(_("since"))
    told_at = models.DateTimeField(_("told"), null=True, blank=True)

    class Meta:
        verbose_name = _("wish for a seat")
        verbose_name_plural = _("wishes for seats")
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["session", "user"], name="one_wish_per_session")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.session_id}"


class Package(models.Model):
    """Several sessions of one course, booked and paid together or not at all."""

    listing = models.ForeignKey(
        Listing, on_delete=models.PROTECT, related_name="packages", verbose_name=_("course")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="packages",
        verbose_name=_("account"),
    )
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("package of sessions")
        verbose_name_plural = _("packages of sessions")

    def __str__(self) -> str:
        return f"{self.listing} #{self.pk}"
