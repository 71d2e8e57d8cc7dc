"""Reading what one was told, by HTTP: the list, catching up, and having read."""

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appointments import services
from notifications.models import Notification, UserEvent
from notifications.selectors.reading import standing_of
from tests.appointments.world import HOUR, NOW, QIANG, acting, clock, manager, phones
from tests.callers import caller, data_of, refusal_of

from .edge import at_the_edge
from .post import booked, confirmed

pytestmark = pytest.mark.django_db
TWO = clock("14:00")
NOTIFICATIONS = "/api/v1/notifications"


@pytest.fixture
def told(store, wei, fang):
    """Fang was told that it is booked, that it is confirmed, that it has moved."""
    appointment = confirmed(store, TWO, customer=fang)
    services.reschedule(appointment, starts_at=TWO + HOUR, by=manager(store), at=NOW)
    return appointment


def kinds(answer) -> list[str]:
    return [row["kind"] for row in data_of(answer)]


def test_the_newest_comes_first_with_all_that_a_push_says(told, fang):
    answer = caller(fang).get(NOTIFICATIONS)

    assert kinds(answer) == ["rescheduled", "confirmed", "created"]
    newest = data_of(answer)[0]
    row = Notification.objects.get(user=fang, u=newest["u"])
    assert newest == {
        "id": str(row.u),
        "u": row.u,
        "type": 12,
        "kind": "rescheduled",
        "title": row.title,
        "content": row.content,
        "link": f"/appointments/{told.code}/",
        "reservation_id": told.pk,
        "appointment_code": told.code,
        "detail": row.detail,
        "created_at": row.created_at.isoformat(),
        "read": False,
        "read_at": None,
    }
    assert datetime.fromisoformat(newest["created_at"]) == NOW
    assert newest["detail"]["reserve_time"] == "2026-03-02 15:00:00"


def test_it_tells_where_the_stream_stood_and_how_much_is_unread(told, fang):
    body = caller(fang).get(NOTIFICATIONS, limit=1).json()

    assert body["pagination"] == {"page": 1, "limit": 1, "total": 3}
    assert body["unread"] == 3
    assert body["u"] == UserEvent.objects.filter(user=fang).latest("u").u


def test_whoever_was_told_nothing_stands_at_the_beginning(fang):
    body = caller(fang).get(NOTIFICATIONS).json()

    assert (body["data"], body["u"], body["unread"]) == ([], 0, 0)


def test_after_a_number_the_missed_ones_come_in_order(told, fang):
    first = Notification.objects.filter(user=fang).earliest("u").u

    assert kinds(caller(fang).get(NOTIFICATIONS, after=first)) == ["confirmed", "rescheduled"]
    assert kinds(caller(fang).get(NOTIFICATIONS, after=0, limit=2)) == ["created", "confirmed"]
    assert kinds(caller(fang).get(NOTIFICATIONS, after=0, limit=2, page=2)) == ["rescheduled"]
    assert kinds(caller(fang).get(NOTIFICATIONS, after=10**17)) == []


@pytest.mark.parametrize(
    "query", [{"after": "x"}, {"after": "-1"}, {"after": "9" * 30}, {"page": "0"}, {"unread": "?"}]
)
def test_what_makes_no_sense_is_refused(fang, query):
    errors = refusal_of(caller(fang).get(NOTIFICATIONS, **query), 400, "invalid")

    assert set(errors) == set(query)


def test_one_that_was_read_is_read_everywhere(told, fang):
    newest = data_of(caller(fang).get(NOTIFICATIONS))[0]

    read = data_of(caller(fang).post(f"{NOTIFICATIONS}/{newest['id']}/read"))
    again = data_of(caller(fang).post(f"{NOTIFICATIONS}/{newest['id']}/read"))

    assert read["read"] is True
    assert again["read_at"] == read["read_at"]
    assert kinds(caller(fang).get(NOTIFICATIONS, unread="true")) == ["confirmed", "created"]
    said = UserEvent.objects.filter(user=fang, event="notifications-read")
    assert [event.payload["data"] for event in said] == [{"ids": [newest["id"]], "unread": 2}]


def test_all_are_read_up_to_what_was_shown(told, fang):
    _newest, middle, _oldest = data_of(caller(fang).get(NOTIFICATIONS))

    answer = caller(fang).post(f"{NOTIFICATIONS}/read-all", {"up_to": middle["u"]})

    assert {**data_of(answer), "u": 0} == {"read": 2, "unread": 1, "u": 0}
    assert kinds(caller(fang).get(NOTIFICATIONS, unread="1")) == ["rescheduled"]


def test_without_a_number_all_are_read(told, fang):
    assert data_of(caller(fang).post(f"{NOTIFICATIONS}/read-all"))["unread"] == 0
    assert data_of(caller(fang).post(f"{NOTIFICATIONS}/read-all"))["read"] == 0
    refusal_of(caller(fang).post(f"{NOTIFICATIONS}/read-all", {"up_to": "all"}), 400, "invalid")


def test_those_of_others_are_neither_seen_nor_read(told, fang, wei):
    theirs = Notification.objects.filter(user=wei.user).latest("u")
    Notification.objects.filter(user=fang, u=theirs.u).delete()

    assert theirs.title not in [row["title"] for row in data_of(caller(fang).get(NOTIFICATIONS))]
    refusal_of(caller(fang).post(f"{NOTIFICATIONS}/{theirs.u}/read"), 404, "not_found")
    assert Notification.objects.get(pk=theirs.pk).read_at is None


@pytest.mark.parametrize("number", ["0", "x", "9" * 40, "²"])
def test_what_is_no_notification_is_not_found(fang, number):
    refusal_of(caller(fang).post(f"{NOTIFICATIONS}/{number}/read"), 404, "not_found")


def test_a_longer_list_costs_no_more_queries(store, wei):
    for hour, phone in enumerate(phones(6)):
        at_the_edge(booked, store, clock(f"{9 + hour:02}:00"), phone=phone)

    with CaptureQueriesContext(connection) as queries:
        rows = data_of(caller(wei.user).get(NOTIFICATIONS))

    assert len(rows) == 6
    assert len(queries) <= 4


def test_position_and_count_are_of_one_statement(told, fang, django_assert_num_queries):
    with django_assert_num_queries(1):
        standing = standing_of(fang)

    assert standing.unread == 3


def test_a_guest_s_booking_tells_its_realtor_only(store, wei):
    at_the_edge(booked, store, TWO, phone=QIANG)

    assert kinds(caller(wei.user).get(NOTIFICATIONS)) == ["created"]
    assert Notification.objects.exclude(user=wei.user).count() == 0


def test_what_one_has_done_oneself_is_no_news(store, wei):
    appointment = at_the_edge(booked, store, TWO)
    at_the_edge(services.accept, appointment, by=acting(wei), at=NOW)

    assert kinds(caller(wei.user).get(NOTIFICATIONS)) == ["created"]
