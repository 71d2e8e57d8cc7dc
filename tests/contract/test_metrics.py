"""GET /metrics: what Prometheus reads, and who may."""

import math
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import time_machine
import yaml
from django.conf import settings as site_settings
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from prometheus_client.parser import text_string_to_metric_families

from appointments import services
from appointments.models import Action, AppointmentEvent
from booking_site.common import transactions
from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.errors import Unavailable
from booking_site.common.models import BackupRun
from booking_site.site import lifespan, pulse, tasks
from booking_site.site.metrics import data
from notifications.models import Delivery
from realtors.models import Presence
from realtors.services import set_presence
from reviews.models import Review
from tests.appointments import orders
from tests.appointments.world import (
    GUEST,
    HOUR,
    MINUTE,
    NOW,
    book,
    clock,
    confirmed,
    hire,
    open_store,
    phones,
    register,
    running,
)
from tests.callers import caller, refusal_of
from tests.chat.talk import between, group
from tests.chat.talk import say as tell
from tests.payments import money

pytestmark = pytest.mark.django_db
ALERTS = yaml.safe_load(
    (Path(site_settings.BASE_DIR) / "deploy" / "alerts.yml").read_text(encoding="utf-8")
)
TOKEN = "reads-what-the-site-tells-of-itself"


class Figures:
    """The text, read by Prometheus' own parser."""

    def __init__(self, answer):
        assert answer.status_code == 200, answer.content
        self.text = answer.content.decode()
        self.families = {one.name: one for one in text_string_to_metric_families(self.text)}
        self.samples = {
            (sample.name, *sorted(sample.labels.items())): sample.value
            for family in self.families.values()
            for sample in family.samples
        }

    def of(self, name, **labels):
        return self.samples[(name, *sorted(labels.items()))]

    def labels(self, name):
        return [dict(key[1:]) for key in self.samples if key[0] == name]


def scrape(**headers):
    cache.clear()
    return Figures(Client(headers=headers).get("/metrics"))


def served(store, starts_at, **more):
    appointment = running(store, starts_at, **more)
    return services.complete(appointment, by=SYSTEM, at=starts_at + 60 * MINUTE)


@pytest.fixture
def monday(db):
    with time_machine.travel(NOW, tick=False) as now:
        yield now


# --- The form ---------------------------------------------------------------------------------


def test_it_is_prometheus_text_of_version_0_0_4():
    answer = Client().get("/metrics")

    assert answer["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert answer["Cache-Control"] == "no-store"
    figures = Figures(answer)
    assert all(family.documentation for family in figures.families.values())
    assert "unknown" not in {family.type for family in figures.families.values()}


def test_no_family_is_told_twice():
    text = scrape().text
    told = [line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")]

    assert len(told) == len(set(told))


@pytest.mark.parametrize(
    "accept",
    [
        "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1",
        "text/plain",
        "application/json",
    ],
)
def test_whatever_prometheus_accepts_it_gets_the_text(accept):
    assert scrape(accept=accept).of("database_up") == 1


def test_the_figures_the_order_names_are_there_from_the_first_day():
    figures = scrape()

    assert figures.of("appointment_created_total") == 0
    for name in ("appointment_success_rate", "queue_wait_time", "queue_wait_time_p95"):
        assert math.isnan(figures.of(name))
    assert figures.families["appointment_created"].type == "counter"
    assert figures.families["realtor_utilization"].type == "gauge"


def test_the_page_about_them_tells_of_each_and_of_no_other():
    page = (Path(site_settings.BASE_DIR) / "docs/how-to/watch-it.md").read_text(encoding="utf-8")
    families = scrape().families
    found = {name + "_total" * (one.type == "counter") for name, one in families.items()}
    # An ellipsis stands for more of the process.
    found = {name for name in found if not name.startswith(("process_", "python_"))}

    told = set(re.findall(r"`([a-z_0-9]+)(?:\{[a-z,]+\})?`", page))
    assert found - told == set()


def test_every_alarm_is_about_figures_that_are_there():
    """By name and label: a rule about what nobody exports is never true, and nobody notices."""
    rules = ALERTS["groups"][0]["rules"]
    figures = scrape()
    families = {
        name + suffix
        for name, one in figures.families.items()
        for suffix in {"counter": ("_total",), "histogram": ("_bucket",)}.get(one.type, ("",))
    }

    assert len({rule["alert"] for rule in rules}) == len(rules) > 20
    assert {rule["labels"]["severity"] for rule in rules} == {"page", "ticket"}
    for rule in rules:
        told = re.sub(r"\{[^}]*\}|by \(\w+\)", "", rule["expr"])
        used = set(re.findall(r"[a-z0-9]+(?:_[a-z0-9]+)+|\bholds\b|\bup\b", told))
        used -= {"histogram_quantile", "up"}
        assert used or "up{" in rule["expr"], rule
        assert used - families == set(), rule["alert"]
        for name in re.findall(r"by \((\w+)\)", rule["expr"]):
            assert name in ("le", "instance", "store") or any(
                name in labels for one in used for labels in figures.labels(one)
            ), rule["alert"]


@pytest.mark.parametrize(
    "watched",
    [
        *("database_up", "redis_up", "http_requests_total", "http_request_duration_seconds_bucket"),
        *("queue_wait_time_p95", "deliveries_dead", "appointment_codes_held_ratio"),
        *("backup_last_success_timestamp_seconds", "backup_failures_total", "disk_free_ratio"),
        *("timed_work_last_seen_timestamp_seconds", "offers_past_deadline"),
    ],
)
def test_an_alarm_watches(watched):
    assert any(watched in rule["expr"] for rule in ALERTS["groups"][0]["rules"])


# --- The business -----------------------------------------------------------------------------


def test_what_was_made_is_counted_as_the_operation_log_has_it(monday):
    store = open_store()
    hire(store, "Wei")
    made = [book(store, clock("14:00"), phone=phone) for phone in phones(3)]
    services.cancel(made[0], by=SYSTEM, at=NOW)

    logged = AppointmentEvent.objects.filter(action=Action.CREATED).count()

    assert scrape().of("appointment_created_total") == logged == 3


def test_what_was_made_is_never_older_than_the_last_answer(monday):
    store = open_store()
    hire(store, "Wei")
    scrape()
    book(store, clock("14:00"))

    assert Figures(Client().get("/metrics")).of("appointment_created_total") == 1


def test_status_and_success(monday):
    store = open_store()
    hire(store, "Wei")
    some = phones(4)
    served(store, clock("09:00"), phone=some[0])
    served(store, clock("10:00"), phone=some[1])
    missed = confirmed(store, clock("11:00"), phone=some[2])
    services.mark_no_show(missed, by=SYSTEM, at=clock("11:30"))
    book(store, clock("14:00"), phone=some[3])
    monday.move_to(clock("13:00"))

    figures = scrape()

    statuses = {row["status"] for row in figures.labels("appointments")}
    assert statuses == {"pending", "confirmed", "in_progress", "completed", "cancelled", "no_show"}
    assert figures.of("appointments", status="completed") == 2
    assert figures.of("appointments", status="cancelled") == 0
    assert figures.of("appointment_success_rate") == pytest.approx(2 / 3)


def test_how_busy_each_store_is_today(monday):
    busy, idle, closed = open_store(), open_store("bund"), open_store("gone")
    wei = hire(busy, "Wei")
    hire(busy, "Ming")
    hire(idle, "Yun")
    hire(closed, "Jun")
    confirmed(busy, clock("14:00"), realtor=wei, duration_minutes=90)
    closed.is_active = False
    closed.save()

    figures = scrape()

    assert figures.of("realtor_utilization", store=str(busy.pk)) == pytest.approx(90 / 1080)
    assert figures.of("realtor_utilization", store=str(idle.pk)) == 0
    assert len(figures.labels("realtor_utilization")) == 2


def test_the_live_line(monday):
    store = open_store(opens="00:00", closes="00:00")
    wei, ming = hire(store, "Wei"), hire(store, "Ming")
    hire(store, "Off")
    set_presence(wei, Presence.ONLINE, by=SYSTEM, at=NOW)
    set_presence(ming, Presence.BUSY, by=SYSTEM, at=NOW)
    joined = []
    for phone in phones(3):
        wish = services.LiveRequest(store=store, customer_name="Lan", customer_phone=phone)
        joined.append(services.join(wish, by=GUEST, at=NOW))
    joined[0].refresh_from_db()
    services.accept(joined[0], by=SYSTEM, at=NOW + 3 * MINUTE)
    book(store, clock("14:00"), phone=phones(4)[3])
    monday.move_to(NOW + 4 * MINUTE)

    figures = scrape()

    assert figures.of("queue_wait_time") == figures.of("queue_wait_time_p95") == 180
    assert figures.of("queue_length", line="live") == 2
    assert figures.of("queue_length", line="scheduled") == 0
    assert figures.of("realtors_on_duty") == 1
    assert figures.of("offers_open") == 1
    assert figures.of("offers_past_deadline") == 0
    monday.move_to(clock("14:00"))
    late = scrape()
    assert late.of("offers_past_deadline") == 1
    # Silent for too long to be sent anybody.
    assert late.of("realtors_on_duty") == 0


def test_holds_codes_and_people(monday):
    store = open_store()
    hire(store, "Wei")
    hire(store, "Ming")
    fang = register("Fang")
    services.hold(store, starts_at=clock("10:00"), by=GUEST, at=NOW)
    book(store, clock("14:00"), customer=fang)
    book(store, clock("15:00"), customer=fang)
    book(store, clock("14:00"), phone=phones(1)[0])

    figures = scrape()

    assert figures.of("holds") == 1
    assert figures.of("appointment_codes_held_ratio") == pytest.approx(3 / 1_000_000)
    assert figures.of("daily_active_users") == 1
    monday.shift(24 * 60 * MINUTE)
    assert (scrape().of("daily_active_users"), scrape().of("holds")) == (0, 0)


def test_orders_convert_are_completed_and_please_people(monday):
    store = open_store()
    cleaning = orders.service(store)
    names = ("order_conversion_rate", "service_completion_rate", "user_satisfaction")
    assert all(math.isnan(scrape().of(name)) for name in names)
    fang, bo = register("Fang"), register("Bo")
    done = orders.paid(orders.agreed(cleaning, fang, clock("10:00")))
    orders.order(cleaning, bo, clock("13:00"))
    services.start(done, by=SYSTEM, at=clock("10:00"))
    services.complete(done, by=SYSTEM, at=clock("12:00"))
    Review.objects.create(
        appointment=done, store=store, realtor=done.realtor, rating=4, created_at=NOW
    )
    monday.move_to(clock("17:00"))

    figures = scrape()

    assert [figures.of(name) for name in names] == [0.5, 1, 4]
    monday.move_to(clock("17:00") + 32 * 24 * HOUR)
    assert all(math.isnan(scrape().of(name)) for name in names)


def test_what_is_not_carried_or_given_up_is_counted(monday):
    store = open_store()
    hire(store, "Wei")
    book(store, clock("14:00"), email="lan@example.com")
    assert scrape().of("deliveries_overdue", kind="letter") == 0
    waiting = Delivery.objects.count()
    assert waiting
    monday.shift(10 * MINUTE)
    assert scrape().of("deliveries_overdue", kind="letter") == waiting
    Delivery.objects.update(status="dead")

    figures = scrape()

    assert figures.of("deliveries_overdue", kind="letter") == 0
    assert figures.of("deliveries_dead", kind="letter") == waiting
    assert figures.of("deliveries_dead", kind="webhook") == 0


def test_the_last_good_backup_and_how_often_one_failed(monday):
    assert math.isnan(scrape().of("backup_last_success_timestamp_seconds"))
    for outcome, begun, size in (("good", 3, 500), ("failed", 2, 0), ("failed", 1, 0)):
        BackupRun.objects.create(
            started_at=NOW - begun * HOUR,
            finished_at=NOW - begun * HOUR + MINUTE,
            outcome=outcome,
            size_bytes=size,
            missing_files=begun,
        )

    figures = scrape()

    assert figures.of("backup_last_success_timestamp_seconds") == (
        (NOW - 3 * HOUR + MINUTE).timestamp()
    )
    assert figures.of("backup_last_duration_seconds") == 60
    assert figures.of("backup_last_size_bytes") == 500
    assert figures.of("backup_last_missing_files") == 3
    assert figures.of("backup_failures_total") == 2


def test_whoever_does_what_is_due_gives_a_sign_of_life(monday):
    assert math.isnan(scrape().of("timed_work_last_seen_timestamp_seconds"))
    tasks.beat()

    # Not by way of scrape, which empties the cache.
    found = Figures(Client().get("/metrics"))

    assert found.of("timed_work_last_seen_timestamp_seconds") == NOW.timestamp()
    assert lifespan.WORKS[-1] is pulse.beat
    scheduled = {one["task"] for one in site_settings.CELERY_BEAT_SCHEDULE.values()}
    assert tasks.beat.name in scheduled


def test_asking_often_costs_the_queries_once():
    scrape()

    with CaptureQueriesContext(connection) as queries:
        Client().get("/metrics")

    assert len(queries) == 1


def test_the_number_of_queries_depends_on_nothing(monday):
    def queries():
        cache.clear()
        with CaptureQueriesContext(connection) as found:
            Client().get("/metrics")
        return len(found)

    first = open_store("first")
    set_presence(hire(first, "Wei"), Presence.ONLINE, by=SYSTEM, at=NOW)
    confirmed(first, clock("14:00"))
    few = queries()
    for n, zone in enumerate(("Asia/Tokyo", "Europe/Paris", "America/New_York")):
        store = open_store(f"store-{n}", opens="00:00", closes="00:00", zone=zone)
        for name in ("A", "B"):
            set_presence(hire(store, f"{name}{n}"), Presence.ONLINE, by=SYSTEM, at=NOW)
        for phone in phones(4, first=100 * n + 100):
            book(store, clock("14:00"), phone=phone)

    assert queries() == few <= 40


def test_nobody_is_named(monday):
    store = open_store()
    wei = hire(store, "Wei", phone="+8613900000009")
    made = confirmed(store, clock("14:00"))
    caller().get(f"appointments/{made.code}", phone_last4="0001")
    caller().get("/api/v1/appointment/nothing-like-this/13800000001")

    text = scrape().text

    for word in (made.code, "Wei", "Lan", "13800000001", "13900000009", wei.user.email, store.name):
        assert word not in text


# --- Conversations ----------------------------------------------------------------------------


def counted(name, **labels):
    """Of this process, which other tests have used too."""
    figures = scrape()
    return figures.of(name, **labels) if labels in figures.labels(name) else 0


def test_messages_are_counted_when_they_are_there_to_stay(
    monday, django_capture_on_commit_callbacks
):
    fang, wei = register("Fang"), register("Wei")
    before = {kind: counted("chat_messages_total", kind=kind) for kind in ("text", "system")}

    with django_capture_on_commit_callbacks(execute=True):
        flat = group(fang, wei, at=NOW)
        for n in (1, 1, 2):
            tell(fang, flat, f"No. {n}", at=NOW, client_id=f"{n}")

    # Sent again is not one more; that the group began is a note of the site.
    assert counted("chat_messages_total", kind="text") - before["text"] == 2
    assert counted("chat_messages_total", kind="system") - before["system"] == 1


def test_what_was_not_sent_is_counted_by_why(monday, monkeypatch):
    fang, wei, bo = register("Fang"), register("Wei"), register("Bo")
    talk = between(fang, wei, at=NOW)
    codes = ("not_found", "invalid", "error")
    before = {code: counted("chat_send_failures_total", code=code) for code in codes}
    path = f"/api/v1/chat/conversations/{talk.pk}/messages"

    refusal_of(caller(bo).post(path, {"content": {"text": "Hello"}}), 404, "not_found")
    refusal_of(caller(fang).post(path, {"content": {"text": ""}}), 400, "invalid")
    with monkeypatch.context() as broken:
        broken.setattr("chat.services.sending.next_number", lambda *args, **more: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            tell(fang, talk, at=NOW)

    after = {code: counted("chat_send_failures_total", code=code) for code in codes}
    assert {code: after[code] - before[code] for code in codes} == dict.fromkeys(codes, 1)


def test_seats_and_money_are_counted(monday, django_capture_on_commit_callbacks):
    names = {
        "seats_booked_total": {},
        "seats_not_paid_total": {},
        "payments_total": {"outcome": "succeeded"},
        "refunds_total": {"outcome": "done"},
    }
    before = {name: counted(name, **labels) for name, labels in names.items()}
    salsa = money.session(money.course(hire(open_store(), "Wei")))
    fang, bo = register("Fang"), register("Bo")

    with django_capture_on_commit_callbacks(execute=True):
        paid = money.paid_seat(salsa, fang)
        money.seat(salsa, bo)
        services.cancel(paid, by=Actor.of(fang), at=NOW)
        money.sweep(NOW + money.LATER)

    after = {name: counted(name, **labels) for name, labels in names.items()}
    assert {name: after[name] - before[name] for name in names} == {
        "seats_booked_total": 2,
        "seats_not_paid_total": 1,
        "payments_total": 1,
        "refunds_total": 1,
    }


# --- The process ------------------------------------------------------------------------------


def test_requests_are_counted_by_route_and_not_by_path():
    before = scrape()
    labels = {
        "method": "GET",
        "route": "/api/v1/appointment/appointments/<str:code>",
        "status": "4xx",
    }
    for code in ("000001", "000002", "000003"):
        caller().get(f"appointments/{code}")
    after = scrape()

    counted = after.of("http_requests_total", **labels)
    assert counted - before.samples.get(_key("http_requests_total", labels), 0) == 3
    assert "/000001" not in after.text
    assert '"000001"' not in after.text
    del labels["status"]
    assert after.of("http_request_duration_seconds_count", **labels) >= 3
    assert after.of("http_request_duration_seconds_sum", **labels) > 0


def test_what_has_no_route_and_no_known_method_adds_no_series():
    client = Client()
    for n in range(3):
        client.get(f"/nothing/{n}")
        client.generic(f"ODD{n}", "/health")

    rows = scrape().labels("http_requests_total")

    assert {"method": "GET", "route": "(none)", "status": "4xx"} in rows
    assert {"method": "OTHER", "route": "/health", "status": "4xx"} in rows
    assert not [row for row in rows if row["method"].startswith("ODD")]


@pytest.mark.django_db(transaction=True)
def test_transactions_that_were_repeated_or_given_up_are_counted(monkeypatch):
    monkeypatch.setattr(transactions, "FIRST_PAUSE_SECONDS", 0)
    monkeypatch.setattr(transactions, "_may_be_repeated", lambda error: True)
    names = ("database_transaction_retries_total", "database_transactions_given_up_total")
    before = [scrape().of(name) for name in names]

    def refused():
        raise OperationalError("deadlock")

    with pytest.raises(Unavailable):
        transactions.run_in_transaction(refused)

    after = [scrape().of(name) for name in names]
    assert [now - then for now, then in zip(after, before, strict=True)] == [
        transactions.TRIES - 1,
        1,
    ]


def test_the_process_tells_its_memory():
    assert scrape().of("process_resident_memory_bytes") > 1_000_000


def test_processes_that_share_a_port_add_up_what_they_count(tmp_path, settings):
    """Two processes count, this one tells the sum."""
    count = "from booking_site.common.meters import HTTP_REQUESTS as requests; "
    count += "requests.labels('GET', '/x', '2xx').inc()"
    for _ in range(2):
        subprocess.run(
            [sys.executable, "-c", count],
            cwd=site_settings.BASE_DIR,
            env=os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)},
            check=True,
            timeout=60,
        )
    assert len(list(Path(tmp_path).glob("*.db"))) >= 2
    settings.PROMETHEUS_MULTIPROC_DIR = str(tmp_path)

    figures = scrape()

    assert figures.of("http_requests_total", method="GET", route="/x", status="2xx") == 2


# --- When something is down -------------------------------------------------------------------


def test_with_the_database_down_it_says_so_and_tells_the_rest(monkeypatch):
    def down():
        raise OperationalError("no route to database")

    monkeypatch.setattr(data, "created_ever", down)

    figures = scrape()

    assert figures.of("database_up") == 0
    assert "appointment_created_total" not in figures.text
    assert figures.of("process_resident_memory_bytes") > 0


def test_with_the_cache_down_it_reads_the_database(monkeypatch):
    def down(*args, **kwargs):
        raise ConnectionError

    for name in ("get", "set"):
        monkeypatch.setattr(cache, name, down, raising=False)

    assert scrape().of("appointments", status="pending") == 0


# --- Who may ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "::1", "10.1.2.3", "192.168.0.7", "172.16.0.1", "fd00::1"]
)
def test_direct_callers_of_the_own_network_may(address):
    assert Client(REMOTE_ADDR=address).get("/metrics").status_code == 200


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8", "", "unix", "100.64.0.1"]
)
def test_others_find_nothing_there(address):
    answer = Client(REMOTE_ADDR=address).get("/metrics")

    refusal_of(answer, 404, "not_found")


def test_where_it_is_switched_off_nobody_finds_it(settings):
    settings.ENABLE_METRICS, settings.DEMO, settings.METRICS_TOKEN = False, True, TOKEN
    client = Client(REMOTE_ADDR="127.0.0.1", headers={"Authorization": f"Bearer {TOKEN}"})

    refusal_of(client.get("/metrics"), 404, "not_found")


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_what_a_proxy_passes_on_comes_from_outside_whatever_its_address(header):
    answer = Client(REMOTE_ADDR="127.0.0.1", headers={header: "127.0.0.1"}).get("/metrics")

    refusal_of(answer, 404, "not_found")


def test_whoever_brings_the_token_may(settings):
    settings.METRICS_TOKEN = TOKEN
    for given, status in ((TOKEN, 200), (TOKEN + "x", 404), ("", 404)):
        client = Client(REMOTE_ADDR="8.8.8.8", headers={"Authorization": f"Bearer {given}"})
        assert client.get("/metrics").status_code == status
    basic = Client(REMOTE_ADDR="8.8.8.8", headers={"Authorization": f"Basic {TOKEN}"})
    assert basic.get("/metrics").status_code == 404


def test_without_a_token_of_ours_an_empty_one_opens_nothing():
    client = Client(REMOTE_ADDR="8.8.8.8", headers={"Authorization": "Bearer "})

    assert client.get("/metrics").status_code == 404


def test_the_demo_is_open(settings):
    settings.DEMO = True

    assert Client(REMOTE_ADDR="8.8.8.8").get("/metrics").status_code == 200


def test_it_is_not_counted_against_anybodys_limit(settings):
    settings.RATE_LIMIT_MAX_REQUESTS = 1

    assert [Client().get("/metrics").status_code for _ in range(3)] == [200] * 3


def test_one_trailing_slash_is_tolerated():
    assert Client().get("/metrics/").status_code == 200


def test_it_takes_nothing():
    assert Client().post("/metrics").status_code == 405


def _key(name, labels):
    return (name, *sorted(labels.items()))
