"""What happened, and which reminders have had their turn. Services write it; here it is only looked
at."""

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
from notifications.models import Delivery, OutboxEvent, Reminder

from .showing import local


class DeliveryInline(ReadOnlyInline):
    model = Delivery
    fields = ("role", "letter", "address", "status", "attempts", "sent_at")


@admin.register(OutboxEvent)
class OutboxEventAdmin(ReadOnlyAdmin):
    store_lookup = "appointment__store"
    list_display = ("when", "appointment", "kind")
    list_select_related = ("appointment__store",)
    list_filter = (("kind", ChoiceFilter), ("at", DateRangeFilter))
    search_fields = ("appointment__code", "appointment__customer_name")
    ordering = ("-id",)
    fields = ("when", "appointment", "kind", "uid")
    inlines = (DeliveryInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[OutboxEvent]:
        return super().get_queryset(request).select_related("appointment__store")

    @display(description=_("when"), ordering="at")
    def when(self, event: OutboxEvent) -> str:
        return local(event.at, event.appointment)


@admin.register(Reminder)
class ReminderAdmin(ReadOnlyAdmin):
    store_lookup = "appointment__store"
    list_display = ("appointment", "start", "turn", "when")
    list_select_related = ("appointment__store",)
    list_filter = (("turn", ChoiceFilter), ("at", DateRangeFilter))
    search_fields = ("appointment__code", "appointment__customer_name")
    ordering = ("-id",)
    fields = ("appointment", "start", "turn", "when")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reminder]:
        return super().get_queryset(request).select_related("appointment__store")

    @display(description=_("start"), ordering="starts_at")
    def start(self, reminder: Reminder) -> str:
        return local(reminder.starts_at, reminder.appointment)

    @display(description=_("when"), ordering="at")
    def when(self, reminder: Reminder) -> str:
        return local(reminder.at, reminder.appointment)
