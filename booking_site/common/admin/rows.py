"""Remembered answers, counted attempts, settings, what staff did in these pages, and the rows of
libraries, whose own pages would say and allow too much."""

from typing import Any

# Imported so that they have registered theirs before we take it back.
import allauth.account.admin
import allauth.mfa.admin  # noqa: F401
import django.contrib.auth.admin  # noqa: F401
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from booking_site.common.backoffice.manager import Manager
from booking_site.common.backoffice.recent import requires_recent_sign_in
from booking_site.common.models import (
    AttemptCounter,
    BackupRun,
    BackupRunQuerySet,
    IdempotencyRecord,
    SavedSearch,
    SystemConfig,
    Transfer,
    WaitingImport,
)
from booking_site.common.searches import searches_visible_to, sharings_of
from booking_site.common.site_settings import known_keys, wrong_with

from .base import BaseAdmin, ReadOnlyAdmin
from .filters import ChoiceFilter, DateRangeFilter, RelatedFilter
from .scope import ALL_STORES
from .searches import name_of_list

# The sign-in library's own words, which it has not translated.
BORROWED = (_("TOTP Authenticator"), _("Recovery codes"))
Authenticator._meta.verbose_name = _("authenticator")
Authenticator._meta.verbose_name_plural = _("authenticators")
# Rights come from being an operator or from managing a store; groups would only mislead.
admin.site.unregister([Group, EmailAddress, Authenticator])


@admin.register(IdempotencyRecord)
class IdempotencyRecordAdmin(ReadOnlyAdmin):
    """The answer itself is encrypted and stays out of sight."""

    list_display = ("scope", "route", "answer_status", "created_at")
    list_filter = ("answer_status", ("created_at", DateRangeFilter))
    search_fields = ("scope", "key", "route")
    ordering = ("-created_at", "-pk")
    fields = ("scope", "key", "route", "body_digest", "answer_status", "created_at")


@admin.register(AttemptCounter)
class AttemptCounterAdmin(ReadOnlyAdmin):
    list_display = ("name", "window_started_at", "count")
    list_filter = (("window_started_at", DateRangeFilter),)
    search_fields = ("name",)
    ordering = ("-window_started_at", "name")


class SystemConfigForm(forms.ModelForm):
    """A value that the code reads must be one that it understands."""

    def clean(self) -> dict[str, Any] | None:
        told = super().clean()
        key = self.cleaned_data.get("key") or self.instance.key
        if "value" in self.cleaned_data:
            for sentence in wrong_with(key, self.cleaned_data["value"]):
                self.add_error("value", sentence)
        return told


@admin.register(SystemConfig)
class SystemConfigAdmin(BaseAdmin):
    form = SystemConfigForm
    list_display = ("key", "value", "description", "created_at", "updated_at")
    list_filter = (("created_at", DateRangeFilter), ("updated_at", DateRangeFilter))
    search_fields = ("key", "description")
    readonly_fields = ("known", "created_at", "updated_at")
    fields = ("known", "key", "value", "description", ("created_at", "updated_at"))

    @display(description=_("keys that the site reads"))
    def known(self, setting: SystemConfig) -> str:
        return ", ".join(known_keys())

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Code reads a setting by its key: a renamed one would be lost."""
        fields = super().get_readonly_fields(request, obj)
        return (*fields, "key") if obj else fields


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    """Django's own record of edits; bookings have a log of theirs."""

    personal_columns = ("object_repr",)
    list_display = ("action_time", "user", "content_type", "object_repr", "action_flag")
    list_select_related = ("user", "content_type")
    list_filter = (("user", RelatedFilter), ("action_time", DateRangeFilter), "action_flag")
    search_fields = ("object_repr", "change_message", "user__email", "user__display_name")
    ordering = ("-action_time", "-pk")


@admin.register(EmailAddress)
class EmailAddressAdmin(ReadOnlyAdmin):
    """The sign-in library's list of addresses; it follows the account's own."""

    list_display = ("email", "user", "primary", "verified")
    list_select_related = ("user",)
    list_filter = ("primary", "verified")
    search_fields = ("email", "user__display_name")
    ordering = ("email",)


@admin.register(Authenticator)
@method_decorator(requires_recent_sign_in, name="delete_view")
@method_decorator(requires_recent_sign_in, name="response_action")
class AuthenticatorAdmin(BaseAdmin):
    """Second factors. What they hide is not shown; an operator takes a lost one away."""

    operators_may = frozenset({"delete"})
    list_display = ("user", "type", "created_at", "last_used_at")
    list_select_related = ("user",)
    list_filter = (("type", ChoiceFilter), ("created_at", DateRangeFilter))
    search_fields = ("user__email", "user__display_name")
    ordering = ("-created_at", "-pk")
    fields = ("user", "type", "created_at", "last_used_at")


@admin.register(SavedSearch)
class SavedSearchAdmin(BaseAdmin):
    """Made above the list they belong to; here they are renamed, shared and removed."""

    store_lookup = ALL_STORES
    operators_may = frozenset({"change", "delete"})
    managers_may = frozenset({"change", "delete"})
    list_display = ("name", "where", "sharing", "owner")
    list_select_related = ("owner",)
    list_filter = (("sharing", ChoiceFilter), "listed", ("owner", RelatedFilter))
    search_fields = ("name", "owner__display_name", "owner__email")
    fields = ("name", "sharing", "where", "query", "owner")
    readonly_fields = ("where", "query", "owner")

    def get_queryset(self, request: HttpRequest) -> QuerySet[SavedSearch]:
        rows = super().get_queryset(request)
        manager: Any = Manager.of(request)
        if manager.is_operator:
            return rows
        seen = searches_visible_to(manager.user, manager.store_ids)
        return rows.filter(pk__in=seen.values("pk"))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and _is_own(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and _is_own(request, obj)

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        user: Any = request.user
        kwargs["choices"] = [(one.value, one.label) for one in sharings_of(user)]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[SavedSearch]) -> None:
        """Of what was chosen, one's own."""
        own = [one for one in queryset if _is_own(request, one)]
        super().delete_queryset(request, queryset.model.objects.filter(pk__in=[o.pk for o in own]))

    @display(description=_("list"), ordering="listed")
    def where(self, search: SavedSearch) -> str:
        return name_of_list(search.listed)


def _is_own(request: HttpRequest, search: SavedSearch | None) -> bool:
    return search is None or search.owner_id == request.user.pk or bool(request.user.is_superuser)


@admin.register(Transfer)
class TransferAdmin(ReadOnlyAdmin):
    """Who took or brought what. Added to by every import and export, never changed."""

    list_display = ("at", "by", "direction", "where", "rows", "format", "personal")
    list_select_related = ("by",)
    list_filter = (
        ("direction", ChoiceFilter),
        ("by", RelatedFilter),
        ("at", DateRangeFilter),
        "personal",
    )
    search_fields = ("listed", "by__display_name", "by__email")
    ordering = ("-id",)
    fields = list_display

    @display(description=_("list"), ordering="listed")
    def where(self, transfer: Transfer) -> str:
        return name_of_list(transfer.listed)


@admin.register(WaitingImport)
class WaitingImportAdmin(ReadOnlyAdmin):
    """Files that somebody has yet to confirm; what is in them stays out of sight."""

    in_navigation = False
    list_display = ("created_at", "owner", "where", "file_name")
    list_select_related = ("owner",)
    list_filter = (("owner", RelatedFilter), ("created_at", DateRangeFilter))
    search_fields = ("file_name", "owner__display_name", "owner__email")
    ordering = ("-created_at",)
    fields = list_display

    def get_queryset(self, request: HttpRequest) -> QuerySet[WaitingImport]:
        return super().get_queryset(request).defer("content")

    @display(description=_("list"), ordering="listed")
    def where(self, waiting: WaitingImport) -> str:
        return name_of_list(waiting.listed)


class SinceGoodFilter(admin.SimpleListFilter):
    """What went wrong and has not gone well since: for a person."""

    title = _("since the last good one")
    parameter_name = "since"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("good", _("failed since the last good one"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Any]:
        rows: BackupRunQuerySet = queryset
        return rows.failed_since_good() if self.value() == "good" else rows


@admin.register(BackupRun)
class BackupRunAdmin(ReadOnlyAdmin):
    """When the last good one was made, how large it is, and what went wrong with others."""

    list_display = ("started_at", "outcome", "name", "size", "rows", "files", "missing_files")
    list_filter = (("outcome", ChoiceFilter), SinceGoodFilter, ("started_at", DateRangeFilter))
    search_fields = ("name", "error")
    ordering = ("-id",)
    fields = (
        ("started_at", "finished_at"),
        ("outcome", "name"),
        "error",
        "size",
        ("tables", "rows"),
        ("files", "missing_files"),
    )

    @display(description=_("size"), ordering="size_bytes")
    def size(self, run: BackupRun) -> str:
        return filesizeformat(run.size_bytes)
