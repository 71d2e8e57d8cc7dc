"""Numbers without holes, in the transaction of the fact: whoever writes at once, whatever fails."""

import random
import threading
import time

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from booking_site.common.transactions import run_in_transaction
from notifications.models import Notification, OutboxEvent, UserEvent, UserStream
from notifications.services import Happening, append, mark_all_read, stream
from notifications.services.notifying import send_notification
from tests.appointments import world
from tests.races.together import side_by_side

from .happenings import booked, told

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]


def numbers_of(user) -> list[int]:
    return list(UserEvent.objects.filter(user=user).order_by("u").values_list("u", flat=True))


def happening(user, text="") -> Happening:
    return Happening(user.pk, "queue-updated", {"data": {"text": text}}, timezone.now())


def test_the_first_event_is_number_one(fang):
    told(fang)

    assert numbers_of(fang) == [1]


def test_a_rolled_back_transaction_gives_its_numbers_back(fang):
    told(fang, 2)

    def fails() -> None:
        stream(happening(fang))
        stream(happening(fang))
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - any error of a service
        run_in_transaction(fails)
    told(fang)

    assert numbers_of(fang) == [1, 2, 3]


def test_what_a_savepoint_took_back_is_told_to_nobody(store, wei, fang):
    """A service that fails inside of another that goes on."""

    def work() -> None:
        with transaction.atomic():
            world.book(store, world.clock("10:00"), customer=fang)
            transaction.set_rollback(True)

    run_in_transaction(work)

    assert not OutboxEvent.objects.exists()
    assert numbers_of(fang) == []
    assert not Notification.objects.exists()


def test_all_of_a_transaction_is_written_by_the_same_number_of_statements(fang, wei):
    told(fang), told(wei.user)
    bo, lan = world.register("Bo"), world.register("Lan")
    told(bo), told(lan)

    def statements(people) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            run_in_transaction(lambda: append([happening(one) for one in people]))
        return len(queries)

    assert statements([fang]) == statements([fang, wei.user, bo, lan, fang, bo])


def test_streams_are_locked_in_one_order(fang, wei):
    """Two who tell the same people, named in another order, many times at once: nobody has to
    begin again, and no number is missing."""
    bo = world.register("Bo")
    people = [fang, wei.user, bo]
    each, turns = 4, 15

    def write(seed: int) -> None:
        dice = random.Random(seed)
        for _turn in range(turns):
            some = dice.sample(people, k=len(people))
            run_in_transaction(lambda some=some: [stream(happening(one)) for one in some])

    side_by_side(*(lambda seed=seed: write(seed) for seed in range(each)))

    for one in people:
        assert numbers_of(one) == list(range(1, each * turns + 1))
        assert UserStream.objects.get(pk=one.pk).last_u == each * turns


def test_what_is_unread_is_right_whoever_is_told_while_one_reads(fang):
    """Of those who count by the events alone: the number in "read" is that of its place in the
    stream."""

    def tell() -> None:
        row = Notification(user=fang, type=15, title="x", created_at=timezone.now())
        run_in_transaction(lambda: send_notification(row))

    def read() -> None:
        run_in_transaction(lambda: mark_all_read(fang, up_to=10**9, at=timezone.now()))

    for _round in range(10):
        tell()
        side_by_side(tell, read, tell)
        counted = 0
        for event in UserEvent.objects.filter(user=fang).order_by("u"):
            is_told = event.event == "notification"
            counted = counted + 1 if is_told else event.payload["data"]["unread"]
        assert counted == Notification.objects.filter(user=fang).unread().count()


def test_a_reader_who_follows_the_numbers_skips_nothing(fang):
    """While four write and a fifth of them rolls back. With ids of the database instead of these
    numbers a third would be skipped; see the control."""
    assert _skipped(fang, cursor="u") == 0


def test_control_a_reader_who_follows_ids_skips_some(fang, monkeypatch):
    """The same reader and the same writers, who take their numbers from a counter that belongs to
    no transaction, as AUTO_INCREMENT does."""
    if connection.vendor == "sqlite":
        # One writes at a time there: what is numbered first is seen first, by any scheme.
        assert _skipped(fang, cursor="id") == 0
        return
    assert _skipped(fang, cursor="id") > 0


def _skipped(user, *, cursor: str) -> int:
    seen: set[int] = set()
    writing = threading.Event()
    writing.set()

    def write(seed: int) -> None:
        dice = random.Random(seed)
        for _turn in range(40):
            try:
                run_in_transaction(lambda: _slow(user, dice, cursor))
            except ZeroDivisionError:
                continue

    def read() -> None:
        """Begins each look behind the last that it has seen."""
        last = 0
        while writing.is_set() or _newest(user, cursor) > last:
            found = _after(user, cursor, last)
            seen.update(found)
            last = max([last, *found])
            time.sleep(0.001)

    def writers() -> None:
        side_by_side(*(lambda seed=seed: write(seed) for seed in range(4)))
        writing.clear()

    side_by_side(read, writers)
    return len(set(_after(user, cursor, 0)) - seen)


def _slow(user, dice: random.Random, cursor: str) -> None:
    """A transaction takes a moment between getting its number and its commit."""
    if cursor == "u":
        append([happening(user)])
    else:
        Notification.objects.create(
            user=user, u=dice.getrandbits(60), type=15, title="", created_at=timezone.now()
        )
    time.sleep(dice.uniform(0, 0.004))
    if dice.random() < 0.2:
        raise ZeroDivisionError


def _after(user, cursor: str, last: int) -> list[int]:
    if cursor == "u":
        rows = UserEvent.objects.filter(user=user, u__gt=last).values_list("u", flat=True)
    else:
        rows = Notification.objects.filter(user=user, pk__gt=last).values_list("pk", flat=True)
    return list(rows)


def _newest(user, cursor: str) -> int:
    return max([0, *_after(user, cursor, 0)])


def test_a_booking_for_people_with_accounts_costs_a_fixed_number_of_statements(store, wei, fang):
    """Whatever was told before."""

    def statements(hours: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            booked(store, fang, hours=hours)
        return len(queries)

    first = statements(0)
    told(fang, 300), told(wei.user, 300)

    assert statements(2) <= first
