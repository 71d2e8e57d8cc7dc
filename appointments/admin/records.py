"""The rows behind appointments. Services write them; here they are only looked at."""

from functools import partial

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import formats, timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from appointments import services
from appointments.models import (
    AppointmentEvent,
    CalendarFeed,
    Claim,
    DispatchPool,
    Hold,
    Offer,
)
from appointments.rules import cell_start
from booking_site.common.actors import Actor
from booking_site.common.admin import ChoiceFilter, DateRangeFilter, ReadOnlyAdmin, RelatedFilter
from booking_site.common.backoffice.manager import Manager
from booking_site.common.errors import Refusal
from booking_site.common.transactions import run_in_transaction

from .account import ACCOUNT, NamesAccount
from .filters import OverdueFilter
from .showing import OFFER_COLOURS, actor_of_entry, as_words, change_of, local, names_in, told_once
from .why import in_short, why


@admin.register(Offer)
class OfferAdmin(ReadOnlyAdmin):
    store_lookup = "appointment__store"
    list_display = ("appointment", "realtor", "status_label", "answer_by", "in_few_words", "reason")
    list_select_related = ("appointment__store", "realtor")
    list_filter = (
        ("status", ChoiceFilter),
        OverdueFilter,
        ("appointment__store", RelatedFilter),
        ("realtor", RelatedFilter),
        ("created_at", DateRangeFilter),
    )
    search_fields = ("appointment__code", "appointment__customer_name", "realtor__name")
    fields = ("appointment", "realtor", "status", "answer_by", "reason", "in_full")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Offer]:
        return super().get_queryset(request).select_related("appointment__store", "realtor")

    @display(description=_("status"), ordering="status", label=OFFER_COLOURS)
    def status_label(self, offer: Offer) -> tuple[str, str]:
        return offer.status, offer.get_status_display()

    @display(description=_("answer by"), ordering="deadline_at")
    def answer_by(self, offer: Offer) -> str:
        return local(offer.deadline_at, offer.appointment.store)

    @display(description=_("why this realtor"))
    def in_few_words(self, offer: Offer) -> str:
        return in_short(offer)

    @display(description=_("why this realtor"))
    @told_once
    def in_full(self, offer: Offer) -> SafeString:
        return why([offer])


@admin.register(AppointmentEvent)
class AppointmentEventAdmin(ReadOnlyAdmin):
    store_lookup = "appointment__store"
    personal_columns = ("who", "reason")
    list_display = ("when", "appointment", "action", "who", "change", "reason")
    list_select_related = ("appointment__store", "actor_user")
    list_filter = (("action", ChoiceFilter), ("at", DateRangeFilter))
    search_fields = ("appointment__code", "appointment__customer_name", "reason")
    ordering = ("-id",)
    fields = ("when", "appointment", "action", "who", "change", "reason", "details_in_words")

    def get_queryset(self, request: HttpRequest) -> QuerySet[AppointmentEvent]:
        return super().get_queryset(request).select_related("appointment__store", "actor_user")

    @display(description=_("when"), ordering="at")
    def when(self, entry: AppointmentEvent) -> str:
        return local(entry.at, entry.appointment.store)

    @display(description=_("who"))
    def who(self, entry: AppointmentEvent) -> str:
        return actor_of_entry(entry)

    @display(description=_("status"))
    def change(self, entry: AppointmentEvent) -> str:
        return change_of(entry)

    @display(description=_("details"))
    @told_once
    def details_in_words(self, entry: AppointmentEvent) -> str:
        return as_words(entry.details, names_in(entry.appointment.store_id))


@admin.register(Claim)
class ClaimAdmin(ReadOnlyAdmin):
    """One row for each five minutes of each resource: what makes a double booking impossible."""

    store_lookup = ("appointment__store", "hold__store", "session__store")
    personal_columns = ("resource",)
    list_display = ("resource", "unit", "begins", "appointment", "hold", "session")
    list_select_related = ("appointment", "hold__store", "session__listing", "session__store")
    list_filter = (("appointment__store", RelatedFilter),)
    search_fields = ("resource", "appointment__code")
    search_help_text = _(
        "Resource (r:12 is a realtor, u:7 an account, p:+86… a phone, c:3 a child, s:9 a seat) "
        "or code"
    )
    ordering = ("-cell", "resource")
    fields = list_display

    @display(description=_("five minutes from"), ordering="cell")
    def begins(self, claim: Claim) -> str:
        moment = timezone.localtime(cell_start(claim.cell))
        return formats.localize(moment.replace(tzinfo=None))


@admin.register(Hold)
class HoldAdmin(NamesAccount, ReadOnlyAdmin):
    """Whoever has the token may book the held time, so the token is not shown."""

    store_lookup = "store"
    list_display = ("starts", "store", "realtor", "course", "user", "expires_at")
    list_select_related = ("store", "realtor", "user", "session__listing")
    list_filter = (("store", RelatedFilter), ("expires_at", DateRangeFilter))
    search_fields = ("store__name", "realtor__name", "user__display_name")
    ordering = ("-expires_at", "-pk")
    fields = (
        "store",
        ("realtor", "realtor_named"),
        "course",
        ACCOUNT,
        ("starts", "duration_minutes"),
        ("created_at", "expires_at"),
    )
    actions = ("release",)

    @display(description=_("start"), ordering="starts_at")
    def starts(self, hold: Hold) -> str:
        return local(hold.starts_at, hold.store)

    @display(description=_("course"), empty_value="–")
    def course(self, hold: Hold) -> str | None:
        return str(hold.session.listing) if hold.session else None

    def has_release_permission(self, request: HttpRequest) -> bool:
        manager = Manager.of(request)
        return manager.is_operator or bool(manager.store_ids)

    @action(description=_("Release the held time"), permissions=["release"])
    def release(self, request: HttpRequest, chosen: QuerySet[Hold]) -> None:
        by = Actor.of(request.user)  # type: ignore[arg-type]
        for hold in chosen.select_related("store"):
            work = partial(services.release_hold, hold.token, by=by, at=timezone.now())
            try:
                run_in_transaction(work)
            except Refusal as refusal:
                messages.error(request, f"{hold}: {refusal}")
            else:
                messages.success(request, _("%(hold)s: released.") % {"hold": hold})


@admin.register(DispatchPool)
class DispatchPoolAdmin(ReadOnlyAdmin):
    """The row that a store's bookings stand in line on."""

    list_display = ("store", "changed_at")
    list_filter = (("changed_at", DateRangeFilter),)
    list_select_related = ("store",)
    search_fields = ("store__name",)


@admin.register(CalendarFeed)
class CalendarFeedAdmin(NamesAccount, ReadOnlyAdmin):
    """Who reads their appointments in a calendar of their own; the address itself nobody sees."""

    store_lookup = "realtor__store"
    list_display = ("realtor", "created", "last_read")
    list_select_related = ("realtor__store",)
    list_filter = (("created_at", DateRangeFilter),)
    search_fields = ("realtor__name",)
    ordering = ("-created_at", "-pk")
    fields = ("realtor", ACCOUNT, ("created", "last_read"))

    @display(description=_("created"), ordering="created_at")
    def created(self, feed: CalendarFeed) -> str:
        return local(feed.created_at, feed.realtor.store)

    @display(description=_("last read"), ordering="last_read_at", empty_value="–")
    def last_read(self, feed: CalendarFeed) -> str | None:
        return local(feed.last_read_at, feed.realtor.store) if feed.last_read_at else None
