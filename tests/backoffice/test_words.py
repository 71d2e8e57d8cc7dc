"""Codes and a library's own words are for machines; staff read words."""

from django.utils import timezone

from reviews.models import Review, ReviewLogEntry


def test_the_log_of_reviews_says_reasons_and_people_in_words(operator, ours):
    review = Review.objects.get(store=ours.store)
    ReviewLogEntry.objects.create(
        review=review, action="reported", actor_kind="guest", reason="spam", at=timezone.now()
    )

    listed = operator.get("/admin/reviews/reviewlogentry/").content.decode()

    assert "a guest" in listed
    assert ">spam<" not in listed


def test_a_list_is_called_what_the_menu_calls_it(ann, ours):
    assert ann.get("/admin/realtors/timeoff/").context["title"] == "Time off"
