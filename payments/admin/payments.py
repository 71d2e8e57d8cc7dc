"""Payments as they stand, and what of them is whose."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from booking_site.common.admin import (
    ChoiceFilter,
    DateRangeFilter,
    ReadOnlyInline,
    RelatedFilter,
)
from booking_site.common.admin.moves import DETAIL, MovedAdmin, Told, on_chosen, on_one
from payments.models import GatewayNotice, Payment, PaymentShare, PaymentState

from .filters import ProblemFilter
from .moves import LOOK
from .report import REPORT
from .showing import local, sum_of

COLOURS: dict[str, str] = {
    PaymentState.OPEN: "info",
    PaymentState.PAID: "success",
    PaymentState.FAILED: "warning",
    PaymentState.CLOSED: "default",
}


class ShareInline(ReadOnlyInline):
    model = PaymentShare
    fields = ("appointment", "amount", "refunded", "counts")
    show_change_link = True


class NoticeInline(ReadOnlyInline):
    model = GatewayNotice
    fields = ("received_at", "kind", "accepted", "refusal")


class PaymentAdmin(MovedAdmin):
    store_lookup = "store"
    personal_columns = ("user",)
    moves = (LOOK,)
    custom_urls = (REPORT,)
    list_display = (
        "created",
        "number",
        "user",
        "store",
        "paid_with",
        "sum",
        "state",
        "what_is_odd",
    )
    list_display_links = ("created", "number")
    list_filter = (
        ("status", ChoiceFilter),
        "gateway",
        ProblemFilter,
        ("store", RelatedFilter),
        ("created_at", DateRangeFilter),
    )
    search_fields = (
        "number",
        "gateway_id",
        "shares__appointment__code",
        "shares__appointment__customer_name",
    )
    search_help_text = _("Number, here or at the gateway; code or name of the booking")
    ordering = ("-id",)
    inlines = (ShareInline, NoticeInline)
    actions = [on_chosen(LOOK)]
    actions_detail = [f"{LOOK.name}{DETAIL}"]
    fields = (
        ("created", "user"),
        ("store", "subject"),
        ("number", "paid_with"),
        ("sum", "status"),
        ("expires", "paid"),
        ("gateway_id", "what_is_odd"),
        ("opened", "next_look"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Payment]:
        return super().get_queryset(request).select_related("store", "user")

    def told_of(self, row: Payment) -> Told:
        return {"pk": row.pk, "name": row.number, "words": self.sum(row), "place": row.store}

    @display(description=_("created"), ordering="created_at")
    def created(self, payment: Payment) -> str:
        return local(payment.created_at, payment.store)

    @display(description=_("paid with"), ordering="gateway")
    def paid_with(self, payment: Payment) -> str:
        return payment.gateway

    @display(description=_("sum"), ordering="amount")
    def sum(self, payment: Payment) -> str:
        return sum_of(payment.amount, payment.currency)

    @display(description=_("status"), ordering="status", label=COLOURS)
    def state(self, payment: Payment) -> tuple[str, str]:
        return payment.status, payment.get_status_display()

    @display(description=_("problem"), empty_value="–")
    def what_is_odd(self, payment: Payment) -> str | None:
        return payment.problem or None

    @display(description=_("to be paid by"))
    def expires(self, payment: Payment) -> str:
        return local(payment.expires_at, payment.store)

    @display(description=_("paid at"))
    def paid(self, payment: Payment) -> str:
        return local(payment.paid_at, payment.store)

    @display(description=_("opened there"))
    def opened(self, payment: Payment) -> str:
        return local(payment.opened_at, payment.store)

    @display(description=_("next look"))
    def next_look(self, payment: Payment) -> str:
        return local(payment.next_look_at, payment.store)


# The buttons are methods of the class by the theme's rules.
_here: Any = on_one(LOOK)
setattr(PaymentAdmin, f"{LOOK.name}{DETAIL}", _here)
admin.site.register(Payment, PaymentAdmin)
