"""The books of the built-in gateway."""

from django.contrib import admin

from booking_site.common.admin import ChoiceFilter, DateRangeFilter, ReadOnlyAdmin, ReadOnlyInline
from payments.models import SandboxCharge, SandboxKey, SandboxRefund


class SandboxRefundInline(ReadOnlyInline):
    model = SandboxRefund
    fields = ("number", "amount", "created_at")


@admin.register(SandboxCharge)
class SandboxChargeAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "number", "subject", "amount", "currency", "status")
    list_filter = (("status", ChoiceFilter), ("created_at", DateRangeFilter))
    search_fields = ("number", "subject")
    ordering = ("-id",)
    fields = (("created_at", "number"), ("subject", "booking"), ("amount", "currency"), "status")
    inlines = (SandboxRefundInline,)


@admin.register(SandboxRefund)
class SandboxRefundAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "charge", "amount", "number")
    list_filter = (("created_at", DateRangeFilter),)
    list_select_related = ("charge",)
    search_fields = ("number", "charge__number")
    ordering = ("-id",)
    fields = (("created_at", "charge"), ("amount", "number"))


@admin.register(SandboxKey)
class SandboxKeyAdmin(ReadOnlyAdmin):
    """Since when there is one; never what it is."""

    list_display = ("created_at",)
    list_filter = (("created_at", DateRangeFilter),)
    search_fields = ("id",)
    fields = ("created_at",)
