"""Stays and viewings in the back office: what is told, and which steps are offered."""

from datetime import timedelta

import pytest
from django.utils import timezone

from appointments.models import Appointment, Status, StayPet, ViewingFeedback
from tests.appointments.places import boarding, book_stay, house, pet_of
from tests.factories import UserFactory

from .places import list_of, page_of, start_at
from .pressing import press, said

DAY = timedelta(days=1)


@pytest.fixture
def fang(db):
    owner = UserFactory(display_name="Fang")
    pet_of(owner, "Doubao")
    return owner


@pytest.fixture
def place(ours):
    return boarding(ours.store, sitter=ours.realtor)


@pytest.fixture
def stay(place, fang):
    first = start_at(place.store, days=9, hour=10).date()
    return book_stay(place, fang, first, first + 2 * DAY, at=timezone.now())


def test_a_stay_says_place_pets_nights_and_price(ann, stay):
    html = ann.get(page_of(stay)).content.decode()

    for told in ("Home", "Doubao (cat)", "2 × 80.00 CNY a pet", "160.00", "2 nights"):
        assert told in html, told


def test_the_list_tells_stays_and_viewings_apart(ann, ours, stay):
    for kind, is_there in (("stay", True), ("viewing", False), ("time", False), ("seat", False)):
        html = ann.get(f"{list_of(Appointment)}?kind={kind}").content.decode()
        assert (stay.code in html) is is_there, kind


def test_it_is_moved_to_other_dates_and_given_to_nobody_else(ann, stay):
    page = ann.get(page_of(stay)).content.decode()
    assert "move-stay/" in page
    assert "reassign/" not in page
    assert "/reschedule/" not in page

    press(ann, stay, "move-stay", check_in=f"{stay.check_in + 3 * DAY}", reason="Late flight")

    before = stay.check_in
    stay.refresh_from_db()
    assert (stay.check_in, stay.nights) == (before + 3 * DAY, 2)
    assert stay.log.get(action="rescheduled").reason == "Late flight"


def test_dates_without_room_are_refused_in_words(ann, place, stay):
    other = UserFactory()
    pets = [pet_of(other, name) for name in ("One", "Two")]
    later = stay.check_in + 3 * DAY
    book_stay(place, other, later, later + DAY, pets=pets, at=timezone.now())

    answer = press(ann, stay, "move-stay", check_in=f"{later}")

    assert any("not enough room" in sentence for sentence in said(answer))
    before = stay.check_in
    stay.refresh_from_db()
    assert stay.check_in == before


def test_staff_call_a_stay_off(ann, stay):
    press(ann, stay, "cancel", reason="Flood")

    stay.refresh_from_db()
    assert (stay.status, stay.cancel_reason) == (Status.CANCELLED, "Flood")


def test_a_viewing_says_where_it_is_and_what_was_thought_of_it(ann, ours):
    flat = house(ours.store, realtor=ours.realtor, address="5 Elm Street")
    seen = Appointment.objects.get(pk=ours.booked.pk)
    Appointment.objects.filter(pk=seen.pk).update(listing=flat, status=Status.COMPLETED)
    ViewingFeedback.objects.filter(appointment=seen).update(note="Too loud")

    html = ann.get(page_of(seen)).content.decode()

    for told in ("Two rooms with a view", "5 Elm Street", "I am interested", "Too loud"):
        assert told in html, told


def test_pets_and_feedback_are_listed(ann, stay):
    assert "Doubao" in ann.get(list_of(StayPet)).content.decode()
    assert "I am interested" in ann.get(list_of(ViewingFeedback)).content.decode()
