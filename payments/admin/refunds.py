"""Money on its way back; what was given up waits here for a person."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from booking_site.common.admin import ChoiceFilter, DateRangeFilter, RelatedFilter
from booking_site.common.admin.moves import DETAIL, MovedAdmin, Told, on_chosen, on_one
from payments.models import Refund, RefundState

from .moves import SEND_AGAIN
from .showing import local, sum_of

COLOURS: dict[str, str] = {
    RefundState.DUE: "info",
    RefundState.SENT: "info",
    RefundState.DONE: "success",
    RefundState.FAILED: "danger",
}


class RefundAdmin(MovedAdmin):
    store_lookup = "share__payment__store"
    personal_columns = ("appointment",)
    moves = (SEND_AGAIN,)
    list_display = (
        "created",
        "appointment",
        "store",
        "sum",
        "reason",
        "state",
        "attempts",
        "last_error",
    )
    list_display_links = ("created", "appointment")
    list_filter = (
        ("status", ChoiceFilter),
        ("reason", ChoiceFilter),
        ("share__payment__store", RelatedFilter),
        ("created_at", DateRangeFilter),
    )
    search_fields = (
        "number",
        "share__payment__number",
        "share__appointment__code",
        "share__appointment__customer_name",
    )
    ordering = ("-id",)
    actions = [on_chosen(SEND_AGAIN)]
    actions_detail = [f"{SEND_AGAIN.name}{DETAIL}"]
    fields = (
        ("created", "appointment"),
        ("sum", "reason"),
        ("words", "by"),
        ("status", "attempts"),
        ("next_try", "last_error"),
        ("sent", "done"),
        ("number", "gateway_id"),
        "share",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Refund]:
        rows = super().get_queryset(request)
        return rows.select_related("share__payment__store", "share__appointment", "by")

    def told_of(self, row: Refund) -> Told:
        store = row.share.payment.store
        return {"pk": row.pk, "name": row.number, "words": self.sum(row), "place": store}

    @display(description=_("created"), ordering="created_at")
    def created(self, refund: Refund) -> str:
        return local(refund.created_at, refund.share.payment.store)

    @display(description=_("appointment"))
    def appointment(self, refund: Refund) -> str:
        return str(refund.share.appointment)

    @display(description=_("store"))
    def store(self, refund: Refund) -> str:
        return str(refund.share.payment.store)

    @display(description=_("sum"), ordering="amount")
    def sum(self, refund: Refund) -> str:
        return sum_of(refund.amount, refund.share.payment.currency)

    @display(description=_("status"), ordering="status", label=COLOURS)
    def state(self, refund: Refund) -> tuple[str, str]:
        return refund.status, refund.get_status_display()

    @display(description=_("next try"))
    def next_try(self, refund: Refund) -> str:
        waits = refund.status in (RefundState.DUE, RefundState.SENT)
        return local(refund.next_try_at if waits else None, refund.share.payment.store)

    @display(description=_("sent at"))
    def sent(self, refund: Refund) -> str:
        return local(refund.sent_at, refund.share.payment.store)

    @display(description=_("arrived at"))
    def done(self, refund: Refund) -> str:
        return local(refund.done_at, refund.share.payment.store)


setattr(RefundAdmin, f"{SEND_AGAIN.name}{DETAIL}", on_one(SEND_AGAIN))
admin.site.register(Refund, RefundAdmin)
