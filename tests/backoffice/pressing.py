"""Hands on the back office: actions of lists, buttons of pages, and what is said after."""

from typing import Any

from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from appointments.models import Appointment

from .places import list_of

LIST = list_of(Appointment)


def choose(client: Client, action: str, *appointments: Appointment, **more: Any) -> Any:
    """Run an action of the list on these rows."""
    sent = {"action": action, "_selected_action": [one.pk for one in appointments], **more}
    return client.post(LIST, sent, follow=True)


def said(answer: Any) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def press(client: Client, appointment: Appointment, button: str, **sent: Any) -> Any:
    """Press a button on the appointment's page and say yes in its dialog."""
    return client.post(f"{LIST}{appointment.pk}/{button}/", {"_form_submitted": "True", **sent})


def press_in_dialog(client: Client, appointment: Appointment, button: str, **sent: Any) -> Any:
    """The same with JavaScript, where what was refused is said in the dialog."""
    path = f"{LIST}{appointment.pk}/{button}/"
    sent = {"_form_submitted": "True", **sent}
    return client.post(path, sent, headers={"HX-Request": "true"})


def queries_of(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)
