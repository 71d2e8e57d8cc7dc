"""``?status=&date_from=&date_to=&store_id=&realtor_id=`` of the list."""

from datetime import date

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field

from appointments.models import Appointment, AppointmentQuerySet, Status
from appointments.selectors.finding import between_dates
from booking_site.common.api.inputs import row_id
from booking_site.common.api.times import DATE_OR_NOTHING


@extend_schema_field(DATE_OR_NOTHING)
class DateFilter(filters.DateFilter):
    """By the calendar of each appointment's store."""


class AppointmentFilter(filters.FilterSet):
    status = filters.ChoiceFilter(choices=Status.choices)
    date_from = DateFilter(method="from_date", label="By the calendar of each appointment's store.")
    date_to = DateFilter(method="to_date", label="Included.")
    store_id = filters.CharFilter(method="of_id")
    realtor_id = filters.CharFilter(method="of_id")

    class Meta:
        model = Appointment
        fields: list[str] = []

    def from_date(self, rows: AppointmentQuerySet, name: str, day: date) -> AppointmentQuerySet:
        return between_dates(rows, first=day, last=None)

    def to_date(self, rows: AppointmentQuerySet, name: str, day: date) -> AppointmentQuerySet:
        return between_dates(rows, first=None, last=day)

    def of_id(self, rows: AppointmentQuerySet, name: str, value: str) -> AppointmentQuerySet:
        """Raises NotFound for what cannot be an id."""
        return rows.filter(**{name: row_id(value, field=name)})
