"""News of a store's appointments goes to its webhooks: written with the news, sent at least once
under one id, tried again for three days, and given up to a person."""

import json
from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from appointments import services
from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.errors import Conflict, Forbidden, Invalid
from notifications.models import (
    EVENTS,
    Kind,
    OutboxEvent,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookStatus,
)
from notifications.rules import (
    MOST_WEBHOOKS,
)
from notifications.services import posting
from notifications.services.posting import replay
from notifications.services.webhooks import (
    Changes,
    add_webhook,
    change_webhook,
    remove_webhook,
    rotate_secret,
)
from notifications.tasks import deliver_due_webhooks
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
from tests.races.together import ISOLATIONS, codes, together

from .hooks import OTHER, SECRET, again, bare_hook, hook, next_try, place, post_due, states
from .post import LANS, booked
from .receivers import NotGenuine, receiver, verify

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("receivers_inside")]
TWO = clock("14:00", TUESDAY + timedelta(days=2))
DAY = timedelta(days=1)


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
            "listing_id": None,
            "check_in": None,
            "check_out": None,
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
            "check_in",
            "check_out",
            "listing_id",
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
        "viewing.feedback",
        "order.cancel_requested",
        "order.cancel_request_changed",
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
