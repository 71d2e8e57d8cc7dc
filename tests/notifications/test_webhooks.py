"""News of a store's appointments goes to its webhooks: written with the news, sent at least once
under one id, tried again for three days, and given up to a person."""

import json
import signal
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from appointments import services
from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.errors import Conflict, Forbidden, Invalid
from notifications import timed_webhooks
from notifications.gateways.webhooks import Answer
from notifications.models import (
    EVENTS,
    Kind,
    OutboxEvent,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookStatus,
)
from notifications.rules import (
    FAILING_FOR,
    LEASE,
    MOST_WEBHOOK_TRIES,
    MOST_WEBHOOKS,
    NOTICE_PAUSE,
    WEBHOOK_JITTER,
    WEBHOOK_PAUSES,
)
from notifications.services import posting
from notifications.services.posting import claim_next_webhook, note_answer, replay
from notifications.services.webhooks import (
    Changes,
    add_webhook,
    change_webhook,
    remove_webhook,
    rotate_secret,
)
from notifications.tasks import deliver_due_webhooks
from notifications.timed import run_due
from tests.appointments.world import (
    HOUR,
    LAN,
    MINUTE,
    NOW,
    QIANG,
    TUESDAY,
    clock,
    confirmed,
    manager,
    open_store,
    owner,
)
from tests.factories import manager_of
from tests.races.together import ISOLATIONS, codes, together
from tests.support.processes import spare_port

from . import hook_courier
from .hooks import OTHER, SECRET, again, bare_hook, hook, next_try, place, post_due, states
from .post import LANS, booked
from .receivers import NotGenuine, Post, Receiver, receiver, verify

pytestmark = pytest.mark.django_db
TWO = clock("14:00", TUESDAY + timedelta(days=2))
DAY = timedelta(days=1)
PATIENCE = 60


@pytest.fixture(autouse=True)
def _inside(settings) -> None:
    """Receivers are on this machine; test_webhooks_guard.py says where else they may not be."""
    settings.WEBHOOK_ALLOW_INSIDE = True


@pytest.fixture
def till() -> Iterator[Receiver]:
    with receiver() as server:
        yield server


@pytest.fixture
def endpoint(store, till) -> WebhookEndpoint:
    return hook(store, till.url)


@pytest.fixture
def message(endpoint) -> WebhookDelivery:
    """Of a booking; where nobody can be asked, it is the only one."""
    booked(endpoint.store, TWO)
    return WebhookDelivery.objects.latest("pk")


# Written with the news


def test_each_step_is_told_as_it_was_in_its_own_transaction(store, wei, till, endpoint):
    appointment = confirmed(store, TWO)
    services.cancel(appointment, by=owner(appointment), at=NOW)

    post_due()

    told = [(one["type"], one["data"]["status"]) for one in till.told]
    assert told == [
        ("appointment.assigned", "pending"),
        ("appointment.created", "pending"),
        ("appointment.confirmed", "confirmed"),
        ("appointment.cancelled", "cancelled"),
    ]


def test_the_payload_is_thin_and_says_which(store, wei, till, endpoint):
    appointment = confirmed(store, TWO)
    code = appointment.code

    post_due()

    last = till.told[-1]
    assert last == {
        "type": "appointment.confirmed",
        "timestamp": NOW.isoformat(),
        "data": {
            "appointment_id": str(appointment.pk),
            "appointment_code": code,
            "store_id": str(store.pk),
            "realtor_id": str(wei.pk),
            "status": "confirmed",
            "payment_status": "not_required",
        },
    }


def test_it_names_nobody(store, wei, fang, till, endpoint):
    booked(store, TWO)
    services.book(
        services.BookingRequest(
            store=store,
            starts_at=TWO + HOUR,
            customer=fang,
            customer_name="Fang Fang",
            customer_phone=QIANG,
            requirements="A balcony.",
        ),
        by=Actor.of(fang),
        at=NOW,
    )

    post_due()

    sent = b" ".join(one.body for one in till.posts).decode()
    for word in ("Lan", LAN, LAN[-4:], LANS, "Fang", QIANG, "balcony", "Wei", "wei@example.com"):
        assert word not in sent
    assert {tuple(sorted(one["data"])) for one in till.told} == {
        (
            "appointment_code",
            "appointment_id",
            "payment_status",
            "realtor_id",
            "status",
            "store_id",
        )
    }


def test_what_is_rolled_back_is_told_to_nobody(store, wei, endpoint):
    with transaction.atomic():
        booked(store, TWO)
        assert WebhookDelivery.objects.exists()
        transaction.set_rollback(True)

    assert not WebhookDelivery.objects.exists()


def test_an_endpoint_hears_of_what_it_asked_for(store, wei, till):
    some = hook(store, till.url, events=["appointment.confirmed"])

    confirmed(store, TWO)

    assert states(some) == [("confirmed", "pending")]


def test_nothing_is_written_for_others_nor_for_whoever_is_switched_off(store, wei, till):
    hook(open_store("elsewhere"), till.url)
    hook(store, till.url, is_active=False)

    booked(store, TWO)

    assert not WebhookDelivery.objects.exists()


def test_there_is_a_name_for_every_kind_of_news():
    assert len(set(EVENTS)) == len(Kind)
    assert {"appointment.created", "appointment.reminder"} < set(EVENTS)
    others = {name for name in EVENTS if not name.startswith("appointment.")}
    assert others == {
        "booking.paid",
        "payment.succeeded",
        "payment.failed",
        "refund.done",
        "refund.stuck",
    }


@pytest.mark.parametrize(("endpoints", "queries"), [(0, 1), (1, 5), (4, 5)])
def test_writing_costs_the_same_however_many_there_are(store, till, endpoints, queries):
    booked(store, TWO)
    event = OutboxEvent.objects.latest("pk")
    for _number in range(endpoints):
        hook(store, till.url)

    with CaptureQueriesContext(connection) as asked:
        posting.enqueue(event)

    assert len(asked) == queries
    assert WebhookDelivery.objects.count() == endpoints


def test_a_booking_stands_though_its_endpoint_is_removed_at_that_moment(store, till, monkeypatch):
    kept, gone = hook(store, till.url), hook(store, till.url)
    write = WebhookDelivery.objects.bulk_create

    def refusing(rows):
        if any(row.endpoint_id == gone.pk for row in rows):
            raise IntegrityError("there is no such endpoint")
        return write(rows)

    monkeypatch.setattr(WebhookDelivery.objects, "bulk_create", refusing)

    appointment = booked(store, TWO)

    assert appointment.pk
    assert states(kept) == [("created", "pending")]
    assert states(gone) == []


# Sent


def test_what_the_receiver_has_is_marked(till, message):
    post_due()

    sent = again(message)
    assert (sent.status, sent.attempts, sent.last_status_code) == (WebhookStatus.SENT, 1, 204)
    assert (sent.lease_until, sent.last_error) == (None, "")
    assert NOW <= sent.sent_at < NOW + MINUTE
    assert [one.id for one in till.posts] == [message.message_id]
    assert till.posts[0].path == "/hooks?from=us"


def test_the_receiver_can_verify_it(till, message):
    post_due()

    (post,) = till.posts
    verify(SECRET, post.headers, post.body, now=NOW.timestamp())
    with pytest.raises(NotGenuine):
        verify(OTHER, post.headers, post.body, now=NOW.timestamp())
    assert post.headers["content-type"] == "application/json"
    assert post.headers["webhook-timestamp"] == str(int(NOW.timestamp()))


def test_a_second_round_finds_nothing_to_do(till, message):
    post_due()
    post_due()

    assert len(till.posts) == 1


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_two_hundred_is_a_yes(till, message, status):
    till.status = status

    post_due()

    assert again(message).status == WebhookStatus.SENT


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 400, 401, 404, 429, 500, 503])
def test_anything_else_is_a_no_and_a_redirect_is_not_followed(till, message, status):
    with receiver() as elsewhere:
        till.status, till.headers = status, {"Location": elsewhere.url}
        post_due()

        assert elsewhere.posts == []
    failed = again(message)
    assert (failed.status, failed.last_status_code) == (WebhookStatus.PENDING, status)
    assert failed.last_error.startswith(f"HTTP {status}")


def test_what_a_receiver_says_is_kept_nowhere(till, message):
    till.status, till.body = 500, b"root:x:0:0"
    post_due()
    till.raw = b"SSH-2.0-root:x:0:0\r\n\r\n"
    post_due(next_try(message))

    told = json.dumps(list(WebhookDelivery.objects.values()), default=str)
    assert len(till.posts) == 2
    assert "root" not in told
    assert again(message).last_error == "no proper answer (BadStatusLine)"


def test_a_body_without_end_is_not_waited_for(till, message):
    till.status, till.body = 200, b"x" * 10_000_000

    post_due()

    assert again(message).status == WebhookStatus.SENT


# When it does not work


def test_the_pauses_grow_until_a_person_is_called(till, message):
    till.status = 500
    at, pauses = NOW, []
    for _try in range(MOST_WEBHOOK_TRIES):
        post_due(at)
        failed = again(message)
        pauses.append(failed.next_try_at - at)
        if failed.status == WebhookStatus.PENDING:
            # Not a moment earlier.
            post_due(failed.next_try_at - timedelta(seconds=2))
            at = failed.next_try_at

    dead = again(message)
    assert (dead.status, dead.attempts) == (WebhookStatus.DEAD, MOST_WEBHOOK_TRIES)
    assert len(till.posts) == MOST_WEBHOOK_TRIES
    assert len({one.id for one in till.posts}) == 1
    # A round takes its own while.
    slack = timedelta(seconds=2)
    for pause, least in zip(pauses, WEBHOOK_PAUSES, strict=False):
        assert least <= pause <= least * (1 + WEBHOOK_JITTER) + slack


def test_the_schedule_is_that_of_standard_webhooks():
    seconds = [int(pause.total_seconds()) for pause in WEBHOOK_PAUSES]

    assert seconds == [5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400]


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("closed", "ConnectionRefusedError"),
        ("mute", "no answer in time"),
        ("dripping", "no answer in time"),
        ("hanging up", "no proper answer"),
    ],
)
def test_a_receiver_that_does_not_answer_fails_in_a_time_that_ends(
    store, till, monkeypatch, how, said
):
    monkeypatch.setattr("notifications.gateways.webhooks.TOTAL_SECONDS", 0.5)
    url = f"http://127.0.0.1:{spare_port()}/" if how == "closed" else till.url
    till.pause = 30.0 if how == "mute" else 0.0
    till.drip = 0.1 if how == "dripping" else 0.0
    till.raw = b"" if how == "hanging up" else None
    endpoint = hook(store, url)
    booked(store, TWO)

    post_due()

    failed = WebhookDelivery.objects.get(endpoint=endpoint)
    assert said in failed.last_error
    assert (failed.status, failed.attempts) == (WebhookStatus.PENDING, 1)


def test_one_dead_receiver_keeps_nobody_waiting(store, wei, till, monkeypatch):
    """It has many messages, the oldest of all, and takes all the time there is for each."""
    monkeypatch.setattr("notifications.gateways.webhooks.TOTAL_SECONDS", 3.0)
    with receiver() as dead:
        dead.pause = 60.0
        silent = hook(store, dead.url, at=NOW)
        for hour in range(3):
            booked(store, TWO + hour * HOUR)
        others = [hook(store, till.url) for _number in range(9)]
        booked(store, TWO + 3 * HOUR)

        post_due()

        first = min(one.at for one in dead.posts)
        assert len(till.posts) == 2 * len(others)
        assert max(one.at for one in till.posts) - first < 2.0
        # And one of its own in a round, not one after the other.
        assert len(dead.posts) == 1
    assert again(silent).failing_since


def test_what_comes_up_while_one_is_waited_for_is_sent_meanwhile(store, till, monkeypatch):
    monkeypatch.setattr("notifications.gateways.webhooks.TOTAL_SECONDS", 3.0)
    with receiver() as dead:
        dead.pause = 60.0
        hook(store, dead.url)
        late = hook(store, till.url)
        booked(store, TWO)
        WebhookDelivery.objects.filter(endpoint=late).update(next_try_at=NOW + timedelta(seconds=1))

        post_due()

        assert till.posts[0].at - dead.posts[0].at < 2.0


def test_many_dead_receivers_leave_room_for_those_that_answer(store, till, monkeypatch):
    monkeypatch.setattr("notifications.gateways.webhooks.TOTAL_SECONDS", 2.0)
    with receiver() as dead:
        dead.pause = 60.0
        healthy = hook(store, till.url)
        for _number in range(9):
            hook(store, dead.url)
        WebhookEndpoint.objects.exclude(pk=healthy.pk).update(failing_since=NOW - HOUR)
        booked(store, TWO)
        # Its own is the last in line.
        assert WebhookDelivery.objects.latest("pk").endpoint == healthy

        post_due()

        assert till.posts[0].at - dead.posts[0].at < 1.0


def tell(event: OutboxEvent, *endpoints: WebhookEndpoint, due: datetime = NOW) -> None:
    """Of an appointment of whichever store."""
    for endpoint in endpoints:
        WebhookDelivery.objects.create(
            endpoint=endpoint, event=event, facts={}, next_try_at=due, created_at=NOW
        )


def news(store, count: int) -> list[OutboxEvent]:
    for hour in range(count):
        booked(store, TWO + hour * HOUR)
    return list(OutboxEvent.objects.order_by("pk"))


def most_at_once(posts: list[Post], pause: float) -> int:
    """On their way to receivers that take that long."""
    began = [one.at for one in posts]
    return max(sum(at - 0.9 * pause < other <= at for other in began) for at in began)


def test_one_store_s_slow_receivers_leave_the_others_theirs(store, till):
    """They take their time and say yes: nothing is known against them."""
    (event,) = news(store, 1)
    others = [hook(open_store(f"elsewhere-{number}"), till.url) for number in range(3)]
    with receiver() as slow:
        slow.pause = 0.5
        tell(event, *[hook(store, slow.url) for _number in range(MOST_WEBHOOKS)])
        tell(event, *others)

        post_due()

        assert len(slow.posts) == MOST_WEBHOOKS
        assert most_at_once(slow.posts, slow.pause) == timed_webhooks.AT_ONCE_OF_STORE
        first = min(one.at for one in slow.posts)
    assert len(till.posts) == len(others)
    assert max(one.at for one in till.posts) - first < 0.5


def test_those_that_were_slow_leave_room_for_those_that_were_not(store, till, monkeypatch):
    """Of many stores, so that no store has more than it may."""
    monkeypatch.setattr(timed_webhooks, "SLOW_SECONDS", 0.6)
    first, second = news(store, 2)
    with receiver() as slow:
        slow.pause = 1.0
        stores = [open_store(f"slow-{number}") for number in range(4)]
        theirs = [hook(one, slow.url) for one in stores * 2]
        healthy = hook(open_store("healthy"), till.url)
        tell(first, *theirs)
        tell(second, *theirs)
        # When all of them have said yes once, and are on their way again.
        tell(first, healthy, due=NOW + timedelta(seconds=1.3))

        post_due()

        began = min(one.at for one in slow.posts)
        again_to = [one for one in slow.posts if one.at - began > 0.9]
        assert len(slow.posts) == 16
        assert most_at_once(slow.posts, slow.pause) == timed_webhooks.AT_ONCE
        assert most_at_once(again_to, slow.pause) == timed_webhooks.FAILING_AT_ONCE
    assert till.posts[0].at - began < 1.8
    assert not WebhookEndpoint.objects.exclude(failing_since=None).exists()


def test_of_a_store_s_two_one_is_kept_for_its_own_that_are_not_slow(store, till, monkeypatch):
    monkeypatch.setattr(timed_webhooks, "SLOW_SECONDS", 0.3)
    first, second = news(store, 2)
    with receiver() as slow:
        slow.pause = 0.8
        theirs = [hook(store, slow.url) for _number in range(2)]
        tell(first, *theirs)
        tell(second, *theirs)
        tell(first, hook(store, till.url), due=NOW + timedelta(seconds=1.0))

        post_due()

        assert len(slow.posts) == 4
        assert till.posts[0].at - min(one.at for one in slow.posts) < 1.5


def test_one_that_was_slow_and_is_not_any_more_is_like_the_others(store, till, monkeypatch):
    monkeypatch.setattr(timed_webhooks, "SLOW_SECONDS", 0.2)
    moment = timed_webhooks._Round(None, NOW)
    delivery = WebhookDelivery(endpoint=hook(store, till.url))

    moment._note(timed_webhooks._Sent(delivery, time.monotonic() - 1), Answer(200))
    assert moment._slow == {delivery.endpoint_id: store.pk}
    moment._note(timed_webhooks._Sent(delivery, time.monotonic()), Answer(200))
    assert moment._slow == {}


def test_one_that_cannot_be_written_keeps_nobody_waiting(store, till):
    broken, whole = hook(store, till.url), hook(store, till.url)
    WebhookEndpoint.objects.filter(pk=broken.pk).update(secret_sealed="of another key")
    booked(store, TWO)

    post_due()

    assert states(whole) == [("created", "sent")]
    assert states(broken) == [("created", "dead")]


# In one hand at a time


def test_what_one_has_in_hand_nobody_else_takes(message):
    taken = claim_next_webhook(owner="one", at=NOW)

    assert taken == message
    assert claim_next_webhook(owner="two", at=NOW + LEASE - timedelta(seconds=1)) is None


def test_what_a_dead_worker_had_in_hand_is_taken_over(message):
    first = claim_next_webhook(owner="one", at=NOW)
    second = claim_next_webhook(owner="two", at=NOW + LEASE)

    assert (second, second.attempts) == (message, 2)
    assert not note_answer(first, answer=Answer(200), at=NOW + LEASE)
    assert again(message).status == WebhookStatus.PENDING
    assert note_answer(second, answer=Answer(200), at=NOW + LEASE)


def test_one_that_kills_its_workers_is_given_up(till, message):
    for number in range(MOST_WEBHOOK_TRIES):
        assert claim_next_webhook(owner="doomed", at=NOW + number * LEASE)

    post_due(NOW + MOST_WEBHOOK_TRIES * LEASE)

    assert again(message).status == WebhookStatus.DEAD
    assert till.posts == []


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_a_receiver_takes_its_time(till, monkeypatch):
    hook(store := open_store(), till.url)
    booked(store, TWO)
    seen = []
    real = timed_webhooks.wait

    def watched(*args, **options):
        seen.append(connection.in_atomic_block)
        return real(*args, **options)

    monkeypatch.setattr(timed_webhooks, "wait", watched)

    post_due()

    assert set(seen) == {False}


@pytest.mark.django_db(transaction=True)
def test_whoever_is_killed_between_sending_and_marking_sends_again_under_the_same_id(till):
    hook(store := open_store(), till.url)
    booked(store, TWO)

    killed = hook_courier.start(NOW, "dies")
    assert killed.wait(PATIENCE) == -signal.SIGKILL
    too_soon = hook_courier.start(NOW + MINUTE / 2)
    assert too_soon.wait(PATIENCE) == 0
    assert len(till.posts) == 1
    next_one = hook_courier.start(NOW + LEASE + MINUTE)
    assert next_one.wait(PATIENCE) == 0

    assert len(till.posts) == 2
    assert len({one.id for one in till.posts}) == 1
    assert WebhookDelivery.objects.get().status == WebhookStatus.SENT


@pytest.mark.django_db(transaction=True)
def test_several_who_deliver_at_once_send_everything_once(till):
    till.pause = 0.05
    store = open_store()
    for _number in range(6):
        hook(store, till.url)
    booked(store, TWO)
    booked(store, TWO + HOUR, phone=QIANG)

    workers = [hook_courier.start(NOW) for _worker in range(3)]
    assert [worker.wait(PATIENCE) for worker in workers] == [0, 0, 0]

    ids = [one.id for one in till.posts]
    assert len(ids) == len(set(ids)) == 12
    assert set(WebhookDelivery.objects.values_list("status", "attempts")) == {("sent", 1)}


# Switched off


def test_gone_switches_off_at_once(till, message, endpoint):
    till.status = 410

    post_due()

    off = again(endpoint)
    assert (off.is_active, off.disabled_reason) == (False, "gone")
    assert off.disabled_at
    assert again(message).status == WebhookStatus.DEAD


def test_what_waits_for_one_that_is_off_is_dropped(store, till, endpoint):
    booked(store, TWO)
    booked(store, TWO + HOUR, phone=QIANG)
    till.status = 410

    post_due()

    assert states(endpoint) == [("created", "dead"), ("created", "dropped")]
    booked(store, TWO + 2 * HOUR, phone=QIANG)
    assert len(states(endpoint)) == 2


def failing_for(endpoint: WebhookEndpoint, till: Receiver, span: timedelta) -> None:
    """One message at its beginning, one at its end, and nothing comes through."""
    till.status = 503
    booked(endpoint.store, TWO)
    post_due()
    WebhookDelivery.objects.filter(endpoint=endpoint).update(next_try_at=NOW + span)
    post_due(NOW + span)


def test_five_days_without_a_yes_switch_off(till, endpoint):
    failing_for(endpoint, till, FAILING_FOR + MINUTE)

    off = again(endpoint)
    assert (off.is_active, off.disabled_reason) == (False, "failing")
    assert WebhookDelivery.objects.get().status == WebhookStatus.DEAD


def test_less_does_not(till, endpoint):
    failing_for(endpoint, till, FAILING_FOR - HOUR)

    assert again(endpoint).is_active


def test_one_yes_begins_the_days_anew(till, endpoint):
    failing_for(endpoint, till, 4 * DAY)
    assert again(endpoint).failing_since
    till.status = 200
    booked(endpoint.store, TWO + HOUR, phone=QIANG)
    post_due(NOW + 4 * DAY + MINUTE)
    assert again(endpoint).failing_since is None

    till.status = 503
    WebhookDelivery.objects.update(next_try_at=NOW + 6 * DAY)
    post_due(NOW + 6 * DAY)

    assert again(endpoint).is_active


def test_its_managers_are_told_once_and_in_their_language(store, till, endpoint):
    manager_of(store, email="hua@example.com", locale="en")
    manager_of(open_store("elsewhere"), email="other@example.com", locale="en")
    till.status = 410
    booked(store, TWO)
    post_due()
    mail.outbox.clear()

    run_due(at=NOW + MINUTE)
    run_due(at=NOW + HOUR)

    (letter,) = [one for one in mail.outbox if "Till" in one.subject]
    assert letter.to == ["hua@example.com"]
    assert "switched off" in letter.subject
    assert "410" in letter.body
    assert f"/admin/notifications/webhookendpoint/{endpoint.pk}/change/" in letter.body
    # The rest of the address may be a secret of the receiver's.
    assert "from=us" not in letter.body
    assert again(endpoint).notice_sent_at


def test_a_notice_that_did_not_go_out_is_not_lost(store, till, endpoint, settings):
    manager_of(store, email="hua@example.com", locale="en")
    till.status = 410
    booked(store, TWO, email="")
    post_due()
    usual = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", spare_port()
    run_due(at=NOW + MINUTE)
    assert again(endpoint).notice_sent_at is None
    settings.EMAIL_BACKEND = usual

    run_due(at=NOW + 2 * MINUTE)
    assert mail.outbox == []
    run_due(at=NOW + MINUTE + NOTICE_PAUSE)

    assert [one.to for one in mail.outbox] == [["hua@example.com"]]


def test_switched_on_again_it_begins_anew(store, till, endpoint):
    failing_for(endpoint, till, FAILING_FOR + MINUTE)

    change_webhook(again(endpoint), Changes(is_active=True), by=manager(store), at=NOW)

    on = again(endpoint)
    assert (on.is_active, on.failing_since, on.disabled_at) == (True, None, None)
    assert (on.disabled_reason, on.notice_due_at) == ("", None)


# A second chance


@pytest.mark.parametrize("status", ["dead", "sent", "dropped"])
def test_whoever_runs_the_store_replays_under_the_same_id(store, till, message, status):
    post_due()
    WebhookDelivery.objects.update(status=status, attempts=10, last_error="HTTP 500")

    replay(again(message), by=manager(store), at=NOW + HOUR)
    post_due(NOW + HOUR)

    assert [one.id for one in till.posts] == [message.message_id] * 2
    assert till.posts[0].body == till.posts[1].body
    sent = again(message)
    assert (sent.status, sent.attempts, sent.last_error) == ("sent", 1, "")


def test_what_is_on_its_way_is_not_replayed(store, message):
    with pytest.raises(Conflict):
        replay(message, by=manager(store), at=NOW)


def test_nothing_is_replayed_to_one_that_is_off(store, message, endpoint):
    WebhookDelivery.objects.update(status="dead")
    WebhookEndpoint.objects.update(is_active=False)

    with pytest.raises(Conflict):
        replay(posting.WebhookDelivery.objects.get(), by=manager(store), at=NOW)


# Secrets


def test_for_a_day_after_a_rotation_both_secrets_sign(store, till, endpoint):
    rotate_secret(endpoint, secret=OTHER, by=manager(store), at=NOW)
    booked(store, TWO)
    booked(store, TWO + HOUR, phone=QIANG)
    first, second = WebhookDelivery.objects.order_by("pk")
    WebhookDelivery.objects.filter(pk=second.pk).update(next_try_at=NOW + DAY)

    post_due(NOW + DAY - MINUTE)
    post_due(NOW + DAY)

    during, after = till.posts
    for secret in (SECRET, OTHER):
        verify(secret, during.headers, during.body, now=(NOW + DAY - MINUTE).timestamp())
    verify(OTHER, after.headers, after.body, now=(NOW + DAY).timestamp())
    with pytest.raises(NotGenuine):
        verify(SECRET, after.headers, after.body, now=(NOW + DAY).timestamp())
    assert len(during.headers["webhook-signature"].split(" ")) == 2
    assert first.pk


def test_secrets_are_not_to_be_read_in_the_database(store, till, endpoint):
    rotate_secret(endpoint, by=manager(store), at=NOW)

    kept = json.dumps(list(WebhookEndpoint.objects.values()), default=str)

    assert SECRET not in kept
    assert again(endpoint).secret not in kept
    assert again(endpoint).secrets(NOW)[1] == SECRET


def test_a_secret_that_is_made_is_long_and_its_own(store, till):
    made = {hook(store, till.url, secret="").secret for _number in range(3)}

    assert len(made) == 3
    assert all(len(one) == len("whsec_") + 44 for one in made)


@pytest.mark.parametrize(
    "secret",
    [
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "whsec_",
        "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRY=",
        "whsec_" + "A" * 88,
        "whsec_not base64 at all, but quite long indeed!",
        "whpk_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    ],
)
def test_a_secret_of_another_form_is_refused(store, till, secret):
    with pytest.raises(Invalid) as refused:
        hook(store, till.url, secret=secret)

    assert list(refused.value.errors) == ["secret"]


# Who may


def test_only_whoever_runs_the_store_may(store, wei, fang, till, endpoint, message):
    place_of_it = place(till.url)
    for by in (Actor.of(fang), Actor.of(wei.user), manager(open_store("elsewhere"))):
        for attempt in (
            lambda by=by: add_webhook(store, name="x", place=place_of_it, by=by, at=NOW),
            lambda by=by: change_webhook(endpoint, Changes(name="x"), by=by, at=NOW),
            lambda by=by: rotate_secret(endpoint, by=by, at=NOW),
            lambda by=by: remove_webhook(endpoint, by=by, at=NOW),
            lambda by=by: replay(message, by=by, at=NOW),
        ):
            with pytest.raises(Forbidden):
                attempt()
    assert again(endpoint).name == "Till"


def test_a_store_has_so_many_at_most(store):
    for _number in range(MOST_WEBHOOKS):
        bare_hook(store)

    with pytest.raises(Conflict):
        hook(store, "https://hooks.example.com/")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("isolation", ISOLATIONS)
def test_of_many_that_are_added_at_once_so_many_are(isolation, monkeypatch):
    if isolation:
        options = connection.settings_dict["OPTIONS"]
        monkeypatch.setitem(options, "isolation_level", isolation)
    store = open_store()
    bare_hook(store)

    add = partial(hook, store, "https://hooks.example.com/")
    outcomes = codes(together(*[add] * 24))

    room = MOST_WEBHOOKS - 1
    assert outcomes == ["conflict"] * (24 - room) + ["done"] * room
    assert WebhookEndpoint.objects.count() == MOST_WEBHOOKS


def test_what_is_no_event_is_refused(store, till):
    with pytest.raises(Invalid):
        hook(store, till.url, events=["appointment.invented"])


def test_removing_one_removes_what_was_on_its_way(store, message, endpoint):
    remove_webhook(endpoint, by=SYSTEM, at=NOW)

    assert not WebhookDelivery.objects.exists()
    assert OutboxEvent.objects.exists()


# Celery's way in


def test_the_task_sends_and_lets_the_next_one_begin(till, message):
    deliver_due_webhooks()
    replay(again(message), by=SYSTEM, at=NOW)
    deliver_due_webhooks()

    assert len(till.posts) == 2
