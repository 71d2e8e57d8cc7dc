"""What a code opens, what the last four digits open, and how often one may guess."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from appointments import services
from appointments.models import Appointment, SystemReason
from appointments.presenters.times import stamp
from booking_site.common.actors import SYSTEM
from realtors.models import Realtor
from stores.models import BookingPolicy, Store
from tests.appointments import world

from .visitor import Visitor

TWO = world.clock("14:00")
WHOLE = ("Lan", "138 0000 0001", "lan@example.com", "A garden")
SECRETS = (*WHOLE, world.LAN, "13800000001")


@pytest.fixture
def booked(store: Store, wei: Realtor) -> Appointment:
    """Lan's, made with another browser."""
    return world.book(store, TWO, email="lan@example.com", requirements="A garden")


def page_of(appointment: Appointment) -> str:
    return f"/appointments/{appointment.code}/"


def prove(visitor: Visitor, appointment: Appointment, digits: str, **more: str):
    return visitor.client.post(f"{page_of(appointment)}proof/", {"digits": digits, **more})


def test_the_code_alone_shows_where_it_stands_and_nothing_of_the_customer(
    lan: Visitor, booked: Appointment
):
    page = lan.look(page_of(booked))

    assert booked.store.name in page
    assert "14:00–15:00" in page
    assert "Wei" in page
    assert "to be confirmed" in page
    assert not [secret for secret in SECRETS if secret in page]


def test_the_last_four_digits_open_everything(lan: Visitor, booked: Appointment):
    answer = prove(lan, booked, "0001")

    assert answer["Location"] == page_of(booked)
    page = lan.look(page_of(booked))
    assert all(fact in page for fact in WHOLE)


def test_a_proof_opens_that_booking_only(lan: Visitor, booked: Appointment, store: Store):
    other = world.book(store, world.clock("16:00"), phone=world.QIANG)
    prove(lan, booked, "0001")

    assert "138 0000 0002" not in lan.look(page_of(other))


def test_a_proof_lasts_a_day(
    lan: Visitor, booked: Appointment, monday_morning: time_machine.Traveller
):
    prove(lan, booked, "0001")
    monday_morning.shift(timedelta(hours=24))

    assert WHOLE[1] not in lan.look(page_of(booked))


def test_a_proof_gives_the_browser_a_new_session(lan: Visitor, booked: Appointment):
    prove(lan, booked, "9999")
    session = lan.client.session
    session["something"] = "kept"
    session.save()
    lan.client.cookies["sessionid"] = session.session_key
    prove(lan, booked, "0001")

    assert lan.client.cookies["sessionid"].value != session.session_key


def test_wrong_digits_open_nothing(lan: Visitor, booked: Appointment):
    answer = prove(lan, booked, "0002")

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "These are not the digits this booking was made with." in page
    assert not [secret for secret in SECRETS if secret in page]


@pytest.mark.parametrize("typed", ["0001", " 00 01 ", "０００１"])
def test_digits_are_read_as_people_type_them(lan: Visitor, booked: Appointment, typed: str):
    assert prove(lan, booked, typed).status_code == 302


@pytest.mark.parametrize("typed", ["", "1", "00011", "abcd", "٠٠٠١x", "\x00\x00\x00\x00"])
def test_what_is_no_four_digits_is_not_tried(lan: Visitor, booked: Appointment, typed: str):
    for _again in range(7):
        assert prove(lan, booked, typed).status_code == 200


def test_after_five_wrong_guesses_in_a_minute_the_door_is_shut(lan: Visitor, booked: Appointment):
    for guess in range(5):
        assert prove(lan, booked, f"100{guess}").status_code == 200

    answer = prove(lan, booked, "0001")

    assert answer.status_code == 429
    assert int(answer["Retry-After"]) <= 86_400
    assert "That was a little too often" in answer.content.decode()


def test_a_code_that_was_guessed_at_stays_shut_for_other_addresses_too(
    lan: Visitor, booked: Appointment
):
    for guess in range(5):
        prove(lan, booked, f"100{guess}")

    elsewhere = Client(REMOTE_ADDR="127.9.9.9")
    assert elsewhere.post(f"{page_of(booked)}proof/", {"digits": "0001"}).status_code == 429


def test_the_booking_itself_is_still_open_to_its_own_browser(
    lan: Visitor, qiang: Visitor, store: Store, wei: Realtor
):
    mine = lan.book(store, TWO)
    for guess in range(6):
        prove(qiang, mine, f"100{guess}")

    assert WHOLE[1] in lan.look(page_of(mine))


def test_an_unknown_code_is_told_kindly(lan: Visitor, db: None):
    answer = lan.client.get("/appointments/123456/")

    assert answer.status_code == 404
    assert "There is no booking with this code." in answer.content.decode()


def test_codes_cannot_be_tried_in_rows(lan: Visitor, db: None):
    answers = [lan.client.get(f"/appointments/{number:06d}/").status_code for number in range(21)]

    assert answers == [404] * 20 + [429]


def test_codes_tried_in_rows_lock_nobody_else_out(lan: Visitor, booked: Appointment):
    for number in range(21):
        lan.client.get(f"/appointments/{number:06d}/")

    assert prove(lan, booked, "0001").status_code == 302
    assert WHOLE[1] in lan.look(page_of(booked))


@pytest.mark.parametrize("page", ["/track/", "/appointments/{code}/proof/"])
def test_digits_with_an_unknown_code_are_guesses_like_any_other(
    lan: Visitor, booked: Appointment, page: str
):
    for number in range(5):
        code = f"{number:06d}"
        lan.client.post(page.format(code=code), {"code": code, "digits": "0001"})

    assert prove(lan, booked, "0002").status_code == 429


def test_tracking_with_code_and_digits_opens_the_booking(lan: Visitor, booked: Appointment):
    answer = lan.client.post("/track/", {"code": booked.code, "digits": "0001"})

    assert answer["Location"] == page_of(booked)
    assert WHOLE[1] in lan.look(page_of(booked))


def test_tracking_with_the_code_alone_shows_the_minimum(lan: Visitor, booked: Appointment):
    answer = lan.client.post("/track/", {"code": f"{booked.code[:3]} {booked.code[3:]}"})

    assert answer["Location"] == page_of(booked)
    assert WHOLE[1] not in lan.look(page_of(booked))


def test_the_first_pages_box_leads_straight_to_the_booking(lan: Visitor, booked: Appointment):
    assert lan.client.get("/track/", {"code": booked.code})["Location"] == page_of(booked)


def test_a_wrong_code_and_wrong_digits_are_answered_alike(lan: Visitor, booked: Appointment):
    unknown = "000000" if booked.code != "000000" else "000001"

    wrong_code = lan.client.post("/track/", {"code": unknown, "digits": "0001"})
    wrong_digits = lan.client.post("/track/", {"code": booked.code, "digits": "0002"})

    sentence = "We found no booking with this code and these digits."
    assert sentence in wrong_code.content.decode()
    assert sentence in wrong_digits.content.decode()
    assert wrong_code.status_code == wrong_digits.status_code == 200


@pytest.mark.parametrize("page", ["", "cancel/", "reschedule/"])
def test_pages_with_a_code_are_kept_nowhere(lan: Visitor, booked: Appointment, page: str):
    prove(lan, booked, "0001")

    answer = lan.client.get(page_of(booked) + page)

    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="referrer" content="same-origin">' in answer.content.decode()


def test_the_qr_code_leads_to_the_public_page(booked: Appointment, lan: Visitor, monkeypatch):
    addresses = []
    monkeypatch.setattr(
        "appointments.presenters.pages.qr", lambda address: addresses.append(address) or ""
    )
    prove(lan, booked, "0001")
    lan.look(page_of(booked))

    assert addresses == [f"http://testserver/appointments/{booked.code}/"]


def test_its_owner_needs_no_proof(fang_at_home: Visitor, fang: User, store: Store, wei: Realtor):
    mine = world.book(store, TWO, customer=fang)

    assert "Booked by" in fang_at_home.look(page_of(mine))


def test_another_customers_booking_shows_the_minimum(fang_at_home: Visitor, booked: Appointment):
    page = fang_at_home.look(page_of(booked))

    assert not [secret for secret in SECRETS if secret in page]


def test_its_realtor_and_its_manager_see_everything_where_they_work(
    booked: Appointment, store: Store, wei: Realtor
):
    services.accept(booked, by=SYSTEM, at=world.NOW)
    for user in (wei.user, world.manager(store).user):
        client = Client()
        client.force_login(user)
        assert WHOLE[1] in client.get(page_of(booked), follow=True).content.decode()


def test_another_stores_manager_and_another_realtor_see_the_minimum(
    booked: Appointment, ming: Realtor
):
    elsewhere = world.open_store("elsewhere")
    for user in (ming.user, world.manager(elsewhere).user):
        client = Client()
        client.force_login(user)
        assert WHOLE[1] not in client.get(page_of(booked)).content.decode()


def test_a_waiter_sees_the_place_in_line(lan: Visitor, store: Store, wei: Realtor, qiang: Visitor):
    world.book(store, TWO)
    first = world.book(store, TWO, phone="+8613900000001")
    second = world.book(store, TWO, phone="+8613900000002")

    assert "Number 2 in line" in lan.look(page_of(second))
    services.cancel(first, by=SYSTEM, at=world.NOW)
    assert "Number 1 in line" in lan.look(page_of(second))
    prove(lan, second, "0002")
    page = lan.look(page_of(second))
    assert "You are number 1 in line for today 14:00." in page
    assert "If nobody is free by today 13:30" in page
    assert "whoever becomes free" in page


def test_the_timeline_tells_what_happened_but_not_who_declined(
    lan: Visitor, booked: Appointment, ming: Realtor
):
    services.decline(booked, by=SYSTEM, at=world.NOW, reason="Private matter")
    services.accept(booked, by=SYSTEM, at=world.NOW)
    prove(lan, booked, "0001")

    page = lan.look(page_of(booked))

    assert "Confirmed" in page
    assert "Private matter" not in page


def test_a_later_lead_time_does_not_shorten_a_wait(lan: Visitor, store: Store, wei: Realtor):
    world.book(store, TWO, phone="+8613900000009")
    waiting = world.book(store, TWO, phone="+8613900000001")
    BookingPolicy.objects.update_or_create(store=store, defaults={"min_advance_minutes": 120})
    prove(lan, waiting, "0001")

    assert "If nobody is free by today 13:30" in lan.look(page_of(waiting))


@pytest.mark.parametrize("reason", SystemReason)
def test_a_cancelled_booking_says_why(lan: Visitor, booked: Appointment, reason: SystemReason):
    services.cancel(booked, by=SYSTEM, at=world.NOW, reason=reason)
    prove(lan, booked, "0001")

    page = lan.look(page_of(booked))

    assert str(reason.label) in page
    assert reason.value not in page
    assert "Add to calendar" not in page
    assert "Book again" in page


def test_who_was_declined_by_the_realtor_they_named_is_offered_the_next_times(
    lan: Visitor, store: Store, wei: Realtor, ming: Realtor
):
    named = world.book(store, TWO, realtor=wei)
    services.decline(named, by=world.acting(wei), at=world.NOW, reason="I am ill")
    prove(lan, named, "0001")

    with CaptureQueriesContext(connection) as queries:
        page = lan.look(page_of(named))

    assert "The next free times" in page
    assert f'value="{stamp(TWO)}"' in page
    assert len(queries) <= 15
    assert lan.choose(store, TWO)["Location"].startswith("/book/")


def test_who_cancelled_by_themselves_is_offered_nothing(lan: Visitor, booked: Appointment):
    services.cancel(booked, by=world.owner(booked), at=world.NOW)
    prove(lan, booked, "0001")

    assert "The next free times" not in lan.look(page_of(booked))
