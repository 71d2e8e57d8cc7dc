"""POST and GET /api/v1/reviews."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking_site.common.actors import SYSTEM
from reviews.models import Review
from reviews.services import hide
from stores.models import Store
from tests.appointments import world
from tests.callers import caller, data_of, refusal_of

from .visits import say, served

REVIEWS = "/api/v1/reviews"


def test_a_customer_says_how_it_was(store, wei, fang):
    visit = served(wei, customer=fang)
    body = {"appointment_id": visit.pk, "rating": 4, "comment": "Patient,\nand on time."}
    body["aspects"] = {"skill": 5}

    data = data_of(caller(fang).post(REVIEWS, body), 201)

    assert data | {"id": "", "created_at": ""} == {
        "id": "",
        "store_id": str(store.pk),
        "realtor_id": str(wei.pk),
        "realtor_name": "Wei",
        "listing_id": None,
        "rating": 4,
        "aspects": {"skill": 5},
        "comment": "Patient,\nand on time.",
        "photos": [],
        "author": "F**",
        "reply": "",
        "replied_at": None,
        "created_at": "",
    }
    assert data["created_at"].endswith("+08:00")
    rated = data_of(caller().get(f"realtors/{wei.pk}"))
    assert (rated["rating"], rated["review_count"]) == (4.0, 1)
    rated = data_of(caller().get(f"stores/{store.pk}"))
    assert (rated["rating"], rated["review_count"]) == (4.0, 1)


@pytest.mark.parametrize(
    "comment",
    [{}, {"comment": None, "aspects": {}, "photos": None}, {"comment": "", "aspects": {}}],
)
def test_stars_alone_are_enough_and_an_id_may_be_text(store, wei, fang, comment):
    visit = served(wei, customer=fang)

    data = data_of(
        caller(fang).post(REVIEWS, {"appointment_id": str(visit.pk), "rating": 5} | comment), 201
    )

    assert (data["rating"], data["comment"]) == (5, "")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"rating": 0}, "rating"),
        ({"rating": 6}, "rating"),
        ({"rating": None}, "rating"),
        ({"rating": "many"}, "rating"),
        ({"rating": 4.5}, "rating"),
        ({"comment": "x" * 1001}, "comment"),
        ({"comment": "a\x07b"}, "comment"),
        ({"aspects": {"skill": 6}}, "aspects"),
        ({"aspects": {"skill": "good"}}, "aspects"),
        ({"aspects": {"beauty": 5}}, "aspects"),
        ({"aspects": [5]}, "aspects"),
        ({"aspects": 5}, "aspects"),
        ({"aspects": None}, "aspects"),
        ({"photos": "all"}, "photos"),
        ({"photos": ["nobody's"]}, "photos"),
        ({"photos": [["a"]]}, "photos"),
        ({"photos": [None]}, "photos"),
        ({"photos": ["x" * 33]}, "photos"),
        ({"photos": [str(n) for n in range(7)]}, "photos"),
        ({"appointment_id": True}, "appointment_id"),
        ({"appointment_id": None}, "appointment_id"),
    ],
)
def test_a_wrong_field_is_named(store, wei, fang, wrong, field):
    body = {"appointment_id": served(wei, customer=fang).pk, "rating": 5}

    assert set(refusal_of(caller(fang).post(REVIEWS, body | wrong), 400, "invalid")) == {field}
    assert not Review.objects.exists()


def test_before_completion_it_is_refused(store, wei, fang):
    visit = world.running(store, world.clock("10:00"), customer=fang)

    answer = caller(fang).post(REVIEWS, {"appointment_id": visit.pk, "rating": 5})

    refusal_of(answer, 409, "invalid_transition")


def test_the_second_is_refused_and_the_first_stays(store, wei, fang):
    visit = served(wei, customer=fang)
    data_of(caller(fang).post(REVIEWS, {"appointment_id": visit.pk, "rating": 5}), 201)

    answer = caller(fang).post(REVIEWS, {"appointment_id": visit.pk, "rating": 1})

    assert set(refusal_of(answer, 409, "invalid_transition")) == {"appointment_id"}
    assert Review.objects.get().rating == 5


def test_the_same_key_gets_the_first_answer_again(store, wei, fang):
    body = {"appointment_id": served(wei, customer=fang).pk, "rating": 5}
    first = caller(fang).post(REVIEWS, body, idempotency_key="once")

    again = caller(fang).post(REVIEWS, body, idempotency_key="once")

    assert again.headers["Idempotency-Replayed"] == "true"
    assert data_of(again, 201) == data_of(first, 201)
    assert Review.objects.count() == 1


def test_guests_are_asked_who_they_are(store, wei):
    answer = caller().post(REVIEWS, {"appointment_id": served(wei).pk, "rating": 5})

    refusal_of(answer, 401, "unauthenticated")


@pytest.mark.parametrize("wanted", ["0", "x", "9" * 40, "-1"])
def test_what_is_not_there_is_not_found(fang, wanted):
    answer = caller(fang).post(REVIEWS, {"appointment_id": wanted, "rating": 5})

    assert set(refusal_of(answer, 404, "not_found")) == {"appointment_id"}


def test_what_is_somebody_else_s_is_not_found_either(store, wei, fang):
    visit = served(wei, customer=fang)

    answer = caller(world.register("Bo")).post(REVIEWS, {"appointment_id": visit.pk, "rating": 1})

    assert set(refusal_of(answer, 404, "not_found")) == {"appointment_id"}


def test_who_sees_the_appointment_may_not_speak_for_its_customer(store, wei, fang):
    visit = served(wei, customer=fang)

    for by in (world.acting(wei), world.manager(store)):
        answer = caller(by.user).post(REVIEWS, {"appointment_id": visit.pk, "rating": 5})
        refusal_of(answer, 403, "forbidden")


def test_everybody_reads_the_newest_first_and_nobody_s_name(store, wei, fang):
    say(served(wei, "09:00", customer=fang), 5, "Kind.")
    say(served(wei, "11:00"), 3)

    answer = caller().get(REVIEWS)

    rows = data_of(answer)
    assert [(row["rating"], row["author"]) for row in rows] == [(3, "L**"), (5, "F**")]
    assert answer.json()["pagination"] == {"page": 1, "limit": 20, "total": 2}
    assert "Fang" not in answer.content.decode()
    assert "appointment_id" not in rows[0]


def test_those_of_one_store_or_one_realtor(store, wei, ming):
    bei = world.hire(world.open_store("beijing-road"), "Bei")
    for realtor, start in ((wei, "09:00"), (ming, "11:00"), (bei, "13:00")):
        say(served(realtor, start))

    def names(**query):
        return [row["realtor_name"] for row in data_of(caller().get(REVIEWS, **query))]

    assert names() == ["Bei", "Ming", "Wei"]
    assert names(store_id=store.pk) == ["Ming", "Wei"]
    assert names(realtor_id=wei.pk) == ["Wei"]
    assert names(store_id=store.pk, realtor_id=bei.pk) == []
    assert names(limit=1, page=2) == ["Ming"]


def test_those_of_so_many_stars_and_in_the_order_wished(store, wei):
    for start, stars in (("09:00", 3), ("11:00", 5), ("13:00", 1), ("15:00", 5)):
        say(served(wei, start), stars, f"At {start}.")

    def said(**query):
        return [row["comment"] for row in data_of(caller().get(REVIEWS, **query))]

    newest = ["At 15:00.", "At 13:00.", "At 11:00.", "At 09:00."]
    assert said(sort="newest") == said(sort="") == said() == newest
    assert said(sort="highest") == ["At 15:00.", "At 11:00.", "At 09:00.", "At 13:00."]
    assert said(sort="lowest") == ["At 13:00.", "At 09:00.", "At 15:00.", "At 11:00."]
    assert said(rating=5) == ["At 15:00.", "At 11:00."]
    assert said(rating=2) == []
    for wrong in ({"sort": "best"}, {"rating": "0"}, {"rating": "x"}, {"rating": "6"}):
        refusal_of(caller().get(REVIEWS, **wrong), 400, "invalid")


def test_what_is_hidden_is_not_among_them(store, wei):
    review = say(served(wei), 1)
    hide(review, reason="Spam.", by=SYSTEM, at=world.NOW)

    assert data_of(caller().get(REVIEWS)) == []
    assert data_of(caller().get(f"{REVIEWS}/summary", store_id=store.pk))["review_count"] == 0


def test_what_they_come_to(store, wei, ming):
    say(served(wei, "09:00"), 5, aspects={"skill": 4})
    say(served(wei, "11:00"), 4)
    say(served(ming, "13:00"), 1)

    def summary(**whose):
        return data_of(caller().get(f"{REVIEWS}/summary", **whose))

    told = summary(realtor_id=wei.pk)
    assert (told["rating"], told["review_count"]) == (4.5, 2)
    assert told["distribution"][:2] == [{"stars": 5, "count": 1}, {"stars": 4, "count": 1}]
    assert told["aspects"] == [{"aspect": "skill", "rating": 4.0, "count": 1}]
    assert summary(store_id=store.pk)["review_count"] == 3
    refusal_of(caller().get(f"{REVIEWS}/summary"), 400, "invalid")
    refusal_of(caller().get(f"{REVIEWS}/summary", store_id="0"), 404, "not_found")


@pytest.mark.parametrize("query", [{"store_id": "0"}, {"realtor_id": "x"}, {"store_id": "9" * 40}])
def test_a_place_or_person_that_is_not_there_has_none(store, query):
    refusal_of(caller().get(REVIEWS, **query), 404, "not_found")


def test_a_closed_store_s_are_not_shown(store, wei):
    say(served(wei))
    Store.objects.update(is_active=False)

    assert data_of(caller().get(REVIEWS)) == []


def test_a_longer_list_costs_no_more_queries(store, wei):
    for place, phone in enumerate(world.phones(5)):
        say(served(wei, f"{9 + place:02}:00", phone=phone))

    with CaptureQueriesContext(connection) as queries:
        data_of(caller().get(REVIEWS))

    assert len(queries) <= 4
