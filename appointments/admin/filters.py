from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.contrib.filters.admin import DropdownFilter

from appointments.models import Appointment, Offer, OfferStatus, Status
from appointments.models.appointment import LIVE, UPCOMING
from booking_site.common.periods import local_day
from realtors.models import TimeOff


class WhenFilter(DropdownFilter):
    """Days by the reader's clock, so that a link to "today" is true on any day."""

    title = _("day")
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("today", pgettext_lazy("day", "today")),
            ("tomorrow", pgettext_lazy("day", "tomorrow")),
            ("upcoming", _("still to come")),
            ("past", _("over")),
        ]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Appointment]
    ) -> QuerySet[Appointment]:
        now = timezone.now()
        if self.value() in ("today", "tomorrow"):
            zone: Any = timezone.get_current_timezone()
            first = now.astimezone(zone).date() + timedelta(days=self.value() == "tomorrow")
            day = local_day(first, zone)
            return queryset.filter(starts_at__gte=day.start, starts_at__lt=day.end)
        if self.value() == "upcoming":
            return queryset.filter(ends_at__gte=now, status__in=LIVE)
        if self.value() == "past":
            return queryset.exclude(ends_at__gte=now, status__in=LIVE)
        return queryset


class OverdueFilter(DropdownFilter):
    """Offers whose time to answer is over, and that nobody has taken back yet."""

    title = _("overdue")
    parameter_name = "overdue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("past their time to answer"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Offer]) -> QuerySet[Offer]:
        return overdue(queryset, timezone.now()) if self.value() == "yes" else queryset


def overdue(offers: QuerySet[Offer], at: datetime) -> QuerySet[Offer]:
    """Still open after their deadline, on an appointment that still waits."""
    return offers.filter(
        status=OfferStatus.OPEN, deadline_at__lt=at, appointment__status=Status.PENDING
    )


class TimeOffFilter(DropdownFilter):
    """Bookings whose realtor is on time off then."""

    title = _("time off")
    parameter_name = "off"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("the realtor is on time off then"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Appointment]
    ) -> QuerySet[Appointment]:
        return queryset.filter(away_then(timezone.now())) if self.value() == "yes" else queryset


def away_then(at: datetime) -> Q:
    """Still to come, with a time, promised by a realtor who is away then."""
    away = TimeOff.objects.filter(
        realtor=OuterRef("realtor"),
        starts_at__lt=OuterRef("ends_at"),
        ends_at__gt=OuterRef("starts_at"),
    )
    return Q(Exists(away), status__in=UPCOMING, live=False, ends_at__gte=at)


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
        ]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Appointment]
    ) -> QuerySet[Appointment]:
        if self.value() == "waiting":
            return queryset.filter(status="pending", realtor=None)
        if self.value() == "live":
            return queryset.filter(live=True, status="pending")
        if self.value() == "asked":
            return queryset.filter(status="pending", realtor__isnull=False)
        if self.value() == "needs-person":
            return queryset.filter(needs_person=True, status="pending")
        return queryset
