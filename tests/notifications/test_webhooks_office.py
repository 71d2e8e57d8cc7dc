"""Webhooks in the back office: made, given another secret, switched on, tested; what could not be
sent is seen on the first page, and sent again."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from booking_site.common.limits import Limit
from notifications import webhook_limits
from notifications.models import WebhookDelivery, WebhookEndpoint
from notifications.rules import MOST_WEBHOOKS
from tests.appointments.world import HOUR, NOW, QIANG, TUESDAY, clock, open_store
from tests.factories import UserFactory, manager_of

from .hooks import SECRET, again, all_waiting, asked_names, bare_hook, hook
from .post import booked
from .receivers import verify

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("receivers_inside")]
LIST = "/admin/notifications/webhookendpoint/"
MESSAGES = "/admin/notifications/webhookdelivery/"
TWO = clock("14:00", TUESDAY)


@pytest.fixture
def hua(store) -> Client:
    client = Client(headers={"accept-language": "en"})
    user = manager_of(store, display_name="Hua", locale="en")
    client.force_login(user, backend="accounts.backends.PasswordBackend")
    return client


def form(store: Any, url: str, **more: Any) -> dict[str, Any]:
    return {"store": store.pk, "name": "Till", "url": url, "is_active": "on"} | more


def act(client: Client, path: str, action: str, *rows: Any) -> str:
    chosen = {"action": action, "_selected_action": [row.pk for row in rows]}
    return unescape(client.post(path, chosen, follow=True).content.decode())


def secret_in(page: str) -> str:
    return re.findall(r"whsec_[A-Za-z0-9+/=]+", page)[0]


def test_one_is_made_and_its_secret_shown_once(store, hua, till):
    sent = form(store, till.url, events=["appointment.created", "appointment.cancelled"])

    page = unescape(hua.post(f"{LIST}add/", sent, follow=True).content.decode())

    made = WebhookEndpoint.objects.get()
    assert (made.store, made.name, made.url) == (store, "Till", till.url)
    assert made.events == ["appointment.created", "appointment.cancelled"]
    assert secret_in(page) == made.secret
    for path in (LIST, f"{LIST}{made.pk}/change/", f"{LIST}{made.pk}/history/"):
        assert "whsec_" not in hua.get(path).content.decode()


@pytest.mark.parametrize("url", ["https://10.0.0.1/", "http://hooks.example/", "nonsense"])
def test_an_address_inside_is_refused_beside_its_box(store, hua, settings, url):
    settings.WEBHOOK_ALLOW_INSIDE = False

    page = hua.post(f"{LIST}add/", form(store, url))

    assert "public internet" in str(page.context["adminform"].form.errors["url"])
    assert not WebhookEndpoint.objects.exists()


def test_an_address_is_looked_up_outside_of_the_transaction(store, hua, till, monkeypatch):
    seen = []
    real = webhook_limits.look_up

    def watched(url):
        from django.db import connection

        seen.append(len(connection.savepoint_ids))
        return real(url)

    monkeypatch.setattr(webhook_limits, "look_up", watched)

    hua.post(f"{LIST}add/", form(store, till.url))

    assert seen == [0]
    assert WebhookEndpoint.objects.count() == 1


def said_of(page: Any) -> str:
    return str(page.context["adminform"].form.errors["url"])


def test_where_there_is_no_room_nobody_is_asked_for_a_name(store, hua, monkeypatch):
    asked = asked_names(monkeypatch)
    for _number in range(MOST_WEBHOOKS):
        bare_hook(store)

    page = hua.post(f"{LIST}add/", form(store, "https://hooks.example.com/"))

    assert "10 webhooks at most" in said_of(page)
    assert asked == []


def test_of_others_stores_it_is_not_told_whether_they_have_room(hua):
    foreign = open_store("elsewhere")
    for _number in range(MOST_WEBHOOKS):
        bare_hook(foreign)

    for store_id in (foreign.pk, "", "9" * 30):
        sent = form(foreign, "https://10.0.0.1/") | {"store": store_id}
        page = hua.post(f"{LIST}add/", sent)
        assert "at most" not in page.content.decode()
        assert "store" in page.context["adminform"].form.errors


def test_names_are_asked_for_a_few_times_in_a_minute(store, hua, till, monkeypatch):
    asked = asked_names(monkeypatch)
    few = Limit("webhook-look-up", most=2, per=timedelta(days=1))
    monkeypatch.setattr(webhook_limits, "LOOK_UPS", few)
    endpoint = bare_hook(store)
    path = f"{LIST}{endpoint.pk}/change/"

    hua.post(f"{LIST}add/", form(store, "nonsense"))
    hua.post(path, form(store, "nonsense"))
    for refused in (f"{LIST}add/", path):
        assert "Too many requests" in said_of(hua.post(refused, form(store, till.url)))
    hua.post(path, form(store, endpoint.url, name="Desk"))

    assert asked == ["nonsense"] * 2
    assert (again(endpoint).name, again(endpoint).url) == ("Desk", endpoint.url)


def test_while_others_wait_for_names_one_hears_so_at_once(store, hua, till):
    endpoint = hook(store, till.url)

    with all_waiting():
        page = hua.post(f"{LIST}add/", form(store, till.url))
        tested = act(hua, LIST, "send_test", endpoint)

    assert "We are busy right now" in said_of(page)
    assert "Till: We are busy right now" in tested
    assert till.posts == []
    hua.post(f"{LIST}add/", form(store, till.url))
    assert WebhookEndpoint.objects.count() == 2


def test_one_is_tested_at_a_time(store, hua, till):
    said = act(hua, LIST, "send_test", hook(store, till.url), hook(store, till.url))

    assert "Choose a single webhook" in said
    assert till.posts == []


def test_one_is_changed_though_its_receiver_has_gone(store, hua, settings):
    settings.WEBHOOK_ALLOW_INSIDE = False
    endpoint = bare_hook(store, url="https://gone.invalid/")

    hua.post(f"{LIST}{endpoint.pk}/change/", {"name": "Desk", "url": "https://gone.invalid/"})

    changed = again(endpoint)
    assert (changed.name, changed.is_active, changed.secret) == ("Desk", False, SECRET)


def test_the_store_of_one_stays(store, hua, till):
    endpoint = hook(store, till.url)
    other = open_store("elsewhere")

    hua.post(f"{LIST}{endpoint.pk}/change/", form(other, till.url))

    assert again(endpoint).store == store


def test_another_secret_is_shown_once(store, hua, till):
    endpoint = hook(store, till.url)

    page = act(hua, LIST, "rotate", endpoint)

    assert secret_in(page) == again(endpoint).secret != SECRET
    assert "24 hours" in page
    assert "whsec_" not in hua.get(LIST).content.decode()


def test_a_test_says_what_came_of_it(store, hua, till):
    endpoint = hook(store, till.url)

    good = act(hua, LIST, "send_test", endpoint)
    till.status = 503
    bad = act(hua, LIST, "send_test", endpoint)

    assert "Till has it (HTTP 204)." in good
    assert "Till: HTTP 503" in bad
    verify(
        SECRET,
        till.posts[0].headers,
        till.posts[0].body,
        now=int(till.posts[0].headers["webhook-timestamp"]),
    )


def test_the_list_says_how_each_stands_and_switches_on_again(store, hua):
    bare_hook(store, name="Fine")
    bare_hook(store, name="Paused", is_active=False)
    bare_hook(store, name="Ailing", failing_since=NOW)
    gone = bare_hook(store, name="Gone", is_active=False, disabled_at=NOW, disabled_reason="gone")

    page = hua.get(LIST).content.decode()
    for word in ("switched off", "paused", "failing"):
        assert word in page
    assert "410" in hua.get(f"{LIST}{gone.pk}/change/").content.decode()

    act(hua, LIST, "switch_on", gone)

    assert (again(gone).is_active, again(gone).disabled_reason) == (True, "")


def test_one_is_removed_with_its_messages(store, hua, django_assert_max_num_queries):
    endpoint = bare_hook(store)
    for hour in range(4):
        booked(store, TWO + hour * HOUR)

    with django_assert_max_num_queries(15):
        asked = hua.get(f"{LIST}{endpoint.pk}/delete/").content.decode()
    hua.post(f"{LIST}{endpoint.pk}/delete/", {"post": "yes"})

    assert "Webhook messages" in asked
    assert not WebhookEndpoint.objects.exists()
    assert not WebhookDelivery.objects.exists()


def test_several_are_removed_from_the_list(store, hua):
    rows = [bare_hook(store), bare_hook(store)]
    booked(store, TWO)

    chosen = {"action": "delete_selected", "_selected_action": [one.pk for one in rows]}
    hua.post(LIST, chosen | {"post": "yes"})

    assert not WebhookEndpoint.objects.exists()


@pytest.fixture
def dead(store, till) -> WebhookDelivery:
    hook(store, till.url)
    booked(store, TWO)
    WebhookDelivery.objects.update(status="dead", attempts=10, last_error="HTTP 503")
    return WebhookDelivery.objects.get()


def test_the_first_page_tells_of_what_failed_and_leads_there(store, hua, dead, till):
    elsewhere = open_store("elsewhere")
    hook(elsewhere, till.url)
    booked(elsewhere, TWO, phone=QIANG)
    WebhookDelivery.objects.update(status="dead")

    cards = {one["label"]: one for one in hua.get("/admin/").context["attention_cards"]}
    card = cards["Failed webhooks"]

    assert card["count"] == 1
    assert list(hua.get(card["link"]).context["cl"].queryset) == [dead]
    operator = Client(headers={"accept-language": "en"})
    operator.force_login(UserFactory(operator=True), backend="accounts.backends.PasswordBackend")
    first = operator.get("/admin/", {"store": elsewhere.pk}).context["attention_cards"]
    of_one = next(one for one in first if one["label"] == "Failed webhooks")
    assert operator.get(of_one["link"]).context["cl"].result_count == of_one["count"] == 1


def test_what_failed_says_why_and_is_sent_again(hua, dead):
    page = hua.get(MESSAGES).content.decode()
    assert "HTTP 503" in page
    assert dead.message_id in hua.get(f"{MESSAGES}{dead.pk}/change/").content.decode()

    said = act(hua, MESSAGES, "send_again", dead)

    assert "goes out with the next round" in said
    assert (again(dead).status, again(dead).attempts) == ("pending", 0)


def test_nothing_of_a_message_can_be_written_by_hand(hua, dead):
    assert hua.get(f"{MESSAGES}add/").status_code == 403
    assert hua.post(f"{MESSAGES}{dead.pk}/change/", {"status": "sent"}).status_code == 403
    assert hua.post(f"{MESSAGES}{dead.pk}/delete/", {"post": "yes"}).status_code == 403


def test_the_lists_can_be_narrowed(hua, dead):
    for query in ({"status__exact": "dead"}, {"endpoint__id__exact": dead.endpoint_id}):
        assert hua.get(MESSAGES, query).context["cl"].result_count == 1
    assert hua.get(MESSAGES, {"q": "Till"}).context["cl"].result_count == 1
    assert hua.get(LIST, {"q": "elsewhere"}).context["cl"].result_count == 0


@pytest.mark.parametrize("path", [LIST, MESSAGES])
def test_a_list_costs_the_same_however_long_it_is(
    store, hua, till, path, django_assert_max_num_queries
):
    hook(store, till.url)
    booked(store, TWO)
    hua.get(path)
    with django_assert_max_num_queries(12) as few:
        hua.get(path)
    for _number in range(4):
        hook(store, till.url)
    booked(store, TWO + HOUR, phone=QIANG)

    with django_assert_max_num_queries(len(few)):
        hua.get(path)
