from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from appointments.models import Session

from .leased import Leased


class SeatHintQuerySet(models.QuerySet["SeatHint"]):
    def with_facts(self) -> "SeatHintQuerySet":
        return self.select_related("session__listing", "session__store", "session__realtor", "user")


class SeatHint(Leased):
    """The letter to somebody who waited for a seat, that one is free. Pushes and what is told on
    the site are written at once; this is looked at again when it is sent: the seat may be gone."""

    session = models.ForeignKey(
        Session, on_delete=models.CASCADE, related_name="hints", verbose_name=_("session")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="seat_hints",
        verbose_name=_("for"),
    )

    objects = SeatHintQuerySet.as_manager()

    class Meta:
        verbose_name = _("hint at a free seat")
        verbose_name_plural = _("hints at free seats")
        ordering = ["-id"]
        constraints = [
            # Whoever waits anew is told anew.
            models.UniqueConstraint(
                fields=["session", "user", "created_at"], name="hinted_at_seat_once"
            )
        ]
        indexes = [models.Index(fields=["status", "next_try_at"], name="seat_hint_by_next_try")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.session_id}"
