"""Saved searches above a list: a row of links, and a form that keeps the filters in use."""

from copy import copy
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IS_FACETS_VAR, BaseModelAdmin, IncorrectLookupParameters
from django.contrib.admin.views.main import ALL_VAR, ERROR_FLAG, PAGE_VAR
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from booking_site.common.backoffice.manager import Manager
from booking_site.common.callers import staff_of
from booking_site.common.errors import Refusal
from booking_site.common.lines import LineFormField
from booking_site.common.models import Sharing
from booking_site.common.searches import save_search, searches_visible_to, sharings_of
from booking_site.common.transactions import run_in_transaction

# Where in the list somebody was is not what they were looking for.
PASSING = (PAGE_VAR, ALL_VAR, ERROR_FLAG, IS_FACETS_VAR, "_popup", "_to_field")


class SearchForm(forms.Form):
    name = LineFormField(label=_("Name of the search"), max_length=40)
    sharing = forms.ChoiceField(label=_("Who sees it"), choices=Sharing)
    query = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)


class SavedSearches(BaseModelAdmin):
    list_before_template = "admin/_above_list.html"

    def get_urls(self) -> list[Any]:
        listed: Any = super()
        view = self.admin_site.admin_view(self.save_search_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_save_search"
        return [path("save-search/", view, name=name), *listed.get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        listed: Any = super()
        context = {"searches": self._searches(request)} | (extra_context or {})
        return listed.changelist_view(request, context)

    def _searches(self, request: HttpRequest) -> dict[str, Any]:
        manager: Any = Manager.of(request)
        now = without_passing(request.GET)
        rows = searches_visible_to(manager.user, manager.store_ids).filter(listed=self.opts.label)
        found = list(rows.select_related("owner"))
        links = [
            {
                "name": one.name,
                "href": f"?{one.query}",
                "whose": "" if one.owner_id == manager.user.pk else str(one.owner),
                "current": one.query == now,
            }
            for one in found
        ]
        mine = any(one.owner_id == manager.user.pk for one in found)
        manage = reverse("admin:common_savedsearch_changelist")
        return {
            "links": links,
            "query": "" if any(link["current"] for link in links) else now,
            "sharings": [(one.value, one.label) for one in sharings_of(manager.user)],
            "manage": f"{manage}?listed={self.opts.label}" if mine else "",
            "action": reverse(
                f"admin:{self.opts.app_label}_{self.opts.model_name}_save_search",
                current_app=self.admin_site.name,
            ),
        }

    def save_search_view(self, request: HttpRequest) -> HttpResponse:
        return require_POST(self._save_search)(request)

    def _save_search(self, request: HttpRequest) -> HttpResponse:
        """Back to this very list, whatever was sent."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = SearchForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Give the search a name of at most 40 characters."))
            return redirect(self._list())
        facts = form.cleaned_data
        query = without_passing(QueryDict(facts["query"]))
        if not self._is_understood(request, query):
            messages.error(request, _("These filters are not known to this list."))
            return redirect(self._list())
        work = partial(
            save_search,
            listed=self.opts.label,
            name=facts["name"],
            sharing=facts["sharing"],
            query=query,
            by=staff_of(request),
        )
        try:
            run_in_transaction(work)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Saved. You find it above the list from now on."))
        return redirect(f"{self._list()}?{query}")

    def _list(self) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def _is_understood(self, request: HttpRequest, query: str) -> bool:
        """Asks the list itself."""
        probe, listed = copy(request), self
        probe.GET, probe.method = QueryDict(query), "GET"
        try:
            admin_of_list: Any = listed
            admin_of_list.get_changelist_instance(probe)
        except (IncorrectLookupParameters, SuspiciousOperation, OverflowError):
            return False
        return True


def without_passing(query: QueryDict) -> str:
    """In one order, so that the same filters are the same text."""
    pairs = [
        (name, value)
        for name, values in sorted(query.lists())
        for value in values
        if name not in PASSING and value and "\x00" not in value
    ]
    kept = QueryDict(mutable=True)
    for name, value in pairs:
        kept.appendlist(name, value)
    return kept.urlencode()


def name_of_list(label: str) -> str:
    """What a list is called, by the label of its model."""
    for model in admin.site._registry:
        if model._meta.label == label:
            title = str(model._meta.verbose_name_plural)
            return title[:1].upper() + title[1:]
    return label
