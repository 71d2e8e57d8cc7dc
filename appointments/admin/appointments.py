from dataclasses import replace
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from appointments.models import Action, Appointment
from appointments.selectors.lines import queue_position
from appointments.selectors.waits import estimated_waits
from booking_site.common.admin import ChoiceFilter, DateRangeFilter, ReadOnlyAdmin, RelatedFilter
from booking_site.common.backoffice.manager import Manager
from stores.admin.explaining import as_lines, explain_changes
from stores.rules import SITE_DEFAULT

from .actions import BY_NAME, DETAIL, on_chosen, on_one
from .filters import LineFilter
from .inlines import LogInline, OfferInline
from .live import live_queue
from .moves import MOVES
from .sheets import AppointmentSheet
from .showing import STATUS_COLOURS, has_no_time, local, status_of, told_once, wait_in_words
from .why import why


class AppointmentAdmin(ReadOnlyAdmin):
    """Nothing here is typed in: every change is a step that a service takes and the log keeps."""

    store_lookup = "store"
    sheet = AppointmentSheet
    list_display = ("code", "status_label", "starts", "customer", "store", "realtor", "wants")
    list_display_links = ("code", "starts")
    list_select_related = ("store", "realtor")
    list_filter = (
        ("status", ChoiceFilter),
        LineFilter,
        ("starts_at", DateRangeFilter),
        ("store", RelatedFilter),
        ("realtor", RelatedFilter),
        ("payment_status", ChoiceFilter),
    )
    search_fields = (
        "code",
        "customer_name",
        "customer_phone",
        "customer_email",
        "realtor__name",
    )
    search_help_text = _("Code, name, phone or e-mail of the customer, name of the realtor")
    inlines = (LogInline, OfferInline)
    custom_urls = (("live/", "appointments_appointment_live", live_queue),)
    actions = [on_chosen(move) for move in MOVES if move.in_list]
    actions_detail = [f"{move.name}{DETAIL}" for move in MOVES]
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("code", "state"),
                    ("starts", "ends"),
                    ("store", "realtor"),
                    ("realtor_named", "place_in_line"),
                    ("needs_person", "cancel_reason"),
                )
            },
        ),
        (_("Why this realtor"), {"fields": ("why_this_realtor",)}),
        (
            _("Customer"),
            {
                "fields": (
                    ("customer_name", "customer_phone"),
                    ("customer_email", "user"),
                    "requirements",
                    ("customer_note", "provider_note"),
                )
            },
        ),
        (
            _("Money and policy"),
            {
                "fields": (
                    ("price", "commission"),
                    ("final_price", "currency"),
                    ("payment_status", "policy_when_booked"),
                )
            },
        ),
        (
            _("Behind the scenes"),
            {
                "fields": (
                    ("created", "waiting_since"),
                    ("priority", "cells_claimed"),
                    ("duration_minutes", "buffers"),
                    ("sequence", "locale"),
                )
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appointment]:
        return super().get_queryset(request).select_related("store", "realtor")

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
        return [
            action
            for action in super().get_actions_detail(request, object_id)
            if self._move_of(action.action_name).suits(appointment)
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
    def state(self, appointment: Appointment) -> str:
        return status_of(appointment)[1]

    @display(description=_("start"), ordering="starts_at")
    def starts(self, appointment: Appointment) -> str:
        if has_no_time(appointment):
            return str(_("as soon as possible"))
        return local(appointment.starts_at, appointment.store)

    @display(description=_("end"), empty_value="–")
    def ends(self, appointment: Appointment) -> str | None:
        if has_no_time(appointment):
            return None
        return local(appointment.ends_at, appointment.store)

    @display(description=_("customer"), ordering="customer_name", header=True)
    def customer(self, appointment: Appointment) -> tuple[str, str]:
        return appointment.customer_name, appointment.customer_phone

    @display(description=_("attention"), label={"needs": "danger"})
    def wants(self, appointment: Appointment) -> tuple[str, Any] | None:
        return ("needs", _("needs a person")) if appointment.needs_person else None

    @display(description=_("place in line"), empty_value="–")
    @told_once
    def place_in_line(self, appointment: Appointment) -> int | str | None:
        position = queue_position(appointment)
        if not position or not appointment.live:
            return position or None
        at, positions = timezone.now(), {appointment.pk: position}
        wait = estimated_waits([appointment], at=at, positions=positions)[appointment.pk]
        return f"{position} ({wait_in_words(wait)})"

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

    @display(description=_("booked"))
    def created(self, appointment: Appointment) -> str:
        return local(appointment.created_at, appointment.store)

    @display(description=_("waiting since"))
    def waiting_since(self, appointment: Appointment) -> str:
        return local(appointment.queued_at, appointment.store)

    @display(description=_("claimed cells of 5 minutes"))
    @told_once
    def cells_claimed(self, appointment: Appointment) -> int:
        return appointment.claims.count()

    @display(description=_("buffers before and after, in minutes"))
    def buffers(self, appointment: Appointment) -> str:
        return f"{appointment.buffer_before_minutes} / {appointment.buffer_after_minutes}"


# The buttons are methods of the class by the theme's rules: one for each move.
for _move in MOVES:
    setattr(AppointmentAdmin, f"{_move.name}{DETAIL}", on_one(_move))
admin.site.register(Appointment, AppointmentAdmin)
