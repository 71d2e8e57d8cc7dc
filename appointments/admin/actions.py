"""Moves as the theme's actions: on the rows chosen in the list, and on the page of one."""

from typing import Any

from django import forms
from django.contrib.admin import helpers
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminTextInputWidget

from appointments.models import AppointmentQuerySet

from .moves import MOVES, Move, take

DETAIL = "_here"
BY_NAME = {move.name: move for move in MOVES}


class ReasonForm(forms.Form):
    """The customer, or the next to be asked, is told."""

    reason = forms.CharField(label=_("Reason"), max_length=200, widget=UnfoldAdminTextInputWidget())


class ConfirmDialog(BaseDialogForm):
    """Nothing but yes or no; a link alone must not change anything."""


class ReasonDialog(BaseDialogForm, ReasonForm):
    """Yes or no, and why."""


def on_chosen(move: Move) -> Any:
    """The action of the list; asks for the reason on a page between."""

    def act(admin: Any, request: HttpRequest, chosen: AppointmentQuerySet) -> HttpResponse | None:
        form = ReasonForm(request.POST if "reason" in request.POST else None)
        if move.asks_reason and not form.is_valid():
            return _ask_reason(move, admin, request, chosen, form)
        reason = form.cleaned_data["reason"] if move.asks_reason else ""
        take(move, list(chosen.with_people()), request, reason=reason)
        return None

    act.__name__ = move.name
    return action(act, description=move.label, permissions=["act"])


def on_one(move: Move) -> Any:
    """The button on an appointment's page; a dialog asks first, so that only a POST acts."""

    def act(admin: Any, request: HttpRequest, form: forms.Form, object_id: str) -> HttpResponse:
        appointment = admin.get_object(request, object_id)
        if appointment is None:
            raise Http404
        take(move, [appointment], request, reason=form.cleaned_data.get("reason", ""))
        page = reverse("admin:appointments_appointment_change", args=[appointment.pk])
        if request.headers.get("HX-Request"):
            return HttpResponse(headers={"HX-Redirect": page})
        return redirect(page)

    act.__name__ = f"{move.name}{DETAIL}"
    return action(
        act,
        description=move.label,
        permissions=["act"],
        url_path=move.name.replace("_", "-"),
        icon=move.icon,
        variant=move.variant,
        dialog={
            "title": move.label,
            "description": move.question,
            "form_class": ReasonDialog if move.asks_reason else ConfirmDialog,
            "form_submit_text": move.label,
        },
    )


def _ask_reason(
    move: Move,
    admin: Any,
    request: HttpRequest,
    chosen: AppointmentQuerySet,
    form: ReasonForm,
) -> TemplateResponse:
    context = {
        **admin.admin_site.each_context(request),
        "title": move.label,
        "opts": admin.opts,
        "move": move,
        "form": form,
        "chosen": chosen.with_people(),
        "checkbox": helpers.ACTION_CHECKBOX_NAME,
        "select_across": request.POST.get("select_across", "0"),
    }
    return TemplateResponse(request, "admin/appointments/ask_reason.html", context)
