from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reviews.rules import HIGHEST, LOWEST

from .review import Review


class Aspect(models.TextChoices):
    """What of a visit is rated by itself, in the order in which it is asked."""

    PUNCTUALITY = "punctuality", _("Punctuality")
    MANNER = "manner", _("Manner")
    SKILL = "skill", _("Expertise")
    VALUE = "value", _("Value for money")


class ReviewAspect(models.Model):
    """Stars for one side of it. Who says nothing of an aspect has no row, and not a zero."""

    review = models.ForeignKey(
        Review, on_delete=models.CASCADE, related_name="aspects", verbose_name=_("review")
    )
    aspect = models.CharField(_("aspect"), max_length=20, choices=Aspect)
    stars = models.PositiveSmallIntegerField(
        _("stars"), validators=[MinValueValidator(LOWEST), MaxValueValidator(HIGHEST)]
    )

    class Meta:
        verbose_name = _("aspect of a review")
        verbose_name_plural = _("aspects of reviews")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["review", "aspect"], name="an_aspect_once_a_review"),
            models.CheckConstraint(
                condition=Q(stars__gte=LOWEST, stars__lte=HIGHEST), name="aspect_one_to_five_stars"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_aspect_display()}: {self.stars}"
