"""Rows of a file, taken one by one: all of them or none. Each goes the way that a form or a service
would take, so that a file can do nothing that a person could not."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.forms import modelform_factory
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from booking_site.common.actors import Actor
from booking_site.common.errors import Invalid, Refusal
from booking_site.common.history import signed

from ..history.words import NOTHING, Line, in_words
from .reading import Row, Table

YES = {"yes", "y", "true", "1", "on", "是", "有效", "启用"}
NO = {"no", "n", "false", "0", "off", "否", "无效", "停用"}


@dataclass
class Taken:
    """``kind`` is new, changed or same."""

    kind: str
    name: str
    lines: list[Line] = field(default_factory=list)
    number: int = 0


@dataclass
class Outcome:
    taken: list[Taken]
    # (line of the file, what is wrong with it).
    wrong: list[tuple[int, list[str]]]

    def count(self, kind: str) -> int:
        return sum(one.kind == kind for one in self.taken)

    @property
    def changes(self) -> int:
        return self.count("new") + self.count("changed")


class Intake(ABC):
    """Of one list. ``store_ids`` None: every store."""

    # Label by key, in the order in which they are explained.
    columns: ClassVar[Mapping[str, Any]] = {}
    left_alone: ClassVar[Mapping[str, Any]] = {}
    required: ClassVar[tuple[str, ...]] = ()
    # What stands in a column, where its name does not say it.
    hints: ClassVar[Mapping[str, Any]] = {}
    example: ClassVar[Mapping[str, str]] = {}
    personal: ClassVar[bool] = False

    def __init__(self, *, store_ids: Iterable[int] | None, by: Actor, at: datetime) -> None:
        self.store_ids = None if store_ids is None else list(store_ids)
        self.by, self.at = by, at

    @abstractmethod
    def take(self, cells: dict[str, str]) -> Taken:
        """Raises Refusal or ValidationError."""

    def label(self, key: str) -> str:
        return str(self.columns.get(key, key))


def take_all(intake: Intake, table: Table, *, keep: bool) -> Outcome:
    """In the caller's transaction, which is rolled back unless everything is right and ``keep``."""
    outcome = Outcome([], [])
    for row in table.rows:
        try:
            with transaction.atomic():
                taken = _taken(intake, row)
        except (Refusal, ValidationError) as error:
            outcome.wrong.append((row.number, _sentences(intake, error)))
        else:
            outcome.taken.append(taken)
    if outcome.wrong or not keep:
        transaction.set_rollback(True)
    return outcome


def _taken(intake: Intake, row: Row) -> Taken:
    missing = [key for key in intake.required if not row.cells.get(key)]
    if missing:
        text = _("“%(name)s” is missing.")
        raise Invalid(errors={"": [text % {"name": intake.label(key)} for key in missing]})
    taken = intake.take(dict(row.cells))
    taken.number = row.number
    return taken


def _of(column: str, sentence: Any) -> str:
    return _("%(column)s: %(sentence)s") % {"column": column, "sentence": sentence}


def _sentences(intake: Intake, error: Refusal | ValidationError) -> list[str]:
    if isinstance(error, Refusal):
        by_field: Mapping[str, Any] = error.errors or {"": [str(error)]}
    else:
        known = hasattr(error, "error_dict")
        by_field = error.message_dict if known else {"": error.messages}
    told = []
    for key, sentences in by_field.items():
        name = intake.label(key) if key in intake.columns else ""
        told += [_of(name, sentence) if name else str(sentence) for sentence in sentences]
    return told


def fill(
    row: Model, cells: Mapping[str, str], keys: Iterable[str], *, intake: Intake
) -> tuple[bool, list[Line]]:
    """What a form of the model makes of these cells: the row with its new values, not yet saved,
    whether any of them changed, and what. Raises ValidationError."""
    named = [key for key in keys if key in cells]
    data = {key: _typed(type(row), key, cells[key]) for key in named}
    for key in list(data):
        if data[key] is None:
            # An empty cell of a new row leaves what the model says by itself.
            del data[key]
    form = modelform_factory(type(row), forms.ModelForm, fields=list(data))(data, instance=row)
    before = {key: in_words(_field(row, key), getattr(row, key)) for key in data}
    if not form.is_valid():
        raise ValidationError({key: found.as_data() for key, found in form.errors.items()})
    after = {key: in_words(_field(row, key), getattr(row, key)) for key in data}
    lines = [
        Line(intake.label(key), before[key], after[key])
        for key in data
        if before[key] != after[key]
    ]
    return bool(lines), lines


def keep(row: Any, *, by: Actor, at: datetime) -> None:
    signed(row, by=by, at=at).save()


def _field(row: Model, key: str) -> Any:
    return row._meta.get_field(key)


def _typed(model: type[Model], key: str, cell: str) -> Any:
    kind = model._meta.get_field(key).get_internal_type()
    if kind != "BooleanField":
        return cell
    if not cell:
        return None
    return yes_or_no(cell, key)


def yes_or_no(cell: str, key: str) -> bool:
    word = cell.casefold()
    if word in YES:
        return True
    if word in NO:
        return False
    raise Invalid(errors={key: [_("Write yes or no.")]})


def day_of(cell: str, key: str) -> date:
    """2026-10-01, also with slashes, points or the Chinese words."""
    text = cell.replace("/", "-").replace(".", "-").replace("年", "-").replace("月", "-")
    parts = text.replace("日", "").strip().split("-")
    try:
        year, month, day = (int(part) for part in parts)
        return date(year, month, day)
    except (ValueError, OverflowError) as error:
        text = _("Write a date such as 2026-10-01, not “%(cell)s”.")
        raise Invalid(errors={key: [text % {"cell": cell[:40]}]}) from error


def clock_of(cell: str, key: str) -> time:
    try:
        hour, minute = (int(part) for part in cell.replace("：", ":").split(":")[:2])
        return time(hour % 24 if (hour, minute) == (24, 0) else hour, minute)
    except ValueError as error:
        text = _("Write a time such as 09:30, not “%(cell)s”.")
        raise Invalid(errors={key: [text % {"cell": cell[:40]}]}) from error


def told(label: Any, before: Any, after: Any) -> list[Line]:
    """One line, none where nothing changed."""
    old, new = str(before or NOTHING), str(after or NOTHING)
    return [] if old == new else [Line(capfirst(str(label)), old, new)]
