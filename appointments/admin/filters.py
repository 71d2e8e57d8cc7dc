from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from appointments.models import Appointment


class LineFilter(DropdownFilter):
    """Those who wait, and those for whom everybody has declined."""

    title = _("line")
    parameter_name = "line"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("waiting", _("in line")), ("needs-person", _("needs a person"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Appointment]
    ) -> QuerySet[Appointment]:
        if self.value() == "waiting":
            return queryset.filter(status="pending", realtor=None)
        if self.value() == "needs-person":
            return queryset.filter(needs_person=True, status="pending")
        return queryset
