from collections.abc import Iterable
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from payments.models import PaymentQuerySet


class ProblemFilter(SimpleListFilter):
    """What the gateway says and we do not: for a person."""

    title = _("problem")
    parameter_name = "problem"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [("yes", _("needs a person"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Any]:
        rows: PaymentQuerySet = queryset
        return rows.with_problem() if self.value() == "yes" else rows
