"""What changed from one version of a row to the next, in words."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from decimal import Decimal
from typing import Any

from django.db.models import Field, ForeignKey, Model, OuterRef, QuerySet, Subquery
from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

# By name of the field: how its value is told where the ordinary way would say too little.
Told = Mapping[str, Callable[[Any], str]]
NOTHING = "–"


@dataclass(frozen=True)
class Line:
    """``before`` and ``after`` of a field called ``what``."""

    what: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.what}: {self.before} → {self.after}"


def with_previous(versions: QuerySet[Any]) -> QuerySet[Any]:
    """Each knows, as ``previous_id``, which version of its row it came after."""
    model: Any = versions.model
    key = model.instance_type._meta.pk.attname
    older = model.objects.filter(**{key: OuterRef(key)}, history_id__lt=OuterRef("history_id"))
    newest = older.order_by("-history_id").values("history_id")[:1]
    return versions.annotate(previous_id=Subquery(newest))


def lines_of(
    versions: Iterable[Any], *, told: Told | None = None, zone: tzinfo | None = None
) -> dict[int, list[Line]]:
    """By id of the version; of what ``with_previous`` found. A first or last version has no lines.
    At most one query for the versions before, two for what is many to many and one for each kind
    of row that changed places with another."""
    changed = [one for one in versions if one.history_type == "~" and one.previous_id]
    if not changed:
        return {}
    before = _befores(changed, {one.pk: one for one in versions})
    return changes([(before[one.previous_id], one) for one in changed], told=told, zone=zone)


def changes(
    pairs: Sequence[tuple[Any, Any]], *, told: Told | None = None, zone: tzinfo | None = None
) -> dict[int, list[Line]]:
    """Of pairs (older, newer) of one model, by id of the newer."""
    differing = {
        new.pk: [
            field
            for field in new.tracked_fields
            if getattr(old, field.attname) != getattr(new, field.attname)
        ]
        for old, new in pairs
    }
    names = _names(pairs, differing)
    many = _many(pairs)
    lines: dict[int, list[Line]] = {}
    for old, new in pairs:
        lines[new.pk] = [
            Line(
                label_of(field),
                _value(old, field, names, told or {}, zone),
                _value(new, field, names, told or {}, zone),
            )
            for field in differing[new.pk]
        ]
        for field in new._history_m2m_fields:
            were, are = many[old.pk, field.name], many[new.pk, field.name]
            if were != are:
                lines[new.pk].append(
                    Line(label_of(field), _listed(were) or NOTHING, _listed(are) or NOTHING)
                )
    return lines


def label_of(field: Any) -> str:
    return capfirst(str(field.verbose_name))


def facts_of(version: Any, leaving_out: Iterable[str] = (), zone: tzinfo | None = None) -> str:
    """A version in one line, without rows it belongs to."""
    told = [
        f"{label_of(field)} {in_words(field, getattr(version, field.attname), zone)}"
        for field in version.tracked_fields
        if not field.primary_key
        and not isinstance(field, ForeignKey)
        and field.name not in leaving_out
        and getattr(version, field.attname) not in (None, "")
    ]
    return " · ".join(told)


def in_words(field: Field, value: Any, zone: tzinfo | None = None) -> str:
    """Of a field that leads nowhere."""
    if value is None or value == "":
        return NOTHING
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        wall = value.astimezone(zone or timezone.get_current_timezone())
        return str(formats.localize(wall.replace(tzinfo=None, second=0, microsecond=0)))
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, date):
        return str(formats.localize(value))
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _value(
    version: Any, field: Any, names: Mapping[Any, str], told: Told, zone: tzinfo | None
) -> str:
    value = getattr(version, field.attname)
    if field.name in told:
        return told[field.name](value)
    if isinstance(field, ForeignKey) and value is not None:
        gone = _("no longer there (number %(number)s)") % {"number": value}
        return names.get((field.related_model, value), gone)
    return in_words(field, value, zone)


def _befores(changed: Iterable[Any], known: Mapping[int, Any]) -> dict[int, Any]:
    found = dict(known)
    wanted = {one.previous_id for one in changed} - found.keys()
    if wanted:
        (model,) = {type(one) for one in changed}
        found |= model.objects.in_bulk(wanted)
    return found


def _names(pairs: Sequence[tuple[Any, Any]], differing: Mapping[int, Any]) -> dict[Any, str]:
    """What the rows are called that these versions point to and that others of them do not."""
    wanted: dict[type[Model], set[Any]] = defaultdict(set)
    for old, new in pairs:
        for field in differing[new.pk]:
            if isinstance(field, ForeignKey):
                wanted[field.related_model] |= {
                    getattr(old, field.attname),
                    getattr(new, field.attname),
                }
    return {
        (model, pk): str(row)
        for model, ids in wanted.items()
        for pk, row in model._default_manager.in_bulk(ids - {None}).items()
    }


def _many(pairs: Sequence[tuple[Any, Any]]) -> dict[tuple[int, str], list[str]]:
    """Names of what stood at the other end, by version and field."""
    found: dict[tuple[int, str], list[str]] = defaultdict(list)
    versions = {one.pk for pair in pairs for one in pair}
    fields = pairs[0][1]._history_m2m_fields if pairs else []
    for field in fields:
        through = getattr(type(pairs[0][1]), field.name).model
        rows = through.objects.filter(history__in=versions)
        end = field.m2m_reverse_field_name()
        ids = list(rows.order_by(f"{end}_id").values_list("history_id", f"{end}_id"))
        names = field.related_model._default_manager.in_bulk({pk for _version, pk in ids})
        for version, pk in ids:
            found[version, field.name].append(str(names.get(pk, pk)))
    return found


def _listed(names: Sequence[str]) -> str:
    return "、".join(names)
