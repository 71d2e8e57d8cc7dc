"""Conversations in which orders are made, as the app above that has them tells of them: apps know
the apps below them only, and an order is asked for its conversation here."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from accounts.models import User
from appointments.models import Appointment
from appointments.services import BookingRequest
from booking_site.common.actors import Actor
from booking_site.common.errors import NotFound


class Talks(Protocol):
    def order_there(
        self, conversation_id: str, wish: BookingRequest, *, by: Actor, at: datetime
    ) -> Appointment:
        """Order in the caller's conversation with the provider. Raises NotFound for
        ``conversationId``, and all that ordering raises."""

    def ids_of(self, appointments: Iterable[Appointment], user: User) -> dict[int, int]:
        """By appointment, the conversation it belongs to, where the user is in it."""


class NoTalks:
    """Where nobody talks."""

    def order_there(
        self, conversation_id: str, wish: BookingRequest, *, by: Actor, at: datetime
    ) -> Appointment:
        raise NotFound(errors={"conversationId": [str(NotFound.message)]})

    def ids_of(self, appointments: Iterable[Appointment], user: User) -> dict[int, int]:
        return {}


_talks: list[Talks] = [NoTalks()]


def held_by(talks: Talks) -> None:
    """For the app above."""
    _talks[:] = [talks]


def talks() -> Talks:
    return _talks[0]
