"""What customers said. Nothing here is typed in: a word that staff could change would be worth
nothing. Operators hide and show; stores answer and report."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from booking_site.common.admin import DateRangeFilter, RelatedFilter
from booking_site.common.admin.moves import (
    DETAIL,
    OPERATE,
    MovedAdmin,
    Told,
    on_chosen,
    on_one,
)
from reviews.models import Review, ReviewReport

from .filters import AttentionFilter
from .moves import MOVES
from .parts import LogInline, ReportInline
from .showing import local, photos_of, stars

PEOPLE = ("appointment", "store", "realtor", "replied_by", "hidden_by")
COLOURS = {"shown": "success", "hidden": "danger", "reported": "warning"}


class ReviewAdmin(MovedAdmin):
    """Whom a review displeases must not be who hides it: that is for operators."""

    store_lookup = "store"
    moves = MOVES
    parts = ("aspects", "photos", "reports")
    list_display = ("written", "in_stars", "said", "store", "realtor", "standing", "answered")
    list_display_links = ("written", "in_stars")
    list_filter = (
        AttentionFilter,
        "rating",
        ("store", RelatedFilter),
        ("realtor", RelatedFilter),
        ("created_at", DateRangeFilter),
    )
    search_fields = ("appointment__code", "appointment__customer_name", "comment", "reply")
    search_help_text = _("Words of the review or the answer, code or name of the booking")
    ordering = ("-id",)
    inlines = (ReportInline, LogInline)
    actions = [on_chosen(move) for move in MOVES if move.permission == OPERATE]
    actions_detail = [f"{move.name}{DETAIL}" for move in MOVES]
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("written", "appointment"),
                    ("store", "realtor"),
                    ("in_stars", "in_aspects"),
                    "comment",
                    "pictures",
                )
            },
        ),
        (_("Reply"), {"fields": ("reply", ("answered", "replied_by"))}),
        (_("Moderation"), {"fields": (("state", "hidden"), ("hidden_by", "hidden_reason"))}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Review]:
        rows = super().get_queryset(request).select_related(*PEOPLE)
        reports = ReviewReport.objects.open().filter(review=OuterRef("pk"))
        return rows.annotate(is_reported=Exists(reports))

    def told_of(self, row: Review) -> Told:
        stars = f"{row.rating} ★"
        return {"pk": row.pk, "name": stars, "words": row.comment or "–", "place": row.store}

    @display(description=_("when"), ordering="created_at")
    def written(self, review: Review) -> str:
        return local(review.created_at, review.store)

    @display(description=_("stars"), ordering="rating")
    def in_stars(self, review: Review) -> str:
        return stars(review.rating)

    @display(description=_("aspects"), empty_value="–")
    def in_aspects(self, review: Review) -> str | None:
        told = [f"{one.get_aspect_display()} {one.stars}" for one in review.aspects.all()]
        return " · ".join(told) or None

    @display(description=_("comment"), empty_value="–")
    def said(self, review: Review) -> str | None:
        return (review.comment[:60] + "…" if len(review.comment) > 60 else review.comment) or None

    @display(description=_("photos"))
    def pictures(self, review: Review) -> SafeString | str:
        return photos_of(review)

    @display(description=_("standing"), label=COLOURS)
    def standing(self, review: Review) -> tuple[str, Any]:
        if review.is_hidden:
            return "hidden", _("hidden")
        reported = getattr(review, "is_reported", False)
        return ("reported", _("reported")) if reported else ("shown", _("shown"))

    @display(description=_("standing"))
    def state(self, review: Review) -> str:
        return str(self.standing(review)[1])

    @display(description=_("replied on"), ordering="replied_at")
    def answered(self, review: Review) -> str:
        return local(review.replied_at, review.store)

    @display(description=_("hidden"))
    def hidden(self, review: Review) -> str:
        return local(review.hidden_at, review.store)


# The buttons are methods of the class by the theme's rules: one for each move.
for _move in MOVES:
    setattr(ReviewAdmin, f"{_move.name}{DETAIL}", on_one(_move))
admin.site.register(Review, ReviewAdmin)
