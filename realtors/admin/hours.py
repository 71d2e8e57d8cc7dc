from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from booking_site.common.admin import (
    ChoiceFilter,
    DateRangeFilter,
    ReadOnlyAdmin,
    RelatedFilter,
)
from booking_site.common.admin.base import EVERYTHING
from booking_site.common.admin.clock import StoreClockAdmin
from booking_site.common.callers import staff_of
from realtors.models import TimeOff, WorkingInterval
from realtors.services import add_time_off, change_time_off, remove_time_off

from .intakes import TimeOffIntake
from .promises import sessions_in_words, sessions_within
from .sheets import TimeOffSheet


class TimeOffForm(forms.ModelForm):
    def clean(self) -> dict[str, Any]:
        """What was typed is the wall clock of the realtor's store, whoever typed it."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        realtor = data.get("realtor") or getattr(self.instance, "realtor", None)
        for name in ("starts_at", "ends_at"):
            if realtor is not None and data.get(name) is not None:
                wall = timezone.make_naive(data[name])
                data[name] = wall.replace(tzinfo=realtor.store.zone)
        if data.get("starts_at") and data.get("ends_at") and data["ends_at"] <= data["starts_at"]:
            self.add_error("ends_at", _("Must be after the start."))
        return data


@admin.register(TimeOff)
class TimeOffAdmin(StoreClockAdmin):
    store_lookup = "realtor__store"
    zone_lookup = "realtor__store__time_zone"
    sheet = TimeOffSheet
    intake = TimeOffIntake
    managers_may = EVERYTHING
    form = TimeOffForm
    list_display = ("realtor", "store", "begins", "ends", "reason")
    list_select_related = ("realtor__store",)
    list_filter = (
        ("realtor__store", RelatedFilter),
        ("realtor", RelatedFilter),
        ("starts_at", DateRangeFilter),
    )
    search_fields = ("realtor__name", "reason")
    ordering = ("-starts_at",)
    autocomplete_fields = ("realtor",)
    fields = ("realtor", "starts_at", "ends_at", "reason")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("realtor",) if obj else ()

    @display(description=_("store"), ordering="realtor__store__name")
    def store(self, off: TimeOff) -> str:
        return str(off.realtor.store)

    @display(description=_("from"), ordering="starts_at")
    def begins(self, off: TimeOff) -> str:
        return _local(off, off.starts_at)

    @display(description=_("until"), ordering="ends_at")
    def ends(self, off: TimeOff) -> str:
        return _local(off, off.ends_at)

    def save_model(
        self, request: HttpRequest, obj: TimeOff, form: forms.ModelForm, change: bool
    ) -> None:
        facts: dict[str, Any] = {
            "starts_at": obj.starts_at,
            "ends_at": obj.ends_at,
            "reason": obj.reason,
            "by": staff_of(request),
            "at": timezone.now(),
        }
        if change:
            change_time_off(obj, **facts)
        else:
            obj.pk = add_time_off(obj.realtor, **facts).pk
        if planned := sessions_within(obj):
            messages.warning(request, sessions_in_words(planned))

    def delete_model(self, request: HttpRequest, obj: TimeOff) -> None:
        remove_time_off(obj, by=staff_of(request), at=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[TimeOff]) -> None:
        for off in queryset.select_related("realtor"):
            self.delete_model(request, off)


@admin.register(WorkingInterval)
class WorkingIntervalAdmin(ReadOnlyAdmin):
    """A look at all hours together; they are set on the page of their realtor."""

    store_lookup = "realtor__store"
    list_display = ("realtor", "store", "kind", "weekday", "starts", "ends")
    list_select_related = ("realtor__store",)
    list_filter = (
        ("realtor__store", RelatedFilter),
        ("kind", ChoiceFilter),
        ("weekday", ChoiceFilter),
    )
    search_fields = ("realtor__name", "realtor__store__name")
    ordering = ("realtor", "weekday", "starts")

    @display(description=_("store"), ordering="realtor__store__name")
    def store(self, interval: WorkingInterval) -> str:
        return str(interval.realtor.store)


def _local(off: TimeOff, instant: Any) -> str:
    wall = instant.astimezone(off.realtor.store.zone).replace(tzinfo=None)
    return str(formats.localize(wall))
