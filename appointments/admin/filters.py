from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.contrib.filters.admin import DropdownFilter

from appointments.models import Appointment, AppointmentQuerySet, Offer, OfferStatus, Status
from appointments.models.appointment import LIVE
from appointments.selectors.console import away_then
from booking_site.common.periods import local_day
from realtors.models import ListingKind


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
        self, request: HttpRequest, queryset: AppointmentQuerySet
    ) -> QuerySet[Appointment]:
        if self.value() == "waiting":
            return queryset.filter(status="pending", realtor=None)
        if self.value() == "live":
            return queryset.filter(live=True, status="pending")
        if self.value() == "asked":
            return queryset.filter(status="pending", realtor__isnull=False)
        if self.value() == "needs-person":
            return queryset.filter(needs_person=True).exclude(status="cancelled")
        return queryset


class KindFilter(DropdownFilter):
    """A seat of a session, a viewing, a stay, an order, or any realtor's time."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("seat", _("a seat of a session")),
            ("package", _("a seat of a package")),
            ("viewing", _("a viewing of a house")),
            ("stay", _("a stay of pets")),
            ("order", _("an order of a service")),
            ("time", _("a realtor's time")),
        ]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Appointment]
    ) -> QuerySet[Appointment]:
        if self.value() == "seat":
            return queryset.filter(session__isnull=False)
        if self.value() == "package":
            return queryset.filter(package__isnull=False)
        if self.value() == "viewing":
            return queryset.filter(listing__kind=ListingKind.HOUSE)
        if self.value() == "stay":
            return queryset.filter(check_in__isnull=False)
        if self.value() == "order":
            return queryset.filter(listing__kind=ListingKind.SERVICE)
        if self.value() == "time":
            return queryset.filter(session=None, check_in=None)
        return queryset
