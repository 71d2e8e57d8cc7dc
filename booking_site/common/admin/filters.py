"""Filters of lists. Dates are days by the reader's clock, turned into instants in Python: what
databases make of local dates depends on time-zone tables that may not be loaded."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib.admin.views.main import ChangeList
from django.db.models import DateTimeField, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    RangeDateFilter,
)

from booking_site.common.periods import day_start

from .scope import choices_of

ChoiceFilter = ChoicesDropdownFilter

# At the edges of the calendar there is no day after, and UTC has no year for a local midnight.
EARLIEST, LATEST = date(1000, 1, 1), date(9999, 12, 30)


class RelatedFilter(AutocompleteSelectFilter):
    """Chosen by typing; knows no row that the reader may not see."""

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        admin: Any = self.model_admin
        for choice in super().choices(changelist):
            model = self.field.remote_field.model
            rows = choices_of(model, admin.admin_site, self.request)
            choice["form"].fields[self.lookup_kwarg].queryset = rows
            yield choice


class DateRangeFilter(RangeDateFilter):
    """From this day to that day, both included."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        first, last = self._day("from"), self._day("to")
        name = self.field_path
        if first is not None:
            queryset = queryset.filter(**{f"{name}__gte": self._bound(first)})
        if last is not None:
            after = last + timedelta(days=1)
            queryset = queryset.filter(**{f"{name}__lt": self._bound(after)})
        return queryset

    def _day(self, edge: str) -> date | None:
        text = self.used_parameters.get(f"{self.parameter_name}_{edge}")
        try:
            day = forms.DateField(required=False, localize=True).clean(text)
        except forms.ValidationError:
            return None
        return day and min(max(day, EARLIEST), LATEST)

    def _bound(self, day: date) -> Any:
        if not isinstance(self.field, DateTimeField):
            return day
        return day_start(day, timezone.get_current_timezone())
