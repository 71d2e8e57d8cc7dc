"""The account of a row: a link for those who may open it, a name for everybody else."""

from typing import Any

from django.contrib.admin.options import BaseModelAdmin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from booking_site.common.backoffice.manager import Manager

ACCOUNT = "user"
NAMED = "account_named"


class NamesAccount(BaseModelAdmin):
    """Accounts are for operators only; a manager's click on one would end at a closed door."""

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        shown = super().get_fieldsets(request, obj)
        return shown if Manager.of(request).is_operator else _named(shown)

    @display(description=_("account"), empty_value="–")
    def account_named(self, row: Any) -> str | None:
        return str(row.user) if row.user else None


def _named(part: Any) -> Any:
    if isinstance(part, dict):
        return part | {"fields": _named(part["fields"])}
    if isinstance(part, (list, tuple)):
        return type(part)(_named(one) for one in part)
    return NAMED if part == ACCOUNT else part
