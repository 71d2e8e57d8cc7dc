"""What is remembered of somebody's interest in a listing, for how long, and for whom."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.services import erase_account
from booking_site.common.actors import Actor
from booking_site.common.errors import Conflict, Forbidden, NotFound
from booking_site.site.export import export_of
from realtors import services
from realtors.models import Interest
from realtors.services import interest
from tests.factories import ListingFactory, UserFactory

from .conftest import NOW
from .houses import house, took


@pytest.fixture
def mei(db: None) -> User:
    return UserFactory(display_name="Mei")


def told() -> list[tuple[str, int]]:
    return list(Interest.objects.order_by("what").values_list("what", "times"))


def test_looking_is_noted_once_and_counted_when_they_come_again(mei):
    flat = house("Flat")
    later = NOW + timedelta(minutes=11)

    services.note_viewed(mei, flat, at=NOW)
    services.note_viewed(mei, flat, at=NOW + timedelta(minutes=1))
    assert told() == [("viewed", 1)]

    services.note_viewed(mei, flat, at=later)
    assert told() == [("viewed", 2)]
    assert Interest.objects.get().at == later


def test_a_look_a_moment_ago_costs_one_query(mei):
    flat = house("Flat")
    services.note_viewed(mei, flat, at=NOW)

    with CaptureQueriesContext(connection) as queries:
        services.note_viewed(mei, flat, at=NOW)

    assert len(queries) == 1


def test_whoever_offers_it_does_not_make_it_popular(wei):
    services.note_viewed(wei.user, house("Mine", realtor=wei), at=NOW)

    assert told() == []


def test_what_was_looked_at_longest_ago_makes_room(mei, monkeypatch):
    monkeypatch.setattr(interest, "MOST_VIEWED", 3)
    flats = [house(f"Flat {number}") for number in range(5)]
    took(mei, flats[0], "saved", days=300)
    for number, flat in enumerate(flats):
        services.note_viewed(mei, flat, at=NOW + timedelta(hours=number))

    kept = Interest.objects.of(mei, "viewed").values_list("listing__title", flat=True)

    assert list(kept) == ["Flat 4", "Flat 3", "Flat 2"]
    assert Interest.objects.of(mei, "saved").count() == 1


def test_a_database_that_is_busy_leaves_it_out_and_the_page_does_not_hear_of_it(mei, monkeypatch):
    def busy(*_args):
        raise OperationalError("database is locked")

    monkeypatch.setattr(interest, "_put", busy)

    services.note_viewed(mei, house("Flat"), at=NOW)

    assert told() == []


def test_after_a_look_the_connection_is_as_patient_as_before(mei):
    ask = (
        "PRAGMA busy_timeout"
        if connection.vendor == "sqlite"
        else "SELECT @@innodb_lock_wait_timeout"
    )

    def patience():
        with connection.cursor() as cursor:
            cursor.execute(ask)
            return cursor.fetchone()[0]

    before = patience()
    services.note_viewed(mei, house("Flat"), at=NOW)

    assert told() == [("viewed", 1)]
    assert patience() == before


def test_booking_again_counts_and_late_news_do_not_turn_back_the_clock(mei):
    flat = house("Flat")

    services.note_booked(mei, flat, at=NOW)
    services.note_booked(mei, flat, at=NOW - timedelta(days=3))
    services.note_passed_over(mei, flat, at=NOW)

    assert told() == [("booked", 2), ("passed_over", 1)]
    assert Interest.objects.get(what="booked").at == NOW


def test_saving_twice_is_saving_once_and_so_is_taking_it_back(mei):
    flat, by = house("Flat"), Actor.of(mei)

    for _ in range(2):
        services.save_listing(flat, by=by, at=NOW)
    assert told() == [("saved", 1)]

    for _ in range(2):
        services.unsave_listing(flat, by=by, at=NOW)
    assert told() == []


def test_guests_save_nothing_and_nobody_saves_what_they_do_not_see(mei):
    draft = house("Draft", status="draft")

    with pytest.raises(Forbidden):
        services.save_listing(house("Flat"), by=Actor.guest(), at=NOW)
    with pytest.raises(NotFound):
        services.save_listing(draft, by=Actor.of(mei), at=NOW)
    with pytest.raises(Forbidden):
        services.unsave_listing(draft, by=Actor.guest(), at=NOW)


def test_nobody_saves_more_than_they_could_read(mei, monkeypatch):
    monkeypatch.setattr(interest, "MOST_SAVED", 1)
    first, by = house("First"), Actor.of(mei)
    services.save_listing(first, by=by, at=NOW)

    with pytest.raises(Conflict):
        services.save_listing(house("Second"), by=by, at=NOW)

    services.save_listing(first, by=by, at=NOW)


def test_what_was_saved_can_be_taken_back_when_it_is_not_shown_any_more(mei):
    flat, by = house("Flat"), Actor.of(mei)
    services.save_listing(flat, by=by, at=NOW)
    type(flat).objects.update(status="hidden")

    services.unsave_listing(flat, by=by, at=NOW)

    assert told() == []


def test_all_of_it_goes_with_whoever_leaves_and_nobody_elses(mei):
    flat, other = house("Flat"), UserFactory()
    for what in ("viewed", "saved", "booked", "passed_over"):
        took(mei, flat, what)
    took(other, flat)

    erase_account(mei, by=Actor.of(mei), at=NOW)

    assert [one.user for one in Interest.objects.all()] == [other]


def test_nothing_is_noted_of_somebody_who_has_left_meanwhile(mei):
    flat = house("Flat")
    User.objects.filter(pk=mei.pk).update(is_active=False)

    services.note_viewed(mei, flat, at=NOW)
    services.note_booked(mei, flat, at=NOW)

    assert told() == []


def test_they_may_take_it_along_and_see_nothing_of_others(mei):
    flat = house("Flat")
    took(mei, flat, "saved")
    took(UserFactory(), house("Somebody else's"))

    (row,) = export_of(mei)["interests"]

    assert (row["what"], row["times"], row["listing__title"]) == ("saved", 1, "Flat")
    assert row["listing_id"] == flat.pk


def test_with_a_listing_goes_the_interest_in_it(mei):
    lesson = ListingFactory(course=True)
    took(mei, lesson)

    lesson.delete()

    assert told() == []
