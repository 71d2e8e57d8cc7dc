from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from appointments.rules import place_key, session_key

from .appointment import Appointment, unpaid_by
from .hold import Hold
from .session import Session

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

Owner = Appointment | Hold | Session


def owned_by(owner: Owner) -> dict[str, Owner]:
    """The column that names this owner, for filters and new rows."""
    if isinstance(owner, Appointment):
        return {"appointment": owner}
    return {"hold": owner} if isinstance(owner, Hold) else {"session": owner}


class ClaimQuerySet(models.QuerySet["Claim"]):
    def of(self, owner: "Owner") -> "ClaimQuerySet":
        return self.filter(**owned_by(owner))

    def standing(self, at: "datetime") -> "ClaimQuerySet":
        """Without those of expired holds, which block nobody, swept or not."""
        return self.exclude(hold__expires_at__lte=at)

    def in_time(self, at: "datetime") -> "ClaimQuerySet":
        """Without those of bookings that were not paid in time."""
        return self.exclude(unpaid_by(at, "appointment__"))

    def nights(self, listing_ids: "Iterable[int]", wanted: "Iterable[int]") -> "ClaimQuerySet":
        """Of these boarding places, in the cells of these nights."""
        resources = [place_key(pk) for pk in listing_ids]
        return self.filter(resource__in=resources, cell__in=list(wanted))

    def seats(self, session_ids: "Iterable[int]") -> "ClaimQuerySet":
        return self.filter(resource__in=[session_key(pk) for pk in session_ids])


class Claim(models.Model):
    """One cell of one resource, taken. The unique key is what refuses a double booking; locks
    only make the refusal polite. It holds on a multi-writer cluster, where locks do not."""

    # What is taken: "r:12" a realtor, "u:7" a customer's account, "p:+86138…" a guest's phone,
    # "c:3" a child, "s:9" a seat of a session, "h:5" a house that is shown, "n:8" a boarding place,
    # "a:4" a pet.
    resource = models.CharField(_("resource"), max_length=40)
    # Which of several equal ones: a seat, a boarding unit; 0 where there is only one.
    unit = models.PositiveIntegerField(_("unit"), default=0)
    # Five minutes of UTC: epoch // 300 (see rules.cells). A seat is claimed in the first of them, a
    # night under the first of its date, whatever the zone: of a place and of a pet.
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
    session = models.ForeignKey(
        Session,
        on_delete=models.CASCADE,
        null=True,
        related_name="claims",
        verbose_name=pgettext_lazy("course", "session"),
    )

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        constraints = [
            # The cell before the unit: what is free is looked up by resource and cells.
            models.UniqueConstraint(fields=["resource", "cell", "unit"], name="claimed_once"),
            models.CheckConstraint(
                condition=Q(appointment__isnull=False, hold__isnull=True, session__isnull=True)
                | Q(appointment__isnull=True, hold__isnull=False, session__isnull=True)
                | Q(appointment__isnull=True, hold__isnull=True, session__isnull=False),
                name="claim_has_one_owner",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resource}/{self.unit} {self.cell}"
