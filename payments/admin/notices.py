"""What came in at the callbacks, believed or not. Forgeries belong to no store: operators only."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from booking_site.common.admin import DateRangeFilter, ReadOnlyAdmin
from payments.models import GatewayNotice


@admin.register(GatewayNotice)
class GatewayNoticeAdmin(ReadOnlyAdmin):
    list_display = ("received_at", "gateway", "kind", "payment", "accepted", "refusal")
    list_display_links = ("received_at",)
    list_filter = ("gateway", "accepted", "refusal", ("received_at", DateRangeFilter))
    search_fields = ("event_id", "payment__number", "digest")
    search_help_text = _("Number of the event or of the payment, digest of the body")
    ordering = ("-id",)
    fields = (
        ("received_at", "gateway"),
        ("kind", "event_id"),
        "payment",
        ("accepted", "refusal"),
        "digest",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[GatewayNotice]:
        return super().get_queryset(request).select_related("payment")
