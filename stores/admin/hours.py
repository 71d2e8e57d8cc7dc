from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date
from itertools import groupby
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from booking_site.common.admin import (
    BaseAdmin,
    ChoiceFilter,
    DateRangeFilter,
    ReadOnlyAdmin,
    RelatedFilter,
    TableInline,
)
from booking_site.common.admin.base import EVERYTHING
from booking_site.common.callers import staff_of
from stores.models import OpeningInterval, SpecialDay, SpecialInterval
from stores.services import add_special_day, change_special_day, remove_special_day

from .formsets import CLOSES_HELP, HoursFormSet, intervals_of
from .intakes import SpecialDayIntake
from .promises import minding_promises
from .sheets import SpecialDaySheet


class SpecialHoursInline(TableInline):
    model = SpecialInterval
    formset = HoursFormSet
    fields = ("opens", "closes")
    help_texts = {"closes": CLOSES_HELP}
    managers_see = True
    managers_may = EVERYTHING
    verbose_name_plural = _("Hours of that day; none means closed")
    extra = 1


@admin.register(SpecialDay)
class SpecialDayAdmin(BaseAdmin):
    store_lookup = "store"
    managers_may = EVERYTHING
    zone_lookup = "store__time_zone"
    sheet = SpecialDaySheet
    intake = SpecialDayIntake
    history_parts = ((SpecialInterval, "special_day"),)
    list_display = ("date", "store", "note", "hours")
    list_display_links = ("date", "note")
    list_select_related = ("store",)
    list_filter = (("store", RelatedFilter), ("date", DateRangeFilter))
    search_fields = ("note", "store__name")
    ordering = ("-date", "store")
    autocomplete_fields = ("store",)
    fields = ("store", "date", "note")
    inlines = (SpecialHoursInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[SpecialDay]:
        return super().get_queryset(request).prefetch_related("intervals")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A special day stays with its store."""
        return ("store",) if obj else ()

    @display(description=_("hours"))
    def hours(self, special: SpecialDay) -> str:
        return " · ".join(str(interval) for interval in special.intervals.all()) or str(_("closed"))

    def save_model(
        self, request: HttpRequest, obj: SpecialDay, form: forms.ModelForm, change: bool
    ) -> None:
        """The day and its hours are one thing: see save_related."""

    def save_related(
        self, request: HttpRequest, form: forms.ModelForm, formsets: list[Any], change: bool
    ) -> None:
        special: SpecialDay = form.instance
        hours = [one for formset in formsets for one in intervals_of(formset)[0]]
        at = timezone.now()
        by: dict[str, Any] = {"by": staff_of(request), "at": at}
        moved = "date" in form.changed_data
        with ExitStack() as stack:
            if moved or any(formset.has_changed() for formset in formsets):
                # The date it leaves has its ordinary hours again.
                days = {special.date, form.initial["date"]} if change else {special.date}
                stack.enter_context(minding_promises(request, special.store, days, at=at))
            if change:
                day: date | None = special.date if moved else None
                change_special_day(special, day=day, hours=hours, note=special.note, **by)
            else:
                added = add_special_day(
                    special.store, day=special.date, hours=hours, note=special.note, **by
                )
                special.pk = added.pk
        for formset in formsets:
            # Not saved; the record of what was edited asks the formset.
            formset.save(commit=False)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Its hours go with it; nobody needs a right of their own for those."""
        shown, counts, _needed, protected = super().get_deleted_objects(objs, request)
        return shown, counts, set(), protected

    def delete_model(self, request: HttpRequest, obj: SpecialDay) -> None:
        self._remove(request, [obj])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[SpecialDay]) -> None:
        days = queryset.select_related("store").order_by("store", "date")
        for _store, some in groupby(days, key=lambda special: special.store_id):
            self._remove(request, list(some))

    def _remove(self, request: HttpRequest, days: Sequence[SpecialDay]) -> None:
        """Those of one store, so that who is left outside its hours is named once."""
        at = timezone.now()
        dates = {special.date for special in days}
        with minding_promises(request, days[0].store, dates, at=at):
            for special in days:
                remove_special_day(special, by=staff_of(request), at=at)


@admin.register(OpeningInterval)
class OpeningIntervalAdmin(ReadOnlyAdmin):
    """A look at all hours together; they are set on the page of their store."""

    store_lookup = "store"
    list_display = ("store", "weekday", "opens", "closes")
    list_select_related = ("store",)
    list_filter = (("store", RelatedFilter), ("weekday", ChoiceFilter))
    search_fields = ("store__name",)
    ordering = ("store", "weekday", "opens")


class SpecialIntervalForm(forms.ModelForm):
    class Meta:
        labels: ClassVar[dict[str, Any]] = {"special_day": capfirst(_("special day"))}


@admin.register(SpecialInterval)
class SpecialIntervalAdmin(ReadOnlyAdmin):
    store_lookup = "special_day__store"
    list_display = ("day", "store", "opens", "closes")
    list_select_related = ("special_day__store",)
    list_filter = (("special_day__store", RelatedFilter),)
    search_fields = ("special_day__store__name", "special_day__note")
    ordering = ("-special_day__date", "opens")
    form = SpecialIntervalForm

    @display(description=_("special day"), ordering="special_day__date")
    def day(self, interval: SpecialInterval) -> str:
        return str(interval.special_day)

    @display(description=_("store"))
    def store(self, interval: SpecialInterval) -> str:
        return str(interval.special_day.store)
