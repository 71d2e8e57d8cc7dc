"""A booking or a message and what people are told of it: both or neither, whenever its process is
killed. What was not answered is sent again, and is there once.

``KILLS`` says how many are: 24 in `make test`, 1,000 in `make chaos-realtime`.
"""

import os
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from appointments.models import Appointment
from chat.models import Message
from notifications.models import OutboxEvent, UserEvent
from tests.appointments import world
from tests.chat import talk
from tests.pages.shops import open_shop
from tests.races import process

from . import chat_promises
from .doomed_talkers import entries, said
from .promises import broken_promises

pytestmark = pytest.mark.django_db(transaction=True)
KILLS = int(os.environ.get("KILLS", "24"))


@pytest.fixture
def street(transactional_db: None) -> None:
    """Ten realtors who are asked or are given what is booked, and thirty customers."""
    for name, auto_confirm in (("Asks", False), ("Gives", True)):
        store = open_shop(name, opens="00:00", closes="00:00", auto_confirm=auto_confirm)
        for n in range(5):
            world.hire(store, f"{name} {n}")
    for n in range(30):
        world.register(f"C{n}")


def killed(kills: int, **more: Any) -> dict[str, int]:
    task = {"seed": kills, "kills": kills, "late": False} | more
    (ends,) = process.run("tests.realtime.doomed", [task])
    cancelled = Appointment.objects.filter(status="cancelled").count()
    print(
        f"\n{connection.vendor}: {ends}; left behind: {Appointment.objects.count()} appointments, "
        f"{cancelled} of them called off, {OutboxEvent.objects.count()} pieces of news, "
        f"{UserEvent.objects.count()} events of streams"
    )
    return dict(ends)


@pytest.mark.usefixtures("street")
def test_who_is_killed_leaves_a_booking_with_its_events_or_nothing():
    ends = killed(KILLS)

    assert sum(count for end, count in ends.items() if end.endswith("killed")) == KILLS, ends
    assert Appointment.objects.count() > KILLS / 10
    assert broken_promises() == []


@pytest.mark.usefixtures("street")
def test_events_that_are_written_after_the_commit_are_found_missing():
    """So the test above can see it."""
    killed(24, late=True)

    assert len(broken_promises()) > 0


@pytest.fixture
def circle(transactional_db: None) -> None:
    """Eight people: some talk by twos, and all in a group."""
    at = timezone.now()
    users: list[User] = [world.register(f"T{n}") for n in range(8)]
    for one, other in ((0, 1), (1, 2), (2, 3), (4, 5), (6, 7)):
        talk.between(users[one], users[other], at=at)
    talk.group(*users, at=at)


def killed_talking(kills: int, diary: Path, **more: Any) -> dict[str, int]:
    task = {"seed": kills, "kills": kills, "late": False, "diary": str(diary)} | more
    (ends,) = process.run("tests.realtime.doomed", [task])
    written = list(entries(diary))
    print(
        f"\n{connection.vendor}: {ends}; begun: {len({one.client_id for one in written})}, "
        f"answered: {sum(one.pk > 0 for one in written)}, left behind: "
        f"{Message.objects.exclude(sender=None).count()} messages, "
        f"{UserEvent.objects.count()} events of streams"
    )
    return dict(ends)


@pytest.mark.usefixtures("circle")
def test_who_is_killed_leaves_a_message_with_its_events_or_nothing_and_again_it_is_one(
    tmp_path: Path,
):
    ends = killed_talking(KILLS, tmp_path / "diary")

    assert sum(count for end, count in ends.items() if end.endswith("killed")) == KILLS, ends
    assert chat_promises.broken_promises() == []
    written = list(entries(tmp_path / "diary"))
    answered = {one.client_id: one.pk for one in written if one.pk}
    assert len(answered) > KILLS / 10
    there = set(Message.objects.values_list("pk", flat=True))
    assert set(answered.values()) <= there

    for one in written:
        message = said(one)
        assert answered.get(one.client_id, message.pk) == message.pk
    assert chat_promises.unkept({(one.user, one.client_id, one.text) for one in written}) == []
    assert chat_promises.broken_promises() == []
    # Of those who died at their commit some had been written, and some had not.
    unanswered = {one.client_id for one in written} - set(answered)
    names = Message.objects.filter(pk__in=there).values_list("client_id", flat=True)
    assert 0 < len(unanswered & set(names)) < len(unanswered)


@pytest.mark.usefixtures("circle")
def test_news_of_messages_that_are_written_after_the_commit_are_found_missing(tmp_path: Path):
    """So the test above can see it."""
    killed_talking(24, tmp_path / "diary", late=True)

    assert len(chat_promises.broken_promises()) > 0
