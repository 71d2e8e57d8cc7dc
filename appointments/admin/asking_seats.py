"""Which session of the same course a seat moves to."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from appointments.models import Appointment, Session
from appointments.selectors.sessions import SeatState, with_seats

from .asking import Asked
from .session_showing import when_in_full

# More nobody reads in one box; they are the next ones.
MOST_OFFERED = 60


class SeatForm(Asked):
    """Those with a free seat and of the same price are offered."""

    decides = ("session",)
    session = forms.TypedChoiceField(
        label=pgettext_lazy("course", "Session"),
        coerce=int,
        widget=UnfoldAdminSelectWidget(),
        error_messages={"invalid_choice": _("This session has no free seat any more.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("Kept in the log."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offered: dict[int, Session] = {}
        field: Any = self.fields["session"]
        field.choices = [("", gettext("No other session has a free seat at this price"))]
        for appointment in self.appointments:
            choices = self._choices(appointment)
            if choices:
                field.choices = [("", gettext("Choose a session")), *choices]

    def _choices(self, appointment: Appointment) -> list[tuple[int, str]]:
        at = timezone.now()
        rows = Session.objects.filter(listing=appointment.listing_id, starts_at__gt=at)
        others = rows.exclude(appointments=appointment.pk).order_by("starts_at", "pk")
        found = list(others.select_related("listing", "store")[:MOST_OFFERED])
        choices = []
        for seats in with_seats(found, at=at):
            session = seats.session
            if seats.state == SeatState.AVAILABLE and session.price == appointment.price:
                self.offered[session.pk] = session
                left = ngettext("%(count)s seat left", "%(count)s seats left", seats.left)
                told = left % {"count": seats.left}
                choices.append((session.pk, f"{when_in_full(session, at)} – {told}"))
        return choices

    def clean_session(self) -> Session:
        pk = self.cleaned_data["session"]
        if pk not in self.offered:
            raise ValidationError(gettext("This session has no free seat any more."))
        return self.offered[pk]

    def given(self) -> dict[str, Any]:
        told = self.cleaned_data
        return {"session": told["session"], "reason": told.get("reason", "")}
