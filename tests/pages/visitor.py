"""Somebody at a browser who books step by step."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.test import Client

from appointments.models import Appointment
from appointments.presenters.times import stamp
from stores.models import Store
from tests.appointments import world


@dataclass
class Visitor:
    client: Client
    phone: str = world.LAN
    name: str = "Lan"

    def look(self, address: str, **query: str) -> str:
        """A page as text; it must be there."""
        answer = self.client.get(address, query)
        assert answer.status_code == 200, (address, answer.status_code, answer.headers)
        return answer.content.decode()

    def choose(self, store: Store, starts_at: datetime, **more: Any) -> HttpResponse:
        facts = {"starts_at": stamp(starts_at), **more}
        return self.client.post(f"/stores/{store.pk}/hold/", facts)

    def hold(self, store: Store, starts_at: datetime, **more: Any) -> str:
        """Choose a time; the address of the details page."""
        answer = self.choose(store, starts_at, **more)
        assert answer.status_code == 302, answer.content
        assert answer["Location"].startswith("/book/"), answer["Location"]
        return answer["Location"]

    def details(self, **changed: str) -> dict[str, str]:
        return {"name": self.name, "phone": self.phone, "email": "", "requirements": ""} | changed

    def fill_in(self, address: str, **changed: str) -> str:
        """Send the details; the address of the confirmation page."""
        answer = self.client.post(address, self.details(**changed))
        assert answer.status_code == 302, answer.content.decode()
        return answer["Location"]

    def book(self, store: Store, starts_at: datetime, **changed: str) -> Appointment:
        """All three steps."""
        address = self.fill_in(self.hold(store, starts_at), **changed)
        answer = self.client.post(address)
        assert answer.status_code == 302, answer.content.decode()
        code = answer["Location"].strip("/").split("/")[-1]
        return Appointment.objects.get(code=code)
