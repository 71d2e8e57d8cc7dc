"""GET /health."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.utils import timezone
from redis.exceptions import ConnectionError as RedisDown

from booking_site.site import health, pulse
from tests.callers import caller, data_of, refusal_of
from tests.factories import StoreFactory


def down(*args, **kwargs):
    raise OperationalError("no route to database")


@pytest.fixture(autouse=True)
def somebody_does_what_is_due():
    pulse.beat(at=timezone.now())


@pytest.mark.django_db
def test_all_is_well():
    data = data_of(caller().get("/health"))

    assert data["status"] == "ok"
    parts = {part["name"]: part for part in data["parts"]}
    assert {"database", "migrations", "timed_work"} <= set(parts)
    assert all(part["ok"] for part in parts.values())
    assert all(part["milliseconds"] >= 0 for part in parts.values())


@pytest.mark.django_db
@pytest.mark.parametrize("part", ["database", "migrations"])
def test_a_part_that_requests_need_is_down(monkeypatch, part):
    monkeypatch.setattr(health, f"_{part}", down)

    answer = caller().get("/health")

    assert refusal_of(answer, 503, "unavailable") == {part: ["down"]}
    assert answer["Retry-After"]
    assert "route" not in answer.content.decode()


@pytest.mark.django_db
def test_a_migration_that_is_missing_is_a_reason_not_to_serve(monkeypatch):
    plan = [("stores.0003", False)]
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda self, targets: plan)

    assert refusal_of(caller().get("/health"), 503, "unavailable") == {"migrations": ["down"]}


@pytest.mark.django_db
def test_without_redis_it_serves_all_the_same_and_says_so(monkeypatch, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    def no_redis(*args, **kwargs):
        raise RedisDown

    for name in ("get", "set"):
        monkeypatch.setattr(cache, name, no_redis, raising=False)
    StoreFactory()

    data = data_of(caller().get("/health"))

    assert data["status"] == "degraded"
    assert [part["name"] for part in data["parts"] if not part["ok"]] == ["redis", "timed_work"]
    assert len(data_of(caller().get("stores"))) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("seconds", [pulse.SILENT_SECONDS + 5, None])
def test_where_nobody_does_what_is_due_it_serves_and_says_so(seconds):
    cache.clear()
    if seconds is not None:
        pulse.beat(at=timezone.now() - timedelta(seconds=seconds))

    data = data_of(caller().get("/health"))

    assert data["status"] == "degraded"
    down = [(part["name"], part["needed"]) for part in data["parts"] if not part["ok"]]
    assert down == [("timed_work", False)]


@pytest.mark.django_db
def test_it_is_not_counted_against_anybodys_limit(settings):
    settings.RATE_LIMIT_MAX_REQUESTS = 1

    for _ in range(3):
        data_of(caller().get("/health"))
