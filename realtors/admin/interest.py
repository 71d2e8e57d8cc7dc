"""What people took an interest in: to see why something was recommended. Only operators see it, and
nobody writes it."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from booking_site.common.admin import ChoiceFilter, DateRangeFilter, ReadOnlyAdmin, RelatedFilter
from realtors.models import Interest


@admin.register(Interest)
class InterestAdmin(ReadOnlyAdmin):
    list_display = ("user", "what", "listing", "at", "times")
    list_select_related = ("user", "listing")
    list_filter = (
        ("what", ChoiceFilter),
        ("listing__store", RelatedFilter),
        ("at", DateRangeFilter),
    )
    search_fields = ("user__email", "user__display_name", "listing__title")
    search_help_text = _("Name or e-mail of the account, title of the listing")
    ordering = ("-at", "-id")
