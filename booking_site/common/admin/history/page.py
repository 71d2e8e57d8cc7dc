"""The history of one row and of what belongs to it, the newest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import groupby
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from .words import Line, Told, changes, in_words, with_previous

MOST_AT_ONCE = 100
# A model whose rows belong to the row, and how its versions lead to it.
Part = tuple[type[Model], str]


@dataclass
class Item:
    """What became of one row: ``kind`` is +, ~ or -. ``title`` is empty for the row itself."""

    kind: str
    title: str
    text: str
    lines: list[Line]


@dataclass
class Entry:
    """What somebody did at one moment."""

    at: str
    who: str
    door: str
    items: list[Item]


class HistoryPage(BaseModelAdmin):
    """Shows versions to whoever may see them in the list of versions, so there is one rule."""

    history_parts: ClassVar[tuple[Part, ...]] = ()
    history_told: ClassVar[Told] = {}
    # From a row to its store's time zone; else times are by the reader's clock.
    zone_lookup: ClassVar[str] = ""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Django's record of edits, where no versions are kept."""
        versions = self._versions(self.model)
        if versions is None:
            above: Any = super()
            return above.history_view(request, object_id, extra_context)
        listed: Any = self
        row = listed.get_object(request, unquote(object_id))
        key = self._key(object_id)
        if not versions.has_view_permission(request):
            raise PermissionDenied
        own = versions.get_queryset(request).filter(**{self.opts.pk.attname: key})
        if row is None and not own.exists():
            # Django's own answer to an address that leads nowhere.
            return listed._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        zone = self._zone_of_row(row)
        found, older = self._found(request, own, key)
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %(name)s") % {"name": row or versions.subject(own.first())},
            "opts": self.opts,
            "object": row,
            "entries": list(self._entries(found, zone)),
            "zone": str(zone),
            "older": older and older.isoformat(),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/history.html", context)

    def _versions(self, model: Any) -> Any:
        name = getattr(model._meta, "simple_history_manager_attribute", "")
        return self.admin_site._registry.get(getattr(model, name).model) if name else None

    def _key(self, object_id: str) -> Any:
        try:
            return self.opts.pk.to_python(unquote(object_id))
        except Exception:  # whatever a field says to what is no id
            return None

    def _zone_of_row(self, row: Any) -> tzinfo:
        rows = self.model._default_manager.filter(pk=row.pk) if row and self.zone_lookup else None
        name = rows.values_list(self.zone_lookup, flat=True).first() if rows is not None else None
        return ZoneInfo(name) if name else timezone.get_current_timezone()

    def _found(
        self, request: HttpRequest, own: QuerySet[Any], key: Any
    ) -> tuple[list[tuple[Any, Any]], datetime | None]:
        """(version, admin of its model), the newest first, and from when on there is more."""
        before = _instant(request.GET.get("before"))
        found: list[tuple[Any, Any]] = []
        for admin, rows in self._sources(request, own, key):
            if before is not None:
                rows = rows.filter(history_date__lt=before)
            rows = with_previous(rows.select_related("history_user", *admin.history_related))
            newest = rows.order_by("-history_date", "-history_id")[: MOST_AT_ONCE + 1]
            found += [(version, admin) for version in reversed(newest)]
        # Stable: what one moment left stays by source.
        found.sort(key=lambda pair: _moment_of(pair[0]), reverse=True)
        if len(found) <= MOST_AT_ONCE:
            return found, None
        # What happened at one moment stays together.
        last = found[MOST_AT_ONCE - 1][0].history_date
        return [pair for pair in found if pair[0].history_date >= last], last

    def _sources(self, request: HttpRequest, own: QuerySet[Any], key: Any) -> Iterable[Any]:
        yield self._versions(self.model), own
        for model, lookup in self.history_parts:
            admin = self._versions(model)
            if admin.has_view_permission(request):
                yield admin, admin.get_queryset(request).filter(**{lookup: key})

    def _entries(self, found: list[tuple[Any, Any]], zone: tzinfo) -> Iterable[Entry]:
        """What one save left of a row, in several steps perhaps, is taken as one."""
        moments = []
        for _moment, together in groupby(found, key=lambda pair: _moment_of(pair[0])):
            steps: dict[Any, list[Any]] = {}
            for version, admin in together:
                key = getattr(version, admin.model.instance_type._meta.pk.attname)
                steps.setdefault((admin, key), []).insert(0, version)
            # The row itself, then its parts, each in the order in which they were written.
            moments.append([(admin, one) for (admin, _key), one in steps.items()])
        lines = _lines([step for steps in moments for step in steps], zone)
        for moment in moments:
            items = [self._item(admin, one, lines, zone) for admin, one in moment]
            shown = [item for item in items if item is not None]
            if shown:
                version = moment[0][1][0]
                door = version.get_history_change_reason_display() or ""
                yield Entry(when(version, zone), who(version), door, shown)

    def _item(
        self, admin: Any, steps: list[Any], lines: dict[Any, list[Line]], zone: tzinfo
    ) -> Item | None:
        newest, kind = steps[0], _kind_of(steps)
        told = lines.get((admin, newest.pk), [])
        if kind == "~" and steps[-1].previous_id and not told:
            return None
        is_own = admin.model.instance_type is self.model
        title = "" if is_own else capfirst(str(admin.model.instance_type._meta.verbose_name))
        return Item(kind, title, "" if is_own else admin.part(newest, zone), told)


def _kind_of(steps: list[Any]) -> str:
    newest, oldest = steps[0], steps[-1]
    return "-" if newest.history_type == "-" else str(oldest.history_type)


def _lines(steps: Iterable[tuple[Any, list[Any]]], zone: tzinfo) -> dict[Any, list[Line]]:
    """By admin and id of the newer version; for each admin as few queries as for one row."""
    pairs: dict[Any, list[tuple[Any, Any]]] = {}
    for admin, one in steps:
        if _kind_of(one) == "~" and one[-1].previous_id:
            pairs.setdefault(admin, []).append((one[-1].previous_id, one[0]))
    found: dict[Any, list[Line]] = {}
    for admin, wanted in pairs.items():
        before = admin.model.objects.in_bulk({pk for pk, _newer in wanted})
        told = changes([(before[pk], newer) for pk, newer in wanted], told=admin.told(), zone=zone)
        found |= {(admin, pk): lines for pk, lines in told.items()}
    return found


def when(version: Any, zone: tzinfo) -> str:
    return in_words(type(version)._meta.get_field("history_date"), version.history_date, zone)


def who(version: Any) -> str:
    return str(version.history_user) if version.history_user_id else ""


def _moment_of(version: Any) -> tuple[Any, ...]:
    return version.history_date, version.history_user_id or 0, version.history_change_reason or ""


def _instant(text: str | None) -> datetime | None:
    try:
        found = parse_datetime(text.replace(" ", "+")) if text else None
    except ValueError:
        return None
    return found if found is not None and timezone.is_aware(found) else None
