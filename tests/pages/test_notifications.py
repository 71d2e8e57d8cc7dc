"""The bell, the list of what one was told, the choice of what one hears of: without a script."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from appointments import services
from booking_site.common.transactions import run_in_transaction
from notifications.models import (
    KINDS,
    Notification,
    NotificationPreference,
    Type,
    UserEvent,
    UserStream,
)
from notifications.services.notifying import send_notification
from realtors.models import Realtor
from stores.models import Store
from tests.appointments import world
from tests.appointments.world import HOUR, NOW, clock, manager

from .visitor import Visitor

TWO = clock("14:00")
LIST = "/notifications/"
WISHES = "/notifications/preferences/"


def tell(user: User, title: str, *, at=NOW, link: str = "", type_: Type = Type.SYSTEM) -> int:
    """Its number."""
    row = Notification(user=user, type=type_, title=title, link=link, created_at=at)
    run_in_transaction(lambda: send_notification(row))
    return row.u


def bell_of(page: str) -> dict[str, str]:
    """The attributes of the bell in the header."""
    (tag,) = re.findall(r"<a [^>]*data-bell[^>]*>", page)
    return dict(re.findall(r'([\w-]+)="([^"]*)"', tag))


# The bell


def test_the_bell_says_how_much_is_unread_and_where_the_stream_stood(
    fang_at_home: Visitor, fang: User
):
    for title in ("one", "two", "three"):
        u = tell(fang, title)

    page = fang_at_home.look("/")

    bell = bell_of(page)
    assert (bell["data-unread"], bell["data-u"], bell["href"]) == ("3", str(u), LIST)
    assert bell["aria-label"] == "Notifications, 3 unread"
    assert re.search(r"data-bell-count[^>]*>3<", page)
    assert not re.search(r"data-bell-count[^>]*hidden>", page)


def test_a_bell_with_nothing_to_say_has_no_number(fang_at_home: Visitor):
    page = fang_at_home.look("/")

    bell = bell_of(page)
    assert (bell["data-unread"], bell["data-u"]) == ("0", "0")
    assert bell["aria-label"] == "Notifications, all read"
    assert re.search(r"data-bell-count[^>]* hidden>", page)


def test_more_than_two_figures_are_shortened_for_the_eye_only(fang_at_home: Visitor, fang: User):
    Notification.objects.bulk_create(
        Notification(user=fang, u=u, type=Type.SYSTEM, title="x", created_at=NOW)
        for u in range(1, 121)
    )
    UserStream.objects.create(user=fang, last_u=120)

    page = fang_at_home.look("/")

    assert bell_of(page)["data-unread"] == "120"
    assert bell_of(page)["aria-label"] == "Notifications, 120 unread"
    assert ">99+<" in page


def test_guests_have_no_bell_and_pay_for_none(lan: Visitor, db: None):
    with CaptureQueriesContext(connection) as queries:
        page = lan.look("/")

    assert "data-bell" not in page
    assert not [query for query in queries if "userstream" in query["sql"]]


def test_a_bell_costs_one_query(fang_at_home: Visitor, fang: User):
    tell(fang, "one")

    with CaptureQueriesContext(connection) as queries:
        fang_at_home.look("/appointments/")

    asked = [one["sql"] for one in queries if "notifications_" in one["sql"]]
    assert len(asked) == 1


# The list


def test_an_empty_list_says_what_will_be_there(fang_at_home: Visitor):
    page = fang_at_home.look(LIST)

    assert "Nothing new yet" in page
    assert "Mark all as read" not in page


def test_it_goes_by_day_and_the_newest_comes_first(fang_at_home: Visitor, fang: User):
    tell(fang, "long ago", at=NOW - timedelta(days=40))
    tell(fang, "last night", at=NOW - 10 * HOUR)
    tell(fang, "at seven", at=NOW - HOUR)
    tell(fang, "just now", at=NOW)

    page = fang_at_home.look(LIST)

    order = ["Today", "just now", "at seven", "Yesterday", "last night", "Wed, January 21"]
    places = [page.index(text) for text in [*order, "long ago"]]
    assert places == sorted(places)
    assert page.count("<h2 class=") == 3


def test_a_real_booking_stands_in_it(fang_at_home: Visitor, fang: User, store: Store, wei: Realtor):
    User.objects.filter(pk=fang.pk).update(locale="en")
    booked = run_in_transaction(lambda: world.book(store, TWO, customer=fang))
    run_in_transaction(lambda: services.accept(booked, by=manager(store), at=NOW + HOUR))

    page = fang_at_home.look(LIST)

    assert "Confirmed: " in page
    assert page.count("Unread:") == 2


def test_opening_one_reads_it_and_goes_where_it_leads(fang_at_home: Visitor, fang: User):
    u = tell(fang, "Confirmed", link="/appointments/123456/")
    other = tell(fang, "Another")

    answer = fang_at_home.client.post(f"{LIST}{u}/open/")

    assert answer["Location"] == "/appointments/123456/"
    assert Notification.objects.get(user=fang, u=u).read_at == NOW
    assert Notification.objects.get(user=fang, u=other).read_at is None
    assert UserEvent.objects.filter(user=fang, event="notifications-read").count() == 1


def test_one_that_leads_nowhere_comes_back_to_the_list(fang_at_home: Visitor, fang: User):
    for link in ("", "https://evil.example/", "//evil.example/"):
        u = tell(fang, "x", link=link)
        assert fang_at_home.client.post(f"{LIST}{u}/open/")["Location"] == LIST


def test_looking_reads_nothing(fang_at_home: Visitor, fang: User):
    u = tell(fang, "x", link="/stores/")

    assert fang_at_home.client.get(f"{LIST}{u}/open/")["Location"] == LIST
    assert fang_at_home.client.get(f"{LIST}read/")["Location"] == LIST
    fang_at_home.look(LIST)

    assert Notification.objects.get().read_at is None


@pytest.mark.parametrize("u", ["77", "9" * 30])
def test_one_of_somebody_else_is_not_found(fang_at_home: Visitor, wei: Realtor, u: str):
    tell(wei.user, "theirs")

    assert fang_at_home.client.post(f"{LIST}{u}/open/").status_code == 404


def test_all_that_was_shown_is_read_and_what_came_since_is_not(fang_at_home: Visitor, fang: User):
    tell(fang, "one")
    tell(fang, "two")
    page = fang_at_home.look(LIST)
    (up_to,) = re.findall(r'name="up_to" value="(\d+)"', page)
    tell(fang, "three")

    fang_at_home.client.post(f"{LIST}read/", {"up_to": up_to})

    unread = Notification.objects.filter(user=fang).unread()
    assert list(unread.values_list("title", flat=True)) == ["three"]


@pytest.mark.parametrize("up_to", ["", "x", "-1", "²", "9" * 40])
def test_a_number_that_is_none_breaks_nothing(fang_at_home: Visitor, fang: User, up_to: str):
    tell(fang, "one")

    assert fang_at_home.client.post(f"{LIST}read/", {"up_to": up_to})["Location"] == LIST


def test_the_forms_are_guarded_against_other_sites(fang: User):
    client = Client(enforce_csrf_checks=True)
    client.force_login(fang)
    u = tell(fang, "x")

    assert client.post(f"{LIST}{u}/open/").status_code == 403
    assert client.post(f"{LIST}read/", {"up_to": "9"}).status_code == 403


def test_two_hundred_stand_on_pages_and_need_few_queries(fang_at_home: Visitor, fang: User):
    Notification.objects.bulk_create(
        Notification(user=fang, u=u, type=Type.SYSTEM, title=f"no. {u}", created_at=NOW)
        for u in range(1, 201)
    )
    UserStream.objects.create(user=fang, last_u=200)

    with CaptureQueriesContext(connection) as queries:
        page = fang_at_home.look(LIST)

    assert len(queries) <= 10
    assert "1 of 10" in page
    assert "no. 200" in page
    assert "no. 1<" in fang_at_home.look(LIST, page="10")
    for odd in ("0", "abc", "99"):
        fang_at_home.look(LIST, page=odd)


def test_what_somebody_has_typed_is_only_text(fang_at_home: Visitor, fang: User):
    script = "<script>alert(1)</script>"
    tell(fang, script)
    Notification.objects.update(content=script)

    assert "<script>alert" not in fang_at_home.look(LIST)


def test_one_without_words_still_says_something(fang_at_home: Visitor, fang: User):
    tell(fang, "")

    assert "About somebody who has left" in fang_at_home.look(LIST)


# What one hears of


def ticked(page: str) -> set[str]:
    boxes = re.findall(r"<input type=\"checkbox\"[^>]*>", page)
    return {re.findall(r'name="([^"]+)"', box)[0] for box in boxes if " checked" in box}


def test_everything_is_ticked_at_first(fang_at_home: Visitor):
    page = fang_at_home.look(WISHES)

    assert len(ticked(page)) == len(KINDS) * 3 - 2
    assert "message-email" in page
    assert "queue_moved-email" not in page
    assert re.search(r'name="system-in_app"[^>]*disabled', page)


def test_what_is_unticked_is_not_wanted(fang_at_home: Visitor, fang: User):
    wanted = ticked(fang_at_home.look(WISHES)) - {"created-email", "review-push"}

    answer = fang_at_home.client.post(WISHES, dict.fromkeys(wanted, "on"))

    assert answer["Location"] == WISHES
    rows = NotificationPreference.objects.filter(user=fang).values_list("kind", "channel")
    assert set(rows) == {("created", "email"), ("review", "push")}
    page = fang_at_home.look(WISHES)
    assert ticked(page) == wanted
    assert "Your choice is saved." in page


def test_nothing_ticked_leaves_announcements_on_the_site(fang_at_home: Visitor, fang: User):
    fang_at_home.client.post(WISHES, {})

    assert ticked(fang_at_home.look(WISHES)) == {"system-in_app"}


def test_the_account_leads_there(fang_at_home: Visitor):
    assert f'href="{WISHES}"' in fang_at_home.look("/accounts/profile/")
    assert 'aria-current="page"' in fang_at_home.look(WISHES)
