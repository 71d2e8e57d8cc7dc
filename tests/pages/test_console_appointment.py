"""One appointment as its realtor sees it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from appointments import services
from appointments.models import Appointment, Offer, Status
from booking_site.common.actors import SYSTEM
from realtors.models import Realtor
from stores.models import Store
from tests.appointments import world
from tests.factories import manager_of

from .conftest import ENGLISH
from .visitor import Visitor

TWO = world.clock("14:00")


@pytest.fixture
def at_work(wei: Realtor) -> Visitor:
    visitor = Visitor(Client(headers=ENGLISH))
    visitor.client.force_login(wei.user)
    return visitor


def page_of(appointment: Appointment, part: str = "") -> str:
    return f"/console/appointments/{appointment.pk}/{part}"


def press(visitor: Visitor, appointment: Appointment, part: str, **facts: str) -> str:
    answer = visitor.client.post(page_of(appointment, part), facts, follow=True)
    assert answer.status_code == 200, answer.content
    appointment.refresh_from_db()
    return answer.content.decode()


def test_it_says_who_what_when_and_where(at_work: Visitor, store: Store, wei: Realtor):
    booked = world.confirmed(store, TWO, requirements="A garden, please")

    page = at_work.look(page_of(booked))

    assert "Today (Mon, March 2) 14:00–15:00" in page
    assert 'href="tel:+8613800000001"' in page
    assert "A garden, please" in page
    assert booked.code in page
    assert "Put before you" in page
    assert "By the customer" in page


def test_before_they_have_said_yes_and_once_it_is_over_there_is_no_number(
    at_work: Visitor, store: Store, wei: Realtor
):
    booked = world.book(store, TWO, realtor=wei)
    page = at_work.look(page_of(booked))
    assert "tel:" not in page
    assert "0001" not in page.replace(str(booked.code), "")

    services.cancel(booked, by=world.owner(booked), at=world.NOW)

    page = at_work.look(page_of(booked))
    assert "tel:" not in page
    assert "0001" not in page.replace(str(booked.code), "")


def test_who_is_asked_accepts_there_and_stays_there(at_work: Visitor, store: Store, wei: Realtor):
    booked = world.book(store, TWO, realtor=wei)
    page = at_work.look(page_of(booked))
    assert "Will you take it?" in page
    assert "The customer chose you." in page
    # What they have not promised they need not call off.
    assert page_of(booked, "cancel/") not in page

    answer = at_work.client.post(page_of(booked, "accept/"), {"back": "appointment"})

    assert answer["Location"] == page_of(booked)


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "x"])
def test_no_button_leads_elsewhere(at_work: Visitor, store: Store, wei: Realtor, back: str):
    booked = world.book(store, TWO, realtor=wei)

    answer = at_work.client.post(page_of(booked, "accept/"), {"back": back})

    assert answer["Location"] == "/console/"


def test_a_reason_of_one_press_is_read_by_everybody_in_their_language(
    at_work: Visitor, store: Store, wei: Realtor
):
    booked = world.book(store, TWO, realtor=wei)

    press(at_work, booked, "decline/", why="realtor_ill", reason="Until Friday.")

    assert Offer.objects.get(realtor=wei).reason == "realtor_ill: Until Friday."
    assert booked.status == Status.CANCELLED
    page = at_work.look(page_of(booked))
    assert "Reason: I am ill. Until Friday." in page


def test_an_unknown_reason_is_refused(at_work: Visitor, store: Store, wei: Realtor):
    booked = world.book(store, TWO, realtor=wei)

    answer = at_work.client.post(page_of(booked, "decline/"), {"why": "queue_timeout"})

    assert answer.status_code == 200
    booked.refresh_from_db()
    assert booked.status == Status.PENDING


def test_what_was_promised_is_called_off_with_a_reason(
    at_work: Visitor, store: Store, wei: Realtor
):
    booked = world.confirmed(store, TWO, realtor=wei)
    page = press(at_work, booked, "cancel/")
    assert booked.status == Status.CONFIRMED
    assert "Please say why; the customer is told." in page
    assert 'id="cancel" open' in page

    page = press(at_work, booked, "cancel/", **{"cancel-why": "realtor_busy"})

    assert (booked.status, booked.cancel_reason) == (Status.CANCELLED, "realtor_busy")
    assert "Cancelled. Lan is told." in page
    assert booked.log.last().actor_user == wei.user
    assert Offer.objects.filter(appointment=booked, status="open").count() == 0


def test_what_they_are_only_asked_for_is_not_called_off(
    at_work: Visitor, store: Store, wei: Realtor
):
    booked = world.book(store, TWO, realtor=wei)

    page = press(at_work, booked, "cancel/", **{"cancel-why": "realtor_busy"})

    assert booked.status == Status.PENDING
    assert "It has not been accepted yet." in page


def test_what_has_begun_cannot_be_called_off(at_work: Visitor, store: Store, wei: Realtor):
    booked = world.running(store, TWO, realtor=wei)

    page = press(at_work, booked, "cancel/", **{"cancel-why": "realtor_ill"})

    assert booked.status == Status.IN_PROGRESS
    assert "It has begun already." in page


def test_their_note_is_kept_and_the_customer_never_reads_it(
    at_work: Visitor, lan: Visitor, store: Store, wei: Realtor
):
    booked = lan.book(store, TWO)
    services.accept(booked, by=SYSTEM, at=world.NOW)

    page = press(at_work, booked, "note/", note="Bring the key.\r\nSecond door")

    assert booked.provider_note == "Bring the key.\r\nSecond door"
    assert "Your note is kept." in page
    assert "Bring the key" not in lan.look(f"/appointments/{booked.code}/")
    assert "Bring the key" not in lan.look(f"/api/v1/appointment/appointments/{booked.code}.ics")


def test_a_note_that_is_too_long_comes_back_as_typed(at_work: Visitor, store: Store, wei: Realtor):
    booked = world.confirmed(store, TWO, realtor=wei)

    page = press(at_work, booked, "note/", note="so " * 400)

    assert booked.provider_note == ""
    assert "so so so" in page
    assert "at most 1000 characters" in page


def test_a_note_that_one_has_not_read_is_not_overwritten(
    at_work: Visitor, store: Store, wei: Realtor
):
    booked = world.confirmed(store, TWO, realtor=wei)
    services.write_note(booked, text="Third floor.", by=world.manager(store), at=world.NOW)

    page = press(at_work, booked, "note/", note="Bring the key.", seen="")

    assert booked.provider_note == "Third floor."
    assert "Meanwhile this was written here: “Third floor.”" in page
    assert "Bring the key." in page
    assert 'name="seen" value="Third floor."' in page

    press(at_work, booked, "note/", note="Bring the key.", seen="Third floor.")
    assert booked.provider_note == "Bring the key."


def test_that_somebody_is_here_is_noted_once(
    at_work: Visitor, store: Store, wei: Realtor, monday_morning
):
    booked = world.confirmed(store, TWO, realtor=wei)
    monday_morning.move_to(TWO - timedelta(minutes=20))

    page = press(at_work, booked, "arrived/", back="appointment")
    press(at_work, booked, "arrived/")

    assert booked.arrived_at == TWO - timedelta(minutes=20)
    assert booked.status == Status.CONFIRMED
    assert "here since 13:40" in page
    assert [one.action for one in booked.log.all()].count("arrived") == 1
    desk = Client(headers=ENGLISH)
    desk.force_login(manager_of(store))
    assert (
        "here since 13:40" in desk.get(f"/stores/{store.pk}/desk/{booked.code}/").content.decode()
    )


def test_nobody_arrives_on_another_day(at_work: Visitor, store: Store, wei: Realtor):
    booked = world.confirmed(store, world.clock("14:00", world.TUESDAY), realtor=wei)
    assert page_of(booked, "arrived/") not in at_work.look(page_of(booked))

    page = press(at_work, booked, "arrived/")

    assert booked.arrived_at is None
    assert "This appointment is for another day." in page


def test_who_comes_for_another_time_has_to_arrive_again(store: Store, wei: Realtor):
    booked = world.confirmed(store, TWO, realtor=wei)
    services.check_in(booked, by=world.acting(wei), at=world.NOW)

    services.reschedule(
        booked, starts_at=world.clock("16:00"), by=world.owner(booked), at=world.NOW
    )

    booked.refresh_from_db()
    assert booked.arrived_at is None


def test_colleagues_answers_are_not_told(
    at_work: Visitor, store: Store, wei: Realtor, ming: Realtor
):
    world.away(wei, TWO, world.clock("15:00"))
    booked = world.book(store, TWO)
    assert booked.realtor == ming
    wei.time_off.all().delete()
    services.decline(booked, by=world.acting(ming), at=world.NOW, reason="I do not like them")
    assert booked.realtor == wei

    page = at_work.look(page_of(booked))

    assert "I do not like them" not in page
    assert "Ming" not in page
    assert page.count("Put before you") == 1


def test_what_people_wrote_runs_nowhere_and_few_queries_are_needed(
    at_work: Visitor, store: Store, wei: Realtor
):
    evil = "<img src=x onerror=alert(1)>"
    booked = world.book(store, TWO, realtor=wei, requirements=evil)
    Appointment.objects.filter(pk=booked.pk).update(
        customer_name=evil, customer_note=evil, provider_note=evil
    )

    with CaptureQueriesContext(connection) as queries:
        page = at_work.look(page_of(booked))

    assert "<img src=x" not in page
    assert page.count("&lt;img src=x") >= 4
    assert len(queries) <= 10


def test_the_first_page_says_why_they_are_asked(at_work: Visitor, store: Store, wei: Realtor):
    world.book(store, world.clock("14:00", world.TUESDAY))

    assert "You are the one who is free then." in at_work.look("/console/")
