from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from booking_site.common.history import Kept
from stores.models.hours import Weekday

from .realtor import Realtor


class WorkingInterval(models.Model):
    """Hours of an ordinary week by the store's wall clock. A realtor with no work rows at all
    works whenever the store is open; a break is taken out of either."""

    class Kind(models.TextChoices):
        WORK = "work", _("work")
        BREAK = "break", _("break")

    realtor = models.ForeignKey(
        Realtor, on_delete=models.CASCADE, related_name="intervals", verbose_name=_("realtor")
    )
    kind = models.CharField(_("kind"), max_length=5, choices=Kind, default=Kind.WORK)
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    starts = models.TimeField(_("starts"))
    ends = models.TimeField(_("ends"))

    history = Kept(_("history of working hours"))

    class Meta:
        verbose_name = _("working hours")
        verbose_name_plural = _("working hours")
        ordering = ["weekday", "starts"]
        constraints = [
            models.UniqueConstraint(
                fields=["realtor", "kind", "weekday", "starts"],
                name="one_interval_per_realtor_and_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.starts:%H:%M}–{self.ends:%H:%M}"


class TimeOff(models.Model):
    """A stretch in which a realtor takes nothing, whatever the week says."""

    realtor = models.ForeignKey(
        Realtor, on_delete=models.CASCADE, related_name="time_off", verbose_name=_("realtor")
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=100, blank=True)

    history = Kept(_("history of time off"))

    class Meta:
        verbose_name = _("time off")
        verbose_name_plural = _("time off")
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="time_off_ends_after_it_starts"
            )
        ]

    def __str__(self) -> str:
        return (
            f"{self.realtor}: {self.starts_at.astimezone(self.realtor.store.zone):%Y-%m-%d %H:%M}"
        )
