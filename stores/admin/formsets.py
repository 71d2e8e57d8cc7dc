"""Hours as rows of a form, and back. Saving goes to the service, which takes the whole of them."""

from collections import defaultdict
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.forms import PaginationInlineFormSet

from stores.rules import Interval, week_overlaps

CLOSES_HELP = _("At or before the beginning means the next day; 00:00 to 00:00 is the whole day.")


def intervals_of(
    formset: Any, begin: str = "opens", end: str = "closes"
) -> dict[int, list[Interval]]:
    """The intervals that stand in the form, by weekday; by 0 where the form knows no weekday."""
    week: dict[int, list[Interval]] = defaultdict(list)
    for form in formset.forms:
        row = getattr(form, "cleaned_data", None)
        if row and row.get(begin) is not None and not row.get("DELETE"):
            week[row.get("weekday", 0)].append(Interval(row[begin], row[end]))
    return week


class HoursFormSet(PaginationInlineFormSet):
    """Refuses hours that overlap, the night before included."""

    begin, end = "opens", "closes"

    def clean(self) -> None:
        super().clean()
        if not any(self.errors) and week_overlaps(intervals_of(self, self.begin, self.end)):
            raise forms.ValidationError(_("These hours overlap."))
