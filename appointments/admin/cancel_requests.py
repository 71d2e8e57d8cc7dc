"""Wishes to call an order off: answered for a provider, or decided by operators."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.decorators import display
from unfold.enums import ActionVariant
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
)

from appointments import services
from appointments.models import CancelRequest, RequestState, Side
from appointments.presenters.money import paid_of
from appointments.presenters.order_words import amount, comes_back_if_agreed, request_sentence
from appointments.presenters.prices import price
from appointments.services.agreeing import LONGEST_REASON
from booking_site.common.admin import ChoiceFilter, DateRangeFilter, RelatedFilter
from booking_site.common.admin.moves import DETAIL, MANAGE, Move, MovedAdmin, Told, on_one
from booking_site.common.backoffice.manager import Manager

from .showing import local

OF_ORDER = ("appointment__store", "appointment__realtor", "appointment__listing")
REQUEST_COLOURS: dict[str, str] = {
    RequestState.OPEN: "info",
    RequestState.DISPUTED: "danger",
    RequestState.AGREED: "default",
    RequestState.TAKEN_BACK: "default",
    RequestState.OVERTAKEN: "default",
    RequestState.CALLED_OFF: "warning",
    RequestState.STANDS: "success",
}
CALL_OFF, STAND = "call_off", "stand"


class WhyForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        required=False,
        help_text=_("The customer reads it."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    )


class DecisionForm(forms.Form):
    """``call_off`` and ``refund_percent`` have no preset: whoever decides says both."""

    outcome = forms.ChoiceField(
        label=pgettext_lazy("a dispute", "Decision"),
        choices=[
            ("", "—"),
            (CALL_OFF, _("The order is called off")),
            (STAND, _("The order stands")),
        ],
        widget=UnfoldAdminSelectWidget(),
    )
    refund_percent = forms.IntegerField(
        label=_("Goes back to the customer, percent of what was paid"),
        min_value=0,
        max_value=100,
        widget=UnfoldAdminIntegerFieldWidget(),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        help_text=_("Both sides read it."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    )


def agree(request: CancelRequest, *, by: Any, at: Any) -> CancelRequest:
    return services.answer_cancel_request(request.appointment, agree=True, by=by, at=at)


def refuse(request: CancelRequest, *, by: Any, at: Any, reason: str) -> CancelRequest:
    appointment = request.appointment
    return services.answer_cancel_request(appointment, agree=False, by=by, at=at, reason=reason)


def decide(
    request: CancelRequest, *, by: Any, at: Any, outcome: str, refund_percent: int, reason: str
) -> CancelRequest:
    return services.decide_request(
        request.appointment,
        call_off=outcome == CALL_OFF,
        refund_percent=refund_percent,
        reason=reason,
        by=by,
        at=at,
    )


def _of_customer(request: CancelRequest) -> bool:
    """Whoever runs the store answers for the provider, and for nobody else."""
    return request.is_pending and request.side == Side.CUSTOMER


AGREE = Move(
    "agree",
    _("Agree"),
    _("On behalf of the provider: the order is called off, and money goes back by the rules."),
    agree,
    forms.Form,
    _of_customer,
    "check",
    permission=MANAGE,
)
REFUSE = Move(
    "refuse",
    _("Say no"),
    _("On behalf of the provider. The people who look after this site then decide."),
    refuse,
    WhyForm,
    lambda request: _of_customer(request) and request.state == RequestState.OPEN,
    "cancel",
    permission=MANAGE,
)
DECIDE = Move(
    "decide",
    _("Decide"),
    _("Both sides are told what you decide, and why. It cannot be changed afterwards."),
    decide,
    DecisionForm,
    lambda request: request.is_pending,
    "rule",
    ActionVariant.PRIMARY,
)


class CancelRequestAdmin(MovedAdmin):
    store_lookup = "appointment__store"
    personal_columns = ("customer",)
    moves = (DECIDE, AGREE, REFUSE)
    list_display = ("asked", "order", "title", "customer", "side", "reason", "state_label", "until")
    list_display_links = ("asked", "order")
    list_filter = (
        ("state", ChoiceFilter),
        ("side", ChoiceFilter),
        ("asked_at", DateRangeFilter),
        ("appointment__store", RelatedFilter),
    )
    search_fields = (
        "reason",
        "appointment__order__number",
        "appointment__code",
        "appointment__customer_name",
    )
    ordering = ("-pk",)
    actions_detail = [f"{move.name}{DETAIL}" for move in moves]
    fields = (
        ("state_label", "standing"),
        ("order", "title"),
        ("sum", "paid"),
        ("asked", "side"),
        "reason",
        ("until", "answered"),
        "answer",
        "if_agreed",
        ("decided", "decided_by"),
        "decision",
        "appointment",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[CancelRequest]:
        rows: QuerySet[CancelRequest] = super().get_queryset(request)
        return rows.select_related(*OF_ORDER, "appointment__order", "decided_by")

    def told_of(self, row: CancelRequest) -> Told:
        place = row.appointment.store
        return {"pk": row.pk, "name": self.order(row), "words": row.reason, "place": place}

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Who decides does not answer for a side."""
        offered = super().get_actions_detail(request, object_id)
        if not Manager.of(request).is_operator:
            return offered
        return [one for one in offered if one.action_name.endswith(f"{DECIDE.name}{DETAIL}")]

    @display(description=_("asked at"), ordering="asked_at")
    def asked(self, row: CancelRequest) -> str:
        return local(row.asked_at, row.appointment.store)

    @display(description=_("order"), ordering="appointment__order__number")
    def order(self, row: CancelRequest) -> str:
        order = getattr(row.appointment, "order", None)
        return order.number if order else str(row.appointment)

    @display(description=_("service"), ordering="appointment__listing__title")
    def title(self, row: CancelRequest) -> str:
        return row.appointment.listing.title if row.appointment.listing else ""

    @display(description=_("amount"))
    def sum(self, row: CancelRequest) -> str:
        return amount(row.appointment)

    @display(description=_("paid"), empty_value="–")
    def paid(self, row: CancelRequest) -> str | None:
        paid = paid_of(row.appointment)
        return price(paid, row.appointment.currency) if paid else None

    @display(description=_("customer"), ordering="appointment__customer_name")
    def customer(self, row: CancelRequest) -> str:
        return row.appointment.customer_name

    @display(description=_("state"), ordering="state", label=REQUEST_COLOURS)
    def state_label(self, row: CancelRequest) -> tuple[str, str]:
        return row.state, row.get_state_display()

    @display(description=_("to be answered before"), ordering="answer_before")
    def until(self, row: CancelRequest) -> str:
        return local(row.answer_before, row.appointment.store)

    @display(description=_("how it stands"))
    def standing(self, row: CancelRequest) -> str:
        return request_sentence(row.appointment, row, None, timezone.now())

    @display(description=_("should both agree"), empty_value="–")
    def if_agreed(self, row: CancelRequest) -> str | None:
        return comes_back_if_agreed(row.appointment, row) or None if row.is_pending else None

    @display(description=_("answered at"), empty_value="–")
    def answered(self, row: CancelRequest) -> str | None:
        return local(row.answered_at, row.appointment.store) if row.answered_at else None

    @display(description=_("decided at"), empty_value="–")
    def decided(self, row: CancelRequest) -> str | None:
        return local(row.decided_at, row.appointment.store) if row.decided_at else None


for _move in CancelRequestAdmin.moves:
    setattr(CancelRequestAdmin, f"{_move.name}{DETAIL}", on_one(_move))
admin.site.register(CancelRequest, CancelRequestAdmin)
