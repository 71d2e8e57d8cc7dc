"""The columns of a file: what is in them, what they are called, whose personal data they hold."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from django.contrib.admin.utils import label_for_field, lookup_field
from django.db.models import EmailField, ForeignKey, QuerySet
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.resources import Resource
from phonenumber_field.modelfields import PhoneNumberField

CHUNK = 500
# Rows whose own text names a person, by label: they belong to apps above this one.
PEOPLE: Final = {
    "accounts.User",
    "accounts.Child",
    "accounts.Pet",
    "appointments.Appointment",
    "notifications.OutboxEvent",
}


class Column(Field):
    """``attribute`` leads from the row to the value; or ``told`` makes it of the row."""

    def __init__(
        self,
        label: Any,
        attribute: str | None = None,
        *,
        told: Callable[[Any], Any] | None = None,
        personal: bool = False,
    ) -> None:
        super().__init__(attribute=attribute, column_name=label)
        self.told, self.personal = told, personal

    def export(self, instance: Any, **kwargs: Any) -> Any:
        return plain(self.told(instance) if self.told else self.get_value(instance))


class Sheet(Resource):
    """Declares its columns; ``RealtorSheet(admin).columns()``."""

    def __init__(self, admin: Any) -> None:
        super().__init__()
        self.admin = admin

    def columns(self, *, personal: bool) -> list[str]:
        return [name for name, one in self.fields.items() if personal or not one.personal]

    @property
    def has_personal(self) -> bool:
        return any(one.personal for one in self.fields.values())

    def iter_queryset(self, queryset: QuerySet[Any]) -> Iterator[Any]:
        rows = queryset.iterator(chunk_size=CHUNK)
        while some := list(islice(rows, CHUNK)):
            self.admin.prepare_rows(some)
            yield from some


class ListSheet(Sheet):
    """What the list shows, in its order: nothing else of a row gets out by this way."""

    def __init__(self, admin: Any) -> None:
        super().__init__(admin)
        for name in admin.list_display:
            label = label_for_field(name, admin.model, model_admin=admin)
            self.fields[name] = Column(
                capfirst(str(label)), told=_shown(name, admin), personal=is_personal(name, admin)
            )


def is_personal(name: str, admin: Any) -> bool:
    """An address, a number, somebody's name, or what the list says is personal."""
    if admin.all_personal or name in admin.personal_columns:
        return True
    found = [field for field in admin.opts.get_fields() if field.name == name]
    if not found:
        return False
    field = found[0]
    if isinstance(field, ForeignKey):
        return field.related_model._meta.label in PEOPLE
    return isinstance(field, EmailField | PhoneNumberField)


def _shown(name: str, admin: Any) -> Callable[[Any], Any]:
    def shown(row: Any) -> Any:
        field, _attribute, value = lookup_field(name, row, admin)
        if field is not None and field.flatchoices:
            return dict(field.flatchoices).get(value, value)
        if isinstance(value, tuple | list):
            # The theme's labels are (colour, text), its headings (text, text below).
            is_label = getattr(getattr(admin, name, None), "label", None)
            return value[-1] if is_label else " · ".join(str(one) for one in value)
        if isinstance(value, SafeString):
            return strip_tags(value.replace("</div>", "; ")).strip("; ")
        return value

    return shown


def plain(value: Any) -> Any:
    """As a cell holds it; what counts or measures stays a number."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float | Decimal):
        return value
    if isinstance(value, datetime):
        wall = timezone.localtime(value) if timezone.is_aware(value) else value
        return f"{wall:%Y-%m-%d %H:%M}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def in_zone(instant: datetime | None, zone: Any) -> str:
    """By the clock of the store."""
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M}" if instant else ""


def joined(parts: Iterable[Any]) -> str:
    return "、".join(str(one) for one in parts)
