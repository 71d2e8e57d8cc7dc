from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .appointment import Appointment
from .hold import Hold

if TYPE_CHECKING:
    from datetime import datetime


class ClaimQuerySet(models.QuerySet["Claim"]):
    def of(self, owner: "Appointment | Hold") -> "ClaimQuerySet":
        return (
            self.filter(appointment=owner)
            if isinstance(owner, Appointment)
            else self.filter(hold=owner)
        )

    def standing(self, at: "datetime") -> "ClaimQuerySet":
        """Without those of expired holds, which block nobody, swept or not."""
        return self.exclude(hold__expires_at__lte=at)


class Claim(models.Model):
    """One cell of one resource, taken. The unique key is what refuses a double booking; locks
    only make the refusal polite. It holds on a multi-writer cluster, where locks do not."""

    # What is taken: "r:12" a realtor, "u:7" a customer's account, "p:+86138…" a guest's phone.
    resource = models.CharField(_("resource"), max_length=40)
    # Which of several equal ones: a seat, a boarding unit; 0 where there is only one.
    unit = models.PositiveIntegerField(_("unit"), default=0)
    # Five minutes of UTC: epoch // 300 (see rules.cells).
    cell = models.PositiveIntegerField(_("cell"))
    appointment = models.ForeignKey(
        Appointment,
        on_delete=models.CASCADE,
        null=True,
        related_name="claims",
        verbose_name=_("appointment"),
    )
    hold = models.ForeignKey(
        Hold, on_delete=models.CASCADE, null=True, related_name="claims", verbose_name=_("hold")
    )

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        constraints = [
            # The cell before the unit: what is free is looked up by resource and cells.
            models.UniqueConstraint(fields=["resource", "cell", "unit"], name="claimed_once"),
            models.CheckConstraint(
                condition=Q(appointment__isnull=False, hold__isnull=True)
                | Q(appointment__isnull=True, hold__isnull=False),
                name="claim_has_one_owner",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resource}/{self.unit} {self.cell}"
