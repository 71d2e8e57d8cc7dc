from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from appointments.models import Appointment
from realtors.models import Realtor
from reviews.rules import HIGHEST, LONGEST_COMMENT, LOWEST, masked
from stores.models import Store


class ReviewQuerySet(models.QuerySet["Review"]):
    def public(self) -> "ReviewQuerySet":
        """What anybody may read: of stores that are open to the public."""
        return self.filter(store__is_active=True)

    def with_people(self) -> "ReviewQuerySet":
        return self.select_related("appointment", "realtor", "store", "user")


class Review(models.Model):
    """The one word a customer has on an appointment that was completed. Store and realtor are those
    of the appointment, kept here because their ratings are reckoned from these rows."""

    appointment = models.OneToOneField(
        Appointment, on_delete=models.PROTECT, related_name="review", verbose_name=_("appointment")
    )
    store = models.ForeignKey(
        Store, on_delete=models.PROTECT, related_name="reviews", verbose_name=_("store")
    )
    realtor = models.ForeignKey(
        Realtor, on_delete=models.PROTECT, related_name="reviews", verbose_name=_("realtor")
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
        return f"{self.appointment}: {self.rating}"

    @property
    def author(self) -> str:
        """How the public is told who says so; nobody by name."""
        account = self.user.display_name if self.user else ""
        return masked(account or self.appointment.customer_name)
