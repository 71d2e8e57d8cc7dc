"""The first page counts what is true now, in the stores one sees."""

from datetime import timedelta

import pytest
from django.utils import timezone

from appointments.models import Offer
from booking_site.common.models import BackupRun
from payments.models import Payment, Refund
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
        ("Refunds that need a person", 1),
        ("Awaiting a realtor's answer", 1),
    ]
    assert [card["count"] for card in cards[7:]] == [0] * len(cards[7:])
    for card in cards:
        assert ann.get(card["link"]).context["cl"].result_count == card["count"], card


REFUNDS, ODD = "Refunds that need a person", "Payments with a problem"
BACKUPS = "Backups that failed since the last good one"


def card_of(client, label: str, **query) -> dict:
    cards = client.get("/admin/", query).context["attention_cards"]
    return next(card for card in cards if card["label"] == label)


def rows_behind(client, card: dict) -> list:
    return list(client.get(card["link"]).context["cl"].queryset)


def test_money_that_waits_for_a_person_is_counted_in_one_s_own_stores(ann, operator, ours, theirs):
    Payment.objects.update(problem="wrong_amount")
    mine = ours.booked.shares.get()

    assert card_of(ann, REFUNDS)["count"] == card_of(ann, ODD)["count"] == 1
    assert rows_behind(ann, card_of(ann, REFUNDS)) == [mine.refunds.get()]
    assert rows_behind(ann, card_of(ann, ODD)) == [mine.payment]
    for label in (REFUNDS, ODD):
        assert card_of(operator, label)["count"] == 2
        assert len(rows_behind(operator, card_of(operator, label))) == 2
        assert card_of(operator, label, store=theirs.store.pk)["count"] == 1
    chosen = card_of(operator, REFUNDS, store=theirs.store.pk)
    assert rows_behind(operator, chosen) == [theirs.booked.shares.get().refunds.get()]
    chosen = card_of(operator, ODD, store=theirs.store.pk)
    assert rows_behind(operator, chosen) == [theirs.booked.shares.get().payment]


@pytest.mark.parametrize("status", ["due", "sent", "done"])
def test_money_that_nobody_has_to_look_after_is_not(ann, ours, status):
    Refund.objects.update(status=status)

    assert card_of(ann, REFUNDS)["count"] == 0
    assert card_of(ann, ODD)["count"] == 0


def tried(*outcomes: str) -> None:
    now = timezone.now()
    for outcome in outcomes:
        BackupRun.objects.create(started_at=now, finished_at=now, outcome=outcome)


@pytest.mark.parametrize(
    ("outcomes", "count"),
    [
        ([], 0),
        (["good"], 0),
        (["failed"], 1),
        (["failed", "failed", "good"], 0),
        (["failed", "good", "failed", "failed"], 2),
    ],
)
def test_backups_that_failed_are_told_until_one_is_good(operator, outcomes, count):
    tried(*outcomes)

    card = card_of(operator, BACKUPS)

    assert card["count"] == count
    assert [row.outcome for row in rows_behind(operator, card)] == ["failed"] * count
    assert operator.get("/admin/common/backuprun/").context["cl"].result_count == len(outcomes)


def test_backups_are_told_whichever_store_an_operator_looks_at(operator, ours, theirs):
    tried("failed")

    assert card_of(operator, BACKUPS, store=ours.store.pk)["count"] == 1
    assert len(rows_behind(operator, card_of(operator, BACKUPS, store=ours.store.pk))) == 1


def test_whoever_does_not_run_the_whole_site_hears_nothing_of_backups(ann, ours):
    tried("failed")

    assert BACKUPS not in figures(ann)
    assert ann.get("/admin/common/backuprun/").status_code == 403


def test_each_card_of_an_operator_leads_to_the_rows_it_counts(operator, ours, theirs):
    tried("failed", "failed")
    Payment.objects.update(problem="wrong_amount")

    for query in ({}, {"store": theirs.store.pk}):
        for card in operator.get("/admin/", query).context["attention_cards"]:
            assert operator.get(card["link"]).context["cl"].result_count == card["count"], card


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


def test_money_and_backups_cost_an_operator_no_query_more(operator, ours, theirs):
    before = queries_of(operator, "/admin/?days=90")
    tried("failed", "failed")
    Payment.objects.update(problem="wrong_amount")

    assert queries_of(operator, "/admin/?days=90") == before <= 15


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
