from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.contrib.filters.admin import DropdownFilter

from appointments.models import Session, SessionQuerySet
from appointments.selectors.session_lists import in_conflict, to_come, with_seats_left


class SeatsFilter(DropdownFilter):
    title = _("seats")
    parameter_name = "seats"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("free", _("with free seats")), ("full", pgettext_lazy("sessions", "full"))]

    def queryset(self, request: HttpRequest, queryset: SessionQuerySet) -> QuerySet[Session]:
        if self.value() not in ("free", "full"):
            return queryset
        return with_seats_left(queryset, at=timezone.now(), left=self.value() == "free")


class ConflictFilter(DropdownFilter):
    """What somebody has to decide about: the store is closed then, or the teacher away."""

    title = _("conflicts")
    parameter_name = "conflict"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("cannot take place as planned"))]

    def queryset(self, request: HttpRequest, queryset: SessionQuerySet) -> QuerySet[Session]:
        if self.value() != "yes":
            return queryset
        # Asked of all that the reader may see: the rows of before are joined with other tables.
        return queryset.filter(pk__in=list(in_conflict(queryset, at=timezone.now())))


class ComingFilter(DropdownFilter):
    title = _("day")
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("upcoming", _("still to come")), ("past", _("over"))]

    def queryset(self, request: HttpRequest, queryset: SessionQuerySet) -> QuerySet[Session]:
        now = timezone.now()
        if self.value() == "upcoming":
            return to_come(queryset, at=now)
        if self.value() == "past":
            return queryset.filter(ends_at__lte=now)
        return queryset
