"""A booking and what people are told of it: both or neither, whenever its process is killed.

``KILLS`` says how many are: 40 in `make test`, 1,000 in `make chaos-realtime`.
"""

import os
from typing import Any

import pytest
from django.db import connection

from appointments.models import Appointment
from notifications.models import OutboxEvent, UserEvent
from tests.appointments import world
from tests.pages.shops import open_shop
from tests.races import process

from .promises import broken_promises

pytestmark = pytest.mark.django_db(transaction=True)
KILLS = int(os.environ.get("KILLS", "40"))


@pytest.fixture(autouse=True)
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


def test_who_is_killed_leaves_a_booking_with_its_events_or_nothing():
    ends = killed(KILLS)

    assert sum(count for end, count in ends.items() if end.endswith("killed")) == KILLS, ends
    assert Appointment.objects.count() > KILLS / 10
    assert broken_promises() == []


def test_events_that_are_written_after_the_commit_are_found_missing():
    """So the test above can see it."""
    killed(24, late=True)

    assert len(broken_promises()) > 0
