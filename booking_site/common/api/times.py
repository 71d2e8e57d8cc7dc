"""Times as the contract writes them: instants with an offset, and times of a store's wall clock."""

import re
from datetime import UTC, datetime, time
from operator import attrgetter
from typing import Any, cast

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

# In a query an empty date is none: ``?start_date=&days=7``.
DATE_OR_NOTHING = {
    "anyOf": [{"type": "string", "format": "date"}, {"type": "string", "maxLength": 0}]
}
CLOCK = re.compile(r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$")


@extend_schema_field(OpenApiTypes.DATETIME)
class InstantField(serializers.Field):
    """ISO 8601 with an offset. Read as an instant in UTC; shown with the offset of the store to
    which ``store`` leads from the row."""

    default_error_messages = {"invalid": _("Use ISO 8601 with an offset: 2025-02-01T14:00+08:00.")}

    def __init__(self, *, store: str | None = None, **options: Any) -> None:
        self.store_of = attrgetter(store) if store else None
        super().__init__(**options)

    def get_attribute(self, instance: Any) -> datetime | None:
        moment = cast("datetime | None", super().get_attribute(instance))
        if moment is None:
            return None
        return moment.astimezone(self.store_of(instance).zone) if self.store_of else moment

    def to_internal_value(self, data: Any) -> datetime:
        try:
            moment = parse_datetime(data) if isinstance(data, str) else None
            if moment is None or moment.tzinfo is None:
                self.fail("invalid")
            return moment.astimezone(UTC)
        except (ValueError, OverflowError):
            self.fail("invalid")

    def to_representation(self, value: datetime) -> str:
        return value.isoformat()


@extend_schema_field({"type": "string", "pattern": CLOCK.pattern, "example": "14:00"})
class ClockField(serializers.Field):
    """A time of the wall clock, "14:00" or "14:00:00"; shown to the minute."""

    default_error_messages = {"invalid": _("Use a time like 14:00.")}

    def to_internal_value(self, data: Any) -> time:
        if not isinstance(data, str) or not CLOCK.fullmatch(data):
            self.fail("invalid")
        return time.fromisoformat(data)

    def to_representation(self, value: time) -> str:
        return f"{value:%H:%M}"


@extend_schema_field(DATE_OR_NOTHING)
class QueryDateField(serializers.DateField):
    """A date of the query string, or nothing."""


@extend_schema_field({"type": "string", "example": "14:00"})
class WallClockField(serializers.Field):
    """Hours and minutes of a datetime that is local already."""

    def to_representation(self, value: datetime) -> str:
        return f"{value:%H:%M}"


@extend_schema_field(OpenApiTypes.DATE)
class WallDateField(serializers.Field):
    """The date of a datetime that is local already."""

    def to_representation(self, value: datetime) -> str:
        return value.date().isoformat()
