"""Orders of services, found by number and address. Steps are taken on the appointment's page."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from appointments.models import Order
from appointments.presenters.order_words import amount
from booking_site.common.admin import ChoiceFilter, DateRangeFilter, ReadOnlyAdmin, RelatedFilter

from .showing import STATUS_COLOURS, status_of, when, when_in_full

OF_ORDER = ("appointment__store", "appointment__realtor", "appointment__listing")


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    store_lookup = "appointment__store"
    personal_columns = ("customer", "address")
    list_display = (
        "number",
        "title",
        "customer",
        "provider",
        "starts",
        "sum",
        "state",
        "payment",
    )
    list_filter = (
        ("appointment__status", ChoiceFilter),
        ("appointment__payment_status", ChoiceFilter),
        ("appointment__starts_at", DateRangeFilter),
        ("appointment__listing", RelatedFilter),
        ("appointment__realtor", RelatedFilter),
        ("appointment__store", RelatedFilter),
    )
    search_fields = (
        "number",
        "address",
        "appointment__code",
        "appointment__customer_name",
        "appointment__customer_phone",
        "appointment__listing__title",
    )
    ordering = ("-appointment__starts_at", "-pk")
    fields = (
        ("number", "state"),
        ("title", "provider"),
        ("customer", "when_in_full"),
        ("address", "provider_address"),
        ("sum", "payment"),
        "appointment",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        rows: QuerySet[Order] = super().get_queryset(request)
        return rows.select_related(*OF_ORDER)

    @display(description=_("service"), ordering="appointment__listing__title")
    def title(self, order: Order) -> str:
        return str(order.details.get("title", ""))

    @display(description=_("customer"), ordering="appointment__customer_name")
    def customer(self, order: Order) -> str:
        return order.appointment.customer_name

    @display(description=_("provider"), empty_value="–")
    def provider(self, order: Order) -> str | None:
        realtor = order.appointment.realtor
        return realtor.name if realtor else None

    @display(description=_("when"), ordering="appointment__starts_at")
    def starts(self, order: Order) -> str:
        return when(order.appointment, timezone.now())

    @display(description=_("when"))
    def when_in_full(self, order: Order) -> str:
        return when_in_full(order.appointment, timezone.now())

    @display(description=_("amount"), ordering="appointment__final_price")
    def sum(self, order: Order) -> str:
        return amount(order.appointment)

    @display(description=_("status"), ordering="appointment__status", label=STATUS_COLOURS)
    def state(self, order: Order) -> tuple[str, str]:
        return status_of(order.appointment)

    @display(description=_("payment"), ordering="appointment__payment_status")
    def payment(self, order: Order) -> str:
        return order.appointment.get_payment_status_display()
