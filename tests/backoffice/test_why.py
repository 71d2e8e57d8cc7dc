"""Why this realtor: minutes with a sentence each, and everybody who was thought of."""

import pytest

from appointments.models import Offer
from tests.factories import RealtorFactory

from .places import page_of
from .pressing import queries_of

SCORE = {
    "minutes": 12.5,
    "travel": 9.0,
    "answer": 4.6,
    "load": -1.5,
    "rating": 0.4,
    "relation": 0.0,
}


@pytest.fixture
def offer(ours) -> Offer:
    return ours.booked.offers.get()


def weigh(offer: Offer, *considered: dict, score: dict | None = None) -> None:
    Offer.objects.filter(pk=offer.pk).update(
        score=SCORE if score is None else score, considered=list(considered)
    )


@pytest.fixture(params=["appointment", "offer"])
def shown(request, ann, ours, offer):
    """The page of the appointment or of the offer, as text."""
    row = ours.booked if request.param == "appointment" else offer
    return lambda: ann.get(page_of(row)).content.decode()


def test_every_component_is_told_in_minutes_with_a_sentence(shown, offer):
    weigh(offer)

    html = shown()

    for minutes in ("+9.0", "+4.6", "−1.5", "+0.4", "0.0", "12.5"):
        assert f">{minutes}</td>" in html
    assert "More work that day than those who could come as well" in html
    assert "the lowest sum is asked first" in html


def test_everybody_who_was_considered_is_named_with_minutes_or_why_not(shown, ours, offer):
    dear = RealtorFactory(store=ours.store, name="Dear One")
    off = RealtorFactory(store=ours.store, name="Resting One")
    weigh(
        offer,
        {"realtor_id": off.pk, "rejected": "off_duty"},
        {"realtor_id": dear.pk, "minutes": 30.0},
    )

    html = shown()

    assert html.index("Dear One</td>") < html.index("Resting One</td>")
    assert ">30.0</td>" in html
    assert "not at work then" in html


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("not_online", "not online"),
        ("silent", "not seen for too long"),
        ("away", "away: the last offer was not answered"),
        ("cooling_down", "has just declined another"),
        ("full_load", "as many live customers as they can take"),
        ("busy", "has something else then"),
        ("unskilled", "does not list this kind of work among their skills"),
        ("off_duty", "not at work then"),
        ("day_full", "as many appointments that day as they take"),
        ("refused", "declined or did not answer before"),
        ("own_appointment", "it is their own appointment"),
        ("not_named", "the customer asked for another"),
        ("moon_in_leo", "moon_in_leo"),
    ],
)
def test_a_reason_is_told_in_words_and_an_unknown_one_as_it_is(ann, ours, offer, code, words):
    other = RealtorFactory(store=ours.store, name="Other")
    weigh(offer, {"realtor_id": other.pk, "rejected": code})

    assert words in ann.get(page_of(offer)).content.decode()


@pytest.mark.parametrize(
    ("score", "sentence"),
    [
        ({"minutes_that_day": 60}, "the one with least to do that day: 60 minutes."),
        ({"held": True}, "it was kept for them with this realtor."),
        ({"rescheduled": True}, "this realtor is free at the new time."),
        ({"staff": True}, "Staff decided so"),
        ({}, "Nothing was written down."),
        ({"phase": "moon"}, "phase: moon"),
    ],
)
def test_offers_that_nobody_weighed_can_still_be_read(shown, offer, score, sentence):
    weigh(offer, score=score)

    assert sentence in shown()


def test_a_new_component_and_a_realtor_who_is_gone_break_nothing(shown, offer):
    weigh(offer, {"realtor_id": 999999, "minutes": None}, score={**SCORE, "weather": 2.0})

    html = shown()

    assert "weather" in html
    assert "realtor no. 999999" in html


def test_a_script_for_a_reason_is_shown_as_text(shown, ours, offer):
    evil = "<script>alert(1)</script>"
    other = RealtorFactory(store=ours.store, name=evil)
    weigh(offer, {"realtor_id": other.pk, "rejected": evil}, score={evil: evil})

    assert evil not in shown()


def test_who_has_not_been_asked_yet_is_said(ann, ours):
    assert "Nobody has been asked yet." in ann.get(page_of(ours.waiting)).content.decode()


def test_more_people_considered_cost_no_more_queries(ann, ours, offer):
    few = queries_of(ann, page_of(ours.booked))
    others = [RealtorFactory(store=ours.store, name=f"No. {number}") for number in range(6)]
    weigh(offer, *({"realtor_id": one.pk, "minutes": 20.0} for one in others))
    for one in others:
        Offer.objects.create(
            appointment=ours.booked,
            realtor=one,
            status="declined",
            deadline_at=offer.deadline_at,
            created_at=offer.created_at,
            score=SCORE,
            considered=[{"realtor_id": other.pk, "rejected": "busy"} for other in others],
        )

    # All the names are one query, which there is none of where nobody was considered.
    assert queries_of(ann, page_of(ours.booked)) <= few + 1
