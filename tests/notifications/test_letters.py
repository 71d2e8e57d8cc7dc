"""What people read: in their language, with what matters, and with the calendar entry."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.core import mail

from appointments import services
from appointments.models import Appointment, SystemReason
from appointments.services.queueing import end_unanswered, sweep_lines
from booking_site.common.actors import SYSTEM, Actor
from notifications.models import Delivery, DeliveryStatus, Letter, Role
from notifications.presenters.letters import (
    OF_MONEY,
    OF_ORDERS,
    OF_SEATS,
    OF_STAYS,
    OF_TIMES,
    OF_VIEWINGS,
)
from notifications.timed import remind_due
from realtors.services import set_presence
from tests.appointments.world import (
    HOUR,
    LAN,
    MINUTE,
    NOW,
    QIANG,
    TUESDAY,
    acting,
    clock,
    hire,
    manager,
    open_store,
    owner,
)
from tests.factories import PolicyFactory

from .post import LANS, booked, calendar_of, confirmed, html_of, letters_to, the_letter_to

pytestmark = pytest.mark.django_db
TWO = clock("14:00")
WEIS = "wei@example.com"
MINGS = "ming@example.com"
QIANGS = "qiang@example.com"


def texts_of(letter) -> list[str]:
    return [letter.body, html_of(letter)]


def page_of(appointment: Appointment) -> str:
    return f"http://127.0.0.1:8000/appointments/{appointment.code}/"


# To the customer, in English and in Chinese

IN_BOTH = {
    "en": {
        "booked": (
            "We have your request: Mon, March 2 14:00 at",
            "Wei has been asked and will confirm it",
        ),
        "confirmed": ("Confirmed: Mon, March 2 14:00 at", "Wei expects you Mon, March 2 14:00"),
        "rescheduled": (
            "Moved to Mon, March 2 15:00 at",
            "It was Mon, March 2 14:00 and is now Mon, March 2 15:00.",
        ),
        "cancelled": ("Cancelled: Mon, March 2 14:00 at", "was cancelled."),
        "reminder": ("Reminder: Mon, March 2 14:00 at", "somebody else will be glad"),
    },
    "zh-hans": {
        "booked": ("预约已提交：3月2日 周一 14:00", "我们已请Wei确认"),
        "confirmed": ("已确认：3月2日 周一 14:00", "Wei"),
        "rescheduled": ("已改到 3月2日 周一 15:00", "原来是 3月2日 周一 14:00"),
        "cancelled": ("已取消：3月2日 周一 14:00", "已取消"),
        "reminder": ("提醒：3月2日 周一 14:00", "把时间让给别人"),
    },
}


def happen(what: str, store, locale: str) -> Appointment:
    """The letter of that kind becomes due, and is the only one to Lan that is."""
    appointment = booked(store, TWO, locale=locale)
    if what == "booked":
        return appointment
    if what != "confirmed":
        letters_to(LANS)
    services.accept(appointment, by=SYSTEM, at=NOW)
    if what != "confirmed":
        letters_to(LANS)
    if what == "rescheduled":
        services.reschedule(appointment, starts_at=TWO + HOUR, by=owner(appointment), at=NOW)
    if what == "cancelled":
        services.cancel(appointment, by=manager(store), at=NOW, reason="the roof leaks")
    if what == "reminder":
        remind_due(at=TWO - 2 * HOUR)
    return appointment


@pytest.mark.parametrize("locale", IN_BOTH)
@pytest.mark.parametrize("what", IN_BOTH["en"])
def test_a_customer_reads_it_in_their_language(store, wei, locale, what):
    subject, sentence = IN_BOTH[locale][what]
    appointment = happen(what, store, locale)

    letter = the_letter_to(LANS, at=TWO - 2 * HOUR)

    assert letter.subject.startswith(subject)
    assert letter.extra_headers["Content-Language"] == locale
    for text in texts_of(letter):
        assert sentence in text
        assert store.name in text
        if what == "cancelled":
            assert "the roof leaks" in text
            assert f"http://127.0.0.1:8000/stores/{store.pk}/" in text
        else:
            assert appointment.code in text
            assert page_of(appointment) in text


def test_there_are_words_for_every_letter_that_is_written(store, wei):
    sorts = (OF_TIMES, OF_SEATS, OF_STAYS, OF_VIEWINGS, OF_ORDERS, OF_MONEY)
    tables = [table for of in sorts for table in of.values()]

    assert {letter for table in tables for letter in table} == set(Letter)


def test_the_time_is_the_store_s_own(wei):
    """Ten in New York is eleven at night in Shanghai."""
    store = open_store("manhattan", zone="America/New_York")
    wei.store = store
    wei.save()

    booked(store, clock("10:00", TUESDAY, store.zone))

    letter = the_letter_to(LANS)
    assert letter.subject.startswith("We have your request: Tue, March 3 10:00 at")
    assert "Tue, March 3 10:00–11:00 (New York time)" in letter.body


def test_whoever_waits_reads_their_place_in_line(store, wei):
    booked(store, TWO)
    booked(store, TWO, phone=QIANG, email=QIANGS)

    letter = the_letter_to(QIANGS)

    assert letter.subject.startswith("In line for Mon, March 2 14:00 at")
    assert "You are number 1 in line for Mon, March 2 14:00." in letter.body
    assert "by Mon, March 2 13:30" in letter.body


def test_whoever_waited_in_vain_gets_an_apology_and_a_way_to_book_again(store, wei):
    booked(store, TWO)
    booked(store, TWO, phone=QIANG, email=QIANGS)
    letters_to(QIANGS)

    sweep_lines(at=TWO - 29 * MINUTE)

    letter = the_letter_to(QIANGS, at=TWO - 29 * MINUTE)
    assert "We are sorry: nobody became free in time for Mon, March 2 14:00" in letter.body
    assert "Nobody became free in time." in letter.body
    assert f"http://127.0.0.1:8000/stores/{store.pk}/" in letter.body


def test_whoever_got_no_answer_reads_our_reason_in_words(store, wei):
    appointment = booked(store, TWO, realtor=wei)
    letters_to(LANS)

    sweep_lines(at=TWO)
    end_unanswered(at=TWO)

    appointment.refresh_from_db()
    assert appointment.cancel_reason == SystemReason.NOT_ANSWERED
    assert "Nobody confirmed it in time." in the_letter_to(LANS, at=TWO).body


def test_a_replaced_realtor_is_told_of_with_the_reason(store, wei, ming):
    appointment = confirmed(store, TWO)
    letters_to(LANS)
    before, after = (wei, ming) if appointment.realtor == wei else (ming, wei)

    services.reassign(appointment, after, by=manager(store), at=NOW, reason="has a fever")

    letter = the_letter_to(LANS)
    assert letter.subject == f"{after} takes care of you instead"
    assert f"{after} takes care of you instead of {before}." in letter.body
    assert "Reason: has a fever" in letter.body


def live_booking(store, *, at) -> Appointment:
    wish = services.LiveRequest(
        store=store, customer_name="Lan", customer_phone=LAN, email=LANS, locale="en"
    )
    return services.join(wish, by=Actor.guest(), at=at)


def test_the_live_line_is_told_of_without_a_time(store, wei):
    at = clock("10:00")
    set_presence(wei, "online", by=acting(wei), at=at)
    appointment = live_booking(store, at=at)

    first = the_letter_to(LANS, at=at)
    services.accept(appointment, by=acting(wei), at=at)
    second = the_letter_to(LANS, at=at)

    assert first.subject.startswith("Your place in line at")
    assert "Wei has been asked to see you now." in first.body
    assert second.subject.startswith("It is your turn at")
    for letter in (first, second):
        assert "March" not in letter.body
        assert "10:00" not in letter.body
        assert letter.attachments == []


def test_it_is_your_turn_at_once_where_the_policy_confirms_by_itself(store, wei):
    PolicyFactory(store=store, auto_confirm=True)
    at = clock("10:00")
    set_presence(wei, "online", by=acting(wei), at=at)

    live_booking(store, at=at)

    assert the_letter_to(LANS, at=at).subject.startswith("It is your turn at")


def test_who_takes_over_from_one_who_had_to_go_is_told_of_once(store, wei, ming):
    """Though the mail server was down while the first of them had said yes."""
    at = clock("10:00")
    set_presence(wei, "online", by=acting(wei), at=at)
    appointment = live_booking(store, at=at)
    services.accept(appointment, by=acting(wei), at=at)
    set_presence(wei, "offline", by=acting(wei), at=at)
    set_presence(ming, "online", by=acting(ming), at=at)
    appointment.refresh_from_db()
    services.accept(appointment, by=acting(ming), at=at)

    subjects = [letter.subject for letter in letters_to(LANS, at=at)]

    assert len([one for one in subjects if one.startswith("It is your turn")]) == 1


# To the realtor


def test_a_realtor_is_asked_with_the_time_to_answer(store, wei):
    appointment = booked(store, TWO, requirements="a quiet room")

    letter = the_letter_to(WEIS)

    deadline = appointment.offers.get().deadline_at.astimezone(store.zone)
    assert letter.subject == "Please answer: Lan, Mon, March 2 14:00"
    assert "Lan would like to come Mon, March 2 14:00 (1 hour)." in letter.body
    assert f"Please accept or decline by Mon, March 2 {deadline:%H:%M};" in letter.body
    assert "Wishes: a quiet room" in letter.body
    assert "http://127.0.0.1:8000/console/" in letter.body


def test_realtors_read_the_language_of_their_account(store, ming):
    booked(store, TWO)

    assert the_letter_to(MINGS).subject == "请答复：Lan，3月2日 周一 14:00"


def test_a_realtor_without_an_account_reads_chinese(store, wei):
    wei.user = None
    wei.save()

    booked(store, TWO)

    assert the_letter_to(WEIS).subject.startswith("请答复")


def test_who_has_an_account_reads_where_to_choose_what_is_sent(store, wei):
    booked(store, TWO)
    letters_to(WEIS)

    for letter in mail.outbox:
        for text in texts_of(letter):
            assert ("/notifications/preferences/" in text) is (letter.to == [WEIS])
    assert {letter.to[0] for letter in mail.outbox} == {LANS, WEIS}


def test_a_realtor_hears_what_became_of_it(store, wei, ming):
    appointment = confirmed(store, TWO, realtor=wei)
    given = the_letter_to(WEIS)
    services.reschedule(appointment, starts_at=TWO + HOUR, by=owner(appointment), at=NOW)
    moved = the_letter_to(WEIS)
    services.reassign(appointment, ming, by=manager(store), at=NOW, reason="ill")
    gone = the_letter_to(WEIS)
    services.reassign(appointment, wei, by=manager(store, "Hong"), at=NOW, reason="well again")
    letters_to(WEIS)
    services.cancel(appointment, by=owner(appointment), at=NOW, reason="rain")
    cancelled = the_letter_to(WEIS)

    assert given.subject == "Yours: Lan, Mon, March 2 14:00"
    assert moved.subject == "Moved: Lan, now Mon, March 2 15:00"
    assert gone.subject == "No longer yours: Mon, March 2 15:00"
    assert "Lan" not in gone.body
    assert cancelled.subject == "Cancelled: Lan, Mon, March 2 15:00"
    assert "Reason: rain" in cancelled.body


# The calendar entry


def test_the_calendar_entry_keeps_its_uid_and_rises(store, wei):
    appointment = booked(store, TWO)
    first = calendar_of(the_letter_to(LANS))
    services.reschedule(appointment, starts_at=TWO + HOUR, by=owner(appointment), at=NOW)
    second = calendar_of(the_letter_to(LANS))
    services.cancel(appointment, by=manager(store), at=NOW)
    third = calendar_of(the_letter_to(LANS))

    events = [calendar.walk("VEVENT")[0] for calendar in (first, second, third)]
    assert len({str(event["UID"]) for event in events}) == 1
    assert [event["SEQUENCE"] for event in events] == [0, 1, 2]
    assert [event.decoded("DTSTART") for event in events] == [TWO, TWO + HOUR, TWO + HOUR]
    methods = [str(calendar["METHOD"]) for calendar in (first, second, third)]
    assert methods == ["PUBLISH", "PUBLISH", "CANCEL"]


def test_mail_programs_find_the_entry_by_its_type(store, wei):
    appointment = booked(store, TWO)

    raw = message_from_bytes(the_letter_to(LANS).message().as_bytes(), policy=policy.default)

    part = next(part for part in raw.walk() if part.get_content_type() == "text/calendar")
    assert part["Content-Type"].params["method"] == "PUBLISH"
    assert part.get_filename() == f"appointment-{appointment.pk}.ics"
    assert {"text/plain", "text/html"} <= {part.get_content_type() for part in raw.walk()}


def test_only_the_realtor_s_entry_names_the_customer(store, wei):
    appointment = booked(store, TWO)
    to_lan = the_letter_to(LANS)
    services.accept(appointment, by=manager(store), at=NOW)
    to_wei = the_letter_to(WEIS)

    assert "Lan" not in str(to_lan.attachments)
    assert "Lan" in str(to_wei.attachments)


# Nothing that people type gets further than the text


HOSTILE = "Lan\r\nBcc: everybody@example.com"


def test_a_name_cannot_become_a_header(store, wei):
    appointment = booked(store, TWO)
    Appointment.objects.filter(pk=appointment.pk).update(customer_name=HOSTILE)

    letter = the_letter_to(WEIS)

    assert letter.message()["Bcc"] is None
    assert "\n" not in letter.subject
    assert letter.recipients() == [WEIS]


def test_an_address_cannot_become_a_header(store, wei):
    booked(store, TWO)
    to_lan = Delivery.objects.get(role=Role.CUSTOMER)
    Delivery.objects.filter(pk=to_lan.pk).update(address="lan@example.com\nBcc: a@example.com")

    assert [letter.to for letter in letters_to(WEIS)] == [[WEIS]]

    to_lan.refresh_from_db()
    assert to_lan.status == DeliveryStatus.PENDING
    assert "BadHeaderError" in to_lan.last_error


def test_html_that_people_type_is_shown_and_not_obeyed(store, wei):
    appointment = booked(store, TWO, requirements="<img src=x onerror=alert(1)>")
    Appointment.objects.filter(pk=appointment.pk).update(customer_name="<b>Lan</b>")

    letter = the_letter_to(WEIS)

    assert "<img" not in html_of(letter)
    assert "&lt;b&gt;Lan&lt;/b&gt;" in html_of(letter)
    assert "<b>Lan</b>" in letter.body
    assert "Please answer: <b>Lan</b>" in letter.subject


def test_links_lead_where_the_settings_say(store, wei, settings):
    settings.SITE_URL = "https://yuejian.example"
    appointment = booked(store, TWO)

    letter = the_letter_to(LANS)

    assert f"https://yuejian.example/appointments/{appointment.code}/" in letter.body
    assert letter.extra_headers["Message-ID"].endswith("@yuejian.example>")


# What has become false is not sent


def test_nobody_is_asked_what_somebody_else_has_answered(store, wei):
    appointment = booked(store, TWO)
    services.accept(appointment, by=acting(wei), at=NOW)

    assert letters_to(WEIS) == []
    assert Delivery.objects.get(role=Role.REALTOR).status == DeliveryStatus.DROPPED


def test_an_offer_past_its_deadline_is_no_longer_made(store, wei):
    appointment = booked(store, TWO)

    assert letters_to(WEIS, at=appointment.offers.get().deadline_at) == []


def test_the_newer_letter_stands_for_the_older(store, wei):
    appointment = confirmed(store, TWO)
    services.reschedule(appointment, starts_at=TWO + HOUR, by=owner(appointment), at=NOW)

    letter = the_letter_to(LANS)

    assert letter.subject.startswith("Moved to Mon, March 2 15:00")
    dropped = Delivery.objects.filter(role=Role.CUSTOMER, status=DeliveryStatus.DROPPED)
    assert {one.last_error for one in dropped} == {"superseded"}


def test_a_cancelled_booking_is_not_confirmed_afterwards(store, wei):
    appointment = confirmed(store, TWO)
    services.cancel(appointment, by=owner(appointment), at=NOW)

    assert the_letter_to(LANS).subject.startswith("Cancelled")


def test_a_letter_that_comes_after_the_start_is_not_sent(store, wei):
    confirmed(store, TWO)

    assert letters_to(LANS, at=TWO + timedelta(seconds=1)) == []


def test_the_city_is_said_once(store, wei):
    booked(store, TWO)
    store.address, store.city = "上海市南京东路 100 号", "上海"
    store.save()

    assert the_letter_to(LANS).body.count("上海") == 1


def test_who_loses_an_appointment_by_a_move_reads_the_time_they_knew(store, wei):
    appointment = confirmed(store, TWO)
    ming = hire(store, "Ming")
    booked(store, TWO + HOUR, phone=QIANG, realtor=wei, email="")
    letters_to(LANS)

    services.reschedule(appointment, starts_at=TWO + HOUR, by=owner(appointment), at=NOW)

    appointment.refresh_from_db()
    assert appointment.realtor == ming
    letter = next(one for one in letters_to(WEIS) if one.subject.startswith("No longer yours"))
    for text in (letter.subject, *texts_of(letter)):
        assert "14:00" in text
        assert "15:00" not in text
