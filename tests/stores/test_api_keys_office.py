"""Keys in the back office: made and told once, revoked; the plan is the operator's to say."""

import re
from html import unescape
from typing import Any

from django.test import Client

from accounts.models import User
from stores.models import ApiKey, Store
from tests.backoffice.forms import store_form
from tests.callers import data_of, refusal_of
from tests.factories import StoreFactory, UserFactory

from .keys import key_for, system

LIST = "/admin/stores/apikey/"


def signed_in(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user, backend="accounts.backends.PasswordBackend")
    return client


def wish(store: Store, **more: Any) -> dict[str, Any]:
    return {"store": store.pk, "name": "Till", "scopes": ["stores:read"]} | more


def test_a_manager_makes_a_key_is_told_it_once_and_revokes_it(office, hua):
    client = signed_in(hua)

    page = unescape(client.post(f"{LIST}add/", wish(office), follow=True).content.decode())

    row = ApiKey.objects.get()
    (key,) = set(re.findall(rf"{row.prefix}\.[\w-]+", page))
    assert data_of(system(key).get("stores"))
    assert (row.created_by, row.scopes) == (hua, ["stores:read"])
    for path in (LIST, f"{LIST}{row.pk}/change/", f"{LIST}{row.pk}/history/"):
        told = client.get(path).content.decode()
        assert key not in told
        assert row.digest not in told
    client.post(LIST, {"action": "revoke", "_selected_action": [row.pk]})
    refusal_of(system(key).get("stores"), 401, "unauthenticated")


def test_for_another_store_a_manager_makes_none(hua):
    page = signed_in(hua).post(f"{LIST}add/", wish(StoreFactory()))

    assert "store" in page.context["adminform"].form.errors
    assert not ApiKey.objects.exists()


def test_one_too_many_is_refused_in_words(office, hua):
    key_for(office, by=hua)

    page = signed_in(hua).post(f"{LIST}add/", wish(office), follow=True)

    assert "as many keys as its plan allows: 1." in page.content.decode()
    assert ApiKey.objects.count() == 1


def test_whoever_makes_a_key_has_just_proven_who_they_are(office, hua, settings):
    settings.STAFF_RECENT_MINUTES = 10
    client = signed_in(hua)

    asked = client.post(f"{LIST}add/", wish(office))

    assert "reauthenticate" in asked["Location"]
    assert not ApiKey.objects.exists()
    row, _key = key_for(office, by=hua)
    client.post(LIST, {"action": "revoke", "_selected_action": [row.pk]})
    assert ApiKey.objects.get().revoked_at is not None


def test_the_plan_is_the_operators_to_say(office, hua):
    page = f"/admin/stores/store/{office.pk}/change/"
    sent = store_form(office) | {"plan": "professional"}

    signed_in(hua).post(page, sent)
    office.refresh_from_db()
    assert office.plan == "free"

    signed_in(UserFactory(operator=True)).post(page, sent)
    office.refresh_from_db()
    assert office.plan == "professional"
    assert office.history.latest().plan == "professional"
