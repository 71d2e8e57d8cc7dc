"""Store managers see and choose among the rows of their stores only; without a word, none."""

from typing import Any, Final

from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.sites import AdminSite
from django.db.models import ForeignKey, ManyToManyField, Model, Q, QuerySet
from django.http import HttpRequest

from booking_site.common.backoffice.manager import Manager

# For rows that belong to no store and that everybody may look at.
ALL_STORES: Final = "*"
Lookup = str | tuple[str, ...] | None


def managed(rows: QuerySet[Any], lookup: Lookup, request: HttpRequest) -> QuerySet[Any]:
    """Those of ``rows`` that this member of staff may see. ``lookup`` leads from a row to its
    store's id (several ways are either way); None means operators only."""
    manager = Manager.of(request)
    if manager.is_operator:
        return rows
    if lookup is None or not manager.store_ids:
        return rows.none()
    if lookup == ALL_STORES:
        return rows
    ways = (lookup,) if isinstance(lookup, str) else lookup
    condition = Q()
    for way in ways:
        condition |= Q(**{f"{way}__in": manager.store_ids})
    return rows.filter(condition)


def choices_of(model: type[Model], site: AdminSite, request: HttpRequest) -> QuerySet[Any]:
    """What may be chosen of a model in a form or a filter: what its own list would show.
    To managers, a model without a list of ours shows nothing."""
    listed: Any = site._registry.get(model)
    if Manager.of(request).is_operator:
        return model._default_manager.all()
    if not hasattr(listed, "store_lookup"):
        return model._default_manager.none()
    return listed.get_queryset(request)


class ScopedChoices(BaseModelAdmin):
    """Forms of managers accept no row of another store, however its id got into the request."""

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        return self._scoped(field, db_field, request)

    def formfield_for_manytomany(
        self, db_field: ManyToManyField, request: HttpRequest, **kwargs: Any
    ) -> Any:
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        return self._scoped(field, db_field, request)

    def _scoped(self, field: Any, db_field: Any, request: HttpRequest) -> Any:
        if field is not None and not Manager.of(request).is_operator:
            field.queryset = choices_of(db_field.remote_field.model, self.admin_site, request)
        return field
