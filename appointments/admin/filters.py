from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from appointments.models import Appointment, AppointmentQuerySet
from appointments.selectors.console import bookings_in_time_off


class LineFilter(DropdownFilter):
    """Those who wait for a start, those who wait for anybody, and those whom everybody declined."""

    title = _("line")
    parameter_name = "line"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("waiting", _("in line")),
            ("live", _("as soon as possible")),
            ("asked", _("waits for a realtor's answer")),
            ("needs-person", _("needs a person")),
            ("time-off", _("its realtor has time off")),
        ]

    def queryset(
        self, request: HttpRequest, queryset: AppointmentQuerySet
    ) -> QuerySet[Appointment]:
        if self.value() == "waiting":
            return queryset.filter(status="pending", realtor=None)
        if self.value() == "live":
            return queryset.filter(live=True, status="pending")
        if self.value() == "asked":
            return queryset.filter(status="pending", realtor__isnull=False)
        if self.value() == "needs-person":
            return queryset.filter(needs_person=True, status="pending")
        if self.value() == "time-off":
            return bookings_in_time_off(queryset)
        return queryset
