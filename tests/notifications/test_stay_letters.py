"""What is told of nights in a boarding place: to whom, in which words, and of which money."""

import re
from datetime import timedelta
from functools import partial
from html import unescape

import pytest
import time_machine
from django.core import mail
from icalendar import Calendar

from accounts.services import erase_account
from appointments import services
from appointments.services.paying import end_unpaid
from booking_site.common.actors import Actor
from booking_site.common.transactions import run_in_transaction
from notifications.models import Delivery, Role, UserEvent, WebhookDelivery
from notifications.presenters.pushes import appointment_frame
from notifications.rules import ASKED_AFTER
from notifications.timed import deliver_due, remind_due
from tests.appointments import places, world
from tests.appointments.world import HOUR, MINUTE, NOW, TUESDAY, acting, clock, register
from tests.realtime.protocol import check

from .edge import at_the_edge
from .hooks import bare_hook
from .post import html_of, letters_to, the_letter_to, written
from .seats import last_told, paid, told
from .stays import DAY, FANGS, TAOS, THURSDAY, reads_english, stay_of

pytestmark = pytest.mark.django_db
BROUGHT = clock("14:00", TUESDAY)
NIGHTS = "March 3–March 5, 2 nights"


@pytest.fixture(autouse=True)
def _at_eight():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def fang(db):
    fang = register("Fang", email=FANGS, locale="en")
    places.pet_of(fang)
    return fang


@pytest.fixture
def tao(store):
    return reads_english(world.hire(store, "Tao", email=TAOS))


@pytest.fixture
def home(store, tao):
    """On Wukang Road, 80 yuan a night and pet, nothing in advance, confirmed at once."""
    return places.boarding(store, sitter=tao, address="5 Wukang Road")


def test_a_stay_that_is_confirmed_at_once_is_one_letter_to_each(home, fang, tao):
    booked = stay_of(home, fang, note="He is shy.")

    assert written(channel="email") == ["customer confirmed", "realtor confirmed"]
    assert (told(fang), told(tao.user)) == (["confirmed"], ["created"])
    letter = the_letter_to(FANGS)
    assert letter.subject == f"Confirmed: Home, {NIGHTS}"
    for text in (letter.body, html_of(letter)):
        for said in (NIGHTS, "Doubao (cat)", "Tue, March 3 14:00", "Thu, March 5 12:00", "¥160"):
            assert said in text
        assert "5 Wukang Road" in text
        assert booked.code in text
    ((_name, content, _kind),) = letter.attachments
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert event["DTSTART"].dt == BROUGHT
    assert event["DTEND"].dt == clock("12:00", THURSDAY)


def test_the_sitter_reads_whose_pets_come_when_and_what_was_noted(home, fang):
    stay_of(home, fang, note="He is shy.")

    letter = the_letter_to(TAOS)

    assert letter.subject == f"Yours: Fang, {NIGHTS}"
    assert f"Fang brings Doubao (cat) to you, {NIGHTS}." in letter.body
    assert "Note: He is shy." in letter.body


def test_in_chinese_dates_and_nights_are_said_as_there(home, fang):
    fang.locale = "zh-hans"
    fang.save()

    stay_of(home, fang)

    assert "3月3日–3月5日" in the_letter_to(FANGS).subject


def test_whoever_has_to_pay_reads_how_much_and_until_when_and_the_sitter_nothing(home, fang, tao):
    home.deposit_percent = 50
    home.save()
    booked = stay_of(home, fang)

    letter = the_letter_to(FANGS)

    limit = f"{booked.pay_before.astimezone(home.store.zone):%H:%M}"
    assert letter.subject == f"Please pay by Mon, March 2 {limit}: Home, {NIGHTS}"
    assert "Please pay ¥80 by" in letter.body
    assert "The rest, ¥80, is paid there." in letter.body
    assert letter.attachments == []
    assert (written(role=Role.REALTOR), told(tao.user)) == ([], [])
    assert last_told(fang).link == f"/bookings/{booked.code}/pay/"


def test_what_is_not_paid_is_called_off_kindly(home, fang):
    home.deposit_percent = 50
    home.save()
    booked = stay_of(home, fang)
    letters_to(FANGS)

    late = booked.pay_before
    end_unpaid(at=late)

    letter = the_letter_to(FANGS, at=late)
    assert letter.subject == f"Not kept any longer: Home, {NIGHTS}"
    assert f"/listings/{home.pk}/" in letter.body
    assert letter.attachments == []


def test_once_paid_a_sitter_who_wants_to_is_asked_and_a_no_sends_the_money_back(home, fang, tao):
    home.deposit_percent, home.needs_approval = 100, True
    home.save()
    booked = stay_of(home, fang)
    paid(booked)
    asked = the_letter_to(TAOS)
    assert asked.subject == f"Please answer: Fang, {NIGHTS}"
    assert "It is paid. Please accept or decline by" in asked.body
    assert told(tao.user) == ["created"]

    at_the_edge(services.decline, booked, by=acting(tao), at=NOW, reason="I am ill.")

    letter = the_letter_to(FANGS)
    assert letter.subject == f"Cancelled: Home, {NIGHTS}"
    assert "¥160 go back the way you paid." in letter.body


def test_a_move_names_both_dates(home, fang, tao):
    booked = stay_of(home, fang)
    letters_to(FANGS)

    at_the_edge(services.move_stay, booked, THURSDAY, by=Actor.of(fang), at=NOW)

    mine, theirs = the_letter_to(FANGS), last_told(tao.user)
    assert f"It was {NIGHTS} and is now March 5–March 7, 2 nights." in mine.body
    assert f"Fang had {NIGHTS} and now comes March 5–March 7, 2 nights." in theirs.content
    assert told(tao.user) == ["created", "rescheduled"]


def test_who_cancels_gets_the_entry_and_the_sitter_hears_that_the_nights_are_free(home, fang):
    booked = stay_of(home, fang)
    letters_to(FANGS)

    at_the_edge(services.cancel, booked, by=Actor.of(fang), at=NOW)

    mail.outbox.clear()
    deliver_due(at=NOW)
    mine, theirs = ({one.to[0]: one for one in mail.outbox}[who] for who in (FANGS, TAOS))
    assert b"METHOD:CANCEL" in mine.attachments[0][1].encode()
    assert "The nights are free again." in theirs.body


def test_the_day_before_both_are_reminded_once_and_told_what_to_bring(home, fang, tao):
    home.attributes = {}
    home.save()
    stay_of(home, fang, at=NOW - 2 * DAY)
    letters_to(FANGS)

    for at in (BROUGHT - DAY, BROUGHT - 2 * HOUR):
        remind_due(at=at)

    assert written(letter="reminder", channel="email") == ["customer reminder", "realtor reminder"]
    letter = the_letter_to(FANGS, at=BROUGHT - DAY)
    assert letter.subject == f"Reminder: Home, {NIGHTS}"
    assert "Tao expects Doubao from Tue, March 3 14:00 on." in letter.body
    assert "vaccination book" in letter.body
    assert "Fang brings Doubao (cat) from Tue, March 3 14:00 on." in last_told(tao.user).content


def test_checked_in_and_out_are_told_and_then_how_it_was_is_asked_once(home, fang, tao):
    booked = stay_of(home, fang)
    letters_to(FANGS)

    at_the_edge(services.start, booked, by=acting(tao), at=BROUGHT)
    arrived = the_letter_to(FANGS, at=BROUGHT)
    assert arrived.subject == "Well arrived: Doubao at Home"
    assert "Tao has taken in Doubao" in arrived.body
    assert told(fang)[-1] == "checked_in"
    fetched = clock("11:00", THURSDAY)
    at_the_edge(services.complete, booked, by=acting(tao), at=fetched)

    assert letters_to(FANGS, at=fetched) == []
    letter = the_letter_to(FANGS, at=fetched + ASKED_AFTER)
    assert letter.subject == "How was it at Home?"
    assert f"Doubao stayed with Tao, {NIGHTS}." in letter.body
    assert letters_to(FANGS, at=fetched + ASKED_AFTER + HOUR) == []


@pytest.mark.parametrize("locale", ["en", "zh-hans"])
def test_the_text_and_the_html_say_the_same(home, fang, tao, locale):
    for one in (fang, tao.user):
        one.locale = locale
        one.save()
    booked = stay_of(home, fang, note="<b>He is shy.</b>")
    at_the_edge(services.move_stay, booked, THURSDAY, by=Actor.of(fang), at=NOW)
    at_the_edge(services.cancel, booked, by=Actor.of(fang), at=NOW)
    mail.outbox.clear()

    deliver_due(at=NOW)

    assert {letter.to[0] for letter in mail.outbox} == {FANGS, TAOS}
    for letter in mail.outbox:
        assert "<b>He" not in html_of(letter)
        page = unescape(html_of(letter))
        said, _dashes, _foot = letter.body.partition("\n-- ")
        for line in said.splitlines():
            for part in re.split(r": |：", line, maxsplit=1):
                assert part in page, line


def test_what_was_told_of_pets_is_gone_with_their_owner(home, fang, tao):
    stay_of(home, fang)
    assert "Doubao" in last_told(tao.user).content

    run_in_transaction(partial(erase_account, fang, by=Actor.of(fang), at=NOW + MINUTE))

    rows = "".join(row.title + row.content for row in tao.user.notifications.all())
    assert "Doubao" not in rows
    assert letters_to(FANGS, at=NOW + timedelta(hours=1)) == []
    assert Delivery.objects.filter(role=Role.CUSTOMER, status="sent").count() == 0


# By machine


def test_frames_and_webhooks_name_the_place_and_the_dates_and_nobody(home, fang, tao):
    bare_hook(home.store)
    booked = stay_of(home, fang)

    frame = UserEvent.objects.filter(user=tao.user, event="appointment-updated").latest("u")
    check({"event": frame.event, "u": frame.u, **frame.payload})
    post = WebhookDelivery.objects.latest("pk")
    for data in (frame.payload["data"], post.facts):
        assert data["listing_id"] == str(home.pk)
        assert (data["check_in"], data["check_out"]) == ("2026-03-03", "2026-03-05")
        assert data["appointment_code"] == booked.code
        assert "Doubao" not in str(data)


def test_a_sitter_it_was_taken_from_does_not_hear_the_dates(home, fang):
    booked = stay_of(home, fang)

    data = appointment_frame(booked.news.latest("pk"), is_theirs=False)

    assert (data["check_in"], data["check_out"], data["starts_at"]) == (None, None, None)
