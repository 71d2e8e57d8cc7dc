from dataclasses import replace
from typing import Any

from django.contrib import admin
from django.db.models import Case, F, QuerySet, Value, When, prefetch_related_objects
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from appointments.models import Action, Appointment, Status
from appointments.models.appointment import LIVE
from appointments.selectors.lines import queue_position
from appointments.selectors.waits import estimates
from booking_site.common.admin import ChoiceFilter, DateRangeFilter, ReadOnlyAdmin, RelatedFilter
from booking_site.common.backoffice.manager import Manager
from stores.admin.explaining import as_lines, explain_changes
from stores.rules import SITE_DEFAULT

from .account import ACCOUNT, NamesAccount
from .actions import BY_NAME, DETAIL, on_chosen, on_one
from .behind import BEHIND, ShowsBehind
from .booked import MONEY, ShowsWhatIsBooked
from .filters import KindFilter, LineFilter, TimeOffFilter, WhenFilter
from .inlines import OfferInline
from .live import live_queue
from .moves import MOVES
from .sheets import AppointmentSheet
from .showing import (
    MARK_COLOURS,
    STATUS_COLOURS,
    has_no_time,
    local,
    mark_of,
    pill,
    reason_in_words,
    status_of,
    told_once,
    wait_in_words,
    when,
    when_in_full,
)
from .timeline import timeline
from .why import why


class AppointmentAdmin(NamesAccount, ShowsWhatIsBooked, ShowsBehind, ReadOnlyAdmin):
    """Nothing here is typed in: every change is a step that a service takes and the log keeps."""

    store_lookup = "store"
    sheet = AppointmentSheet
    list_display = (
        "starts",
        "code",
        "status_label",
        "customer",
        "realtor",
        "booked",
        "store",
        "wants",
    )
    list_display_links = ("starts", "code")
    list_select_related = ("store", "realtor", "listing")
    list_filter = (
        WhenFilter,
        ("status", ChoiceFilter),
        LineFilter,
        TimeOffFilter,
        KindFilter,
        ("payment_status", ChoiceFilter),
        ("starts_at", DateRangeFilter),
        ("store", RelatedFilter),
        ("realtor", RelatedFilter),
        ("listing", RelatedFilter),
    )
    search_fields = (
        "code",
        "customer_name",
        "customer_phone",
        "customer_email",
        "realtor__name",
        "listing__title",
        "order__number",
    )
    search_help_text = _("Code, name, phone or e-mail of the customer, realtor or course")
    inlines = (OfferInline,)
    custom_urls = (("live/", "appointments_appointment_live", live_queue),)
    actions = [on_chosen(move) for move in MOVES if move.in_list]
    actions_detail = [f"{move.name}{DETAIL}" for move in MOVES if move.on_page]
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("state", "attention"),
                    ("starts_in_full", "store"),
                    ("who_comes", "place_in_line"),
                    ("code", "cancelled_because"),
                    "arrived",
                )
            },
        ),
        (
            _("Customer"),
            {
                "fields": (
                    ("customer_name", "customer_phone"),
                    ("customer_email", ACCOUNT),
                    "requirements",
                    ("customer_note", "provider_note"),
                )
            },
        ),
        (_("What happened"), {"fields": ("timeline",)}),
        (_("Why this realtor"), {"fields": ("why_this_realtor",)}),
        MONEY,
        BEHIND,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appointment]:
        rows: QuerySet[Appointment] = super().get_queryset(request)
        return rows.select_related("store", "realtor", "listing", "order")

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        found = super().get_object(request, object_id, from_field)
        if found is not None and found.is_seat:
            prefetch_related_objects([found], "session__store", "child")
        return found

    def get_ordering(self, request: HttpRequest) -> tuple[Any, ...]:
        """Who waits now, then what is still to come, the soonest first; then what is over, the
        newest first."""
        now = timezone.now()
        turn = Case(
            When(live=True, status=Status.PENDING, then=Value(0)),
            When(ends_at__gte=now, status__in=LIVE, then=Value(1)),
            default=Value(2),
        )
        ahead = Case(When(ends_at__gte=now, status__in=LIVE, then=F("starts_at")))
        return (turn.asc(), ahead.asc(), F("starts_at").desc(), "-pk")

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """Whoever has one store need not read its name in every row."""
        manager = Manager.of(request)
        one = not manager.is_operator and len(manager.store_ids) == 1
        return tuple(name for name in self.list_display if not (one and name == "store"))

    def has_act_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever sees an appointment here may take steps with it; the services ask again.
        ``obj`` is the id that the theme found in the address, if there is one."""
        if obj is not None and self._seen(request, obj) is None:
            raise Http404
        manager = Manager.of(request)
        return manager.is_operator or bool(manager.store_ids)

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Only the steps that the appointment's state leads to."""
        appointment = self._seen(request, object_id)
        if appointment is None:
            return []
        at = timezone.now()
        return [
            action
            for action in super().get_actions_detail(request, object_id)
            if self._move_of(action.action_name).suits(appointment, at)
        ]

    def _seen(self, request: HttpRequest, object_id: Any) -> Appointment | None:
        """What each of the buttons asks for while one page is made."""
        known = Manager.of(request).rows
        key = (Appointment, str(object_id))
        if key not in known:
            known[key] = self.get_object(request, str(object_id))
        return known[key]

    @staticmethod
    def _move_of(action_name: str) -> Any:
        name = action_name.removeprefix("appointments_appointment_").removesuffix(DETAIL)
        return BY_NAME[name]

    @display(description=_("status"), ordering="status", label=STATUS_COLOURS)
    def status_label(self, appointment: Appointment) -> tuple[str, str]:
        return status_of(appointment)

    @display(description=_("status"))
    def state(self, appointment: Appointment) -> SafeString:
        key, words = status_of(appointment)
        return pill(words, STATUS_COLOURS[key])

    @display(description=_("when"), ordering="starts_at")
    def starts(self, appointment: Appointment) -> str:
        return when(appointment, timezone.now())

    @display(description=_("arrived at"), empty_value="–")
    def arrived(self, appointment: Appointment) -> str | None:
        if appointment.arrived_at is None:
            return None
        return local(appointment.arrived_at, appointment.store)

    @display(description=_("when"))
    def starts_in_full(self, appointment: Appointment) -> str:
        if has_no_time(appointment):
            joined = local(appointment.queued_at, appointment.store)
            return str(_("as soon as possible, in line since %(time)s") % {"time": joined})
        return when_in_full(appointment, timezone.now())

    @display(description=_("customer"), ordering="customer_name", header=True)
    def customer(self, appointment: Appointment) -> tuple[str, str]:
        return appointment.customer_name, appointment.customer_phone

    @display(description=_("booked"), ordering="listing__title", empty_value="–")
    def booked(self, appointment: Appointment) -> str | None:
        return appointment.listing.title if appointment.listing else None

    @display(description=_("marks"), label=MARK_COLOURS)
    def wants(self, appointment: Appointment) -> tuple[str, Any] | None:
        return mark_of(appointment)

    @display(description=_("attention"), empty_value="–")
    def attention(self, appointment: Appointment) -> SafeString | None:
        mark = mark_of(appointment)
        return pill(mark[1], MARK_COLOURS[mark[0]]) if mark else None

    @display(description=_("realtor"))
    def who_comes(self, appointment: Appointment) -> SafeString | str:
        if appointment.realtor is None:
            return str(_("nobody yet"))
        page = reverse("admin:realtors_realtor_change", args=[appointment.realtor_id])
        note = _("chosen by the customer") if appointment.realtor_named else ""
        text = '<a class="text-link" href="{}">{}</a> {}'
        return format_html(text, page, appointment.realtor.name, note)

    @display(description=_("reason of cancelling"), empty_value="–")
    def cancelled_because(self, appointment: Appointment) -> str | None:
        return reason_in_words(appointment.cancel_reason) or None

    @display(description=_("operation log"))
    @told_once
    def timeline(self, appointment: Appointment) -> SafeString:
        return timeline(appointment)

    @display(description=_("place in line"), empty_value="–")
    @told_once
    def place_in_line(self, appointment: Appointment) -> int | str | None:
        position = queue_position(appointment)
        if not position or not appointment.live:
            return position or None
        at, positions = timezone.now(), {appointment.pk: position}
        wait = estimates([appointment], at=at, positions=positions)[appointment.pk]
        return f"{position} ({wait_in_words(wait.minutes, staffed=wait.staffed)})"

    @display(description=_("offers"))
    @told_once
    def why_this_realtor(self, appointment: Appointment) -> SafeString:
        offers = appointment.offers.select_related("realtor", "appointment__store")
        given = appointment.log.filter(action=Action.REASSIGNED).select_related("actor_user").last()
        return why(list(offers), given=given)

    @display(description=_("policy when booked"))
    def policy_when_booked(self, appointment: Appointment) -> str:
        kept = replace(SITE_DEFAULT, **appointment.policy)
        return as_lines(explain_changes(kept))


# The buttons are methods of the class by the theme's rules: one for each move.
for _move in MOVES:
    if not _move.on_page:
        continue
    setattr(AppointmentAdmin, f"{_move.name}{DETAIL}", on_one(_move))
admin.site.register(Appointment, AppointmentAdmin)
