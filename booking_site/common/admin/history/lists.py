"""The list of all versions of a model: what changed lately, deleted rows included."""

from datetime import tzinfo
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from ..base import ReadOnlyAdmin
from ..filters import ChoiceFilter, DateRangeFilter, RelatedFilter
from .page import when, who
from .words import Line, Told, facts_of, lines_of, with_previous

KINDS = {"+": _("added"), "~": _("changed"), "-": _("removed")}
COLOURS = {"+": "success", "~": "info", "-": "danger"}


class VersionsAdmin(ReadOnlyAdmin):
    """``history_related`` are the rows that ``subject`` speaks of besides its own fields."""

    history_related: ClassVar[tuple[str, ...]] = ()
    list_display = ("what", "kind", "changed_in_words", "by_whom", "door", "moment")
    list_filter = (
        ("history_type", ChoiceFilter),
        ("history_date", DateRangeFilter),
        ("history_user", RelatedFilter),
        ("history_change_reason", ChoiceFilter),
    )
    ordering = ("-history_date", "-history_id")
    fields = ("what", "step", "changed_in_words", "by_whom", "door", "moment", "whole")
    # Reached from the list of the rows themselves.
    in_navigation = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        versions = with_previous(super().get_queryset(request))
        return versions.select_related("history_user", *self.history_related)

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """What changed is found for all rows of the page at once."""
        found = super().get_changelist_instance(request)
        self.prepare_rows(found.result_list)
        return found

    def prepare_rows(self, rows: list[Any]) -> None:
        lines = lines_of(rows, told=self.told())
        for version in rows:
            version.lines = lines.get(version.pk, [])

    def told(self) -> Told:
        listed: Any = self.admin_site._registry.get(self.model.instance_type)
        return getattr(listed, "history_told", {})

    def subject(self, version: Any) -> str:
        """What the row was called."""
        return str(version.history_object)

    def part(self, version: Any, zone: tzinfo) -> str:
        """The same on the page of the row it belongs to."""
        return facts_of(version, zone=zone)

    @display(description=_("what"))
    def what(self, version: Any) -> str:
        return self.subject(version)

    @display(description=_("step"), ordering="history_type", label=COLOURS)
    def kind(self, version: Any) -> tuple[str, str]:
        return version.history_type, str(KINDS[version.history_type])

    @display(description=_("step"))
    def step(self, version: Any) -> str:
        return str(KINDS[version.history_type])

    @display(description=_("changes"))
    def changed_in_words(self, version: Any) -> SafeString | str:
        if not hasattr(version, "lines"):
            version.lines = lines_of([version], told=self.told()).get(version.pk, [])
        return as_html(version.lines)

    @display(description=_("who"), ordering="history_user")
    def by_whom(self, version: Any) -> str:
        return who(version) or "–"

    @display(description=_("by way of"), ordering="history_change_reason")
    def door(self, version: Any) -> str:
        return version.get_history_change_reason_display() or "–"

    @display(description=_("when"), ordering="history_date")
    def moment(self, version: Any) -> str:
        return when(version, timezone.get_current_timezone())

    @display(description=_("whole history"))
    def whole(self, version: Any) -> SafeString:
        opts = version.instance_type._meta
        key = getattr(version, opts.pk.attname)
        name = f"admin:{opts.app_label}_{opts.model_name}_history"
        return format_html(
            '<a class="text-primary-600 underline dark:text-primary-500" href="{}">{}</a>',
            reverse(name, args=[key]),
            capfirst(str(_("everything that happened to it"))),
        )


def as_html(lines: list[Line]) -> SafeString | str:
    if not lines:
        return "–"
    told = ((line.what, line.before, line.after) for line in lines)
    inner = format_html_join("", "<div><b>{}</b>: {} → {}</div>", told)
    return format_html("<div>{}</div>", inner)


def keep_list(model: type[Model], lister: type[VersionsAdmin]) -> None:
    """The list of the versions of ``model``."""
    history: Any = model
    admin.site.register(history.history.model, lister)
