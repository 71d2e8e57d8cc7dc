"""Talking, through the services that every door calls."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from accounts.models import User
from appointments.models import Appointment
from booking_site.common import events
from booking_site.common.actors import Actor
from booking_site.common.transactions import run_in_transaction
from chat.models import Conversation, Message
from chat.services import Draft, open_direct, open_group, post


def between(
    one: User, other: User, *, about: Appointment | None = None, at: datetime
) -> Conversation:
    return run_in_transaction(
        lambda: open_direct(other, appointment=about, by=Actor.of(one), at=at)
    ).conversation


def group(owner: User, *others: User, name: str = "Flat hunters", at: datetime) -> Conversation:
    return run_in_transaction(lambda: open_group(others, name=name, by=Actor.of(owner), at=at))


def say(
    who: User, conversation: Conversation, text: str = "Hello", *, at: datetime, **draft: object
) -> Message:
    wanted = Draft(text=text, **draft)  # type: ignore[arg-type]
    return post(conversation.pk, wanted, by=Actor.of(who), at=at).message


@contextmanager
def heard(*kinds: type) -> Iterator[list[Any]]:
    """The news of these kinds, as it comes."""
    told: list[Any] = []
    for kind in kinds:
        events.subscribe(kind)(told.append)
    try:
        yield told
    finally:
        for kind in kinds:
            events._receivers[kind].remove(told.append)
