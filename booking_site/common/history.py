"""What master data was before: who changed which field from what to what, when, and by which door.

A version of the row is kept by the row's own ``save`` and ``delete``; ``signed`` says first whose
doing that is. There is no current user to be found anywhere, and what ``QuerySet.update`` writes
(presence, ratings) leaves no version.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords
from simple_history.utils import bulk_create_with_history

from .actors import Actor, Door

M = TypeVar("M", bound=models.Model)
DOORS = [
    (Door.PAGE.value, _("on the pages")),
    (Door.API.value, _("through the API")),
    (Door.OFFICE.value, _("in the back office")),
    (Door.IMPORT.value, _("by an import")),
    (Door.SYSTEM.value, _("by itself")),
]


class Kept(HistoricalRecords):
    """``history = Kept(_("history of stores"), but=("rating",))``: every field is kept, but those
    named; with ``only``, those named and no other, now or ever. ``many`` are many-to-many fields.
    """

    def __init__(
        self,
        name: Any,
        *,
        but: Iterable[str] = (),
        only: Iterable[str] = (),
        many: Sequence[Any] = (),
        **options: Any,
    ) -> None:
        self.but, self.only = frozenset(but), frozenset(only)
        super().__init__(
            verbose_name=name,
            verbose_name_plural=name,
            history_id_field=models.BigAutoField(),
            history_change_reason_field=models.CharField(
                _("by way of"), max_length=10, null=True, choices=DOORS
            ),
            m2m_fields=many,
            **options,
        )

    def create_history_model(self, model: Any, inherited: bool) -> Any:
        named = {field.name for field in model._meta.fields if not field.primary_key}
        unknown = (self.but | self.only) - named
        if unknown:
            raise TypeError(f"{model.__name__} has no {', '.join(sorted(unknown))}")
        self.excluded_fields = sorted(named - self.only if self.only else self.but)
        return super().create_history_model(model, inherited)

    def get_extra_fields(self, model: Any, fields: Any) -> dict[str, Any]:
        """A version is called after its moment; what the row was called may need a query."""
        extra: dict[str, Any] = super().get_extra_fields(model, fields)
        extra["__str__"] = lambda one: f"{timezone.localtime(one.history_date):%Y-%m-%d %H:%M}"
        return extra

    def post_save(
        self,
        instance: Any,
        created: bool,
        using: Any = None,
        update_fields: Iterable[str] | None = None,
        **options: Any,
    ) -> None:
        """Nothing is kept of a save that touched nothing kept, a sign-in above all."""
        if not created:
            kept = self.fields_included(instance)
            if update_fields is not None and not {one.name for one in kept} & set(update_fields):
                return
            if not _differs(instance, getattr(instance, self.manager_name).model, kept):
                return
        super().post_save(instance, created, using=using, **options)


def _differs(instance: Any, history: Any, kept: Iterable[Any]) -> bool:
    """From its newest version; one query."""
    names = [field.attname for field in kept]
    newest = history.objects.filter(**{instance._meta.pk.attname: instance.pk})
    known = newest.order_by("-history_id").values(*names).first()
    if known is None:
        return True
    # Both as the database would have them: a form's "09:00" is the time that was kept.
    return any(
        field.get_prep_value(getattr(instance, field.attname))
        != field.get_prep_value(known[field.attname])
        for field in kept
    )


def signed(row: M, *, by: Actor, at: datetime) -> M:
    """What is done to this object next is the doing of ``by``."""
    one: Any = row
    one._history_user, one._history_date, one._change_reason = by.user, at, by.door
    return row


def create_all(rows: Iterable[M], *, by: Actor, at: datetime) -> None:
    """Like ``bulk_create``, with their first versions; four queries at most."""
    made = list(rows)
    if made:
        bulk_create_with_history(
            [signed(row, by=by, at=at) for row in made], type(made[0]), default_date=at
        )


def delete_all(rows: Iterable[models.Model], *, by: Actor, at: datetime) -> None:
    """One by one: what a query set deletes has nobody's name on it."""
    for row in rows:
        signed(row, by=by, at=at).delete()


def versions_of(row: models.Model) -> Any:
    """Everything kept of this row."""
    model: Any = type(row)
    return model.history.filter(**{row._meta.pk.attname: row.pk})


def start_history(apps: Any, label: str, name: str) -> None:
    """For migrations: what is there already is the first version of itself, so that the first
    change after it has a before."""
    model, history = apps.get_model(label, name), apps.get_model(label, f"Historical{name}")
    own = {field.attname for field in model._meta.concrete_fields}
    kept = [field.attname for field in history._meta.concrete_fields if field.attname in own]
    facts = {"history_date": timezone.now(), "history_type": "+"}
    facts["history_change_reason"] = Door.SYSTEM.value
    batch: list[Any] = []
    for row in model._default_manager.values(*kept).iterator(chunk_size=1000):
        batch.append(history(**row, **facts))
        if len(batch) == 1000:
            history.objects.bulk_create(batch)
            batch.clear()
    history.objects.bulk_create(batch)
