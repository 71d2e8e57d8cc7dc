from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from appointments.models import Appointment
from realtors.models import Listing, Realtor
from reviews.rules import HIGHEST, LONGEST_COMMENT, LONGEST_REPLY, LOWEST, masked
from stores.models import Store

if TYPE_CHECKING:
    from accounts.models import User


class ReviewQuerySet(models.QuerySet["Review"]):
    def shown(self) -> "ReviewQuerySet":
        """Those that count in the ratings: not hidden by an operator."""
        return self.filter(hidden_at=None)

    def public(self) -> "ReviewQuerySet":
        """What anybody may read: shown, and of stores that are open to the public."""
        return self.shown().filter(store__is_active=True)

    def answerable_by(self, user: "User") -> "ReviewQuerySet":
        """Of the realtor themself as long as they work there, and of stores whose affairs this
        user may run."""
        managed = Store.objects.managed_by(user).order_by().values("pk")
        return self.filter(Q(realtor__user=user, realtor__is_active=True) | Q(store__in=managed))

    def with_people(self) -> "ReviewQuerySet":
        return self.select_related("appointment", "realtor", "store", "user")

    def with_parts(self) -> "ReviewQuerySet":
        """People, and by a query each the aspects and the photos."""
        return self.with_people().prefetch_related("aspects", "photos")


class Review(models.Model):
    """The one word a customer has on an appointment that was completed. Store, realtor and listing
    are those of the appointment, kept here because their ratings are reckoned from these rows."""

    appointment = models.OneToOneField(
        Appointment, on_delete=models.PROTECT, related_name="review", verbose_name=_("appointment")
    )
    store = models.ForeignKey(
        Store, on_delete=models.PROTECT, related_name="reviews", verbose_name=_("store")
    )
    realtor = models.ForeignKey(
        Realtor, on_delete=models.PROTECT, related_name="reviews", verbose_name=_("realtor")
    )
    # What was booked, where it was more than somebody's time.
    listing = models.ForeignKey(
        Listing,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reviews",
        verbose_name=_("listing"),
    )
    # Null: a guest's, or of somebody who has left.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="reviews",
        verbose_name=_("account"),
    )
    rating = models.PositiveSmallIntegerField(
        _("stars"), validators=[MinValueValidator(LOWEST), MaxValueValidator(HIGHEST)]
    )
    comment = models.CharField(_("comment"), max_length=LONGEST_COMMENT, blank=True)
    created_at = models.DateTimeField(_("created"))
    reply = models.CharField(_("reply"), max_length=LONGEST_REPLY, blank=True)
    replied_at = models.DateTimeField(_("replied on"), null=True, blank=True)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reply by"),
    )
    # Null: shown. Hidden ones count nowhere and are read by nobody but who moderates them.
    hidden_at = models.DateTimeField(_("hidden"), null=True, blank=True)
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("hidden by"),
    )
    hidden_reason = models.CharField(_("hidden because"), max_length=200, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(rating__gte=LOWEST, rating__lte=HIGHEST), name="one_to_five_stars"
            )
        ]

    def __str__(self) -> str:
        return f"{self.appointment} · {self.rating} ★"

    @property
    def is_hidden(self) -> bool:
        return self.hidden_at is not None

    @property
    def author(self) -> str:
        """How the public is told who says so; nobody by name."""
        account = self.user.display_name if self.user else ""
        return masked(account or self.appointment.customer_name)
