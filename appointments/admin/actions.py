"""Moves as the theme's actions: on the rows chosen in the list, and on the page of one."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from unfold.decorators import action
from unfold.forms import BaseDialogForm

from appointments.models import Appointment, AppointmentQuerySet
from booking_site.common.admin.moves import DETAIL, ask

from .asking import Asked, RealtorForm
from .moves import MOVES, Move, attempt, take, tell

ASKING = "admin/appointments/ask.html"
BY_NAME = {move.name: move for move in MOVES}


def on_chosen(move: Move) -> Any:
    """The action of the list; asks on a page between for what the step has to know."""

    def act(admin: Any, request: HttpRequest, chosen: AppointmentQuerySet) -> HttpResponse | None:
        appointments = list(chosen.with_people())
        if move.asks is RealtorForm and len({one.store_id for one in appointments}) > 1:
            messages.error(request, _("Choose appointments of one store: a realtor works in one."))
            return None
        fields = move.asks.base_fields
        answered = request.POST if fields.keys() & request.POST.keys() else None
        form = move.asks(answered, appointments=appointments)
        if fields and not form.is_valid():
            return ask(move, admin, request, form, form.appointments, template=ASKING)
        take(move, appointments, request, form.given())
        return None

    act.__name__ = move.name
    return action(act, description=move.label, permissions=["act"])


def on_one(move: Move) -> Any:
    """The button on an appointment's page; a dialog asks first, so that only a POST acts."""
    dialog: Any = {
        "title": move.label,
        "description": move.question,
        "form_class": dialog_for(move.asks),
        "form_submit_text": move.label,
    }

    def act(admin: Any, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        appointment = admin.get_object(request, object_id)
        if appointment is None:
            raise Http404
        in_dialog = "HX-Request" in request.headers
        if in_dialog and move.asks.decides:
            # What was refused can be put right where it was chosen.
            refused = attempt(move, appointment, request, form.given())
            if refused is not None:
                form.add_error(form.chosen_in(), refused)
                context = {"dialog": dialog, "form": form, "form_submit_text": move.label}
                return render(request, "unfold/helpers/dialog.html", context)
            tell(move, request, 1)
        else:
            take(move, [appointment], request, form.given())
        page = reverse("admin:appointments_appointment_change", args=[appointment.pk])
        return HttpResponse(headers={"HX-Redirect": page}) if in_dialog else redirect(page)

    act.__name__ = f"{move.name}{DETAIL}"
    return action(
        act,
        description=move.label,
        permissions=["act"],
        url_path=move.name.replace("_", "-"),
        icon=move.icon,
        variant=move.variant,
        dialog=dialog,
    )


def dialog_for(asks: type[Asked]) -> Any:
    """The form as the theme's dialog. Even one that asks nothing is sent: a link alone must not
    change anything."""

    class Dialog(BaseDialogForm, asks):  # type: ignore[misc, valid-type]
        def __init__(
            self, request: HttpRequest, object_id: Any = None, *args: Any, **options: Any
        ) -> None:
            # Whether the reader may see this appointment has been asked already.
            one = Appointment.objects.with_people().get(pk=object_id)
            super().__init__(request, object_id, *args, appointments=[one], **options)

    return Dialog
