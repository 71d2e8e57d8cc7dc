"""POST /api/v1/reviews/{id}/reply and /report."""

import pytest

from booking_site.common.actors import SYSTEM
from reviews.models import Review, ReviewReport
from reviews.services import hide
from tests.appointments import world
from tests.callers import caller, data_of, refusal_of

from .visits import say, served

REVIEWS = "/api/v1/reviews"
SORRY = {"reply": "I am sorry."}
SPAM = {"reason": "spam", "words": "An advertisement."}


@pytest.fixture
def review(wei, fang):
    return say(served(wei, customer=fang), 2, "Late.")


def reply_to(review, user, body=SORRY, **headers):
    pk = review if isinstance(review, str) else review.pk
    return caller(user).post(f"{REVIEWS}/{pk}/reply", body, **headers)


def report(review, user, body=SPAM, **headers):
    pk = review if isinstance(review, str) else review.pk
    return caller(user).post(f"{REVIEWS}/{pk}/report", body, **headers)


def test_its_realtor_answers_and_everybody_reads_it(wei, review):
    data = data_of(reply_to(review, wei.user))

    assert (data["id"], data["reply"]) == (str(review.pk), "I am sorry.")
    (row,) = data_of(caller().get(REVIEWS))
    assert row["reply"] == "I am sorry."
    assert row["replied_at"].endswith("+08:00")


def test_the_manager_of_the_store_answers_too(store, review):
    data_of(reply_to(review, world.manager(store).user))


def test_for_everybody_else_it_is_not_there(store, ming, fang, review):
    bea = world.manager(world.open_store("beijing-road"), "Bea")

    for user in (ming.user, fang, bea.user, world.register("Bo")):
        refusal_of(reply_to(review, user), 404, "not_found")
    refusal_of(reply_to(review, None), 401, "unauthenticated")


@pytest.mark.parametrize("pk", ["0", "x", "9" * 40, "-1", "%00", "1.5"])
def test_what_is_not_there_is_not_found(wei, review, pk):
    refusal_of(reply_to(pk, wei.user), 404, "not_found")
    refusal_of(report(pk, wei.user), 404, "not_found")


@pytest.mark.parametrize(
    "body", [{}, {"reply": ""}, {"reply": None}, {"reply": "x" * 1001}, {"reply": "a\x07b"}]
)
def test_what_is_no_answer_is_refused(wei, review, body):
    assert set(refusal_of(reply_to(review, wei.user, body), 400, "invalid")) == {"reply"}


def test_what_is_hidden_is_not_answered_and_not_reported(wei, review):
    hide(review, reason="Spam.", by=SYSTEM, at=world.NOW)

    refusal_of(reply_to(review, wei.user), 409, "invalid_transition")
    refusal_of(report(review, wei.user), 404, "not_found")


def test_who_is_signed_in_reports_once(review):
    bo = world.register("Bo")

    data = data_of(report(review, bo), 201)

    assert (data["review_id"], data["reason"], data["state"]) == (str(review.pk), "spam", "open")
    refusal_of(report(review, bo), 409, "conflict")
    refusal_of(report(review, None), 401, "unauthenticated")
    assert ReviewReport.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "reason"),
        ({"reason": "boring"}, "reason"),
        ({"reason": ["spam"]}, "reason"),
        ({"reason": "spam", "words": "x" * 501}, "words"),
        ({"reason": "spam", "words": {"a": 1}}, "words"),
    ],
)
def test_a_report_says_what_is_wrong(review, fang, body, field):
    assert set(refusal_of(report(review, fang, body), 400, "invalid")) == {field}


def test_the_same_key_gets_the_first_answer_again(wei, fang, review):
    for send in (
        lambda **key: reply_to(review, wei.user, **key),
        lambda **key: report(review, fang, **key),
    ):
        first, again = (send(idempotency_key="once") for _turn in range(2))
        assert again.headers["Idempotency-Replayed"] == "true"
        assert again.json() == first.json()


def test_nobody_reports_without_end(wei, fang):
    for place, phone in enumerate(world.phones(5)):
        say(served(wei, f"{9 + place:02}:00", phone=phone))
    ids = list(Review.objects.values_list("pk", flat=True))
    for _turn in range(2):
        for pk in ids:
            report(str(pk), fang)

    refusal_of(report(str(ids[0]), fang), 429, "rate_limited")
