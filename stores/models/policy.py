from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from booking_site.common.history import Kept
from stores.rules import SITE_DEFAULT, Policy, check_policy_row

from .store import Store

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def _minutes(
    label: "_StrPromise", lowest: int, highest: int, explanation: "_StrPromise"
) -> models.Field:
    return models.PositiveIntegerField(
        label,
        null=True,
        blank=True,
        validators=[MinValueValidator(lowest), MaxValueValidator(highest)],
        help_text=explanation,
    )


class BookingPolicy(models.Model):
    """What a store allows. An empty field means the site's figure; the row without a store holds
    the site's figures, and where that is empty too, ``SITE_DEFAULT`` speaks."""

    store = models.OneToOneField(
        Store,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="policy_row",
        verbose_name=_("store"),
    )
    default_duration_minutes = _minutes(_("usual length"), 5, 1440, _("Minutes; a multiple of 5."))
    grid_minutes = _minutes(_("grid"), 5, 240, _("Starts are offered every so many minutes."))
    max_advance_days = _minutes(_("bookable ahead"), 0, 365, _("Days after today."))
    dated_advance_days = _minutes(
        _("sessions and nights bookable ahead"), 0, 730, _("Days after today.")
    )
    min_advance_minutes = _minutes(_("lead time"), 0, 10080, _("Minutes before the start."))
    buffer_before_minutes = _minutes(
        _("buffer before"), 0, 240, _("Minutes of the realtor kept free; a multiple of 5.")
    )
    buffer_after_minutes = _minutes(
        _("buffer after"), 0, 240, _("Minutes of the realtor kept free; a multiple of 5.")
    )
    hold_minutes = _minutes(
        _("hold"), 1, 60, _("How long a chosen time is kept while the form is filled in.")
    )
    accept_timeout_minutes = _minutes(
        _("time to accept"),
        1,
        1440,
        _("How long a realtor may think, live and for starts within two hours."),
    )
    accept_later_minutes = _minutes(
        _("time to accept later ones"),
        1,
        10080,
        _("Minutes of the realtor's working time, for other starts; at most until 2 hours before."),
    )
    queue_timeout_minutes = _minutes(_("live queue time-out"), 5, 1440, _("Minutes."))
    payment_minutes = _minutes(_("time to pay"), 1, 1440, _("Minutes."))
    realtor_max_load = _minutes(
        _("live load"), 1, 20, _("Customers one realtor may hold at once in the live queue.")
    )
    online_timeout_minutes = _minutes(_("online time-out"), 1, 1440, _("Minutes of silence."))
    no_show_after_minutes = _minutes(
        _("no-show after"),
        0,
        1440,
        _("Minutes after the end at which a confirmed visit that nobody has started is closed."),
    )
    first_reminder_minutes = _minutes(
        _("first reminder"), 0, 20160, _("Minutes before the start; 0: none.")
    )
    second_reminder_minutes = _minutes(
        _("second reminder"), 0, 20160, _("Minutes before the start; 0: none.")
    )
    cancel_cutoff_minutes = _minutes(
        _("cancel until"), 0, 20160, _("Minutes before the start; 0: until the start.")
    )
    reschedule_cutoff_minutes = _minutes(
        _("reschedule until"), 0, 20160, _("Minutes before the start; 0: until the start.")
    )
    auto_confirm = models.BooleanField(
        _("confirm by itself"),
        null=True,
        blank=True,
        help_text=_("Bookings are confirmed at once, without the realtor's answer."),
    )
    # [[minutes_before_start, percent], …]: what a cancellation costs from then on.
    fee_steps = models.JSONField(_("cancellation fee"), null=True, blank=True)

    history = Kept(_("history of booking policies"))

    class Meta:
        verbose_name = _("booking policy")
        verbose_name_plural = _("booking policies")
        constraints = [
            # Sizes are cut into cells of five minutes; anything finer could not be claimed.
            models.CheckConstraint(
                condition=Q(grid_minutes__isnull=True) | Q(grid_minutes__gte=5),
                name="grid_of_five_minutes_or_more",
            )
        ]

    def __str__(self) -> str:
        return str(self.store) if self.store_id else str(_("Site default"))

    def clean(self) -> None:
        check_policy_row(self)

    def effective(self, default: Policy = SITE_DEFAULT) -> Policy:
        """This row's figures over ``default``'s."""
        return default.overridden_by(self)
