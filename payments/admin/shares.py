"""What was paid for which booking, and what of it went back."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from booking_site.common.admin import DateRangeFilter, ReadOnlyInline, RelatedFilter
from booking_site.common.admin.moves import DETAIL, MovedAdmin, Told, on_one
from booking_site.common.backoffice.recent import requires_recent_sign_in
from payments.models import PaymentShare, Refund

from .moves import REFUND
from .showing import local, sum_of


class RefundInline(ReadOnlyInline):
    model = Refund
    fields = ("created_at", "amount", "reason", "words", "by", "status", "done_at")
    show_change_link = True


class ShareAdmin(MovedAdmin):
    store_lookup = "payment__store"
    personal_columns = ("appointment",)
    moves = (REFUND,)
    list_display = ("paid", "appointment", "store", "sum", "given_back", "counts")
    list_display_links = ("paid", "appointment")
    list_filter = (
        "counts",
        "payment__status",
        ("payment__store", RelatedFilter),
        ("payment__paid_at", DateRangeFilter),
    )
    search_fields = ("payment__number", "appointment__code", "appointment__customer_name")
    ordering = ("-id",)
    inlines = (RefundInline,)
    actions_detail = [f"{REFUND.name}{DETAIL}"]
    fields = (("appointment", "payment"), ("sum", "given_back"), ("paid", "counts"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[PaymentShare]:
        return super().get_queryset(request).select_related("payment__store", "appointment")

    def told_of(self, row: PaymentShare) -> Told:
        return {
            "pk": row.pk,
            "name": row.appointment,
            "words": self.sum(row),
            "place": row.payment.store,
        }

    @display(description=_("paid at"), ordering="payment__paid_at")
    def paid(self, share: PaymentShare) -> str:
        return local(share.payment.paid_at, share.payment.store)

    @display(description=_("store"))
    def store(self, share: PaymentShare) -> str:
        return str(share.payment.store)

    @display(description=_("sum"), ordering="amount")
    def sum(self, share: PaymentShare) -> str:
        return sum_of(share.amount, share.payment.currency)

    @display(description=_("refunded"), ordering="refunded")
    def given_back(self, share: PaymentShare) -> str:
        return sum_of(share.refunded, share.payment.currency)


# Money that has gone out does not come back: who it is, is asked anew.
setattr(ShareAdmin, f"{REFUND.name}{DETAIL}", requires_recent_sign_in(on_one(REFUND)))
admin.site.register(PaymentShare, ShareAdmin)
