"""One BaseAdmin for the project, so that the theme is one import and the rights one place."""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG, ChangeList
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import DatabaseError, connection
from django.db.models import DateTimeField, ManyToManyField, Model, QuerySet
from django.forms import BaseModelFormSet, Media, ModelForm, TimeInput
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import SimpleTemplateResponse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin, TabularInline

from booking_site.common.backoffice.manager import Manager
from booking_site.common.callers import staff_of
from booking_site.common.errors import Conflict, Refusal
from booking_site.common.history import signed
from booking_site.common.transactions import run_in_transaction

from .history.page import HistoryPage
from .loading import needed
from .lookups import is_asked_for, shortened
from .scope import Lookup, ScopedChoices, managed
from .searches import SavedSearches
from .sheets.exporting import Exports
from .sheets.importing import Imports

NOTHING: frozenset[str] = frozenset()
EVERYTHING = frozenset({"add", "change", "delete"})


class BaseAdmin(Imports, Exports, SavedSearches, HistoryPage, ScopedChoices, ModelAdmin):
    """Operators may do ``operators_may``. Store managers see the rows that ``store_lookup`` leads
    to their stores from, and may do ``managers_may`` to them; no Django permission is needed."""

    store_lookup: ClassVar[Lookup] = None
    operators_may: ClassVar[frozenset[str]] = EVERYTHING
    managers_may: ClassVar[frozenset[str]] = NOTHING

    # Whether the menu names the list.
    in_navigation: ClassVar[bool] = True

    list_per_page = 50
    # The second count, over the whole table, tells little and costs much.
    show_full_result_count = False
    list_filter_submit = True
    list_fullwidth = True
    warn_unsaved_form = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return managed(super().get_queryset(request), self.store_lookup, request)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Called what the menu calls it, not "Select … to change"."""
        title = {"title": capfirst(str(self.opts.verbose_name_plural))}
        response = super().changelist_view(request, title | (extra_context or {}))
        if isinstance(response, SimpleTemplateResponse) and response.context_data:
            told = response.context_data
            # The theme's has the scripts of the filters too.
            told["media"] = needed(told.get("media", Media()) + super().media)
        return response

    @property
    def media(self) -> Media:
        """Django's. The theme adds that of the filters, also to forms once the list was seen."""
        return needed(super(ModelAdmin, self).media, slugs=bool(self.prepopulated_fields))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        slugs = bool(self.get_prepopulated_fields(request, kwargs.get("obj")))
        context["media"] = needed(context["media"], actions=False, slugs=slugs)
        return super().render_change_form(request, context, *args, **kwargs)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Never more than the list itself shows; Django's own question lets any field through."""
        return is_asked_for(self, lookup, request)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return super().get_search_results(request, queryset, shortened(search_term))

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """A filter that the list does not know, and a value that only the database finds odd, are
        said to be no filter of this list; list, export and saved searches come by here."""
        try:
            return super().get_changelist_instance(request)
        except (DisallowedModelAdminLookup, ValueError, DatabaseError) as error:
            if set(request.GET) <= {ERROR_FLAG}:
                # Nothing was asked for: then something is broken, and has to be known.
                raise
            raise IncorrectLookupParameters from error

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """What a service refuses is rolled back, and said on the page one comes back to. A save
        that got in the way of somebody's booking is done again, as at every other edge."""
        shown = partial(super().changeform_view, request, object_id, form_url, extra_context)
        return _at_the_edge(request, shown)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return _at_the_edge(
            request, partial(super().delete_view, request, object_id, extra_context)
        )

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        """What is no id was never in the list: nothing is done then, and nothing breaks."""
        try:
            queryset.filter(pk__in=request.POST.getlist(ACTION_CHECKBOX_NAME))
        except (ValueError, ValidationError):
            messages.error(request, _("Nothing was done: what was chosen is not in this list."))
            return redirect(request.get_full_path())
        return super().response_action(request, queryset)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """From the address: what its field cannot hold is as if it were not there."""
        told: dict[str, Any] = super().get_changeform_initial_data(request)
        return {name: value for name, value in told.items() if self._is_held(name, value)}

    def _is_held(self, name: str, value: Any) -> bool:
        try:
            field: Any = self.opts.get_field(name)
            # Points in time are made of two boxes, and lists of choices of many: they take no text.
            if isinstance(field, DateTimeField | ManyToManyField):
                return False
            return field.to_python(value) is not None
        except (FieldDoesNotExist, ValidationError, ValueError, AttributeError):
            return False

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return _to_the_minute(super().formfield_for_dbfield(db_field, request, **kwargs))

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        super().save_model(request, _signed(request, obj), form, change)

    def save_formset(
        self, request: HttpRequest, form: ModelForm, formset: BaseModelFormSet, change: bool
    ) -> None:
        for row in formset.forms:
            _signed(request, row.instance)
        super().save_formset(request, form, formset, change)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, _signed(request, obj))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """One by one: what a query set deletes has nobody's name on it."""
        for row in queryset:
            self.delete_model(request, row)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        if Manager.of(request).is_operator:
            return True
        return self._is_managed(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may("add", request, None)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._may("change", request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._may("delete", request, obj)

    def _may(self, verb: str, request: HttpRequest, obj: Model | None) -> bool:
        if Manager.of(request).is_operator:
            return verb in self.operators_may
        return verb in self.managers_may and self._is_managed(request, obj)

    def _is_managed(self, request: HttpRequest, obj: Model | None) -> bool:
        if self.store_lookup is None or not Manager.of(request).store_ids:
            return False
        if obj is None or obj.pk is None:
            return True
        # Asked many times while one page is made.
        known = Manager.of(request).known
        key = (self.model, obj.pk)
        if key not in known:
            rows = managed(self.model._default_manager.all(), self.store_lookup, request)
            known[key] = rows.filter(pk=obj.pk).exists()
        return known[key]


def _to_the_minute(field: Any) -> Any:
    """Its boxes show no seconds in English either."""
    widget = getattr(field, "widget", None)
    for box in (widget, *getattr(widget, "widgets", ())):
        if isinstance(box, TimeInput):
            box.format = "%H:%M"
    return field


def _signed(request: HttpRequest, row: Any) -> Any:
    """For its history, if one is kept. One moment for all that is saved at once."""
    if not hasattr(row._meta, "simple_history_manager_attribute"):
        return row
    known = Manager.of(request).rows
    at = known.setdefault((BaseAdmin, "at"), timezone.now())
    return signed(row, by=staff_of(request), at=at)


def _at_the_edge(request: HttpRequest, shown: Callable[[], HttpResponse]) -> HttpResponse:
    # Django's own page that adds a user has opened a transaction by itself.
    saves = request.method == "POST" and not connection.in_atomic_block
    try:
        return run_in_transaction(shown) if saves else shown()
    except Refusal as refusal:
        for sentence in sentences_of(refusal):
            messages.error(request, sentence)
        return redirect(request.get_full_path())


def sentences_of(refusal: Refusal) -> list[str]:
    """What it says of fields, else what it says at all; what a Conflict adds is facts."""
    if isinstance(refusal, Conflict):
        return [str(refusal)]
    told = [
        str(sentence)
        for sentences in refusal.errors.values()
        if isinstance(sentences, list)
        for sentence in sentences
    ]
    return told or [str(refusal)]


class ReadOnlyAdmin(BaseAdmin):
    """What services own and people only look at."""

    operators_may = NOTHING
    managers_may = NOTHING


class TableInline(ScopedChoices, TabularInline):
    """Rows on the page of what they belong to; who sees that page has been decided there."""

    operators_may: ClassVar[frozenset[str]] = EVERYTHING
    managers_may: ClassVar[frozenset[str]] = NOTHING
    managers_see: ClassVar[bool] = False
    # Shown behind a question mark in the heading of the column.
    help_texts: ClassVar[dict[str, Any]] = {}
    extra = 0

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name in self.help_texts:
            field.help_text = self.help_texts[db_field.name]
        return _to_the_minute(field)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return Manager.of(request).is_operator or self.managers_see

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._may("add", request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._may("change", request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._may("delete", request)

    def _may(self, verb: str, request: HttpRequest) -> bool:
        if Manager.of(request).is_operator:
            return verb in self.operators_may
        return self.managers_see and verb in self.managers_may


class ReadOnlyInline(TableInline):
    operators_may = NOTHING
    managers_see = True
    template_before = "admin/_no_rows.html"
