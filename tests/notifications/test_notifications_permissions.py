"""Who may read notifications, say how they want them, and announce."""

import pytest

from booking_site.common.actors import Actor
from booking_site.common.errors import Forbidden
from notifications.models import Announcement, Device
from notifications.services import (
    publish_announcement,
    register_device,
    remove_device,
    set_preferences,
)
from tests.appointments.world import NOW, manager
from tests.callers import caller, refusal_of
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

CALLS = [
    ("get", "notifications"),
    ("post", "notifications/1/read"),
    ("post", "notifications/read-all"),
    ("get", "notifications/preferences"),
    ("put", "notifications/preferences"),
    ("post", "me/devices"),
    ("delete", "me/devices"),
]


@pytest.mark.parametrize(("verb", "path"), CALLS)
def test_guests_have_none(verb, path):
    refusal_of(getattr(caller(), verb)(f"/api/v1/{path}"), 401, "unauthenticated")


@pytest.mark.parametrize("path", ["", "preferences/", "1/open/", "read/"])
def test_guests_are_asked_to_sign_in_on_the_pages(client, path):
    verb = client.post if path in ("1/open/", "read/") else client.get

    answer = verb(f"/notifications/{path}")

    assert answer["Location"].startswith("/accounts/login/?next=/notifications/")


def test_nobody_changes_what_another_wants(fang, wei):
    by = Actor.of(wei.user)
    for act in (
        lambda: set_preferences(fang, changes={"created": {"email": False}}, by=by),
        lambda: register_device(fang, platform="ios", token="abc", by=by, at=NOW),
        lambda: remove_device(fang, token="abc", by=by),
    ):
        with pytest.raises(Forbidden):
            act()


def test_a_token_of_somebody_else_s_device_removes_nothing(fang, wei):
    register_device(wei.user, platform="ios", token="abc", by=Actor.of(wei.user), at=NOW)

    assert caller(fang).delete("/api/v1/me/devices?token=abc").status_code == 204
    assert Device.objects.filter(user=wei.user).exists()


def test_a_closed_account_takes_no_device(fang):
    fang.is_active = False
    fang.save()

    with pytest.raises(Forbidden):
        register_device(fang, platform="ios", token="abc", by=Actor.of(fang), at=NOW)


def test_only_operators_publish(store, fang):
    draft = Announcement.objects.create(title="Closed", created_at=NOW)

    for by in (Actor.of(fang), manager(store), Actor.guest()):
        with pytest.raises(Forbidden):
            publish_announcement(draft, by=by, at=NOW)
    publish_announcement(draft, by=Actor.of(UserFactory(operator=True)), at=NOW)
