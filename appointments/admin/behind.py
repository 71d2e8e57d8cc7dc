"""What an appointment is made of behind the scenes, on its page."""

from typing import Any

from django.conf import settings
from django.contrib.admin.options import BaseModelAdmin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from appointments.models import Appointment

from .showing import local, told_once

BEHIND: Any = (
    _("Behind the scenes"),
    {
        "fields": (
            ("created", "waiting_since"),
            ("priority", "cells_claimed"),
            ("duration_minutes", "buffers"),
            ("sequence", "language"),
        )
    },
)


class ShowsBehind(BaseModelAdmin):
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

    @display(description=_("language"))
    def language(self, appointment: Appointment) -> str:
        return str(dict(settings.LANGUAGES).get(appointment.locale, appointment.locale))
