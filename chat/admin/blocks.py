"""Who wants to hear nothing more of whom; and, beside it, what holds for all conversations."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from booking_site.common.admin import DateRangeFilter, ReadOnlyAdmin
from chat.models import Block

from .policy import POLICY_PAGE


@admin.register(Block)
class BlockAdmin(ReadOnlyAdmin):
    """For operators, who are asked why somebody cannot write. People unblock by themselves."""

    personal_columns = ("blocker", "blocked")
    list_display = ("created_at", "blocker", "blocked")
    list_display_links = ("created_at",)
    list_select_related = ("blocker", "blocked")
    list_filter = (("created_at", DateRangeFilter),)
    search_fields = ("blocker__display_name", "blocked__display_name")
    search_help_text = _("Names of people")
    ordering = ("-id",)
    fields = ("created_at", ("blocker", "blocked"))
    custom_urls = (POLICY_PAGE,)
