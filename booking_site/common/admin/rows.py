"""Remembered answers, counted attempts, settings, what staff did in these pages, and the rows of
libraries, whose own pages would say and allow too much."""

from typing import Any

# Imported so that they have registered theirs before we take it back.
import allauth.account.admin
import allauth.mfa.admin  # noqa: F401
import django.contrib.auth.admin  # noqa: F401
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.http import HttpRequest

from booking_site.common.models import AttemptCounter, IdempotencyRecord, SystemConfig

from .base import BaseAdmin, ReadOnlyAdmin
from .filters import ChoiceFilter, DateRangeFilter, RelatedFilter

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


@admin.register(SystemConfig)
class SystemConfigAdmin(BaseAdmin):
    list_display = ("key", "value", "description", "updated_at")
    list_filter = (("updated_at", DateRangeFilter),)
    search_fields = ("key", "description")
    readonly_fields = ("updated_at",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Code reads a setting by its key: a renamed one would be lost."""
        fields = super().get_readonly_fields(request, obj)
        return (*fields, "key") if obj else fields


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    """Django's own record of edits; bookings have a log of theirs."""

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
class AuthenticatorAdmin(BaseAdmin):
    """Second factors. What they hide is not shown; an operator takes a lost one away."""

    operators_may = frozenset({"delete"})
    list_display = ("user", "type", "created_at", "last_used_at")
    list_select_related = ("user",)
    list_filter = (("type", ChoiceFilter), ("created_at", DateRangeFilter))
    search_fields = ("user__email", "user__display_name")
    ordering = ("-created_at", "-pk")
    fields = ("user", "type", "created_at", "last_used_at")
