"""What is offered. Staff write it as providers do, through the services; whether it is shown is a
step of its own."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.forms.fields import InvalidJSONInput
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from booking_site.common.admin import ChoiceFilter, DateRangeFilter, RelatedFilter
from booking_site.common.admin.moves import DETAIL, MovedAdmin, Told, on_chosen, on_one
from booking_site.common.callers import staff_of
from realtors.models import Listing, ListingPicture, ListingStatus
from realtors.services import create_listing, edit_listing
from stores.admin.policy_form import FeeStepsField

from .listing_moves import MOVES, REMOVE
from .listing_sheet import ListingSheet

COLOURS: dict[str, str] = {
    ListingStatus.DRAFT: "default",
    ListingStatus.PUBLISHED: "success",
    ListingStatus.HIDDEN: "danger",
}
PAIRED = (
    ("kind", "store"),
    ("realtor", "category"),
    ("title", "subcategory"),
    "description",
    ("price", "price_unit"),
    ("duration_minutes", "capacity"),
    ("deposit_percent", "needs_approval"),
    "attributes",
    "tags",
)
ELSEWHERE = ("address", ("latitude", "longitude"))
RULES = (
    ("buffer_before_minutes", "buffer_after_minutes"),
    ("cancel_cutoff_minutes", "reschedule_cutoff_minutes"),
    "fee_steps",
)


class TypedField(forms.JSONField):
    """JSON as somebody types it: nested beyond all sense it is not valid either."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except RecursionError as error:
            raise forms.ValidationError(
                self.error_messages["invalid"], code="invalid", params={"value": "…"}
            ) from error

    def bound_data(self, data: Any, initial: Any) -> Any:
        try:
            return super().bound_data(data, initial)
        except RecursionError:
            return InvalidJSONInput(data)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return super().has_changed(initial, data)
        except RecursionError:
            return True


class ListingForm(forms.ModelForm):
    fee_steps = FeeStepsField()

    class Meta:
        field_classes: ClassVar[Any] = {"attributes": TypedField, "tags": TypedField}


class ListingAdmin(MovedAdmin):
    store_lookup = "store"
    operators_may = frozenset({"add", "change"})
    managers_may = frozenset({"add", "change"})
    moves = MOVES
    form = ListingForm
    sheet = ListingSheet
    parts = ("pictures",)
    list_display = ("title", "kind", "store", "realtor", "price", "standing", "rating")
    list_select_related = ("store", "realtor", "category")
    list_filter = (
        ("kind", ChoiceFilter),
        ("status", ChoiceFilter),
        ("store", RelatedFilter),
        ("realtor", RelatedFilter),
        ("category", RelatedFilter),
        ("published_at", DateRangeFilter),
    )
    search_fields = ("title", "description", "store__name", "realtor__name")
    search_help_text = _("Words of the listing, store or realtor")
    ordering = ("-id",)
    autocomplete_fields = ("store", "realtor", "category")
    readonly_fields = ("seen", "shown", "hidden_reason", "rating", "review_count", "published_at")
    actions = [on_chosen(move) for move in MOVES]
    actions_detail = [f"{move.name}{DETAIL}" for move in MOVES]
    fieldsets: ClassVar[Any] = (
        (None, {"fields": PAIRED}),
        (_("Another place than the store's"), {"fields": ELSEWHERE}),
        (_("Other rules than the store's"), {"fields": RULES}),
        (
            _("Shown"),
            {
                "fields": (
                    ("shown", "hidden_reason"),
                    ("published_at", "rating", "review_count"),
                    "seen",
                )
            },
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What was promised was promised under the store's hours and policy."""
        fields = super().get_readonly_fields(request, obj)
        return (*fields, "kind", "store") if obj else fields

    def told_of(self, row: Listing) -> Told:
        return {"pk": row.pk, "name": row.title, "words": row.description[:200], "place": row.store}

    def save_model(
        self, request: HttpRequest, obj: Listing, form: forms.ModelForm, change: bool
    ) -> None:
        by, at = staff_of(request), timezone.now()
        if change:
            facts = {name: form.cleaned_data[name] for name in form.changed_data}
            written = edit_listing(Listing.objects.get(pk=obj.pk), **facts, by=by, at=at)
        else:
            written = create_listing(**form.cleaned_data, by=by, at=at)
        obj.__dict__.update(written.__dict__)

    @display(description=_("standing"), ordering="status", label=COLOURS)
    def standing(self, listing: Listing) -> tuple[str, str]:
        return listing.status, listing.get_status_display()

    @display(description=_("standing"))
    def shown(self, listing: Listing) -> str:
        return listing.get_status_display()

    @display(description=_("pictures"), empty_value="–")
    def seen(self, listing: Listing) -> SafeString | None:
        rows = [
            (reverse("realtors:picture", args=[one.key]), one.caption or f"#{n}")
            for n, one in enumerate(listing.pictures.all() if listing.pk else (), start=1)
        ]
        return format_html_join(" · ", '<a href="{}">{}</a>', rows) or None


@admin.register(ListingPicture)
class ListingPictureAdmin(MovedAdmin):
    store_lookup = "listing__store"
    moves = (REMOVE,)
    list_display = ("listing", "position", "caption", "width", "height", "added")
    list_display_links = ("listing",)
    list_select_related = ("listing__store",)
    list_filter = (("listing__store", RelatedFilter), ("created_at", DateRangeFilter))
    search_fields = ("listing__title", "caption")
    ordering = ("-id",)
    actions = [on_chosen(REMOVE)]
    actions_detail = [f"{REMOVE.name}{DETAIL}"]
    fields = ("listing", ("position", "caption"), ("width", "height"), "added", "seen")
    readonly_fields = ("seen", "added")

    def told_of(self, row: ListingPicture) -> Told:
        words = row.caption or "–"
        return {"pk": row.pk, "name": str(row), "words": words, "place": row.listing}

    @display(description=_("created"), ordering="created_at")
    def added(self, picture: ListingPicture) -> str:
        zone = picture.listing.store.zone
        return f"{picture.created_at.astimezone(zone):%Y-%m-%d %H:%M}"

    @display(description=_("picture"))
    def seen(self, picture: ListingPicture) -> SafeString:
        href = reverse("realtors:picture", args=[picture.key])
        return format_html('<a href="{}">{}</a>', href, picture)


def _list(_done: Any) -> str:
    return reverse("admin:realtors_listingpicture_changelist")


# The buttons are methods of the class by the theme's rules: one for each move.
for _move in MOVES:
    setattr(ListingAdmin, f"{_move.name}{DETAIL}", on_one(_move))
setattr(ListingPictureAdmin, f"{REMOVE.name}{DETAIL}", on_one(REMOVE, _list))
admin.site.register(Listing, ListingAdmin)
