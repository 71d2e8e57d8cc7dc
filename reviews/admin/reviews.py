"""What customers said. A word that staff could change would be worth nothing."""

from django.contrib import admin
from django.utils import formats
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from booking_site.common.admin import DateRangeFilter, ReadOnlyAdmin, RelatedFilter
from reviews.models import Review


@admin.register(Review)
class ReviewAdmin(ReadOnlyAdmin):
    store_lookup = "store"
    list_display = ("written", "appointment", "store", "realtor", "rating", "comment")
    list_select_related = ("appointment", "store", "realtor")
    list_filter = (
        ("store", RelatedFilter),
        ("realtor", RelatedFilter),
        "rating",
        ("created_at", DateRangeFilter),
    )
    search_fields = ("appointment__code", "appointment__customer_name", "comment")
    ordering = ("-id",)
    fields = (("written", "appointment"), ("store", "realtor"), "rating", "comment")

    @display(description=_("when"), ordering="created_at")
    def written(self, review: Review) -> str:
        """By the store's own wall clock, whatever the reader's."""
        local = review.created_at.astimezone(review.store.zone)
        return formats.localize(local.replace(tzinfo=None, microsecond=0))
