from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from appointments.models import Appointment
from booking_site.common.files import private_storage

from .review import Review

if TYPE_CHECKING:
    from accounts.models import User


class ReviewPhotoQuerySet(models.QuerySet["ReviewPhoto"]):
    def unused(self) -> "ReviewPhotoQuerySet":
        """Uploaded for a review that is not written yet, and may never be."""
        return self.filter(review=None)

    def of_person(self, user: "User") -> "ReviewPhotoQuerySet":
        return self.filter(appointment__user=user)


class ReviewPhoto(models.Model):
    """A picture for the review of this appointment: first kept for it, then part of it. Decoded and
    encoded anew before it came here; the files lie where no web server reaches them."""

    appointment = models.ForeignKey(
        Appointment,
        on_delete=models.PROTECT,
        related_name="review_photos",
        verbose_name=_("appointment"),
    )
    review = models.ForeignKey(
        Review,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="photos",
        verbose_name=_("review"),
    )
    # Says nothing, and cannot be guessed: addresses and the API know a photo by this.
    key = models.CharField(max_length=32, unique=True, editable=False)
    position = models.PositiveSmallIntegerField(_("place"), default=0)
    picture = models.FileField(_("large picture"), upload_to="reviews", storage=private_storage)
    small = models.FileField(_("small picture"), upload_to="reviews", storage=private_storage)
    width = models.PositiveSmallIntegerField(_("width"))
    height = models.PositiveSmallIntegerField(_("height"))
    created_at = models.DateTimeField(_("created"))

    objects = ReviewPhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("photo of a review")
        verbose_name_plural = _("photos of reviews")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return f"{self.width} × {self.height}"
