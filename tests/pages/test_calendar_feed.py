"""The calendar that a realtor's own application reads, by a secret in its address."""

import logging
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from accounts.models import User
from appointments import services
from appointments.models import Appointment, CalendarFeed
from appointments.services.feeds import open_feed
from appointments.views import feed as views
from booking_site.common.actors import SYSTEM
from booking_site.common.errors import Forbidden
from realtors.models import Realtor
from stores.models import Store
from tests.appointments import world
from tests.factories import manager_of

from .conftest import ENGLISH
from .visitor import Visitor

TWO = world.clock("14:00")
PAGE = "/console/calendar/feed/"


@pytest.fixture
def at_work(wei: Realtor) -> Visitor:
    visitor = Visitor(Client(headers=ENGLISH))
    visitor.client.force_login(wei.user)
    return visitor


@pytest.fixture
def token(wei: Realtor) -> str:
    return open_feed(wei, locale="en", by=world.acting(wei), at=world.NOW)


def read(token: str, status: int = 200) -> Calendar | None:
    answer = Client().get(f"/calendar/{token}.ics")
    assert answer.status_code == status
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies
    return Calendar.from_ical(answer.content) if status == 200 else None


def events(token: str) -> dict[str, object]:
    found = read(token)
    assert found is not None
    return {str(event["uid"]): event for event in found.walk("VEVENT")}


def test_the_address_is_shown_once_and_only_its_digest_is_kept(at_work: Visitor, wei: Realtor):
    page = at_work.client.post(PAGE).content.decode()

    address = page.split('readonly value="')[1].split('"')[0]
    token = address.rsplit("/", 1)[1].removesuffix(".ics")
    # 32 bytes from the system's source of randomness.
    assert len(token) == 43
    assert 'href="webcal://testserver/calendar/' in page
    assert events(token) == {}
    assert token not in at_work.look(PAGE)
    feed = CalendarFeed.objects.get()
    assert token not in str(list(CalendarFeed.objects.values()))
    assert feed.realtor == wei


def test_a_new_address_ends_the_old_one_and_it_can_be_turned_off(
    at_work: Visitor, wei: Realtor, token: str
):
    page = at_work.client.post(PAGE).content.decode()
    new = page.split('readonly value="')[1].split('"')[0].rsplit("/", 1)[1].removesuffix(".ics")
    read(token, 404)
    read(new)

    page = at_work.client.post(PAGE, {"close": "1"}, follow=True).content.decode()

    assert "The old address opens nothing any more." in page
    read(new, 404)
    assert not CalendarFeed.objects.exists()


def test_it_holds_what_is_booked_and_time_off_and_little_of_the_person(
    store: Store, wei: Realtor, token: str
):
    booked = world.confirmed(store, TWO, requirements="A garden, please", email="lan@example.com")
    whole = world.away(
        wei, world.clock("00:00", date(2026, 3, 4)), world.clock("00:00", date(2026, 3, 6))
    )
    world.away(wei, world.clock("09:00", date(2026, 3, 9)), world.clock("11:00", date(2026, 3, 9)))

    answer = Client().get(f"/calendar/{token}.ics")
    found = events(token)

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    text = answer.content.decode()
    for secret in ("Lan", "0001", "garden", "example.com"):
        assert secret not in text.replace(str(booked.code), "")
    event = found[f"appointment-{booked.pk}@yuejian"]
    assert event["dtstart"].dt == TWO
    assert str(event["summary"]) == f"Appointment: L… {booked.code}"
    assert event["status"] == "CONFIRMED"
    assert str(event["url"]) == f"http://testserver/console/appointments/{booked.pk}/"
    off = found[f"time-off-{whole.pk}@yuejian"]
    assert (off["dtstart"].dt, off["dtend"].dt) == (date(2026, 3, 4), date(2026, 3, 6))
    assert len(found) == 3


def test_a_move_keeps_the_uid_and_raises_the_revision(store: Store, wei: Realtor, token: str):
    booked = world.confirmed(store, TWO, realtor=wei)
    uid = f"appointment-{booked.pk}@yuejian"
    before = int(events(token)[uid]["sequence"])

    services.reschedule(
        booked, starts_at=world.clock("16:00"), by=world.owner(booked), at=world.NOW
    )

    event = events(token)[uid]
    assert int(event["sequence"]) > before
    assert event["dtstart"].dt == world.clock("16:00")
    services.cancel(booked, by=SYSTEM, at=world.NOW)
    assert uid not in events(token)


def test_what_is_not_answered_yet_is_tentative(store: Store, wei: Realtor, token: str):
    booked = world.book(store, TWO, realtor=wei)

    event = events(token)[f"appointment-{booked.pk}@yuejian"]

    assert event["status"] == "TENTATIVE"
    assert "To be answered" in str(event["summary"])


def test_it_reaches_from_30_days_ago_to_180_ahead(store: Store, wei: Realtor, token: str):
    booked = world.confirmed(store, TWO)
    for days, is_in in [(-31, False), (-29, True), (179, True), (181, False)]:
        start = TWO + timedelta(days=days)
        Appointment.objects.filter(pk=booked.pk).update(starts_at=start, ends_at=start + world.HOUR)
        assert bool(events(token)) == is_in, days


def test_another_realtors_and_who_waits_live_are_not_in_it(
    store: Store, wei: Realtor, ming: Realtor, token: str
):
    world.confirmed(store, TWO, realtor=ming)
    world.online(wei, at=world.clock("10:00"))
    world.join(store, phone=world.QIANG, at=world.clock("10:00"))

    assert events(token) == {}


@pytest.mark.parametrize(
    "change",
    [
        lambda wei: Realtor.objects.filter(pk=wei.pk).update(is_active=False),
        lambda wei: Realtor.objects.filter(pk=wei.pk).update(user=None),
        lambda wei: Realtor.objects.filter(pk=wei.pk).update(user=world.register("New")),
        lambda wei: User.objects.filter(pk=wei.user_id).update(is_active=False),
    ],
    ids=["inactive", "without an account", "somebody else's now", "account closed"],
)
def test_who_no_longer_works_there_reads_nothing(wei: Realtor, token: str, change):
    change(wei)

    read(token, 404)


def test_only_the_realtor_themself_makes_one(store: Store, wei: Realtor, ming: Realtor):
    for by in (world.manager(store), world.acting(ming), world.GUEST, SYSTEM):
        with pytest.raises(Forbidden):
            open_feed(wei, locale="en", by=by, at=world.NOW)
    hua = Client(headers=ENGLISH)
    hua.force_login(manager_of(store, display_name="Other"))
    assert hua.post(PAGE).status_code == 403


@pytest.mark.parametrize("guess", ["x" * 20, "x" * 43, "-" * 64])
def test_a_guess_opens_nothing(db: None, guess: str):
    read(guess, 404)


@pytest.mark.parametrize("guess", ["short", "x" * 65, "..%2f..%2fetc", "a b"])
def test_what_is_no_secret_is_no_address(db: None, guess: str):
    assert Client().get(f"/calendar/{guess}.ics").status_code == 404


def test_guessing_comes_to_an_end_and_readers_are_not_shut_out(db: None, token: str):
    answers = [Client().get(f"/calendar/{'x' * 42}{n % 10}.ics") for n in range(22)]

    assert [one.status_code for one in answers[:20]] == [404] * 20
    assert answers[21].status_code == 429
    assert int(answers[21]["Retry-After"]) > 0
    read(token)


def test_it_is_only_read(token: str):
    assert Client().post(f"/calendar/{token}.ics").status_code == 405


def test_the_log_never_holds_the_secret(token: str, monkeypatch, caplog):
    def fail(*_args, **_how):
        raise ValueError(f"/calendar/{token}.ics")

    monkeypatch.setattr(views, "feed_file", fail)
    with caplog.at_level(logging.DEBUG):
        answer = Client().get(f"/calendar/{token}.ics")
        Client().get(f"/calendar/{token[::-1]}.ics")

    assert answer.status_code == 503
    assert "ValueError" in caplog.text
    assert token not in caplog.text
    assert token[::-1] not in caplog.text


def test_it_is_in_the_language_of_who_made_it(store: Store, wei: Realtor):
    token = open_feed(wei, locale="zh-hans", by=world.acting(wei), at=world.NOW)

    calendar = read(token)

    assert calendar is not None
    assert str(calendar["x-wr-timezone"]) == "Asia/Shanghai"


def test_a_full_calendar_needs_few_queries(store: Store, wei: Realtor, token: str):
    for number, phone in enumerate(world.phones(6)):
        world.confirmed(store, world.clock(f"{10 + number}:00", world.TUESDAY), phone=phone)

    with CaptureQueriesContext(connection) as queries:
        found = events(token)

    assert len(found) == 6
    assert len(queries) <= 10
