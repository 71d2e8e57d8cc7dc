from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import StackedInline
from unfold.decorators import display

from booking_site.common.admin import BaseAdmin, ReadOnlyInline, TableInline
from booking_site.common.admin.base import EVERYTHING
from booking_site.common.backoffice.manager import Manager
from booking_site.common.backoffice.recent import recently_signed_in
from booking_site.common.callers import staff_of
from booking_site.common.events import publish
from stores.events import StoreHoursChanged
from stores.models import (
    BookingPolicy,
    OpeningInterval,
    SpecialDay,
    SpecialInterval,
    Store,
    StoreMembership,
)
from stores.services import set_opening_hours

from .formsets import CLOSES_HELP, HoursFormSet, intervals_of
from .intakes import StoreIntake
from .people import MembershipForm
from .policy import FIGURES, announce, in_force, warn_of_odd
from .policy_form import PolicyForm, PolicyFormSet
from .promises import (
    outside_hours,
    outside_in_words,
    sessions_in_words,
    sessions_outside_hours,
)
from .sheets import StoreSheet
from .store_form import StoreForm

# What customers search by and the site links to; what decides whether anybody may book at all; what
# is agreed with the store.
OPERATORS_ONLY = ("slug", "time_zone", "is_active", "plan")


class OpeningHoursInline(TableInline):
    model = OpeningInterval
    formset = HoursFormSet
    fields = ("weekday", "opens", "closes")
    help_texts = {"closes": CLOSES_HELP}
    managers_see = True
    managers_may = EVERYTHING
    tab = True
    hide_title = True


class SpecialDayInline(ReadOnlyInline):
    """Added and changed on their own page, where their hours are."""

    model = SpecialDay
    fields = ("date", "note", "hours")
    readonly_fields = fields
    ordering = ("-date",)
    show_change_link = True
    tab = True
    hide_title = True

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("intervals")

    @display(description=_("hours"))
    def hours(self, special: SpecialDay) -> str:
        return " · ".join(str(one) for one in special.intervals.all()) or str(_("closed"))


class PolicyInline(TableInline, StackedInline):
    model = BookingPolicy
    form = PolicyForm
    formset = PolicyFormSet
    readonly_fields = ("in_force",)
    fieldsets = ((None, {"fields": ("in_force",)}), *FIGURES)
    managers_see = True
    managers_may = frozenset({"add", "change"})
    operators_may = frozenset({"add", "change"})
    extra = 1
    max_num = 1
    tab = True
    hide_title = True
    template = StackedInline.template

    class Media:
        js = ("js/office-policy.js",)

    @display(description=_("In force"))
    def in_force(self, row: BookingPolicy) -> SafeString:
        return in_force(row)


class MembershipInline(TableInline):
    """Rights are given by somebody who has just proven who they are; others look at them."""

    model = StoreMembership
    form = MembershipForm
    autocomplete_fields = ("user",)
    tab = True
    hide_title = True

    def _may(self, verb: str, request: HttpRequest) -> bool:
        return super()._may(verb, request) and recently_signed_in(request)


@admin.register(Store)
class StoreAdmin(BaseAdmin):
    store_lookup = "pk"
    # Its appointments stay in the books, so a store is closed, never deleted.
    operators_may = frozenset({"add", "change"})
    managers_may = frozenset({"change"})
    zone_lookup = "time_zone"
    sheet = StoreSheet
    intake = StoreIntake
    history_parts = (
        (OpeningInterval, "store"),
        (SpecialDay, "store"),
        (SpecialInterval, "special_day__store"),
        (BookingPolicy, "store"),
        (StoreMembership, "store"),
    )
    list_display = ("name", "city", "phone", "rating", "review_count", "is_active")
    list_filter = ("city", "is_active")
    search_fields = ("name", "slug", "address", "phone", "city")
    prepopulated_fields = {"slug": ("name",)}
    form = StoreForm
    readonly_fields = ("pages", "rating", "review_count", "settings", "created_at", "updated_at")
    inlines = (OpeningHoursInline, SpecialDayInline, PolicyInline, MembershipInline)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("name", "slug"),
                    "description",
                    ("phone", "is_active"),
                    ("city", "time_zone"),
                    "address",
                    ("latitude", "longitude"),
                    ("rating", "review_count"),
                    ("plan", "settings"),
                    ("created_at", "updated_at"),
                )
            },
        ),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Where the store is seen, once there is one; a box to tick, when it is being closed."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None:
            return fieldsets
        first = ["pages"]
        if request.method == "POST" and obj.is_active and "is_active" not in request.POST:
            first.append("despite")
        return (
            (None, {"fields": tuple(first)}),
            *fieldsets,
        )

    @display(description=_("pages"))
    def pages(self, store: Store) -> SafeString:
        links = (
            (_("Public page"), "site:store"),
            (_("Desk"), "appointments:desk"),
            (_("Lobby board"), "appointments:board"),
        )
        told = ((reverse(name, args=[store.pk]), label) for label, name in links)
        return format_html_join(" · ", '<a class="text-link" href="{}">{}</a>', told)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        return fields if Manager.of(request).is_operator else (*fields, *OPERATORS_ONLY)

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return {} if obj else super().get_prepopulated_fields(request, obj)

    def save_formset(
        self, request: HttpRequest, form: forms.ModelForm, formset: Any, change: bool
    ) -> None:
        if formset.model is not OpeningInterval:
            super().save_formset(request, form, formset, change)
            return
        formset.save(commit=False)
        if formset.has_changed():
            week = intervals_of(formset)
            at = timezone.now()
            set_opening_hours(form.instance, week=week, by=staff_of(request), at=at)
            outside = outside_hours(form.instance, at=at)
            if outside:
                messages.warning(request, outside_in_words(outside))
            planned = sessions_outside_hours(form.instance, at=at)
            if planned:
                messages.warning(request, sessions_in_words(planned))

    def save_related(
        self, request: HttpRequest, form: forms.ModelForm, formsets: list[Any], change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        policies = [one for one in formsets if one.model is BookingPolicy and one.has_changed()]
        if policies:
            announce(policies[0].forms[0].instance)
            warn_of_odd(request, policies[0].forms[0].instance)
        elif {"is_active", "time_zone"} & set(form.changed_data):
            publish(StoreHoursChanged(store_id=form.instance.pk, at=timezone.now()))
