"""Opening hours by the wall clock of the store. ``closes`` at or before ``opens`` is past midnight;
00:00 to 00:00 is the whole day."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from booking_site.common.history import Kept

from .store import Store


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class OpeningInterval(models.Model):
    """One interval of an ordinary week; a day may have several."""

    store = models.ForeignKey(
        Store, on_delete=models.CASCADE, related_name="opening_intervals", verbose_name=_("store")
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    history = Kept(_("history of opening hours"))

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering = ["weekday", "opens"]
        constraints = [
            models.UniqueConstraint(
                fields=["store", "weekday", "opens"], name="one_opening_per_store_and_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"


class SpecialDay(models.Model):
    """A date on which the ordinary week does not count; without intervals the store is closed."""

    store = models.ForeignKey(
        Store, on_delete=models.CASCADE, related_name="special_days", verbose_name=_("store")
    )
    date = models.DateField(_("date"))
    note = models.CharField(_("reason"), max_length=100, blank=True)

    history = Kept(_("history of special days"))

    class Meta:
        verbose_name = _("special day")
        verbose_name_plural = _("special days")
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(fields=["store", "date"], name="one_special_day_per_date")
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.note}"


class SpecialInterval(models.Model):
    special_day = models.ForeignKey(SpecialDay, on_delete=models.CASCADE, related_name="intervals")
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    history = Kept(_("history of hours of special days"))

    class Meta:
        verbose_name = _("hours of a special day")
        verbose_name_plural = _("hours of a special day")
        ordering = ["opens"]

    def __str__(self) -> str:
        return f"{self.opens:%H:%M}–{self.closes:%H:%M}"
