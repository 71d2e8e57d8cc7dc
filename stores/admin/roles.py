"""Who may what, told from the very rules that decide it."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from booking_site.common.admin import ALL_STORES
from stores.models import StoreMembership

VERBS = ("add", "change", "delete")


def roles(request: HttpRequest, model_admin: Any) -> TemplateResponse:
    """A table of every list, by role; and who has which role. Two queries of its own."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    people = get_user_model().objects
    operators = people.filter(is_superuser=True, is_active=True).order_by("pk")
    managers = StoreMembership.objects.select_related("user", "store")
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Who may what"),
        "lists": sorted(_lists(), key=lambda one: str(one["name"])),
        "operators": [str(person) for person in operators],
        "managers": [
            {"person": str(one.user), "store": str(one.store)}
            for one in managers.order_by("store__name", "pk")
        ],
    }
    return TemplateResponse(request, "admin/stores/roles.html", context)


def _lists() -> Iterable[dict[str, Any]]:
    for model, one in admin.site._registry.items():
        listed: Any = one
        name = str(model._meta.verbose_name_plural)
        yield {
            "name": name[:1].upper() + name[1:],
            "operator": _with_pages(_in_words(listed.operators_may), listed, "operators_may"),
            "manager": _with_pages(_for_managers(listed), listed, "managers_may"),
        }


def _with_pages(text: str, listed: Any, whose: str) -> str:
    """And what is done to its rows on the pages of what they belong to, but not in the list."""
    for page in admin.site._registry.values():
        may = _on_page(page, listed.model, whose) - getattr(listed, whose)
        if may:
            told = {"may": text, "page": page.opts.verbose_name, "there": ", ".join(_verbs(may))}
            text = _("%(may)s; on the page “%(page)s”: %(there)s") % told
    return text


def _on_page(page: Any, model: type[Model], whose: str) -> frozenset[str]:
    """Of a page that may not be changed all parts are for reading."""
    if "change" not in getattr(page, whose):
        return frozenset()
    parts = [part for part in page.inlines if part.model is model]
    if whose == "managers_may":
        parts = [part for part in parts if part.managers_see]
    return frozenset().union(*(getattr(part, whose) for part in parts))


def _for_managers(listed: Any) -> str:
    if listed.store_lookup is None:
        return "–"
    if listed.store_lookup == ALL_STORES:
        return _in_words(listed.managers_may)
    return _("%(may)s; own stores only") % {"may": _in_words(listed.managers_may)}


def _in_words(verbs: frozenset[str]) -> str:
    return ", ".join([_("see"), *_verbs(verbs)])


def _verbs(verbs: frozenset[str]) -> list[str]:
    words = {"add": _("add"), "change": _("change"), "delete": _("delete")}
    return [words[verb] for verb in VERBS if verb in verbs]
