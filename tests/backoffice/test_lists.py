"""Every model is there, can be searched, and opens; a longer list costs no more queries."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appointments.models import Appointment
from booking_site.common.admin import BaseAdmin
from tests.factories import UserFactory
from tests.support.sharing import taken_back

from .conftest import signed_in
from .places import book, furnish, list_of, page_of, start_at
from .registry import LISTED, MODELS, OWN_MODELS, label

every_model = pytest.mark.parametrize("model", MODELS, ids=label)


@pytest.mark.parametrize("model", OWN_MODELS, ids=label)
def test_a_model_of_ours_is_listed(model):
    assert model in LISTED


@every_model
def test_a_list_wears_the_project_s_one_theme(model):
    assert isinstance(LISTED[model], BaseAdmin)


@every_model
def test_the_list_can_be_searched_and_finds_nothing_for_nonsense(operator, ours, model):
    answer = operator.get(list_of(model), {"q": "no-such-thing-anywhere"})

    assert LISTED[model].search_fields
    assert answer.context["cl"].result_count == 0


@every_model
def test_the_list_can_be_filtered(operator, ours, model):
    assert LISTED[model].list_filter
    assert operator.get(list_of(model)).context["cl"].has_filters


def test_no_page_puts_all_models_together_beside_our_menu(operator, ours, monkeypatch):
    made = []
    monkeypatch.setattr(admin.site, "_build_app_dict", lambda *_: made.append(1) or {})

    assert "Behind the scenes" in operator.get(list_of(Appointment)).content.decode()
    assert operator.get(page_of(ours.booked)).status_code == 200

    assert made == []


@every_model
def test_the_page_of_a_row_opens_and_the_one_to_add_unless_a_rule_forbids(operator, ours, model):
    row = model._default_manager.first()
    may = "add" in LISTED[model].operators_may

    assert row is None or operator.get(page_of(row)).status_code == 200
    assert operator.get(f"{list_of(model)}add/").status_code == (200 if may else 403)


@pytest.fixture(scope="module")
def few_and_many(_anns, django_db_blocker):
    """What each list asks of the database with the rows of one store, and with those of three."""
    with django_db_blocker.unblock(), taken_back():
        operator = signed_in(UserFactory(operator=True))
        few = {model: queries_of(operator, model) for model in MODELS}
        furnish("Cat", 3)
        furnish("Dan", 4)
        return {model: (few[model], queries_of(operator, model)) for model in MODELS}


@every_model
def test_a_longer_list_costs_no_more_queries(few_and_many, db, model):
    few, many = few_and_many[model]

    assert few <= 10
    assert many <= few


def test_a_day_in_a_filter_is_a_day_of_the_reader_s_clock(ann, ours):
    """Half past midnight in Shanghai is still the day before in UTC."""
    start = start_at(ours.store, days=3, hour=0) + timedelta(minutes=30)
    early = book(ours.store, start, customer="Early Bird", number=88)
    day, before = f"{start:%Y-%m-%d}", f"{start - timedelta(days=1):%Y-%m-%d}"

    on_the_day = ann.get(list_of(Appointment), {"starts_at_from": day, "starts_at_to": day})
    the_day_before = ann.get(list_of(Appointment), {"starts_at_to": before})

    assert early in on_the_day.context["cl"].queryset
    assert early not in the_day_before.context["cl"].queryset


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_filter_bears_the_edges_of_the_calendar(ann, ours, day):
    for query in ({"starts_at_from": day}, {"starts_at_to": day}):
        assert ann.get(list_of(Appointment), query).status_code == 200


def queries_of(client, model) -> int:
    cache.clear()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(list_of(model)).status_code == 200
    return len(queries)
