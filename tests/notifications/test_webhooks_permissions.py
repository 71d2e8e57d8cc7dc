"""Who may see and change webhooks: managers of their store and operators. To others who run a
store they are not there, and who runs none may not ask."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from notifications.models import WebhookDelivery, WebhookEndpoint
from tests.appointments.world import NOW, TUESDAY, clock, hire, open_store, register
from tests.callers import Caller, caller, data_of, refusal_of
from tests.factories import UserFactory, manager_of

from .hooks import bare_hook, hook
from .post import booked
from .receivers import Receiver, receiver

pytestmark = pytest.mark.django_db
HOOKS = "/api/v1/webhooks"


@pytest.fixture
def till(settings) -> Iterator[Receiver]:
    settings.WEBHOOK_ALLOW_INSIDE = True
    with receiver() as server:
        yield server


@pytest.fixture
def delivery(store, till) -> WebhookDelivery:
    """Given up, of the store's webhook."""
    hook(store, till.url)
    booked(store, clock("14:00", TUESDAY))
    WebhookDelivery.objects.update(status="dead")
    return WebhookDelivery.objects.get()


CALLS: dict[str, Callable[[Caller, Any], Any]] = {
    "list": lambda app, one: app.get(HOOKS),
    "add": lambda app, one: app.post(
        HOOKS, {"name": "x", "url": one.endpoint.url, "store_id": one.endpoint.store_id}
    ),
    "read": lambda app, one: app.get(f"{HOOKS}/{one.endpoint_id}"),
    "change": lambda app, one: app.patch(f"{HOOKS}/{one.endpoint_id}", {"name": "x"}),
    "rotate": lambda app, one: app.post(f"{HOOKS}/{one.endpoint_id}/rotate"),
    "test": lambda app, one: app.post(f"{HOOKS}/{one.endpoint_id}/test"),
    "deliveries": lambda app, one: app.get(f"{HOOKS}/{one.endpoint_id}/deliveries"),
    "replay": lambda app, one: app.post(f"{HOOKS}/{one.endpoint_id}/deliveries/{one.pk}/replay"),
    "remove": lambda app, one: app.delete(f"{HOOKS}/{one.endpoint_id}"),
}
calls = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)


def rows() -> Any:
    return list(WebhookEndpoint.objects.values()), list(WebhookDelivery.objects.values())


@calls
def test_guests_are_asked_who_they_are(delivery, till, call):
    before = rows()

    refusal_of(call(caller(), delivery), 401, "unauthenticated")

    assert (rows(), till.posts) == (before, [])


def nobody_s_manager() -> dict[str, Callable[[Any], User]]:
    return {
        "a customer": lambda store: register("Fang"),
        "its realtor": lambda store: hire(store, "Wei").user,
        "staff without a store": lambda store: UserFactory(is_staff=True),
        "a manager who is closed": lambda store: manager_of(store, is_active=False),
        "a manager who is no staff any more": _no_staff_any_more,
    }


def _no_staff_any_more(store: Any) -> User:
    user = manager_of(store)
    User.objects.filter(pk=user.pk).update(is_staff=False)
    return User.objects.get(pk=user.pk)


@calls
@pytest.mark.parametrize("who", nobody_s_manager().values(), ids=nobody_s_manager())
def test_whoever_runs_no_store_may_not(store, delivery, till, who, call):
    user, before = who(store), rows()

    refusal_of(call(caller(user), delivery), 403, "forbidden")

    assert (rows(), till.posts) == (before, [])


@calls
def test_to_the_manager_of_another_store_they_are_not_there(delivery, till, call):
    other = manager_of(open_store("elsewhere"))
    before = rows()

    answer = call(caller(other), delivery)

    if answer.status_code == 200:
        assert data_of(answer) == []
    else:
        refusal_of(answer, 404, "not_found")
    assert (rows(), till.posts) == (before, [])


@calls
@pytest.mark.parametrize("who", ["manager", "operator"])
def test_managers_of_the_store_and_operators_may(store, delivery, who, call):
    user = manager_of(store) if who == "manager" else UserFactory(operator=True)

    answer = call(caller(user), delivery)

    assert answer.status_code in (200, 201, 204), answer.content


@pytest.mark.parametrize("key", ["x", "0", "9" * 30, "-1", "1e3", "%00"])
def test_what_is_no_id_is_not_there(store, key):
    app = caller(manager_of(store))

    for path in (f"{HOOKS}/{key}", f"{HOOKS}/{key}/deliveries"):
        refusal_of(app.get(path), 404, "not_found")
    refusal_of(app.get(HOOKS, store_id=key), 404, "not_found")


def test_who_manages_no_longer_sees_no_longer(store, delivery):
    hua = manager_of(store)
    assert data_of(caller(hua).get(HOOKS))

    store.memberships.all().delete()

    refusal_of(caller(hua).get(HOOKS), 403, "forbidden")


# In the back office


def signed_in(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user, backend="accounts.backends.PasswordBackend")
    return client


def test_a_form_takes_no_store_of_another_s(store, settings):
    settings.WEBHOOK_ALLOW_INSIDE = True
    elsewhere = open_store("elsewhere")
    sent = {"store": elsewhere.pk, "name": "x", "url": "http://127.0.0.1:9/", "is_active": "on"}

    client = signed_in(manager_of(store))
    answer = client.post("/admin/notifications/webhookendpoint/add/", sent)

    assert answer.context["adminform"].form.errors["store"]
    assert not WebhookEndpoint.objects.exists()


@pytest.mark.parametrize("action", ["rotate", "switch_on", "send_test", "delete_selected"])
def test_no_action_reaches_another_s(store, delivery, till, action):
    before = rows()
    client = signed_in(manager_of(open_store("elsewhere")))

    client.post(
        "/admin/notifications/webhookendpoint/",
        {"action": action, "_selected_action": [delivery.endpoint_id], "post": "yes"},
    )

    assert (rows(), till.posts) == (before, [])


def test_nothing_is_told_of_another_s(store):
    bare_hook(open_store("elsewhere"), name="Foreign", created_at=NOW)

    page = signed_in(manager_of(store)).get("/admin/notifications/webhookendpoint/")

    assert "Foreign" not in page.content.decode()
