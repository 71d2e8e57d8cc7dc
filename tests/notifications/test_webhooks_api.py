"""`/api/v1/webhooks`, for whoever runs the store."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from notifications.models import EVENTS, WebhookDelivery, WebhookEndpoint
from notifications.rules import MOST_WEBHOOKS
from tests.appointments.world import HOUR, NOW, QIANG, TUESDAY, clock, open_store
from tests.callers import Caller, caller, data_of, refusal_of
from tests.factories import manager_of
from tests.support.processes import spare_port

from .hooks import (
    OTHER,
    SECRET,
    again,
    all_waiting,
    asked_names,
    bare_hook,
    hook,
    post_due,
    states,
)
from .post import booked
from .receivers import NotGenuine, verify

pytestmark = pytest.mark.django_db
HOOKS = "/api/v1/webhooks"
TWO = clock("14:00", TUESDAY + timedelta(days=2))


@pytest.fixture(autouse=True)
def _then(settings) -> Iterator[None]:
    settings.WEBHOOK_ALLOW_INSIDE = True
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def hua(store) -> User:
    return manager_of(store, display_name="Hua", locale="en")


@pytest.fixture
def app(hua) -> Caller:
    return caller(hua)


def wish(url: str, **more: Any) -> dict[str, Any]:
    return {"name": "Till", "url": url} | more


def test_from_making_one_to_reading_what_came_of_it(store, app, till):
    made = data_of(
        app.post(HOOKS, wish(till.url, store_id=store.pk, events=["appointment.created"])), 201
    )
    booked(store, TWO)
    post_due()

    secret = made.pop("secret")
    assert made == {
        "id": made["id"],
        "store_id": str(store.pk),
        "name": "Till",
        "url": till.url,
        "events": ["appointment.created"],
        "isActive": True,
        "disabled_reason": "",
        "created_at": "2026-03-02T08:00:00+08:00",
        "updated_at": "2026-03-02T08:00:00+08:00",
        "previous_secret_until": None,
    }
    (post,) = till.posts
    verify(secret, post.headers, post.body, now=NOW.timestamp())
    (delivery,) = data_of(app.get(f"{HOOKS}/{made['id']}/deliveries"))
    assert delivery == {
        "id": delivery["id"],
        "message_id": post.id,
        "type": "appointment.created",
        "appointment_id": post.told["data"]["appointment_id"],
        "status": "sent",
        "attempts": 1,
        "next_try_at": None,
        "last_status_code": 204,
        "last_error": "",
        "sent_at": delivery["sent_at"],
        "created_at": "2026-03-02T08:00:00+08:00",
    }


def test_the_secret_is_told_once(store, app):
    made = data_of(app.post(HOOKS, wish("http://127.0.0.1:9/")), 201)

    assert made["secret"].startswith("whsec_")
    for answer in (
        app.get(HOOKS),
        app.get(f"{HOOKS}/{made['id']}"),
        app.patch(f"{HOOKS}/{made['id']}", {"name": "Other"}),
    ):
        assert "secret" not in answer.content.decode()


def test_a_secret_of_one_s_own_is_taken(app):
    made = data_of(app.post(HOOKS, wish("http://127.0.0.1:9/", secret=SECRET)), 201)

    assert made["secret"] == SECRET


def test_without_a_word_it_hears_of_everything_in_the_only_store(store, app):
    made = data_of(app.post(HOOKS, wish("http://127.0.0.1:9/")), 201)

    assert (made["store_id"], made["events"], made["isActive"]) == (str(store.pk), [], True)


def test_of_several_stores_one_must_be_named(store, hua):
    open_store("elsewhere").memberships.create(user=hua)

    answer = caller(hua).post(HOOKS, wish("http://127.0.0.1:9/"))

    assert refusal_of(answer, 400, "invalid") == {"store_id": ["Name the store."]}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "two\nlines"),
        ("name", "x" * 101),
        ("url", ""),
        ("url", "ftp://127.0.0.1/"),
        ("url", "http://127.0.0.1/" + "x" * 500),
        ("events", ["appointment.invented"]),
        ("events", "appointment.created"),
        ("events", [EVENTS[0]] * 99),
        ("secret", "whsec_c2hvcnQ="),
        ("secret", "x" * 101),
        ("isActive", "perhaps"),
        ("store_id", []),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(app, field, value):
    answer = app.post(HOOKS, wish("http://127.0.0.1:9/") | {field: value})

    assert list(refusal_of(answer, 400, "invalid")) == [field]
    assert not WebhookEndpoint.objects.exists()


@pytest.mark.parametrize("url", ["https://127.0.0.1/", "http://93.184.215.14/", "https://[::1]/"])
def test_an_address_inside_is_refused(app, store, settings, url):
    settings.WEBHOOK_ALLOW_INSIDE = False
    endpoint = bare_hook(store)

    for answer in (
        app.post(HOOKS, wish(url)),
        app.patch(f"{HOOKS}/{endpoint.pk}", {"url": url}),
    ):
        assert list(refusal_of(answer, 400, "invalid")) == ["url"]
    assert again(endpoint).url == "https://hooks.example.com/in"


def test_a_store_has_so_many_at_most(app, store):
    for _number in range(MOST_WEBHOOKS):
        bare_hook(store)

    refusal_of(app.post(HOOKS, wish("http://127.0.0.1:9/")), 409, "conflict")


def test_where_there_is_no_room_nobody_is_asked_for_a_name(app, store, monkeypatch):
    asked = asked_names(monkeypatch)
    for _number in range(MOST_WEBHOOKS):
        bare_hook(store)

    refusal_of(app.post(HOOKS, wish("https://hooks.example.com/")), 409, "conflict")

    assert asked == []


def test_names_are_asked_for_ten_times_in_a_minute(app, store, monkeypatch):
    asked = asked_names(monkeypatch)
    endpoint = bare_hook(store)
    path = f"{HOOKS}/{endpoint.pk}"
    for _number in range(5):
        refusal_of(app.post(HOOKS, wish("nonsense")), 400, "invalid")
        refusal_of(app.patch(path, {"url": "nonsense"}), 400, "invalid")

    for answer in (app.post(HOOKS, wish("nonsense")), app.patch(path, {"url": "nonsense"})):
        refusal_of(answer, 429, "rate_limited")
    assert len(asked) == 10
    # What needs no look-up is not counted, and others are not to blame.
    data_of(app.patch(path, {"name": "Desk", "url": endpoint.url}))
    other = caller(manager_of(store))
    data_of(other.patch(path, {"url": "http://127.0.0.1:9/"}))


def test_while_others_wait_for_names_one_hears_so_at_once(app, store, till):
    endpoint = hook(store, till.url)
    path = f"{HOOKS}/{endpoint.pk}"

    with all_waiting():
        answers = [
            app.post(HOOKS, wish(till.url)),
            app.patch(path, {"url": "http://127.0.0.1:9/"}),
            app.post(f"{path}/test"),
        ]
        data_of(app.patch(path, {"name": "Desk"}))

    for answer in answers:
        refusal_of(answer, 503, "unavailable")
        assert answer["Retry-After"] == "2"
    assert till.posts == []
    data_of(app.post(HOOKS, wish(till.url)), 201)


def test_a_repetition_hears_the_first_answer_and_makes_no_other(app):
    first = app.post(HOOKS, wish("http://127.0.0.1:9/"), Idempotency_Key="one")
    second = app.post(HOOKS, wish("http://127.0.0.1:9/"), Idempotency_Key="one")

    assert data_of(first, 201) == data_of(second, 201)
    assert second["Idempotency-Replayed"] == "true"
    assert WebhookEndpoint.objects.count() == 1


def test_the_list_is_paged_and_of_the_stores_one_runs(store, hua):
    theirs = open_store("theirs")
    theirs.memberships.create(user=hua)
    bare_hook(open_store("foreign"), name="Foreign")
    for number in range(3):
        bare_hook(store, name=f"Till {number}")
    bare_hook(theirs, name="Desk")

    page = caller(hua).get(HOOKS, page=1, limit=2).json()
    of_one = data_of(caller(hua).get(HOOKS, store_id=theirs.pk))

    assert page["pagination"] == {"page": 1, "limit": 2, "total": 4}
    assert [one["name"] for one in page["data"]] == ["Desk", "Till 2"]
    assert [one["name"] for one in of_one] == ["Desk"]


@pytest.mark.parametrize("part", ["", "/deliveries"])
def test_a_list_costs_the_same_however_long_it_is(store, app, part):
    first = bare_hook(store)
    booked(store, TWO)
    path = f"{HOOKS}/{first.pk}{part}" if part else HOOKS

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert data_of(app.get(path))
        return len(queries)

    few = asked()
    for _number in range(3):
        bare_hook(store)
    booked(store, TWO + HOUR, phone=QIANG)

    assert asked() == few <= 6


def test_a_change_changes_what_it_names(store, app, till):
    endpoint = hook(store, till.url)

    changed = data_of(
        app.patch(
            f"{HOOKS}/{endpoint.pk}",
            {"events": ["appointment.cancelled", "appointment.created"], "isActive": False},
        )
    )

    assert (changed["name"], changed["url"]) == ("Till", till.url)
    assert changed["events"] == ["appointment.created", "appointment.cancelled"]
    assert changed["isActive"] is False
    booked(store, TWO)
    assert states(endpoint) == []


def test_what_was_switched_off_says_why_and_goes_on(store, app, till):
    endpoint = hook(store, till.url)
    till.status = 410
    booked(store, TWO)
    post_due()
    path = f"{HOOKS}/{endpoint.pk}"
    off = data_of(app.get(path))

    on = data_of(app.patch(path, {"isActive": True}))

    assert (off["isActive"], off["disabled_reason"]) == (False, "gone")
    assert (on["isActive"], on["disabled_reason"]) == (True, "")


def test_one_is_removed(store, app):
    endpoint = bare_hook(store)

    assert app.delete(f"{HOOKS}/{endpoint.pk}").status_code == 204

    refusal_of(app.get(f"{HOOKS}/{endpoint.pk}"), 404, "not_found")


def test_another_secret_is_told_once_and_both_sign_for_a_day(store, app, till):
    endpoint = hook(store, till.url)

    rotated = data_of(app.post(f"{HOOKS}/{endpoint.pk}/rotate"))
    booked(store, TWO)
    post_due()

    (post,) = till.posts
    assert rotated["previous_secret_until"] == "2026-03-03T08:00:00+08:00"
    for secret in (SECRET, rotated["secret"]):
        verify(secret, post.headers, post.body, now=NOW.timestamp())


def test_the_receiver_may_bring_it(store, app):
    endpoint = bare_hook(store)

    rotated = data_of(app.post(f"{HOOKS}/{endpoint.pk}/rotate", {"secret": OTHER}))

    assert rotated["secret"] == OTHER
    assert again(endpoint).secrets(NOW) == [OTHER, SECRET]


def test_a_test_says_what_came_of_it(store, app, till):
    endpoint = hook(store, till.url, is_active=False)

    good = data_of(app.post(f"{HOOKS}/{endpoint.pk}/test"))
    till.status, till.body = 500, b"our secrets"
    bad = app.post(f"{HOOKS}/{endpoint.pk}/test")

    assert good == {"delivered": True, "status_code": 204, "error": ""}
    assert data_of(bad) == {"delivered": False, "status_code": 500, "error": "HTTP 500"}
    assert till.told[0]["type"] == "webhook.test"
    verify(SECRET, till.posts[0].headers, till.posts[0].body, now=NOW.timestamp())
    assert len({one.id for one in till.posts}) == 2
    assert not WebhookDelivery.objects.exists()


def test_a_test_that_reaches_nobody_says_so(store, app):
    endpoint = hook(store, f"http://127.0.0.1:{spare_port()}/")

    told = data_of(app.post(f"{HOOKS}/{endpoint.pk}/test"))

    assert (told["delivered"], told["status_code"]) == (False, None)
    assert told["error"].startswith("ConnectionRefusedError")


def test_tests_are_counted(store, app, till):
    endpoint = hook(store, till.url)
    for _number in range(10):
        data_of(app.post(f"{HOOKS}/{endpoint.pk}/test"))

    refusal_of(app.post(f"{HOOKS}/{endpoint.pk}/test"), 429, "rate_limited")
    assert len(till.posts) == 10


def test_a_secret_that_can_no_longer_be_read_is_no_error_of_ours(store, app, till):
    endpoint = hook(store, till.url)
    WebhookEndpoint.objects.update(secret_sealed="of another key")

    refusal_of(app.post(f"{HOOKS}/{endpoint.pk}/test"), 409, "conflict")
    new = data_of(app.post(f"{HOOKS}/{endpoint.pk}/rotate"))["secret"]
    data_of(app.post(f"{HOOKS}/{endpoint.pk}/test"))

    verify(new, till.posts[0].headers, till.posts[0].body, now=NOW.timestamp())
    with pytest.raises(NotGenuine):
        verify(SECRET, till.posts[0].headers, till.posts[0].body, now=NOW.timestamp())


def test_what_could_not_be_sent_is_replayed(store, app, till):
    endpoint = hook(store, till.url)
    booked(store, TWO)
    delivery = WebhookDelivery.objects.get()
    path = f"{HOOKS}/{endpoint.pk}/deliveries/{delivery.pk}/replay"
    refusal_of(app.post(path), 409, "conflict")
    WebhookDelivery.objects.update(status="dead", attempts=10)

    told = data_of(app.post(path))
    post_due()

    assert (told["status"], told["attempts"], told["message_id"]) == (
        "pending",
        0,
        delivery.message_id,
    )
    assert told["next_try_at"] == "2026-03-02T08:00:00+08:00"
    assert [one.id for one in till.posts] == [delivery.message_id]


def test_a_message_of_another_webhook_is_not_there(store, app, till):
    one, other = hook(store, till.url), hook(store, till.url)
    booked(store, TWO)
    delivery = WebhookDelivery.objects.get(endpoint=other)

    path = f"{HOOKS}/{one.pk}/deliveries/{delivery.pk}/replay"

    refusal_of(app.post(path), 404, "not_found")
