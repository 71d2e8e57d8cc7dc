"""The money report: what was paid, what went back, what is whose, by store and provider."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSingleDateWidget

from accounts.models import User
from payments.selectors import Span
from payments.selectors.report import report_rows, reporting_scope

LONGEST = timedelta(days=366)


class SpanForm(forms.Form):
    first = forms.DateField(label=_("First day"), widget=UnfoldAdminSingleDateWidget())
    last = forms.DateField(label=_("Last day"), widget=UnfoldAdminSingleDateWidget())

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        first, last = told.get("first"), told.get("last")
        if first and last and not timedelta(0) <= last - first <= LONGEST:
            raise forms.ValidationError(_("From the first day on, and a year at most."))
        return told


def report(request: HttpRequest, model_admin: Any) -> TemplateResponse:
    """The month that runs, or the days that were asked for. Of one's own stores."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    assert isinstance(request.user, User)
    today = timezone.localdate()
    asked = "first" in request.GET
    form = SpanForm(request.GET if asked else {"first": today.replace(day=1), "last": today})
    rows: list[dict[str, Any]] = []
    if form.is_valid():
        span = Span(form.cleaned_data["first"], form.cleaned_data["last"])
        scope = reporting_scope(request.user)
        rows = report_rows(scope, scope.stores, span)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Money report"),
        "form": form,
        "rows": rows,
    }
    return TemplateResponse(request, "admin/payments/report.html", context)


REPORT = ("report/", "payments_payment_report", report)
