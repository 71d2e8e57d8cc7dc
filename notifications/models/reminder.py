from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments.models import Appointment


class Turn(models.TextChoices):
    """Each is a figure of the booking policy: ``<turn>_reminder_minutes``."""

    FIRST = "first", _("first reminder")
    SECOND = "second", _("second reminder")


class Reminder(models.Model):
    """This reminder of this start has had its turn. The unique key is what makes it one, however
    many look for what is due; another start is another row, so a move is reminded of again."""

    appointment = models.ForeignKey(
        Appointment,
        on_delete=models.CASCADE,
        related_name="reminders",
        verbose_name=_("appointment"),
    )
    starts_at = models.DateTimeField(_("start"))
    turn = models.CharField(_("which"), max_length=10, choices=Turn)
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["appointment", "starts_at", "turn"], name="reminded_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_turn_display()} {timezone.localtime(self.starts_at):%Y-%m-%d %H:%M}"
