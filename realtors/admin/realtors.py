from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import ManyToManyField, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from booking_site.common.admin import ChoiceFilter, ReadOnlyInline, RelatedFilter, TableInline
from booking_site.common.admin.base import EVERYTHING
from booking_site.common.admin.clock import StoreClockAdmin
from booking_site.common.backoffice.manager import Manager
from booking_site.common.callers import staff_of
from booking_site.common.events import publish
from realtors.events import RealtorAvailabilityChanged, RealtorLeft
from realtors.models import Presence, Realtor, TimeOff, WorkingInterval
from realtors.services import set_working_hours
from stores.admin.formsets import CLOSES_HELP, HoursFormSet, intervals_of

from .intakes import RealtorIntake
from .presence import AwayFilter, setting
from .sheets import RealtorSheet

Kind = WorkingInterval.Kind
PRESENCE_COLOURS: dict[str, str] = {
    Presence.ONLINE: "success",
    Presence.BUSY: "warning",
    Presence.OFFLINE: "default",
}
# Whose account it is and what the site earns on it are not a store's to decide.
OPERATORS_ONLY = ("user", "commission_percent")


class WorkFormSet(HoursFormSet):
    begin, end = "starts", "ends"


class WorkInline(TableInline):
    model = WorkingInterval
    kind = Kind.WORK
    formset = WorkFormSet
    fields = ("weekday", "starts", "ends")
    help_texts = {"ends": CLOSES_HELP}
    managers_see = True
    managers_may = EVERYTHING
    tab = True
    hide_title = True
    verbose_name = _("working hours")
    verbose_name_plural = _("working hours")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(kind=self.kind)


class BreakInline(WorkInline):
    kind = Kind.BREAK
    verbose_name = _("break")
    verbose_name_plural = _("breaks")


class TimeOffInline(ReadOnlyInline):
    """Added and changed on its own page."""

    model = TimeOff
    fields = ("starts_at", "ends_at", "reason")
    readonly_fields = fields
    ordering = ("-starts_at",)
    show_change_link = True
    tab = True
    hide_title = True


@admin.register(Realtor)
class RealtorAdmin(StoreClockAdmin):
    store_lookup = "store"
    # Their appointments stay in the books, so a realtor leaves by being inactive.
    operators_may = frozenset({"add", "change"})
    managers_may = frozenset({"add", "change"})
    sheet = RealtorSheet
    intake = RealtorIntake
    history_parts = ((WorkingInterval, "realtor"), (TimeOff, "realtor"))
    list_display = (
        "name",
        "store",
        "phone",
        "skill_names",
        "presence_label",
        "last_seen",
        "away",
        "rating",
        "is_active",
    )
    list_select_related = ("store",)
    list_filter = (
        ("store", RelatedFilter),
        ("skills", RelatedFilter),
        ("presence", ChoiceFilter),
        AwayFilter,
        "is_active",
    )
    search_fields = ("name", "phone", "email", "store__name")
    autocomplete_fields = ("store", "user", "skills")
    readonly_fields = (
        "presence",
        "last_seen_at",
        "away_since",
        "rating",
        "review_count",
        "created_at",
    )
    actions = [setting(presence) for presence in Presence]
    inlines = (WorkInline, BreakInline, TimeOffInline)
    fieldsets = (
        (
            None,
            {
                "description": _(
                    "Without hours of their own, a realtor works whenever the store is open."
                ),
                "fields": (
                    ("name", "store"),
                    ("phone", "email"),
                    "bio",
                    "skills",
                    ("max_per_day", "max_load"),
                    ("user", "commission_percent"),
                    ("is_active", "created_at"),
                    ("presence", "last_seen_at"),
                    ("away_since",),
                    ("rating", "review_count"),
                ),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Realtor]:
        return super().get_queryset(request).prefetch_related("skills")

    def formfield_for_manytomany(
        self, db_field: ManyToManyField, request: HttpRequest, **options: Any
    ) -> Any:
        if db_field.name == "skills":
            options["help_text"] = _(
                "Where a listing leaves open who comes, only those who list its category are sent. "
                "Without any skills: to everything."
            )
        return super().formfield_for_manytomany(db_field, request, **options)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Promises are made under a store's hours and policy: nobody changes stores with them."""
        fields = super().get_readonly_fields(request, obj)
        fields = (*fields, "store") if obj else fields
        return fields if Manager.of(request).is_operator else (*fields, *OPERATORS_ONLY)

    @display(description=_("skills"))
    def skill_names(self, realtor: Realtor) -> str:
        return "、".join(skill.name for skill in realtor.skills.all())

    @display(description=_("presence"), ordering="presence", label=PRESENCE_COLOURS)
    def presence_label(self, realtor: Realtor) -> tuple[str, str]:
        return realtor.presence, realtor.get_presence_display()

    @display(description=_("last seen"), ordering="last_seen_at", empty_value="–")
    def last_seen(self, realtor: Realtor) -> str | None:
        seen = realtor.last_seen_at
        return timesince(seen, depth=1) if seen else None

    @display(description=_("away"), label={"away": "danger"})
    def away(self, realtor: Realtor) -> tuple[str, Any] | None:
        return ("away", _("away")) if realtor.away_since else None

    def has_run_permission(self, request: HttpRequest) -> bool:
        """Whoever sees a realtor here runs them; the service asks again."""
        manager = Manager.of(request)
        return manager.is_operator or bool(manager.store_ids)

    def save_related(
        self, request: HttpRequest, form: forms.ModelForm, formsets: list[Any], change: bool
    ) -> None:
        form.save_m2m()
        for formset in formsets:
            # Not saved; the record of what was edited asks the formset.
            formset.save(commit=False)
        hours = [formset for formset in formsets if formset.model is WorkingInterval]
        at, realtor = timezone.now(), form.instance
        if "is_active" in form.changed_data and not realtor.is_active:
            # Before anybody else is served: colleagues take first what was promised already.
            publish(RealtorLeft(realtor_id=realtor.pk, store_id=realtor.store_id, at=at))
        if any(formset.has_changed() for formset in hours):
            work, breaks = (intervals_of(formset, "starts", "ends") for formset in hours)
            set_working_hours(realtor, work=work, breaks=breaks, by=staff_of(request), at=at)
        elif form.has_changed():
            publish(
                RealtorAvailabilityChanged(realtor_id=realtor.pk, store_id=realtor.store_id, at=at)
            )
