"""A letter goes out at least once under one id, whatever dies, and is given up to a person."""

import signal
import socket
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection

from booking_site.common.actors import Actor
from booking_site.common.errors import Conflict, Forbidden
from notifications.gateways.mail import Mailer
from notifications.models import Delivery, DeliveryStatus, Role
from notifications.rules import LEASE, MOST_TRIES, PAUSES
from notifications.services import claim_next, mark_sent, send_again
from notifications.tasks import deliver_due_mail
from notifications.timed import deliver_due
from tests.appointments.world import MINUTE, NOW, TUESDAY, clock, manager, open_store, phones
from tests.support.processes import spare_port

from . import courier
from .post import LANS, booked, letters_to
from .servers import MailServer, mail_server

pytestmark = pytest.mark.django_db
TWO = clock("14:00", TUESDAY + timedelta(days=2))
PATIENCE = 60


@pytest.fixture
def server(settings) -> Iterator[MailServer]:
    """A real one, which the product is pointed to."""
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


@pytest.fixture
def letter(store) -> Delivery:
    """Lan's, and nobody else's."""
    booked(store, TWO)
    return Delivery.objects.get()


def again(letter: Delivery) -> Delivery:
    return Delivery.objects.select_related("event__appointment__store").get(pk=letter.pk)


def test_what_is_sent_is_marked(letter, server):
    deliver_due(at=NOW)

    sent = again(letter)
    assert (sent.status, sent.attempts, sent.lease_until) == (DeliveryStatus.SENT, 1, None)
    assert NOW <= sent.sent_at < NOW + MINUTE
    assert server.ids == [f"<{letter.event.uid}.customer.0@127.0.0.1>"]


def test_a_round_of_letters_shares_one_connection(store, wei, server):
    booked(store, TWO)

    deliver_due(at=NOW)

    assert len(server.letters) == 2
    assert server.calls == 1


# In one hand at a time


def test_what_one_has_in_hand_nobody_else_takes(letter):
    taken = claim_next(owner="one", at=NOW)

    assert taken == letter
    assert claim_next(owner="another", at=NOW + LEASE - timedelta(seconds=1)) is None


def test_what_a_dead_worker_had_in_hand_is_taken_over(letter):
    first = claim_next(owner="one", at=NOW)
    second = claim_next(owner="another", at=NOW + LEASE)

    assert second == letter
    assert second.attempts == 2
    assert not mark_sent(first, at=NOW + LEASE)
    assert mark_sent(second, at=NOW + LEASE)


def test_a_letter_that_kills_its_workers_is_given_up(letter):
    for n in range(MOST_TRIES):
        assert claim_next(owner="doomed", at=NOW + n * LEASE)

    deliver_due(at=NOW + MOST_TRIES * LEASE)

    assert again(letter).status == DeliveryStatus.DEAD
    assert mail.outbox == []


class Watching(EmailBackend):
    """Notes whether a transaction is open while it sends."""

    seen: list[bool] = []

    def send_messages(self, messages):
        self.seen.append(connection.in_atomic_block)
        return super().send_messages(messages)


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_a_server_takes_its_time(settings):
    settings.EMAIL_BACKEND = "tests.notifications.test_delivering.Watching"
    Watching.seen.clear()
    booked(open_store(), TWO)

    deliver_due(at=NOW)

    assert Watching.seen == [False]


@pytest.mark.django_db(transaction=True)
def test_whoever_is_killed_between_sending_and_marking_sends_again_under_the_same_id():
    booked(open_store(), TWO)
    with mail_server() as server:
        killed = courier.start(NOW, "dies", port=server.port)
        assert killed.wait(PATIENCE) == -signal.SIGKILL
        too_soon = courier.start(NOW + MINUTE / 2, port=server.port)
        assert too_soon.wait(PATIENCE) == 0
        assert len(server.ids) == 1

        next_one = courier.start(NOW + LEASE + MINUTE, port=server.port)
        assert next_one.wait(PATIENCE) == 0

    assert len(server.ids) == 2
    assert len(set(server.ids)) == 1
    assert Delivery.objects.get().status == DeliveryStatus.SENT


@pytest.mark.django_db(transaction=True)
def test_several_who_deliver_at_once_send_every_letter_once():
    store = open_store()
    for phone in phones(12):
        booked(store, TWO, phone=phone)
    with mail_server() as server:
        # So slow that all three are at it together.
        server.pause = 0.1
        workers = [courier.start(NOW, port=server.port) for _worker in range(3)]
        assert [worker.wait(PATIENCE) for worker in workers] == [0, 0, 0]

    assert server.calls == 3
    assert len(server.ids) == len(set(server.ids)) == 12
    assert set(Delivery.objects.values_list("status", "attempts")) == {("sent", 1)}


# When it does not work


@pytest.fixture
def no_server(settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", spare_port()


def test_the_pauses_grow_until_a_person_is_called(letter, no_server):
    at, pauses = NOW, []
    for _try in range(MOST_TRIES):
        deliver_due(at=at)
        pauses.append(again(letter).next_try_at - at)
        # Not a moment earlier.
        deliver_due(at=again(letter).next_try_at - timedelta(seconds=1))
        at = again(letter).next_try_at

    dead = again(letter)
    rounded = [timedelta(minutes=round(pause / MINUTE)) for pause in pauses]
    assert rounded == [*PAUSES, timedelta(0)]
    assert (dead.status, dead.attempts) == (DeliveryStatus.DEAD, MOST_TRIES)
    assert "ConnectionRefusedError" in dead.last_error
    assert sum(PAUSES, timedelta()) > timedelta(hours=20)


def test_an_address_that_is_refused_for_good_is_given_up_at_once(store, wei, server):
    server.answer_to_recipients = "550 no such person"
    booked(store, TWO)

    deliver_due(at=NOW)

    assert set(Delivery.objects.values_list("status", "attempts")) == {("dead", 1)}
    assert "550" in Delivery.objects.first().last_error


def test_an_address_that_is_refused_for_now_is_tried_again(letter, server):
    server.answer_to_recipients = "451 come back later"
    deliver_due(at=NOW)
    server.answer_to_recipients = "250 known"
    deliver_due(at=NOW + 2 * MINUTE)

    assert len(server.ids) == 1
    assert again(letter).status == DeliveryStatus.SENT


def test_a_letter_that_cannot_be_written_keeps_nobody_waiting(store, wei, monkeypatch):
    booked(store, TWO)
    broken = Delivery.objects.get(role=Role.REALTOR)
    broken.event.facts = {}
    broken.letter = "rescheduled"
    broken.event.save()
    broken.save()

    assert len(letters_to(LANS)) == 1

    assert again(broken).last_error.startswith("KeyError")
    assert again(broken).status == DeliveryStatus.PENDING


def test_a_server_that_says_nothing_is_not_waited_for_all_the_round(
    store, wei, server, settings, monkeypatch
):
    monkeypatch.setattr("notifications.timed.ROUND_SECONDS", 0.2)
    settings.EMAIL_TIMEOUT = 0.3
    server.silent = True
    booked(store, TWO)

    deliver_due(at=NOW)

    tries = Delivery.objects.order_by("pk").values_list("attempts", flat=True)
    assert list(tries) == [1, 0]


def test_a_connection_that_breaks_is_not_used_again(letter, server):
    with Mailer() as mailer:
        mailer.send(mail.EmailMessage("1", "first", to=[LANS]))
        mailer._connection.connection.sock.shutdown(socket.SHUT_RDWR)
        with pytest.raises(OSError):  # noqa: PT011
            mailer.send(mail.EmailMessage("2", "lost", to=[LANS]))
        mailer.send(mail.EmailMessage("3", "third", to=[LANS]))

    assert [one["Subject"] for one in server.letters] == ["1", "3"]


# A second chance


@pytest.fixture
def dead(letter) -> Delivery:
    Delivery.objects.update(status=DeliveryStatus.DEAD, attempts=8, last_error="550 unknown")
    return again(letter)


def test_staff_send_it_again_to_the_address_of_today(store, dead):
    appointment = dead.event.appointment
    appointment.customer_email = "new@example.com"
    appointment.save()

    send_again(dead, by=manager(store), at=NOW)

    assert len(letters_to("new@example.com")) == 1
    assert again(dead).attempts == 1


def test_only_what_was_given_up_can_be_sent_again(store, dead):
    send_again(dead, by=manager(store), at=NOW)

    with pytest.raises(Conflict):
        send_again(dead, by=manager(store, "Hong"), at=NOW)


def test_nothing_is_sent_again_to_somebody_who_is_gone(store, dead):
    dead.event.appointment.customer_email = ""
    dead.event.appointment.save()

    with pytest.raises(Conflict):
        send_again(again(dead), by=manager(store), at=NOW)


def test_others_may_not_send_again(store, dead, fang):
    for by in (Actor.of(fang), manager(open_store("another-street"))):
        with pytest.raises(Forbidden):
            send_again(dead, by=by, at=NOW)


# Celery's way in


def test_the_task_sends_and_lets_the_next_one_begin(store, wei):
    booked(store, TWO, at=NOW)
    Delivery.objects.update(next_try_at=NOW)

    deliver_due_mail()
    deliver_due_mail()

    assert not Delivery.objects.filter(status=DeliveryStatus.PENDING).exists()
