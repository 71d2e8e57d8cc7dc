"""The first page counts what is true now, in the stores one sees."""

from datetime import timedelta

import pytest
from django.utils import timezone

from appointments.models import Offer
from realtors.models import TimeOff

from .places import Place, start_at
from .pressing import queries_of
from .test_charts import put


def figures(client) -> dict[str, int]:
    cards = client.get("/admin/").context["attention_cards"]
    return {card["label"]: card["count"] for card in cards}


def test_it_counts_who_waits(ann, ours, theirs):
    counts = figures(ann)

    assert counts["Waiting without a realtor"] == 1
    assert counts["Awaiting a realtor's answer"] == 1


def test_the_operator_s_counts_are_of_all_stores(operator, ours, theirs):
    assert figures(operator)["Waiting without a realtor"] == 2


def test_every_figure_leads_to_the_rows_it_counts(ann, ours):
    page = ann.get("/admin/")

    for card in [*page.context["attention_cards"], *page.context["today_cards"]]:
        rows = ann.get(card["link"]).context["cl"]
        assert rows.result_count == card["count"], card


def test_what_needs_somebody_stands_first_and_leads_exactly_there(ann, ours):
    TimeOff.objects.create(
        realtor=ours.realtor,
        starts_at=ours.booked.starts_at - timedelta(hours=1),
        ends_at=ours.booked.ends_at + timedelta(hours=1),
    )
    Offer.objects.filter(appointment=ours.booked).update(deadline_at=timezone.now())

    cards = ann.get("/admin/").context["attention_cards"]

    counts = [(card["label"], card["count"]) for card in cards if card["count"]]
    assert counts == [
        ("Waiting without a realtor", 1),
        ("Offers past their deadline", 1),
        ("Bookings during time off", 1),
        ("Reported reviews", 1),
        ("Reported messages", 1),
        ("Awaiting a realtor's answer", 1),
    ]
    assert [card["count"] for card in cards[6:]] == [0] * len(cards[6:])
    for card in cards:
        assert ann.get(card["link"]).context["cl"].result_count == card["count"], card


def test_a_manager_of_two_stores_looks_at_one_of_them_or_both(ann, ours, theirs):
    theirs.store.memberships.create(user=ours.manager)

    both = ann.get("/admin/")
    one = ann.get("/admin/", {"store": theirs.store.pk, "days": 30})

    assert figures(ann)["Waiting without a realtor"] == 2
    assert {name for _pk, name in both.context["stores"]} == {"Ann House", "Beatrix House"}
    assert [row["row"] for row in one.context["coming"]] == [theirs.booked, theirs.waiting]
    assert one.context["days"] == 30
    for card in one.context["attention_cards"]:
        assert ann.get(card["link"]).context["cl"].result_count == card["count"], card


@pytest.mark.parametrize("query", [{"store": "x"}, {"days": "8"}, {"days": "9" * 30}])
def test_what_cannot_be_chosen_is_as_if_nothing_had_been(ann, ours, query):
    page = ann.get("/admin/", query)

    assert (page.context["days"], page.context["store_id"]) == (14, None)


def test_another_manager_s_store_cannot_be_chosen(ann, ours, theirs):
    page = ann.get("/admin/", {"store": theirs.store.pk})

    assert page.context["store_id"] is None
    assert "Beatrix" not in page.content.decode()


def test_rates_stand_beside_those_of_the_days_before(ann, ours):
    now = timezone.now()
    for status, days in [("no_show", 2), ("completed", 3), ("completed", 20), ("cancelled", 21)]:
        put(ours.realtor, now - timedelta(days=days), status)

    told = {one["label"]: one for one in ann.get("/admin/").context["figures"]}

    assert told["Did not come"]["value"] == "50.0 %"
    assert told["Did not come"]["note"] == "50.0 points more than before"
    assert told["Cancelled"] == {
        "label": "Cancelled",
        "value": "0.0 %",
        "note": "50.0 points less than before",
    }


def test_it_says_when_people_come(ann, ours):
    day = start_at(ours.store, days=-3, hour=10)
    put(ours.realtor, day)
    put(ours.realtor, day + timedelta(hours=2))
    put(ours.realtor, day + timedelta(minutes=5))
    put(ours.realtor, day, "cancelled")

    crowds = ann.get("/admin/").context["crowds"]

    row = crowds["rows"][day.astimezone(ours.store.zone).weekday()]
    assert crowds["hours"] == ["10", "11", "12"]
    assert [cell["count"] for cell in row["cells"]] == [2, 0, 1]
    assert [cell["heat"] for cell in row["cells"]] == [4, 0, 2]
    assert crowds["told"].endswith("from 10:00, 2 appointments.")


def test_ninety_days_are_told_by_the_week(ann, ours):
    put(ours.realtor, timezone.now() - timedelta(days=80))

    first = ann.get("/admin/", {"days": 90}).context["charts"][0]

    assert first["title"] == "Appointments by week"
    assert len(first["rows"]) == 12


@pytest.mark.parametrize("many", [1, 2])
def test_it_costs_fifteen_queries_at_most(ann, ours, theirs, many):
    if many == 2:
        theirs.store.memberships.create(user=ours.manager)
    put(ours.realtor, timezone.now() - timedelta(days=1))

    assert queries_of(ann, "/admin/?days=90") <= 15


def test_a_manager_s_page_names_no_other_store(ann, ours: Place, theirs: Place):
    html = ann.get("/admin/").content.decode()

    assert ours.realtor.name in html
    assert theirs.realtor.name not in html
    assert theirs.store.name not in html


def test_rates_are_rounded_not_cut(ann, ours):
    now = timezone.now()
    for days, status in enumerate(["no_show", *["completed"] * 6], start=2):
        put(ours.realtor, now - timedelta(days=days), status)

    told = {one["label"]: one for one in ann.get("/admin/").context["figures"]}

    assert told["Did not come"]["value"] == "14.3 %"
