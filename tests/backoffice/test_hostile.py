"""A script stored in any text of any row is shown as text, on every page of the back office."""

from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import models
from django.utils import timezone

from booking_site.common.models import SavedSearch
from booking_site.settings.apps import LOCAL_APPS
from realtors.models import Presence
from stores.models import Category

from .places import join, list_of, online
from .registry import LISTED, MODELS

EVIL = "<script>alert(7)</script>"
BREAKS_OUT = "\"'><img src=x onerror=alert(7)>"
# What is read by code, not by people: it would only break the page itself.
NOT_WORDS = {
    "accounts.user.password",
    "stores.store.time_zone",
    "appointments.claim.resource",
    "notifications.outboxevent.kind",
}


def poison(model: type[models.Model], text: str) -> None:
    """Every free text of every row, as if it had got there by some other way than a form."""
    told: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        free = isinstance(field, models.CharField | models.TextField) and not field.choices
        name = f"{model._meta.label_lower}.{field.name}"
        short = (getattr(field, "max_length", None) or 999) < len(text)
        usable = free and not field.unique and not field.primary_key and not short
        if usable and field.name not in ("locale", "slug") and name not in NOT_WORDS:
            told[field.name] = text
    if told:
        model._default_manager.all().update(**told)


def pages_of(client, model: type[models.Model]) -> list[str]:
    base = list_of(model)
    pk = model._default_manager.order_by("pk").values_list("pk", flat=True).first()
    rows = [] if pk is None else [f"{base}{pk}/{part}/" for part in ("change", "history")]
    return [base, f"{base}add/", f"{base}?q=%3Cscript%3Ealert(7)%3C/script%3E", *rows]


def test_what_is_stored_or_asked_runs_nowhere(operator, ours):
    category = Category.objects.create(slug="singing", name="唱歌")
    ours.realtor.skills.add(category)
    online(ours.store, "Wei")
    ours.realtor.presence = Presence.ONLINE
    ours.realtor.save()
    join(ours.store, customer="Live", number=1)
    ours.booked.log.model.objects.create(
        appointment=ours.booked,
        action="created",
        actor_kind="guest",
        at=timezone.now(),
        details={"from": EVIL, EVIL: EVIL},
    )
    here = f"{list_of(type(ours.booked))}{ours.booked.pk}/"
    steps = [f"{here}{step}/" for step in ("reschedule", "reassign", "cancel", "accept")]
    more = ["/admin/", "/admin/appointments/appointment/live/"]
    roles = ["/admin/stores/storemembership/roles/"]
    asked = f"/admin/?store={EVIL}&days={EVIL}"
    for config in apps.get_app_configs():
        if config.name in LOCAL_APPS:
            for model in config.get_models():
                poison(model, EVIL)
    cache.clear()
    lists = [page for model in MODELS for page in pages_of(operator, model)]
    shown = 0
    for page in [*lists, *steps, *more, *roles, asked]:
        html = operator.get(page).content.decode()
        assert "<script>alert(7)" not in html, page
        shown += "alert(7)" in html

    assert shown > 40


@pytest.mark.parametrize("odd", ["\x00", "a", "1e9", "9" * 30, "\u0663\u0664x"])
def test_an_action_on_what_is_no_id_does_nothing(operator, ours, odd):
    for model in MODELS:
        sent = {"action": "export_chosen", "_selected_action": odd, "index": "0"}
        assert operator.post(list_of(model), sent).status_code < 500


@pytest.mark.parametrize("odd", ["\x00", "a", "9" * 30, "0001-01-01T00:00:00+14:00", "-1", "1e9"])
def test_an_odd_value_in_the_address_of_a_new_row_is_left_out(operator, ours, odd):
    for model in MODELS:
        names = {field.name: odd for field in model._meta.get_fields()}
        assert operator.get(f"{list_of(model)}add/", names).status_code < 500


APPOINTMENTS, HOLDS = "/admin/appointments/appointment/", "/admin/appointments/hold/"
UNKNOWN = [
    (APPOINTMENTS, "customer_name__regex=("),
    (APPOINTMENTS, "customer_name__regex=(.*)*(.*)*x"),
    (APPOINTMENTS, "created_at__year=99999999"),
    (APPOINTMENTS, "created_at__year=0"),
    (APPOINTMENTS, "created_at__iso_year=99999"),
    (APPOINTMENTS, "id__range=1"),
    (APPOINTMENTS, "pk__regex=^1"),
    (APPOINTMENTS, "customer_name__range=1,2"),
    (APPOINTMENTS, "policy__contains=x"),
    (APPOINTMENTS, "starts_at__gte=tomorrow"),
    (HOLDS, "token__regex=^q7J"),
    (HOLDS, "token__startswith=q"),
    (HOLDS, "token__gte=q"),
    ("/admin/reviews/reviewreport/", "reporter=1"),
    ("/admin/reviews/reviewreport/", "reporter__id__exact=1"),
]


@pytest.mark.parametrize(("page", "query"), UNKNOWN)
def test_a_list_is_asked_for_nothing_but_what_it_shows(ann, ours, page, query):
    """Asked often enough, a secret would come out sign by sign."""
    answer = ann.get(f"{page}?{query}")

    assert (answer.status_code, answer["Location"]) == (302, f"{page}?e=1")
    export = ann.post(f"{page}export/?{query}", {"format": "csv", "personal": "on"})
    assert (export.status_code, export["Location"]) == (302, page)
    sent = {"name": "Secret", "sharing": "nobody", "query": query}
    assert ann.post(f"{page}save-search/", sent)["Location"] == page
    assert not SavedSearch.objects.exists()


@pytest.mark.parametrize("lookup", ["data__secret__startswith=J", "data__contains=J", "user_id=1"])
def test_operators_read_no_secret_by_a_filter_either(operator, ours, lookup):
    answer = operator.get(f"/admin/mfa/authenticator/?{lookup}")

    assert answer["Location"] == "/admin/mfa/authenticator/?e=1"


@pytest.mark.parametrize("words", [1_100 * "a ", 3_000 * "b", '"' * 900, "x" * 150 + ' "y'])
def test_every_list_bears_a_long_search(operator, ours, words):
    for model in MODELS:
        assert operator.get(list_of(model), {"q": words}).status_code == 200
    asked = {"app_label": "realtors", "model_name": "timeoff", "field_name": "realtor"}
    assert operator.get("/admin/autocomplete/", asked | {"term": words}).status_code == 200


def test_every_filter_of_every_list_may_be_asked_for(operator, ours):
    asked = 0
    for model in MODELS:
        answer = operator.get(list_of(model))
        for spec in answer.context["cl"].filter_specs:
            for name in spec.expected_parameters():
                assert LISTED[model].lookup_allowed(name, "1", answer.wsgi_request), (model, name)
                asked += 1
    assert asked > 100


@pytest.mark.parametrize(
    "query",
    [
        "status=pending",
        "status__in=pending,confirmed",
        "code__exact=x",
        "starts_at__gte=2026-01-01T00:00Z",
    ],
)
def test_what_a_list_shows_can_be_compared(ann, ours, query):
    assert ann.get(f"{APPOINTMENTS}?{query}").status_code == 200
