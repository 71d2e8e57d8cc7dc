"""What belongs to a review: reports, the log, aspects, photos. Services write it; here it is only
looked at."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from booking_site.common.admin import (
    ChoiceFilter,
    DateRangeFilter,
    ReadOnlyAdmin,
    ReadOnlyInline,
    RelatedFilter,
)
from booking_site.common.backoffice.manager import Manager
from reviews.models import ReviewAction, ReviewAspect, ReviewLogEntry, ReviewPhoto, ReviewReport

from .showing import local, photo_link, reason_in_words, who_in_words


def but_reporters(fields: Sequence[Any], request: HttpRequest) -> tuple[Any, ...]:
    """Who reported is between them and the operators: whom it displeases may be the store."""
    if Manager.of(request).is_operator:
        return tuple(fields)
    return tuple(
        tuple(one for one in part if one != "reporter") if isinstance(part, tuple) else part
        for part in fields
        if part != "reporter"
    )


def without_reporters(rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
    """The log, of which the same is true."""
    if Manager.of(request).is_operator:
        return rows
    return rows.exclude(action=ReviewAction.REPORTED)


class ReportInline(ReadOnlyInline):
    model = ReviewReport
    fk_name = "review"
    fields = ("when", "reason", "words", "reporter", "state", "decided_by")
    readonly_fields = fields
    ordering = ("id",)
    hide_title = True
    tab = True

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return but_reporters(self.fields, request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReviewReport]:
        rows = super().get_queryset(request)
        return rows.select_related("reporter", "decided_by", "review__store")

    @display(description=_("when"))
    def when(self, row: ReviewReport) -> str:
        return local(row.created_at, row.review.store)


class LogInline(ReadOnlyInline):
    model = ReviewLogEntry
    fields = ("when", "action", "who", "because")
    readonly_fields = fields
    ordering = ("id",)
    hide_title = True
    tab = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReviewLogEntry]:
        rows = super().get_queryset(request).select_related("actor_user", "review__store")
        return without_reporters(rows, request)

    @display(description=_("when"))
    def when(self, row: ReviewLogEntry) -> str:
        return local(row.at, row.review.store)

    @display(description=_("who"))
    def who(self, row: ReviewLogEntry) -> str:
        return who_in_words(row)

    @display(description=_("why"), empty_value="–")
    def because(self, row: ReviewLogEntry) -> str:
        return reason_in_words(row.reason)


class OfReviews(ReadOnlyAdmin):
    people: ClassVar[tuple[str, ...]] = ()
    store_lookup = "review__store"
    search_fields = ("review__appointment__code", "review__comment")
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        return rows.select_related("review__store", "review__appointment", *self.people)


@admin.register(ReviewReport)
class ReviewReportAdmin(OfReviews):
    people = ("reporter", "decided_by")
    list_display = ("when", "review", "reason", "words", "state", "decided_by")
    list_filter = (
        ("state", ChoiceFilter),
        ("reason", ChoiceFilter),
        ("review__store", RelatedFilter),
        ("created_at", DateRangeFilter),
    )
    fields = (
        ("when", "review"),
        ("reason", "reporter"),
        "words",
        ("state", "decided"),
        "decided_by",
    )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return but_reporters(self.fields, request)

    @display(description=_("when"), ordering="created_at")
    def when(self, row: ReviewReport) -> str:
        return local(row.created_at, row.review.store)

    @display(description=_("decided"))
    def decided(self, row: ReviewReport) -> str:
        return local(row.decided_at, row.review.store)


@admin.register(ReviewLogEntry)
class ReviewLogAdmin(OfReviews):
    people = ("actor_user",)
    list_display = ("when", "review", "action", "who", "because")
    list_filter = (("action", ChoiceFilter), ("at", DateRangeFilter))
    fields = ("when", "review", "action", "who", "because")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReviewLogEntry]:
        return without_reporters(super().get_queryset(request), request)

    @display(description=_("when"), ordering="at")
    def when(self, row: ReviewLogEntry) -> str:
        return local(row.at, row.review.store)

    @display(description=_("who"), ordering="actor_user__display_name")
    def who(self, row: ReviewLogEntry) -> str:
        return who_in_words(row)

    @display(description=_("why"), empty_value="–")
    def because(self, row: ReviewLogEntry) -> str:
        return reason_in_words(row.reason)


@admin.register(ReviewAspect)
class ReviewAspectAdmin(OfReviews):
    list_display = ("review", "aspect", "stars")
    list_filter = (("aspect", ChoiceFilter), "stars")
    fields = ("review", "aspect", "stars")


@admin.register(ReviewPhoto)
class ReviewPhotoAdmin(ReadOnlyAdmin):
    store_lookup = "appointment__store"
    list_display = ("when", "appointment", "shown", "review")
    list_filter = (("created_at", DateRangeFilter),)
    search_fields = ("appointment__code", "appointment__customer_name")
    ordering = ("-id",)
    fields = ("when", "appointment", "review", "shown", ("width", "height"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReviewPhoto]:
        """Of what was sent: the rest is its author's alone."""
        rows = super().get_queryset(request).filter(review__isnull=False)
        return rows.select_related("appointment__store", "review__appointment")

    @display(description=_("when"), ordering="created_at")
    def when(self, row: ReviewPhoto) -> str:
        return local(row.created_at, row.appointment.store)

    @display(description=_("photo"))
    def shown(self, row: ReviewPhoto) -> SafeString:
        return photo_link(row)
