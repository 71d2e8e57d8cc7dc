"""Every list can be taken out as a file: as it is filtered, or the rows that were chosen."""

from functools import partial
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.contrib.admin import helpers
from django.contrib.admin.options import IS_POPUP_VAR, BaseModelAdmin, IncorrectLookupParameters
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking_site.common.actors import Actor
from booking_site.common.backoffice.recent import requires_recent_sign_in
from booking_site.common.callers import staff_of
from booking_site.common.models import Transfer
from booking_site.common.transactions import run_in_transaction

from ..searches import without_passing
from .columns import ListSheet, Sheet
from .files import FORMATS

MOST_ROWS = 20_000
# More than that is not chosen row by row; a form would not carry it either.
MOST_CHOSEN = 500


class ExportForm(forms.Form):
    format = forms.ChoiceField(
        choices=[
            ("csv", gettext_lazy("CSV, for Excel and other spreadsheets")),
            ("tsv", gettext_lazy("TSV, columns parted by tabs")),
            ("json", gettext_lazy("JSON, for programs")),
        ]
    )
    personal = forms.BooleanField(required=False)


class Exports(BaseModelAdmin):
    """``sheet`` says the columns; without one they are those of the list."""

    sheet: ClassVar[type[Sheet]] = ListSheet
    # Columns of the list that say who somebody is, and whether all of them do.
    personal_columns: ClassVar[tuple[str, ...]] = ()
    all_personal: ClassVar[bool] = False

    def get_urls(self) -> list[Any]:
        above: Any = super()
        view = self.admin_site.admin_view(self.export_view)
        return [path("export/", view, name=self._named("export")), *above.get_urls()]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        above: Any = super()
        actions: dict[str, Any] = above.get_actions(request)
        if IS_POPUP_VAR not in request.GET and self.has_export_permission(request):
            actions["export_chosen"] = (
                Exports.export_chosen,
                "export_chosen",
                _("Export what is chosen"),
            )
        return actions

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        above: Any = super()
        return above.changelist_view(
            request, {"transfers": self.transfers(request)} | (extra_context or {})
        )

    def transfers(self, request: HttpRequest) -> dict[str, str]:
        """Addresses of what may be done with the list as a whole."""
        if not self.has_export_permission(request):
            return {}
        query = without_passing(request.GET)
        address = reverse(f"admin:{self._named('export')}")
        found = {"export": f"{address}?{query}" if query else address}
        history = getattr(self.opts, "simple_history_manager_attribute", "")
        versions = history and getattr(self.model, history).model
        if versions and self.admin_site._registry[versions].has_view_permission(request):
            name = f"{versions._meta.app_label}_{versions._meta.model_name}"
            found["history"] = reverse(f"admin:{name}_changelist")
        return found

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Whoever sees a list takes it along: what they see of it, and no more."""
        return self.has_view_permission(request)

    def prepare_rows(self, rows: list[Any]) -> None:
        """Before some of them are written: what is better asked for many at once."""

    @staticmethod
    def export_chosen(
        self: Any, request: HttpRequest, chosen: QuerySet[Any]
    ) -> HttpResponse | None:
        if request.POST.get("select_across") == "1":
            return redirect(self._export_address(request))
        ids = request.POST.getlist(helpers.ACTION_CHECKBOX_NAME)
        return self._ask_how(request, ExportForm(initial={"format": "csv"}), chosen, ids)

    @requires_recent_sign_in
    def export_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_export_permission(request):
            raise PermissionDenied
        ids = request.POST.getlist("chosen")[:MOST_CHOSEN]
        try:
            rows = self._rows_for(request, ids)
        except (IncorrectLookupParameters, ValidationError, ValueError):
            messages.error(request, _("These filters are not known to this list."))
            return redirect(self._list_address())
        form = ExportForm(request.POST or None, initial={"format": "csv"})
        if request.method == "POST" and form.is_valid():
            wrong = self._what_is_wrong(rows, personal=form.cleaned_data["personal"])
            if not wrong:
                return self._file(request, rows, **form.cleaned_data)
            messages.error(request, wrong)
        return self._ask_how(request, form, rows, ids)

    def _what_is_wrong(self, rows: QuerySet[Any], *, personal: bool) -> str:
        if not self.sheet(self).columns(personal=personal):
            return _("Everything in this list is personal data: tick the box if you need it.")
        count = rows.count()
        if count > MOST_ROWS:
            text = _("%(count)s rows are too many for one file: filter for at most %(most)s.")
            return text % {"count": count, "most": MOST_ROWS}
        return ""

    def _rows_for(self, request: HttpRequest, ids: list[str]) -> QuerySet[Any]:
        listed: Any = self
        if ids:
            return listed.get_queryset(request).filter(pk__in=ids).order_by("pk")
        return listed.get_changelist_instance(request).queryset

    def _ask_how(
        self, request: HttpRequest, form: ExportForm, rows: QuerySet[Any], ids: list[str]
    ) -> HttpResponse:
        sheet = self.sheet(self)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Export"),
            "opts": self.opts,
            "form": form,
            "formats": form.fields["format"].choices,  # type: ignore[attr-defined]
            "count": rows.count(),
            "most": MOST_ROWS,
            "chosen": ids,
            "filtered": bool(request.GET),
            "columns": [sheet.fields[name].column_name for name in sheet.columns(personal=False)],
            "personal": [one.column_name for one in sheet.fields.values() if one.personal],
            "action": self._export_address(request),
            "back": f"{self._list_address()}?{request.GET.urlencode()}",
        }
        return TemplateResponse(request, "admin/export.html", context)

    def _file(
        self, request: HttpRequest, rows: QuerySet[Any], *, format: str, personal: bool
    ) -> HttpResponse:
        sheet, kind = self.sheet(self), FORMATS[format]()
        data = sheet.export(queryset=rows, export_fields=sheet.columns(personal=personal))
        note = partial(
            note_transfer,
            Transfer.Direction.EXPORT,
            listed=self.opts.label,
            format=format,
            rows=len(data),
            personal=personal and sheet.has_personal,
            by=staff_of(request),
        )
        run_in_transaction(note)
        answer = HttpResponse(kind.export_data(data), content_type=kind.get_content_type())
        name = f"{self.opts.model_name}-{timezone.localdate():%Y-%m-%d}.{format}"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        answer["Cache-Control"] = "no-store"
        return answer

    def _export_address(self, request: HttpRequest) -> str:
        address = reverse(f"admin:{self._named('export')}")
        return f"{address}?{request.GET.urlencode()}" if request.GET else address

    def _list_address(self) -> str:
        return reverse(f"admin:{self._named('changelist')}")

    def _named(self, view: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{view}"


def note_transfer(
    direction: Transfer.Direction, *, listed: str, format: str, rows: int, personal: bool, by: Actor
) -> None:
    Transfer.objects.create(
        direction=direction,
        listed=listed,
        by=by.user,
        at=timezone.now(),
        format=format,
        rows=rows,
        personal=personal,
    )
