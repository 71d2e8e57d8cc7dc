"""What lists of conversations are narrowed by."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from booking_site.common.backoffice.manager import Manager
from chat.models import Conversation, MessageReport, Participant


def of_others(rows: QuerySet[Any], request: HttpRequest, lookup: str) -> QuerySet[Any]:
    """Managers do not look after conversations in which they talk (chat.permissions), and do not
    see who has reported them. ``lookup``: from a row to its conversation."""
    if Manager.of(request).is_operator:
        return rows
    own = Participant.objects.filter(user=request.user.pk)
    return rows.exclude(**{f"{lookup}__in": own.values("conversation")})


class OpenReportsFilter(admin.SimpleListFilter):
    title = _("open reports")
    parameter_name = "reported"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("with open reports"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Conversation]
    ) -> QuerySet[Conversation]:
        if self.value() != "yes":
            return queryset
        return queryset.filter(
            Exists(MessageReport.objects.open().filter(conversation=OuterRef("pk")))
        )


class StandingFilter(admin.SimpleListFilter):
    title = _("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("open")), ("away", _("put away")), ("closed", _("closed"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Conversation]
    ) -> QuerySet[Conversation]:
        match self.value():
            case "open":
                return queryset.filter(archived_at=None)
            case "away":
                return queryset.filter(archived_at__isnull=False, closed=False)
            case "closed":
                return queryset.filter(closed=True)
        return queryset
