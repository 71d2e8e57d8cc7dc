"""What belongs to courses: the rules that make sessions, wishes for seats, and packages."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.db.models import ForeignKey, QuerySet
from django.http import HttpRequest
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget

from appointments.models import Package, SeatWish, SessionRule, SkippedSession
from appointments.services import add_rule
from booking_site.common.admin import (
    ChoiceFilter,
    DateRangeFilter,
    ReadOnlyAdmin,
    ReadOnlyInline,
    RelatedFilter,
)
from booking_site.common.admin.moves import DETAIL, MovedAdmin, Told, on_chosen, on_one
from booking_site.common.admin.scope import managed
from booking_site.common.callers import staff_of
from realtors.models import Listing, ListingKind

from .account import ACCOUNT, NamesAccount
from .inlines import PackageSeatInline
from .session_forms import CourseChoice, RuleForm
from .session_moves import END
from .showing import local


class OfCourses(BaseModelAdmin):
    """Forms in which one of the reader's courses is chosen."""

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.remote_field.model is not Listing:
            return super().formfield_for_foreignkey(db_field, request, **kwargs)
        courses = Listing.objects.with_people().filter(kind=ListingKind.COURSE)
        return CourseChoice(
            label=_("Course"),
            queryset=managed(courses, "store", request).order_by("store__name", "title", "pk"),
            widget=UnfoldAdminSelectWidget(),
        )


class SkippedInline(ReadOnlyInline):
    """Dates on which it could make none, and why."""

    model = SkippedSession
    fields = ("date", "reason")
    readonly_fields = fields
    ordering = ("-date",)
    hide_title = True
    tab = True


@admin.register(SessionRule)
class SessionRuleAdmin(OfCourses, MovedAdmin):
    store_lookup = "listing__store"
    operators_may = frozenset({"add"})
    managers_may = frozenset({"add"})
    moves = (END,)
    form = RuleForm
    list_display = ("listing", "teacher", "week", "first_date", "last_date", "made_to", "is_active")
    list_select_related = ("listing__store", "listing__realtor")
    list_filter = (
        "is_active",
        ("listing", RelatedFilter),
        ("listing__realtor", RelatedFilter),
        ("listing__store", RelatedFilter),
        ("first_date", DateRangeFilter),
    )
    search_fields = ("listing__title", "listing__realtor__name", "listing__store__name")
    ordering = ("-is_active", "listing__title", "starts", "pk")
    inlines = (SkippedInline,)
    actions = [on_chosen(END)]
    actions_detail = [f"{END.name}{DETAIL}"]
    fields = (
        "listing",
        ("week", "is_active"),
        ("first_date", "last_date"),
        ("capacity", "price_modifier"),
        "made_to",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[SessionRule]:
        rows: QuerySet[SessionRule] = super().get_queryset(request)
        return rows.select_related("listing__store", "listing__realtor")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return super().get_fields(request, obj) if obj else RuleForm.Meta.fields

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return super().get_inlines(request, obj) if obj else ()

    def told_of(self, row: SessionRule) -> Told:
        return {
            "pk": row.pk,
            "name": str(row.listing),
            "words": str(row),
            "place": row.listing.store,
        }

    def save_model(
        self, request: HttpRequest, obj: SessionRule, form: forms.ModelForm, change: bool
    ) -> None:
        rule: Any = form
        by, at = staff_of(request), timezone.now()
        made = add_rule(obj.listing, by=by, at=at, **rule.given())
        obj.__dict__.update(made.__dict__)

    @display(description=_("teacher"), ordering="listing__realtor__name")
    def teacher(self, rule: SessionRule) -> str:
        return str(rule.listing.realtor)

    @display(description=_("when"), ordering="starts")
    def week(self, rule: SessionRule) -> str:
        return str(rule)

    @display(description=_("made until"), ordering="made_until", empty_value="–")
    def made_to(self, rule: SessionRule) -> str | None:
        return formats.localize(rule.made_until) if rule.made_until else None


setattr(SessionRuleAdmin, f"{END.name}{DETAIL}", on_one(END))


@admin.register(SkippedSession)
class SkippedSessionAdmin(ReadOnlyAdmin):
    store_lookup = "rule__listing__store"
    list_display = ("date", "course", "rule", "reason")
    list_select_related = ("rule__listing",)
    list_filter = (
        ("reason", ChoiceFilter),
        ("date", DateRangeFilter),
        ("rule__listing__store", RelatedFilter),
    )
    search_fields = ("rule__listing__title",)
    ordering = ("-date", "-pk")
    fields = list_display

    @display(description=_("course"), ordering="rule__listing__title")
    def course(self, row: SkippedSession) -> str:
        return str(row.rule.listing)


@admin.register(SeatWish)
class SeatWishAdmin(NamesAccount, ReadOnlyAdmin):
    """Who wants to hear of a free seat; each is told once."""

    store_lookup = "session__store"
    list_display = ("course", "session_starts", "user", "since", "told")
    list_select_related = ("session__listing", "session__store", "user")
    list_filter = (
        ("session__listing", RelatedFilter),
        ("session__store", RelatedFilter),
        ("created_at", DateRangeFilter),
    )
    search_fields = ("session__listing__title", "user__display_name")
    ordering = ("-created_at", "-pk")
    fields = (("course", "session_starts"), ACCOUNT, ("since", "told"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[SeatWish]:
        rows: QuerySet[SeatWish] = super().get_queryset(request)
        return rows.select_related("session__listing", "session__store", "user")

    @display(description=_("course"), ordering="session__listing__title")
    def course(self, wish: SeatWish) -> str:
        return str(wish.session.listing)

    @display(description=pgettext_lazy("course", "session"), ordering="session__starts_at")
    def session_starts(self, wish: SeatWish) -> str:
        return local(wish.session.starts_at, wish.session.store)

    @display(description=_("since"), ordering="created_at")
    def since(self, wish: SeatWish) -> str:
        return local(wish.created_at, wish.session.store)

    @display(description=_("told"), ordering="told_at", empty_value="–")
    def told(self, wish: SeatWish) -> str | None:
        return local(wish.told_at, wish.session.store) if wish.told_at else None


@admin.register(Package)
class PackageAdmin(NamesAccount, ReadOnlyAdmin):
    store_lookup = "listing__store"
    list_display = ("created", "listing", "user", "seats")
    list_display_links = ("created", "listing")
    list_select_related = ("listing__store", "user")
    list_filter = (
        ("listing", RelatedFilter),
        ("listing__store", RelatedFilter),
        ("created_at", DateRangeFilter),
    )
    search_fields = ("listing__title", "user__display_name", "appointments__code")
    ordering = ("-pk",)
    inlines = (PackageSeatInline,)
    fields = (("created", "listing"), ACCOUNT)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Package]:
        rows: QuerySet[Package] = super().get_queryset(request)
        return rows.select_related("listing__store", "user").prefetch_related("appointments")

    @display(description=_("booked"), ordering="created_at")
    def created(self, package: Package) -> str:
        return local(package.created_at, package.listing.store)

    @display(description=_("seats"))
    def seats(self, package: Package) -> int:
        return len(package.appointments.all())
