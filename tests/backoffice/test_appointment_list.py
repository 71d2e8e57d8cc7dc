"""The list of appointments: what is next stands first, and what is looked for is one press away."""

from datetime import timedelta

import pytest
from django.utils import timezone

from appointments import services
from appointments.models import Appointment, Offer
from booking_site.common.actors import SYSTEM
from realtors.models import TimeOff

from .places import book, join, list_of, start_at
from .pressing import LIST


def listed(client, **query) -> list[Appointment]:
    return list(client.get(LIST, query).context["cl"].result_list)


@pytest.fixture
def past(ours) -> list[Appointment]:
    """The day before yesterday, and the one before that."""
    rows = []
    for number, days in enumerate((2, 3)):
        start = start_at(ours.store, days=5, hour=8 + number)
        one = book(ours.store, start, customer=f"Past {days}", number=60 + number)
        services.cancel(one, by=SYSTEM, at=timezone.now(), reason="over")
        then = start_at(ours.store, days=-days, hour=10)
        Appointment.objects.filter(pk=one.pk).update(
            starts_at=then, ends_at=then + timedelta(hours=1)
        )
        rows.append(one)
    return rows


def test_who_waits_stands_first_then_what_is_next_then_what_is_over(ann, ours, past):
    later = book(ours.store, start_at(ours.store, days=4, hour=10), customer="Later", number=70)
    live = join(ours.store, customer="Live", number=1)

    assert listed(ann) == [live, ours.waiting, ours.booked, later, *past]


def test_the_time_reads_as_people_say_it(ann, ours):
    book(ours.store, start_at(ours.store, days=1, hour=11), customer="Soon", number=71)

    assert "tomorrow 11:00–12:00" in ann.get(LIST).content.decode()


def test_whoever_has_one_store_does_not_read_its_name_in_every_row(ann, operator, ours):
    assert "store" not in ann.get(LIST).context["cl"].list_display
    assert "store" in operator.get(LIST).context["cl"].list_display


def test_the_tabs_lead_to_what_they_say(ann, ours):
    tomorrow = book(ours.store, start_at(ours.store, days=1, hour=11), customer="Soon", number=71)
    Appointment.objects.filter(pk=ours.waiting.pk).update(needs_person=True)

    assert listed(ann, when="tomorrow") == [tomorrow]
    assert listed(ann, when="today") == []
    assert listed(ann, line="waiting") == [ours.waiting]
    assert listed(ann, line="needs-person") == [ours.waiting]
    html = ann.get(LIST, {"when": "tomorrow"}).content.decode()
    assert f'<a href="{LIST}?when=tomorrow" class="active"' in html


@pytest.mark.parametrize("asked", ["Ann Booker", "+8613800100010", "code"])
def test_code_name_and_phone_find_it(ann, ours, asked):
    asked = ours.booked.code if asked == "code" else asked

    assert listed(ann, q=asked) == [ours.booked]


def test_bookings_of_realtors_on_time_off_can_be_found(ann, ours):
    TimeOff.objects.create(
        realtor=ours.realtor,
        starts_at=ours.booked.starts_at - timedelta(hours=1),
        ends_at=ours.booked.ends_at + timedelta(hours=1),
    )

    assert listed(ann, off="yes") == [ours.booked]


def test_offers_past_their_time_to_answer_can_be_found(ann, ours):
    rows = list_of(Offer)
    assert not ann.get(rows, {"overdue": "yes"}).context["cl"].result_list

    Offer.objects.filter(appointment=ours.booked).update(
        deadline_at=timezone.now() - timedelta(minutes=1)
    )

    found = ann.get(rows, {"overdue": "yes"}).context["cl"].result_list
    assert [offer.appointment for offer in found] == [ours.booked]
