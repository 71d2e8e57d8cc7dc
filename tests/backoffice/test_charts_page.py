"""The first page draws the pictures, each beside the table of its figures."""

import json
from datetime import timedelta

from django.utils import timezone

from tests.factories import RealtorFactory

from .places import put
from .pressing import queries_of


def drawn(client) -> list[dict]:
    return client.get("/admin/").context["charts"]


def test_the_page_draws_what_the_table_says(ann, ours):
    put(ours.realtor, timezone.now() - timedelta(days=1))

    html = ann.get("/admin/").content.decode()
    first = drawn(ann)[0]

    assert '<canvas class="chart" role="img"' in html
    data = json.loads(first["data"])
    for number, one in enumerate(data["datasets"], start=1):
        assert [str(value) for value in one["data"]] == [row[number] for row in first["rows"]]
    assert [row[0] for row in first["rows"]] == data["labels"]


def test_without_anything_to_draw_the_page_says_so(ann, ours):
    html = ann.get("/admin/").content.decode()

    assert "Nobody was served from a live line in the last 14 days." in html
    assert "<canvas" not in html


def test_a_manager_s_pictures_are_of_their_own_stores(ann, operator, ours, theirs):
    yesterday = timezone.now() - timedelta(days=1)
    put(
        theirs.realtor, yesterday, started_at=yesterday, completed_at=yesterday + timedelta(hours=1)
    )

    assert all(chart["empty"] for chart in drawn(ann))
    assert "Beatrix" not in ann.get("/admin/").content.decode()
    assert [bool(chart["empty"]) for chart in drawn(operator)] == [False, False, True, False]


def test_nothing_comes_from_another_host(ann, ours):
    html = ann.get("/admin/").content.decode()

    assert "unfold/js/chart/chart" in html
    assert "https://cdn" not in html


def test_a_longer_history_costs_no_more_queries(operator, ours, theirs):
    few = queries_of(operator, "/admin/")
    for number in range(1, 13):
        put(ours.realtor, timezone.now() - timedelta(days=number), live=number % 2 == 0)
        RealtorFactory(store=theirs.store)

    assert queries_of(operator, "/admin/") <= few <= 15
