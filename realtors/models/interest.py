from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .listing import Listing

if TYPE_CHECKING:
    from accounts.models import User


class InterestKind(models.TextChoices):
    """``PASSED_OVER``: said after a viewing that it is not for them."""

    VIEWED = "viewed", _("looked at")
    SAVED = "saved", _("saved")
    BOOKED = "booked", _("booked")
    PASSED_OVER = "passed_over", _("passed over")


class InterestQuerySet(models.QuerySet["Interest"]):
    def of(self, user: "User", *kinds: str) -> "InterestQuerySet":
        return self.filter(user=user, what__in=kinds or InterestKind.values)

    def since(self, at: datetime) -> "InterestQuerySet":
        return self.filter(at__gte=at)


class Interest(models.Model):
    """What somebody had to do with a listing: one row for each kind of interest, however often.
    Recommendations read nothing else."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="interests",
        verbose_name=_("account"),
    )
    listing = models.ForeignKey(
        Listing, on_delete=models.CASCADE, related_name="interests", verbose_name=_("listing")
    )
    what = models.CharField(_("what"), max_length=11, choices=InterestKind)
    # The last time, and how many times.
    at = models.DateTimeField(_("last"))
    times = models.PositiveIntegerField(_("times"), default=1)

    objects = InterestQuerySet.as_manager()

    class Meta:
        verbose_name = _("interest in a listing")
        verbose_name_plural = _("interest in listings")
        ordering = ["-at", "-id"]
        indexes = [
            # The latest of one person.
            models.Index(fields=["user", "what", "at"], name="interest_of_user"),
            # Who else booked or saved it.
            models.Index(fields=["listing", "what", "user"], name="interest_in_listing"),
            # What many people did lately, without reading the rows.
            models.Index(fields=["at", "listing", "what", "user"], name="interest_lately"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["user", "listing", "what"], name="one_interest_of_each")
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_what_display()} · {self.listing}"
