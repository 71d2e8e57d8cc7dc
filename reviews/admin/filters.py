"""What lists of reviews are narrowed by."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from reviews.models import Review, ReviewReport


class AttentionFilter(admin.SimpleListFilter):
    """What somebody has to look at, and what is out of sight."""

    title = _("attention")
    parameter_name = "attention"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("reported", _("reported, not decided")),
            ("unanswered", _("not answered")),
            ("hidden", _("hidden")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Review]) -> QuerySet[Review]:
        match self.value():
            case "reported":
                open_ones = ReviewReport.objects.open().filter(review=OuterRef("pk"))
                return queryset.filter(Exists(open_ones))
            case "unanswered":
                return queryset.filter(replied_at=None, hidden_at=None)
            case "hidden":
                return queryset.filter(hidden_at__isnull=False)
        return queryset
