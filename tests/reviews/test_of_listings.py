"""What was said of something that was booked through its listing."""

import pytest

from booking_site.common.actors import SYSTEM
from reviews.services import hide, restore
from tests.callers import caller, data_of, refusal_of
from tests.factories import ListingFactory

from .visits import say, served

REVIEWS = "/api/v1/reviews"


@pytest.fixture
def lesson(wei):
    return ListingFactory(realtor=wei, title="Piano")


def booked(lesson, start="10:00"):
    appointment = served(lesson.realtor, start)
    appointment.listing = lesson
    appointment.save(update_fields=["listing"])
    return appointment


def rating(listing):
    listing.refresh_from_db()
    return listing.rating, listing.review_count


def test_its_rating_is_right_at_once(lesson, wei):
    say(booked(lesson), 4)
    say(booked(lesson, "12:00"), 5)
    say(served(wei, "14:00"), 1)

    assert rating(lesson) == (4.5, 2)
    wei.refresh_from_db()
    assert wei.review_count == 3


def test_what_is_hidden_counts_for_it_no_more_until_it_is_shown_again(lesson):
    review = say(booked(lesson), 4)

    hide(review, reason="Spam", by=SYSTEM, at=review.created_at)
    assert rating(lesson) == (0, 0)
    restore(review, reason="It was not", by=SYSTEM, at=review.created_at)
    assert rating(lesson) == (4, 1)


def test_the_api_tells_them_and_what_they_come_to(lesson, wei):
    review = say(booked(lesson), 4)
    say(served(wei, "12:00"), 1)

    (row,) = data_of(caller().get(REVIEWS, listing_id=lesson.pk))
    assert (row["id"], row["listing_id"]) == (str(review.pk), str(lesson.pk))
    summary = data_of(caller().get(f"{REVIEWS}/summary", listing_id=lesson.pk))
    assert (summary["rating"], summary["review_count"]) == (4.0, 1)


def test_of_a_draft_nothing_is_told_to_strangers(lesson):
    lesson.status = "draft"
    lesson.save()

    refusal_of(caller().get(REVIEWS, listing_id=lesson.pk), 404, "not_found")
    refusal_of(caller().get(REVIEWS, listing_id="x"), 404, "not_found")
