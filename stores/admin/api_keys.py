"""Keys of other systems: made here by people who run the store, told once, and revoked."""

from functools import partial
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from booking_site.common.admin import BaseAdmin, DateRangeFilter, RelatedFilter
from booking_site.common.backoffice.recent import requires_recent_sign_in
from booking_site.common.callers import staff_of
from booking_site.common.errors import Refusal
from booking_site.common.lines import LineFormField
from booking_site.common.transactions import run_in_transaction
from stores import services
from stores.models import ApiKey
from stores.scopes import SCOPES

STANDING = {"on": "success", "unused": "info", "over": "default", "revoked": "danger"}


class ApiKeyForm(forms.ModelForm):
    scopes = forms.MultipleChoiceField(
        label=capfirst(_("may")),
        choices=[(scope, scope) for scope in SCOPES],
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        help_text=_("No more than it needs: whoever finds the key may do the same."),
    )

    class Meta:
        model = ApiKey
        fields = ("store", "name", "scopes", "expires_at")
        field_classes: ClassVar[dict[str, Any]] = {"name": LineFormField}
        help_texts: ClassVar[dict[str, Any]] = {
            "name": _("What calls with it: the till, the newsletter, …"),
            "expires_at": _("Nothing: until it is revoked."),
        }


@admin.register(ApiKey)
@method_decorator(requires_recent_sign_in, name="add_view")
class ApiKeyAdmin(BaseAdmin):
    """A key gives rights, so whoever makes one has just proven who they are; to revoke one, nobody
    is asked to. What it may is never changed: whoever relies on it would not notice."""

    store_lookup = "store"
    operators_may = frozenset({"add"})
    managers_may = frozenset({"add"})
    zone_lookup = "store__time_zone"
    form = ApiKeyForm
    list_display = ("name", "store", "prefix", "what_for", "standing", "last_used_at")
    list_select_related = ("store",)
    list_filter = (
        ("store", RelatedFilter),
        ("created_at", DateRangeFilter),
        ("last_used_at", DateRangeFilter),
        ("revoked_at", DateRangeFilter),
    )
    search_fields = ("name", "prefix", "store__name")
    ordering = ("-id",)
    autocomplete_fields = ("store",)
    actions = ("revoke",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ("store", "name", "scopes", "expires_at")
        return (
            ("name", "store"),
            ("prefix", "standing"),
            "what_for",
            ("created_at", "created_by"),
            ("last_used_at", "expires_at"),
            ("revoked_at", "revoked_by"),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        shown = self.get_fields(request, obj) if obj else ()
        return tuple(name for row in shown for name in (row if isinstance(row, tuple) else (row,)))

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiKey]:
        return super().get_queryset(request).select_related("store", "created_by", "revoked_by")

    def save_model(
        self, request: HttpRequest, obj: ApiKey, form: forms.ModelForm, change: bool
    ) -> None:
        made = services.make_key(
            obj.store,
            name=obj.name,
            scopes=obj.scopes,
            expires_at=obj.expires_at,
            by=staff_of(request),
            at=timezone.now(),
        )
        obj.pk = made.row.pk
        told = {"name": obj.name, "key": made.key}
        messages.warning(request, _("The key of %(name)s, shown this once: %(key)s") % told)

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request)

    @action(description=_("Revoke"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, chosen: QuerySet[ApiKey]) -> None:
        for key in chosen:
            ended = partial(services.revoke_key, key, by=staff_of(request), at=timezone.now())
            try:
                run_in_transaction(ended)
            except Refusal as refusal:
                messages.error(request, f"{key}: {refusal}")
            else:
                sentence = _("%(name)s opens nothing any more.") % {"name": key}
                messages.success(request, sentence)

    @display(description=_("may"))
    def what_for(self, key: ApiKey) -> str:
        return ", ".join(key.scopes)

    @display(description=_("standing"), label=STANDING)
    def standing(self, key: ApiKey) -> tuple[str, Any]:
        if key.revoked_at is not None:
            return "revoked", _("revoked")
        if not key.is_valid(timezone.now()):
            return "over", _("run out")
        return ("on", _("in use")) if key.last_used_at else ("unused", _("never used"))
