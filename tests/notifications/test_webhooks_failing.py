"""Webhooks that nobody answers, or whose worker dies: tried again for three days, in one hand at a
time, without keeping the others waiting; whoever fails for days is switched off."""

import signal
import time
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db import connection

from notifications import timed_webhooks
from notifications.gateways.webhooks import Answer
from notifications.models import (
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
from notifications.services.posting import claim_next_webhook, note_answer
from notifications.services.webhooks import (
    Changes,
    change_webhook,
)
from notifications.timed import run_due
from tests.appointments.world import (
    HOUR,
    MINUTE,
    NOW,
    QIANG,
    TUESDAY,
    clock,
    manager,
    open_store,
)
from tests.factories import manager_of
from tests.support.processes import spare_port

from . import hook_courier
from .hooks import again, hook, post_due, states
from .post import booked
from .receivers import Post, Receiver, receiver

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("receivers_inside")]
TWO = clock("14:00", TUESDAY + timedelta(days=2))
DAY = timedelta(days=1)
PATIENCE = 60


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
