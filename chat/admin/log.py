"""Who of the staff read, hid or closed what, and why. Only looked at."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from booking_site.common.admin import (
    ChoiceFilter,
    DateRangeFilter,
    ReadOnlyAdmin,
    ReadOnlyInline,
)
from chat.models import ChatLogEntry

from .filters import of_others
from .showing import called, local, reason_in_words, who_in_words


class LogInline(ReadOnlyInline):
    model = ChatLogEntry
    fields = ("when", "action", "who", "because")
    readonly_fields = fields
    ordering = ("-id",)
    hide_title = True
    tab = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[ChatLogEntry]:
        rows = super().get_queryset(request)
        return rows.select_related("actor_user", "conversation__store")

    @display(description=_("when"))
    def when(self, row: ChatLogEntry) -> str:
        return local(row.at, row.conversation)

    @display(description=_("who"))
    def who(self, row: ChatLogEntry) -> str:
        return who_in_words(row)

    @display(description=_("why"), empty_value="–")
    def because(self, row: ChatLogEntry) -> str:
        return reason_in_words(row.reason)


@admin.register(ChatLogEntry)
class ChatLogAdmin(ReadOnlyAdmin):
    store_lookup = "conversation__store"
    personal_columns = ("who",)
    list_display = ("when", "talk", "action", "who", "because")
    list_filter = (("action", ChoiceFilter), ("at", DateRangeFilter))
    search_fields = ("conversation__appointment__code", "actor_user__display_name", "reason")
    search_help_text = _("Code of the appointment, name of whoever did it, words of the reason")
    ordering = ("-id",)
    fields = ("when", "conversation", ("action", "message"), "who", "because")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ChatLogEntry]:
        rows = of_others(super().get_queryset(request), request, "conversation")
        return rows.select_related("actor_user", "conversation__store", "message")

    @display(description=_("when"), ordering="at")
    def when(self, row: ChatLogEntry) -> str:
        return local(row.at, row.conversation)

    @display(description=_("conversation"), ordering="conversation")
    def talk(self, row: ChatLogEntry) -> str:
        return called(row.conversation)

    @display(description=_("who"), ordering="actor_user__display_name")
    def who(self, row: ChatLogEntry) -> str:
        return who_in_words(row)

    @display(description=_("why"), empty_value="–")
    def because(self, row: ChatLogEntry) -> str:
        return reason_in_words(row.reason)
