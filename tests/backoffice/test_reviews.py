"""Reviews: operators hide and show, stores answer and report, and nobody types in a customer's
word."""

import pytest

from reviews.models import Review, ReviewReport
from reviews.services import hide
from tests.appointments import world
from tests.reviews.visits import say, served

from .conftest import signed_in
from .places import list_of, page_of

SCRIPT = "<script>alert(1)</script>"
WHY = {"reason": "An advertisement.", "_sent": "1"}


@pytest.fixture
def wei(ours):
    return ours.realtor


@pytest.fixture
def review(ours):
    return Review.objects.get(store=ours.store)


def act(client, review, move, data=None):
    return client.post(f"{list_of(Review)}{review.pk}/{move}/", data or WHY, follow=True)


def in_list(client, review, move, data):
    chosen = {"action": move, "_selected_action": [review.pk]}
    return client.post(list_of(Review), chosen | data, follow=True)


def texts(answer):
    return [str(one) for one in answer.context["messages"]]


def test_an_operator_hides_and_shows_with_a_reason(operator, olga, review):
    asked = operator.get(f"{list_of(Review)}{review.pk}/hide/").content.decode()
    assert "counts in no rating" in asked
    assert not Review.objects.get(pk=review.pk).is_hidden

    act(operator, review, "hide")

    review.refresh_from_db()
    assert (review.hidden_by, review.hidden_reason) == (olga, "An advertisement.")
    page = operator.get(page_of(review)).content.decode()
    assert "An advertisement." in page
    act(operator, review, "restore")
    assert not Review.objects.get(pk=review.pk).is_hidden


def test_without_a_reason_nothing_happens(operator, review):
    answer = act(operator, review, "hide", {"reason": " ", "_sent": "1"})

    assert answer.status_code == 200
    assert not Review.objects.get(pk=review.pk).is_hidden


def test_several_at_once_from_the_list(operator, ours, theirs):
    for one in Review.objects.all():
        asked = in_list(operator, one, "hide", {})
        assert "counts in no rating" in asked.content.decode()
        in_list(operator, one, "hide", WHY)

    assert Review.objects.shown().count() == 0


def test_reports_are_dismissed_and_leave_the_first_page(operator, review):
    tile = "Reported reviews"

    def waiting():
        cards = operator.get("/admin/").context["attention_cards"]
        return next(card["count"] for card in cards if card["label"] == tile)

    assert waiting() == 1
    reported = operator.get(list_of(Review), {"attention": "reported"})
    assert list(reported.context["cl"].queryset) == [review]

    act(operator, review, "dismiss")

    assert waiting() == 0
    assert ReviewReport.objects.get(review=review).state == "dismissed"


@pytest.mark.parametrize("move", ["hide", "restore", "dismiss"])
def test_a_manager_does_not_hide_what_displeases_them(ann, review, move):
    before = Review.objects.values().get(pk=review.pk)

    assert act(ann, review, move).status_code == 403
    in_list(ann, review, move, WHY)

    assert Review.objects.values().get(pk=review.pk) == before
    assert ReviewReport.objects.open().count() == 1


def test_a_manager_answers_and_reports(ann, ours, review):
    act(ann, review, "answer", {"text": "We are sorry."})
    act(ann, review, "report", {"reason": "untrue", "words": "Never here."})

    review.refresh_from_db()
    assert (review.reply, review.replied_by) == ("We are sorry.", ours.manager)
    made = ReviewReport.objects.get(reporter=ours.manager)
    assert (made.reason, made.words) == ("untrue", "Never here.")


@pytest.mark.parametrize("move", ["answer", "report", "hide"])
def test_another_store_s_are_not_there(ann, theirs, move):
    review = Review.objects.get(store=theirs.store)

    assert ann.get(page_of(review)).status_code in (302, 404)
    answer = ann.post(f"{list_of(Review)}{review.pk}/{move}/", {"text": "x", "reason": "spam"})
    assert answer.status_code in (403, 404)
    assert not Review.objects.exclude(reply="").exists()


def test_a_refusal_is_said(operator, review):
    hide(review, reason="x", by=world.SYSTEM, at=world.NOW)

    assert any("hidden already" in one for one in texts(act(operator, review, "hide")))


def test_scripts_are_shown_and_never_run(operator, store_review):
    for page in (list_of(Review), page_of(store_review), list_of(ReviewReport)):
        shown = operator.get(page).content.decode()
        assert SCRIPT not in shown
        assert "&lt;script&gt;alert(1)" in shown
    asked = operator.get(f"{list_of(Review)}{store_review.pk}/hide").content.decode()
    assert SCRIPT not in asked


@pytest.fixture
def store_review(db):
    """Everything that people may type holds a script."""
    store = world.open_store()
    review = say(served(world.hire(store, "Wei")), 1, SCRIPT)
    review.reply = review.hidden_reason = SCRIPT
    review.save()
    ReviewReport.objects.create(
        review=review,
        reporter=world.register(SCRIPT),
        reason="spam",
        words=SCRIPT,
        created_at=world.NOW,
    )
    return review


def test_the_realtor_s_account_alone_opens_no_back_office(wei, review):
    answer = signed_in(wei.user).get(page_of(review))

    assert answer.status_code == 302
