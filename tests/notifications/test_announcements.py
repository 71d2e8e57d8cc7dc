"""What operators tell many at once: to whom, in which words, once, and whatever dies meanwhile."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from booking_site.common.actors import Actor
from booking_site.common.errors import Conflict
from notifications.models import (
    Announcement,
    Audience,
    Notification,
    Push,
    Type,
    UserEvent,
    UserStream,
)
from notifications.services import (
    announce_some,
    publish_announcement,
    register_device,
    set_preferences,
)
from notifications.services import announcing as announcing_module
from notifications.timed_pushes import announce_due, push_due
from tests.appointments.world import HOUR, NOW
from tests.factories import StoreFactory, UserFactory, manager_of

from .edge import at_the_edge

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(db) -> User:
    return UserFactory(operator=True, display_name="Operator")


def announced(operator, **facts) -> Announcement:
    """Written and published."""
    told = {"title": "春节休息", "content": "除夕到初三不营业。", "created_at": NOW} | facts
    announcement = Announcement.objects.create(**told)
    publish_announcement(announcement, by=Actor.of(operator), at=NOW)
    return announcement


def those_told() -> set[int]:
    return set(Notification.objects.filter(type=Type.SYSTEM).values_list("user_id", flat=True))


def test_a_draft_is_told_to_nobody(operator, fang):
    Announcement.objects.create(title="Not yet", created_at=NOW)

    announce_due(at=NOW)

    assert those_told() == set()


def test_everybody_hears_it_once_as_a_frame_and_as_a_row(operator, fang, wei):
    announcement = announced(operator, link="/stores/")

    announce_due(at=NOW)
    announce_due(at=NOW + HOUR)

    assert those_told() == {operator.pk, fang.pk, wei.user_id}
    row = Notification.objects.get(user=fang)
    assert (row.title, row.content, row.link) == ("春节休息", "除夕到初三不营业。", "/stores/")
    assert (row.type, row.appointment, row.detail) == (Type.SYSTEM, None, {})
    event = UserEvent.objects.get(user=fang)
    assert (event.event, event.u, event.payload["kind"]) == ("notification", row.u, "system")
    announcement.refresh_from_db()
    assert (announcement.told, announcement.sent_at) == (3, NOW)


def test_who_reads_english_gets_it_in_english_where_there_is_some(operator, fang, wei):
    announced(operator, title_en="Spring festival", content_en="Closed for four days.")
    announced(operator, title="只有中文", content="")
    announce_due(at=NOW)

    def titles(user):
        return list(Notification.objects.filter(user=user).order_by("u").values_list("title"))

    assert titles(wei.user) == [("Spring festival",), ("只有中文",)]
    assert titles(fang) == [("春节休息",), ("只有中文",)]


@pytest.mark.parametrize(
    ("audience", "expected"),
    [
        (Audience.ALL, {"Operator", "Hua", "Fang", "Wei"}),
        (Audience.CUSTOMERS, {"Fang"}),
        (Audience.PROVIDERS, {"Wei"}),
        (Audience.STAFF, {"Operator", "Hua"}),
    ],
)
def test_each_audience_is_who_it_says(operator, audience, expected):
    manager_of(StoreFactory(), display_name="Hua")
    UserFactory(display_name="Fang")
    UserFactory(provider=True, display_name="Wei")
    UserFactory(display_name="Gone", is_active=False)

    announced(operator, audience=audience)
    announce_due(at=NOW)

    names = User.objects.filter(pk__in=those_told()).values_list("display_name", flat=True)
    assert set(names) == expected


def test_it_waits_for_its_time(operator, fang):
    announced(operator, publish_at=NOW + HOUR)

    announce_due(at=NOW + HOUR - timedelta(seconds=1))
    assert those_told() == set()
    announce_due(at=NOW + HOUR)
    assert fang.pk in those_told()


def test_it_is_published_once(operator):
    announcement = announced(operator)

    with pytest.raises(Conflict):
        publish_announcement(announcement, by=Actor.of(operator), at=NOW)


# In batches


@pytest.fixture
def small_batches(monkeypatch) -> None:
    monkeypatch.setattr(announcing_module, "BATCH", 3)


def test_batch_after_batch_reaches_everybody(operator, small_batches):
    people = UserFactory.create_batch(7)
    announcement = announced(operator)

    announce_due(at=NOW)

    assert those_told() == {operator.pk, *(user.pk for user in people)}
    announcement.refresh_from_db()
    assert announcement.told == 8
    assert announcement.last_user_id == people[-1].pk


def test_whoever_is_killed_in_a_batch_has_told_nobody_of_it(operator, small_batches, monkeypatch):
    UserFactory.create_batch(5)
    announcement = announced(operator)
    assert at_the_edge(announce_some, announcement.pk, at=NOW)
    before = dict(UserStream.objects.values_list("pk", "last_u"))

    def die(*args, **options):
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(announcing_module, "push", die)
        with pytest.raises(SystemExit):
            at_the_edge(announce_some, announcement.pk, at=NOW)
    assert len(those_told()) == 3
    assert dict(UserStream.objects.values_list("pk", "last_u")) == before

    announce_due(at=NOW + HOUR)
    assert len(those_told()) == 6
    assert set(UserStream.objects.values_list("last_u", flat=True)) == {1}


def test_of_two_at_once_one_finds_that_it_was_done(operator, small_batches, monkeypatch):
    UserFactory.create_batch(4)
    announcement = announced(operator)
    read_before = Announcement.objects.get(pk=announcement.pk)
    assert at_the_edge(announce_some, announcement.pk, at=NOW)

    class Late:
        """What the other has read before the first one was done."""

        def filter(self, **of):
            return self

        def first(self):
            return read_before

    monkeypatch.setattr(type(Announcement.objects.all()), "due", lambda self, at: Late())
    assert at_the_edge(announce_some, announcement.pk, at=NOW)

    assert len(those_told()) == 3


@pytest.mark.django_db(transaction=True)
def test_three_workers_at_once_tell_everybody_once(small_batches):
    operator = UserFactory(operator=True)
    people = UserFactory.create_batch(11)
    announcement = announced(operator)
    failed: list[BaseException] = []

    def work() -> None:
        try:
            announce_due(at=NOW)
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _worker in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    announce_due(at=NOW)

    assert failed == []
    told = Notification.objects.values_list("user_id", flat=True)
    assert sorted(told) == sorted({operator.pk, *(user.pk for user in people)})
    announcement.refresh_from_db()
    assert (announcement.told, announcement.sent_at) == (12, NOW)


def test_the_database_refuses_to_tell_somebody_twice(operator, fang):
    announced(operator)
    announce_due(at=NOW)
    row = Notification.objects.get(user=fang)

    row.pk, row.u = None, 99
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_a_batch_costs_the_same_for_few_and_many(operator):
    def cost() -> int:
        announcement = announced(operator)
        with CaptureQueriesContext(connection) as queries:
            at_the_edge(announce_some, announcement.pk, at=NOW)
        return len(queries)

    few = cost()
    UserFactory.create_batch(30)
    assert cost() <= few + 1


def test_five_hundred_fit_into_one_transaction(operator):
    User.objects.bulk_create(
        User(email=f"many{number}@example.com") for number in range(announcing_module.BATCH)
    )
    announcement = announced(operator)

    announce_due(at=NOW)

    announcement.refresh_from_db()
    assert announcement.told == announcing_module.BATCH + 1 == len(those_told())


# Pushes of it


def test_it_is_pushed_to_who_wants_that(operator, fang, wei):
    for user in (fang, wei.user):
        register_device(user, platform="ios", token=f"{user.pk}", by=Actor.of(user), at=NOW)
    set_preferences(fang, changes={"system": {"push": False}}, by=Actor.of(fang))

    announced(operator, title_en="Closed")
    announce_due(at=NOW)
    push_due(at=NOW)

    (push,) = Push.objects.select_related("device")
    assert (push.device.user, push.title, push.status) == (wei.user, "Closed", "sent")
    assert {fang.pk, wei.user_id} <= those_told()


# The back office


@pytest.fixture
def office(operator) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(operator)
    return client


LIST = "/admin/notifications/announcement/"
FORM = {
    "title": "Maintenance",
    "content": "On Sunday from 2 to 3.",
    "title_en": "",
    "content_en": "",
    "link": "",
    "audience": "all",
    "publish_at_0": "",
    "publish_at_1": "",
}


def test_an_operator_writes_and_publishes(office, operator, fang):
    assert office.post(f"{LIST}add/", FORM).status_code == 302
    draft = Announcement.objects.get()
    assert (draft.created_by, draft.published_at) == (operator, None)

    office.post(LIST, {"action": "publish", "_selected_action": str(draft.pk), "index": "0"})

    draft.refresh_from_db()
    assert draft.published_at is not None
    announce_due(at=draft.publish_at)
    assert fang.pk in those_told()


def test_what_is_published_cannot_be_changed_or_taken_back(office, operator):
    announcement = announced(operator)
    page = f"{LIST}{announcement.pk}/"

    office.post(f"{page}change/", FORM)
    office.post(f"{page}delete/", {"post": "yes"})

    announcement.refresh_from_db()
    assert announcement.title == "春节休息"


def test_managers_do_not_announce(store):
    client = Client()
    client.force_login(manager_of(store))

    assert client.get(LIST).status_code in (302, 403)


@pytest.mark.parametrize(
    "link", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x", "/a b"]
)
def test_a_link_leads_to_a_path_of_this_site(link):
    with pytest.raises(ValidationError):
        Announcement(title="x", link=link, created_at=NOW).full_clean()
    Announcement(title="x", link="/stores/1/?day=2", created_at=NOW).full_clean()
