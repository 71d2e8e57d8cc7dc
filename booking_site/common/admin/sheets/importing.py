"""Rows of a file brought into a list: checked, shown, then confirmed by who had it checked."""

import csv
import io
from datetime import timedelta
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.admin.options import BaseModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from booking_site.common.actors import Actor, Door
from booking_site.common.backoffice.manager import Manager
from booking_site.common.errors import Invalid, Refusal
from booking_site.common.models import Transfer, WaitingImport
from booking_site.common.transactions import run_in_transaction

from .exporting import note_transfer
from .files import BOM
from .intake import Intake, Outcome, take_all
from .reading import MOST_BYTES, MOST_ROWS, Table, read_table

# Shown of what is wrong, and of what would change.
MOST_SHOWN = 100
GOOD_FOR = timedelta(hours=1)


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.json"}),
    )

    def clean_file(self) -> Any:
        """Looked at before it is read."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is too large: at most 1 MB at once."))
        return file


class Imports(BaseModelAdmin):
    """``intake`` takes the rows; without one there is nothing to import."""

    intake: ClassVar[type[Intake] | None] = None

    def get_urls(self) -> list[Any]:
        above: Any = super()
        if self.intake is None:
            return above.get_urls()
        views = {
            "import": ("import", self.import_view),
            "import_example": ("import/example", self.import_example),
            "import_confirm": ("import/confirm", self.import_confirm),
        }
        own = [
            path(f"{where}/", self.admin_site.admin_view(view), name=self._of(name))
            for name, (where, view) in views.items()
        ]
        return [*own, *above.get_urls()]

    def transfers(self, request: HttpRequest) -> dict[str, str]:
        above: Any = super()
        found: dict[str, str] = above.transfers(request)
        if self.has_import_permission(request):
            found["import"] = reverse(f"admin:{self._of('import')}")
        return found

    def has_import_permission(self, request: HttpRequest) -> bool:
        """Whoever may add and change rows by hand."""
        may = self.has_add_permission(request) and self.has_change_permission(request)
        return self.intake is not None and may

    def import_view(self, request: HttpRequest) -> HttpResponse:
        self._let_in(request)
        form = FileForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            content = file.read()
            intake = self._intake(request)
            try:
                table = self._table(intake, content)
                outcome = run_in_transaction(partial(take_all, intake, table, keep=False))
            except Refusal as refusal:
                form.add_error("file", str(refusal))
            else:
                return self._preview(request, file.name, content, table, outcome)
        return self._ask(request, form)

    def import_example(self, request: HttpRequest) -> HttpResponse:
        """The headings and a row to write over."""
        self._let_in(request)
        intake = self._intake(request)
        text = io.StringIO(newline="")
        table = csv.writer(text)
        table.writerow([str(label) for label in intake.columns.values()])
        table.writerow([str(intake.example.get(key, "")) for key in intake.columns])
        answer = HttpResponse(BOM + text.getvalue(), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{self.opts.model_name}.csv"'
        return answer

    def import_confirm(self, request: HttpRequest) -> HttpResponse:
        return require_POST(self._confirm)(request)

    def _confirm(self, request: HttpRequest) -> HttpResponse:
        self._let_in(request)
        try:
            token = UUID(request.POST.get("token", ""))
            done = run_in_transaction(partial(self._bring_in, request, token))
        except (ValueError, WaitingImport.DoesNotExist):
            text = _("This was imported already, or has waited too long. Check the file anew.")
            messages.error(request, text)
            return redirect(reverse(f"admin:{self._of('import')}"))
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect(reverse(f"admin:{self._of('import')}"))
        text = ngettext(
            "Imported: %(new)s new, %(changed)s changed, %(same)s as it was.",
            "Imported: %(new)s new, %(changed)s changed, %(same)s as they were.",
            len(done.taken),
        )
        counts = {kind: done.count(kind) for kind in ("new", "changed", "same")}
        messages.success(request, text % counts)
        return redirect(reverse(f"admin:{self._of('changelist')}"))

    def _bring_in(self, request: HttpRequest, token: UUID) -> Outcome:
        """Of two who confirm at once, one finds the row; it is gone when the import is in."""
        since = timezone.now() - GOOD_FOR
        waiting = WaitingImport.objects.select_for_update().get(
            token=token,
            owner=request.user.pk,
            listed=self.opts.label,
            created_at__gte=since,
        )
        intake = self._intake(request)
        outcome = take_all(intake, self._table(intake, bytes(waiting.content)), keep=True)
        if outcome.wrong:
            raise Invalid(_("Nothing was imported: things have changed. Check the file again."))
        if not WaitingImport.objects.filter(token=token).delete()[0]:
            raise WaitingImport.DoesNotExist
        note_transfer(
            Transfer.Direction.IMPORT,
            listed=self.opts.label,
            format=waiting.file_name.rpartition(".")[2].lower()[:10],
            rows=outcome.changes,
            personal=intake.personal,
            by=intake.by,
        )
        return outcome

    def _preview(
        self, request: HttpRequest, name: str, content: bytes, table: Table, outcome: Outcome
    ) -> HttpResponse:
        token = ""
        if not outcome.wrong and outcome.changes:
            token = str(run_in_transaction(partial(self._put_by, request, name, content)))
        context = self._context(request) | {
            "title": _("Check the import"),
            "file_name": name,
            "wrong": outcome.wrong[:MOST_SHOWN],
            "wrong_count": len(outcome.wrong),
            "taken": [one for one in outcome.taken if one.kind != "same"][:MOST_SHOWN],
            "counts": {kind: outcome.count(kind) for kind in ("new", "changed", "same")},
            "changes": outcome.changes,
            "guessed": table.guessed,
            "left_alone": table.left_alone,
            "token": token,
        }
        return TemplateResponse(request, "admin/import_preview.html", context)

    def _put_by(self, request: HttpRequest, name: str, content: bytes) -> UUID:
        """One's earlier file for this list, and what nobody came back for, go."""
        at, user = timezone.now(), Manager.of(request).user
        WaitingImport.objects.filter(created_at__lt=at - GOOD_FOR).delete()
        WaitingImport.objects.filter(owner=user.pk, listed=self.opts.label).delete()
        waiting = WaitingImport.objects.create(
            owner_id=user.pk or 0,
            listed=self.opts.label,
            file_name=name[-100:],
            content=content,
            created_at=at,
        )
        return waiting.token

    def _ask(self, request: HttpRequest, form: FileForm) -> HttpResponse:
        intake = self._intake(request)
        context = self._context(request) | {
            "title": _("Import"),
            "form": form,
            "most": MOST_ROWS,
            "columns": [
                (label, key in intake.required, intake.hints.get(key, ""))
                for key, label in intake.columns.items()
            ],
        }
        return TemplateResponse(request, "admin/import.html", context)

    def _context(self, request: HttpRequest) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "again": reverse(f"admin:{self._of('import')}"),
            "example": reverse(f"admin:{self._of('import_example')}"),
            "confirm": reverse(f"admin:{self._of('import_confirm')}"),
            "back": reverse(f"admin:{self._of('changelist')}"),
        }

    def _let_in(self, request: HttpRequest) -> None:
        if not self.has_import_permission(request):
            raise PermissionDenied

    def _intake(self, request: HttpRequest) -> Intake:
        manager: Any = Manager.of(request)
        store_ids = None if manager.is_operator else manager.store_ids
        by = Actor.of(manager.user, door=Door.IMPORT)
        assert self.intake is not None
        return self.intake(store_ids=store_ids, by=by, at=timezone.now())

    def _table(self, intake: Intake, content: bytes) -> Table:
        return read_table(content, taken=intake.columns, left_alone=intake.left_alone)

    def _of(self, view: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{view}"
