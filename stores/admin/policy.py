from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from booking_site.common.admin import BaseAdmin, RelatedFilter
from booking_site.common.backoffice.manager import Manager
from booking_site.common.events import publish
from stores.events import StoreHoursChanged
from stores.models import BookingPolicy, Store
from stores.rules import SITE_DEFAULT

from .explaining import as_lines, explain, fees_in_words, site_policy
from .policy_form import PolicyForm

FIGURES: tuple[tuple[Any, Any], ...] = (
    (
        _("Times offered"),
        {
            "fields": (
                ("default_duration_minutes", "grid_minutes"),
                ("max_advance_days", "min_advance_minutes"),
                ("buffer_before_minutes", "buffer_after_minutes"),
            )
        },
    ),
    (
        _("Promises"),
        {
            "fields": (
                "auto_confirm",
                ("accept_timeout_minutes", "accept_later_minutes"),
                ("hold_minutes", "payment_minutes"),
                ("cancel_cutoff_minutes", "reschedule_cutoff_minutes"),
                "fee_steps",
            )
        },
    ),
    (
        _("Reminders and no-shows"),
        {
            "fields": (
                ("first_reminder_minutes", "second_reminder_minutes"),
                "no_show_after_minutes",
            )
        },
    ),
    (
        _("Live queue"),
        {
            "fields": (
                ("queue_timeout_minutes", "realtor_max_load"),
                "online_timeout_minutes",
            )
        },
    ),
)


def in_force(row: BookingPolicy | None) -> SafeString:
    """What holds after all: this row's figures over the site's over the product's. As stored:
    what was typed in may be nonsense that the form is about to refuse."""
    stored = BookingPolicy.objects.filter(pk=row.pk).first() if row and row.pk else None
    if stored is None:
        return as_lines(explain(site_policy()))
    default = SITE_DEFAULT if stored.store_id is None else site_policy()
    return as_lines(explain(stored.effective(default)))


@admin.register(BookingPolicy)
class BookingPolicyAdmin(BaseAdmin):
    """A store's deviations, and the one row without a store: the site's own figures."""

    store_lookup = "store"
    operators_may = frozenset({"add", "change"})
    managers_may = frozenset({"add", "change"})
    zone_lookup = "store__time_zone"
    history_told = {"fee_steps": fees_in_words}
    form = PolicyForm
    list_display = (
        "whose",
        "confirms",
        "grid_minutes",
        "default_duration_minutes",
        "max_advance_days",
        "cancel_cutoff_minutes",
    )
    list_filter = (("store", RelatedFilter), "auto_confirm")
    list_select_related = ("store",)
    search_fields = ("store__name",)
    autocomplete_fields = ("store",)
    readonly_fields = ("in_force",)
    fieldsets = (
        (None, {"fields": ("store", "in_force")}),
        *FIGURES,
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("store", "in_force") if obj else ("in_force",)

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, **kwargs)
        if obj is None and (not Manager.of(request).is_operator or _site_row_exists()):
            # MariaDB and SQLite keep any number of empty stores apart; there is one site, and it is
            # the operators'.
            form.base_fields["store"].required = True
        return form

    @display(description=_("store"), ordering="store__name")
    def whose(self, row: BookingPolicy) -> str:
        return str(row)

    @display(description=_("In force"))
    def in_force(self, row: BookingPolicy) -> SafeString:
        return in_force(row)

    @display(description=_("confirm by itself"), ordering="auto_confirm", empty_value="–")
    def confirms(self, row: BookingPolicy) -> str | None:
        if row.auto_confirm is None:
            return None
        return str(_("yes") if row.auto_confirm else _("no"))

    def save_model(
        self, request: HttpRequest, obj: BookingPolicy, form: ModelForm, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        announce(obj)


def announce(row: BookingPolicy) -> None:
    """Somebody who waits may fit in now."""
    stores = Store.objects.open_to_public()
    if row.store_id is not None:
        stores = stores.filter(pk=row.store_id)
    for pk in stores.values_list("pk", flat=True):
        publish(StoreHoursChanged(store_id=pk, at=timezone.now()))


def _site_row_exists() -> bool:
    return BookingPolicy.objects.filter(store=None).exists()
