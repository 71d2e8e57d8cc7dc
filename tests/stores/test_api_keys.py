"""Another system acts for a store, with a key: as far as its scopes go, in its own store only."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.test import APIClient

from accounts.errors import BadCredentials
from accounts.models import User
from accounts.services import sign_in
from booking_site.common.actors import SYSTEM, Actor, Door
from booking_site.common.errors import Conflict, Forbidden, Invalid
from notifications.models import Announcement
from notifications.selectors.webhooks import managers_of
from notifications.services.announcing import audience_of
from stores.api import key_doors
from stores.models import ApiKey, SpecialDay, Store
from stores.plans import PLANS, PlanType
from stores.scopes import SCOPES
from stores.services import make_key, revoke_key
from tests.callers import caller, data_of, refusal_of
from tests.factories import OFFICE, RealtorFactory, StoreFactory, UserFactory, manager_of

from .conftest import NOW
from .keys import key_for, system

HOUR = timedelta(hours=1)
WINDOW = timedelta(minutes=15)


@pytest.fixture(autouse=True)
def _nothing_counted() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def other() -> Store:
    return StoreFactory(hours=OFFICE)


def routes(patterns: Any = None, before: str = "") -> Iterator[str]:
    for one in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns, route)
        elif isinstance(one, URLPattern):
            yield route


# A call of every scope: what is answered when it is opened is its own affair (200, 400, 404).
CALLS = {
    "stores:read": ("get", "stores"),
    "stores:write": ("put", "stores/0/hours"),
    "listings:read": ("get", "/api/v1/listings"),
    "listings:write": ("patch", "/api/v1/listings/0"),
    "appointments:read": ("get", "appointments"),
    "appointments:write": ("post", "appointments"),
    "payments:read": ("get", "/api/v1/payments"),
    "reviews:read": ("get", "/api/v1/reviews/summary"),
    "reviews:write": ("post", "/api/v1/reviews/0/reply"),
    "statistics:read": ("get", "statistics"),
    "webhooks:read": ("get", "/api/v1/webhooks"),
    "webhooks:write": ("post", "/api/v1/webhooks"),
}


@pytest.mark.parametrize("needed", CALLS)
def test_each_scope_opens_its_own_calls_and_no_other_does(office, hua, needed):
    method, path = CALLS[needed]
    row, key = key_for(office, needed, by=hua)
    with_it = getattr(system(key), method)(path)
    ApiKey.objects.filter(pk=row.pk).update(scopes=[one for one in SCOPES if one != needed])
    without = getattr(system(key), method)(path)

    assert with_it.status_code in (200, 400, 404)
    refusal_of(without, 403, "forbidden")
    assert needed in without.json()["error"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/api/v1/me"),
        ("get", "/api/v1/me/export"),
        ("get", "/api/v1/me/saved"),
        ("get", "/api/v1/notifications"),
        ("post", "/api/v1/realtime/ticket"),
        ("get", "/api/v1/chat/conversations"),
        ("post", "/api/v1/bookings"),
        ("post", "/api/v1/boarding/bookings"),
        ("post", "/house/reserve"),
        ("post", "/api/v1/payments"),
        ("post", "/api/v1/slots/1/lock"),
        ("put", "/api/v1/listings/1/saved"),
        ("get", "/api/v1/stores/{store}/api-keys"),
        ("post", "/api/v1/stores/{store}/api-keys"),
    ],
)
def test_what_is_somebodys_own_no_key_opens(office, hua, method, path):
    _row, key = key_for(office, by=hua)

    refusal_of(getattr(system(key), method)(path.format(store=office.pk)), 403, "forbidden")


def test_every_door_leads_to_calls_that_there_are():
    known = [key_doors._plain(one) for one in routes()]

    assert [
        one
        for one in key_doors._DOORS
        if not any(f"{path}/".startswith(f"{one}/") for path in known)
    ] == []
    families = {scope for door in key_doors.DOORS.values() for scope in (door.read, door.write)}
    assert families - {None} == set(SCOPES)


def test_a_key_that_the_store_made_reads_and_writes_there(office, hua):
    _row, key = key_for(office, "stores:read", "stores:write", by=hua)
    path = f"/api/v1/stores/{office.pk}/settings"

    kept = data_of(system(key).put(path, {"settings": {"till": 7}}))

    assert kept["settings"] == data_of(system(key).get(path))["settings"] == {"till": 7}
    assert (kept["plan"], kept["status"]) == ("free", "active")
    newest = office.history.latest()
    assert (newest.history_user.is_machine, newest.history_change_reason) == (True, Door.API)


def test_it_sets_the_hours_of_the_people_who_work_there_and_of_no_others(office, hua, other):
    _row, key = key_for(office, "stores:write", by=hua)
    app = system(key)
    off = {"starts_at": "2026-03-03T09:00:00+08:00", "ends_at": "2026-03-03T10:00:00+08:00"}

    made = app.post(f"realtors/{RealtorFactory(store=office).pk}/time-off", off)
    refused = app.post(f"realtors/{RealtorFactory(store=other).pk}/time-off", off)

    data_of(made, 201)
    assert refused.status_code in (403, 404)


def test_the_other_header_does_as_well(office, hua):
    _row, key = key_for(office, "stores:read", by=hua)
    path = f"/api/v1/stores/{office.pk}/settings"

    assert data_of(caller(x_api_key=key).get(path))["slug"] == office.slug


def test_another_stores_affairs_are_as_closed_as_to_its_manager(office, hua, other):
    _row, key = key_for(office, by=hua)
    app, settings = system(key), f"/api/v1/stores/{other.pk}/settings"
    day = SpecialDay.objects.create(store=other, date=NOW.date())

    refusal_of(app.get(settings), 403, "forbidden")
    refusal_of(app.put(settings, {"settings": {}}), 403, "forbidden")
    refusal_of(app.delete(f"stores/{other.pk}/special-days/{day.pk}"), 403, "forbidden")
    refusal_of(app.get("/api/v1/webhooks", store_id=other.pk), 404, "not_found")
    other.is_active = False
    other.save()
    refusal_of(app.get(settings), 404, "not_found")
    assert list(Store.objects.managed_by(ApiKey.objects.get().account)) == [office]


def test_a_key_that_has_run_out_opens_nothing(office, hua, now):
    _row, key = key_for(office, "stores:read", by=hua, expires_at=NOW + HOUR)
    data_of(system(key).get("stores"))
    now.shift(HOUR)

    refusal_of(system(key).get("stores"), 401, "unauthenticated")


def test_a_revoked_key_opens_nothing_from_the_next_call_on(office, hua):
    row, key = key_for(office, "stores:read", by=hua)
    data_of(system(key).get("stores"))
    for _twice in range(2):
        revoke_key(row, by=Actor.of(hua), at=NOW)

    answer = system(key).get("stores")
    refusal_of(answer, 401, "unauthenticated")
    assert answer.json()["message"] == "The API key is wrong or no longer valid."
    row = ApiKey.objects.select_related("account").get()
    assert (row.revoked_by, row.account.is_active) == (hua, False)


@pytest.mark.parametrize("what", ["", "x", "{key}x", "{prefix}.", ".{key}", "é.{key}", "{upper}"])
def test_what_is_nearly_a_key_is_none(office, hua, what):
    row, key = key_for(office, "stores:read", by=hua)
    sent = what.format(key=key, prefix=row.prefix, upper=key.upper())
    # As bytes on the line: no client of ours would send what is no ASCII.
    answer = APIClient().get("/api/v1/appointment/stores", HTTP_AUTHORIZATION=f"Api-Key {sent}")

    refusal_of(answer, 401, "unauthenticated")


def test_guesses_are_counted_and_a_right_key_is_not_kept_waiting_by_them(office, hua, now):
    _row, key = key_for(office, "stores:read", by=hua)
    for number in range(10):
        refusal_of(system(f"yj_{number}.guess").get("stores"), 401, "unauthenticated")

    answer = system("yj_more.guess").get("stores")

    refusal_of(answer, 429, "rate_limited")
    assert int(answer["Retry-After"]) > 0
    data_of(system(key).get("stores"))
    now.shift(WINDOW)
    refusal_of(system("yj_more.guess").get("stores"), 401, "unauthenticated")


def test_a_key_may_call_as_often_as_the_plan_says(office, hua, settings, monkeypatch):
    """Also in the demo, which counts no reading of anybody else."""
    settings.RATE_LIMIT_GENEROUS = True
    monkeypatch.setitem(PLANS, PlanType.FREE, type(PLANS[PlanType.FREE])(keys=1, requests=2))
    _row, key = key_for(office, "stores:read", by=hua)
    for _time in range(2):
        data_of(system(key).get("stores"))

    refusal_of(system(key).get("stores"), 429, "rate_limited")
    data_of(caller().get("stores"))
    Store.objects.update(plan=PlanType.STANDARD)
    data_of(system(key).get("stores"))


def test_when_it_was_last_used_is_written_once_a_minute(
    office, hua, now, django_assert_num_queries
):
    _row, key = key_for(office, "stores:read", by=hua)
    app, path = system(key), f"stores/{office.pk}/hours"
    data_of(app.get(path))
    now.shift(59)
    with django_assert_num_queries(4):
        data_of(app.get(path))
    assert ApiKey.objects.get().last_used_at == NOW
    now.shift(1)
    data_of(app.get(path))

    assert ApiKey.objects.get().last_used_at == NOW + timedelta(minutes=1)


def test_the_key_itself_is_kept_nowhere_and_logged_nowhere(office, hua, caplog):
    with caplog.at_level(logging.DEBUG):
        row, key = key_for(office, "stores:read", by=hua)
        system(key).get("stores")
        system(f"{key}x").get("stores")
        system(key).get("/api/v1/me")

    secret = key.partition(".")[2]
    assert len(secret) >= 43
    assert secret not in caplog.text
    assert secret not in str(vars(ApiKey.objects.get())) + str(vars(row.account))


def test_nobody_signs_in_as_a_machine_writes_to_it_or_lists_it(office, hua):
    row, _key = key_for(office, by=hua)
    machine = row.account
    everybody = Announcement(audience="staff")

    assert not machine.has_usable_password()
    for login in ("", machine.display_name, str(machine.pk)):
        with pytest.raises(BadCredentials):
            sign_in(login=login, password="", address="192.0.2.1", at=NOW)
    assert machine not in audience_of(everybody)
    assert hua in audience_of(everybody)
    assert managers_of(office) == [hua]
    operator = Client(headers={"accept-language": "en"})
    operator.force_login(UserFactory(operator=True), backend="accounts.backends.PasswordBackend")
    assert operator.get(f"/admin/accounts/user/{machine.pk}/change/").status_code == 302
    assert (
        'class="field-display_name">Till'
        not in operator.get("/admin/accounts/user/").content.decode()
    )


def test_people_who_run_the_store_make_keys_and_see_each_one_once(office, hua):
    app, path = caller(hua), f"/api/v1/stores/{office.pk}/api-keys"
    wish = {"name": "Till", "scopes": ["orders:read", "stores:read"]}

    made = data_of(app.post(path, wish), 201)
    (shown,) = data_of(app.get(path))

    assert data_of(system(made["key"]).get(f"/api/v1/stores/{office.pk}/settings"))
    assert made["key"].startswith(f"{shown['prefix']}.")
    assert shown == {name: value for name, value in made.items() if name != "key"}
    assert shown["scopes"] == ["stores:read", "orders:read"]
    assert app.delete(f"{path}/{shown['id']}").status_code == 204
    assert data_of(app.get(path))[0]["revoked_at"]
    refusal_of(system(made["key"]).get("stores"), 401, "unauthenticated")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 41}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes"),
        ({"expires_at": "2026-03-01T00:00:00Z"}, "expires_at"),
        ({"expires_at": "9999-12-31T23:59:59Z"}, "expires_at"),
    ],
)
def test_an_odd_wish_is_refused_at_its_field(office, hua, wrong, field):
    wish = {"name": "Till", "scopes": ["orders:read"]} | wrong

    answer = caller(hua).post(f"/api/v1/stores/{office.pk}/api-keys", wish)

    assert list(refusal_of(answer, 400, "invalid")) == [field]
    assert not ApiKey.objects.exists()


def test_others_neither_see_nor_make_nor_revoke_keys(office, hua, other):
    row, _key = key_for(office, by=hua)
    path = f"/api/v1/stores/{office.pk}/api-keys"
    wish = {"name": "Till", "scopes": ["orders:read"]}

    refusal_of(caller().get(path), 401, "unauthenticated")
    for somebody in (UserFactory(), manager_of(other)):
        refusal_of(caller(somebody).get(path), 403, "forbidden")
        refusal_of(caller(somebody).post(path, wish), 403, "forbidden")
        refusal_of(caller(somebody).delete(f"{path}/{row.pk}"), 403, "forbidden")
    elsewhere = f"/api/v1/stores/{other.pk}/api-keys/{row.pk}"
    refusal_of(caller(manager_of(other)).delete(elsewhere), 404, "not_found")
    assert ApiKey.objects.get().revoked_at is None


def test_a_machine_makes_no_keys_whatever_door_it_found(office, hua):
    row, _key = key_for(office, by=hua)
    machine = Actor.of(row.account)

    with pytest.raises(Forbidden):
        make_key(office, name="More", scopes=SCOPES, by=machine, at=NOW)
    with pytest.raises(Forbidden):
        revoke_key(row, by=machine, at=NOW)


@pytest.mark.parametrize("plan", PlanType)
def test_a_store_has_as_many_keys_as_its_plan_allows(office, plan):
    Store.objects.update(plan=plan)

    def make(**facts: Any) -> ApiKey:
        facts = {"name": "Till", "scopes": ["orders:read"], "at": NOW} | facts
        return make_key(office, by=SYSTEM, **facts).row

    rows = [make(expires_at=NOW + HOUR), *(make() for _more in range(PLANS[plan].keys - 1))]
    with pytest.raises(Conflict):
        make()
    # What has run out, or was revoked, takes no place.
    make(at=NOW + HOUR)
    revoke_key(rows[-1], by=SYSTEM, at=NOW + HOUR)
    if plan != PlanType.FREE:
        make(at=NOW + HOUR)


@pytest.mark.parametrize("odd", [[], "x", None, {"a": "x" * 8200}, {"a": [[[[[[[[1]]]]]]]]}])
def test_settings_are_an_object_of_bounded_size(office, hua, odd):
    answer = caller(hua).put(f"/api/v1/stores/{office.pk}/settings", {"settings": odd})

    assert list(refusal_of(answer, 400, "invalid")) == ["settings"]


def test_erasing_whoever_made_a_key_leaves_the_store_its_key(office, hua):
    _row, key = key_for(office, "stores:read", by=hua)
    User.objects.filter(pk=hua.pk).update(is_active=False, is_staff=False)

    data_of(system(key).get("stores"))


def test_nothing_is_made_of_a_name_of_blanks(office, hua):
    with pytest.raises(Invalid):
        key_for(office, by=hua, name="   ")
