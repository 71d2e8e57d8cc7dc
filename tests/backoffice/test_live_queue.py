"""The live lines as staff see them."""

import pytest
from django.contrib import admin

from appointments import services
from appointments.models import Appointment
from booking_site.common.actors import SYSTEM
from tests.factories import UserFactory

from .conftest import signed_in
from .places import join, list_of, online, page_of
from .pressing import LIST, queries_of

PAGE = f"{LIST}live/"


def lines(client) -> dict[str, dict]:
    context = client.get(PAGE).context
    return {str(line["store"]): line for line in [*context["busy"], *context["quiet"]]}


def test_it_shows_the_line_in_order_with_age_and_an_honest_wait(ann, ours):
    first = join(ours.store, customer="First", number=1, minutes_ago=25)
    second = join(ours.store, customer="Second", number=2, minutes_ago=10)

    line = lines(ann)["Ann House"]

    assert [row["appointment"] for row in line["rows"]] == [first, second]
    assert [(row["position"], row["age"]) for row in line["rows"]] == [
        (1, "25 minutes"),
        (2, "10 minutes"),
    ]
    assert (line["length"], line["on_duty"]) == (2, 0)
    assert {row["state"] for row in line["rows"]} == {"nobody is on duty"}


def test_who_is_being_asked_stands_before_the_line(ann, ours):
    wei = online(ours.store, "Wei")
    asked = join(ours.store, customer="Asked", number=1)
    waits = join(ours.store, customer="Waits", number=2)

    line = lines(ann)["Ann House"]

    assert [row["appointment"] for row in line["rows"]] == [asked, waits]
    assert [row["position"] for row in line["rows"]] == ["–", 1]
    assert line["rows"][0]["state"].startswith(f"{wei} is asked, until ")
    assert line["rows"][1]["state"].startswith("about ")
    assert line["on_duty"] == 1


def test_of_one_whose_place_would_lapse_first_nobody_can_say(ann, ours):
    online(ours.store, "Wei")
    for number in range(1, 5):
        join(ours.store, customer=f"Customer {number}", number=number)

    line = lines(ann)["Ann House"]

    assert (line["on_duty"], line["wait"]) == (1, "nobody can say yet")
    assert line["rows"][-1]["state"] == "nobody can say yet"


def test_who_needs_a_person_is_marked(ann, ours):
    lan = join(ours.store, customer="Lan", number=1)
    Appointment.objects.filter(pk=lan.pk).update(needs_person=True)

    assert "needs a person" in lines(ann)["Ann House"]["rows"][0]["state"]


def test_who_was_accepted_is_no_longer_in_line(ann, ours):
    online(ours.store, "Wei")
    lan = join(ours.store, customer="Lan", number=1)
    services.accept(lan, by=SYSTEM, at=lan.updated_at)

    assert lines(ann)["Ann House"]["rows"] == []
    assert "Nobody waits in a live line right now." in ann.get(PAGE).content.decode()


def test_a_scheduled_waiter_is_not_in_it(ann, ours):
    assert ours.waiting.is_waiting
    assert lines(ann)["Ann House"]["rows"] == []


def test_a_manager_sees_their_stores_only_and_an_operator_all(ann, operator, ours, theirs):
    join(theirs.store, customer="Beatrix Waiting", number=1)

    assert set(lines(ann)) == {"Ann House"}
    assert "Beatrix" not in ann.get(PAGE).content.decode()
    assert set(lines(operator)) == {"Ann House", "Beatrix House"}


def test_who_has_no_store_may_not_look(db):
    assert signed_in(UserFactory(is_staff=True)).get(PAGE).status_code == 403
    assert signed_in(UserFactory()).get(PAGE).status_code == 302


def test_it_refreshes_itself_with_and_without_javascript(ann, ours):
    html = ann.get(PAGE).content.decode()

    assert f'hx-get="{PAGE}" hx-trigger="every 15s"' in html
    assert '<noscript><meta http-equiv="refresh" content="30"></noscript>' in html


def test_longer_lines_cost_no_more_queries(operator, ours, theirs):
    join(ours.store, customer="One", number=1)
    few = queries_of(operator, PAGE)
    online(theirs.store, "Wei")
    for number in range(5):
        join(theirs.store, customer=f"No. {number}", number=10 + number)
        join(ours.store, customer=f"Nr. {number}", number=20 + number)

    # The lines and the waits each look at the day; an open offer is one more query than none.
    assert queries_of(operator, PAGE) <= few + 1 <= 24


def test_the_menu_leads_there_and_marks_one_entry(ann, ours):
    def marked(path):
        groups = admin.site.get_sidebar_list(ann.get(path).wsgi_request)
        return [str(item["title"]) for group in groups for item in group["items"] if item["active"]]

    assert marked(PAGE) == ["Live queue"]
    assert marked(LIST) == ["Appointments"]
    assert marked("/admin/") == ["Today"]


def test_the_list_can_be_narrowed_to_the_live_line(ann, ours):
    lan = join(ours.store, customer="Lan", number=1)

    rows = ann.get(list_of(Appointment), {"line": "live"}).context["cl"].queryset

    assert list(rows) == [lan]


@pytest.mark.parametrize(
    ("staffed", "words"), [(False, "1 (nobody is on duty)"), (True, "1 (about ")]
)
def test_the_page_of_who_waits_tells_place_and_wait_and_no_start(ann, ours, staffed, words):
    if staffed:
        online(ours.store, "Wei")
        join(ours.store, customer="Before", number=2)
    lan = join(ours.store, customer="Lan", number=1)

    html = ann.get(page_of(lan)).content.decode()

    assert words in html
    assert "as soon as possible" in html
