from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.decorators import display

from booking_site.common.admin import BaseAdmin, RelatedFilter
from booking_site.common.backoffice.manager import Manager
from booking_site.common.events import publish
from stores.events import StoreHoursChanged
from stores.models import BookingPolicy, Store
from stores.rules import SITE_DEFAULT, Policy

from .explaining import explain, explain_changes, fees_in_words, odd, site_policy
from .policy_form import PolicyForm, typed_in

FIGURES: tuple[tuple[Any, Any], ...] = (
    (
        _("Times offered"),
        {
            "fields": (
                ("default_duration_minutes", "grid_minutes"),
                ("max_advance_days", "dated_advance_days", "min_advance_minutes"),
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
    """What holds after all: this row's figures over the site's over the product's, as PolicyForm
    found them. It asks for itself again while somebody types."""
    of_site = row is not None and row.pk is not None and row.store_id is None
    held = getattr(row, "held", None)
    return _told(held or site_policy(), of_site=of_site)


def _told(policy: Policy, *, of_site: bool) -> SafeString:
    address = reverse("admin:stores_bookingpolicy_preview")
    context = {
        "address": f"{address}?site=1" if of_site else address,
        "sentences": explain(policy),
        "changes": explain_changes(policy),
        "warnings": odd(policy),
    }
    return render_to_string("admin/stores/policy.html", context)


@require_POST
def preview(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """The sentences of what stands in the form now; a figure that is none is left out."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    of_site = "site" in request.GET
    default = SITE_DEFAULT if of_site else site_policy()
    row = typed_in(request.POST, model_admin.get_form(request)().fields)
    return HttpResponse(_told(row.effective(default), of_site=of_site))


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
        "dated_advance_days",
        "cancel_cutoff_minutes",
    )
    list_filter = (("store", RelatedFilter), "auto_confirm")
    list_select_related = ("store",)
    search_fields = ("store__name",)
    autocomplete_fields = ("store",)
    readonly_fields = ("in_force",)
    custom_urls = (("preview/", "stores_bookingpolicy_preview", preview),)
    fieldsets = (
        (None, {"fields": ("store", "in_force")}),
        *FIGURES,
    )

    class Media:
        js = ("js/office-policy.js",)

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
        warn_of_odd(request, obj)


def warn_of_odd(request: HttpRequest, row: BookingPolicy) -> None:
    """Saved all the same: somebody may mean it."""
    default = SITE_DEFAULT if row.store_id is None else site_policy()
    for sentence in odd(row.effective(default)):
        messages.warning(request, sentence)


def announce(row: BookingPolicy) -> None:
    """Somebody who waits may fit in now."""
    stores = Store.objects.open_to_public()
    if row.store_id is not None:
        stores = stores.filter(pk=row.store_id)
    for pk in stores.values_list("pk", flat=True):
        publish(StoreHoursChanged(store_id=pk, at=timezone.now()))


def _site_row_exists() -> bool:
    return BookingPolicy.objects.filter(store=None).exists()
