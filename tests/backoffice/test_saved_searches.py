"""Filters kept under a name: one's own, one's team's, everybody's."""

import pytest
from django.contrib.messages import get_messages

from accounts.services import erase_account
from appointments.models import Appointment
from booking_site.common.actors import Actor
from booking_site.common.models import SavedSearch, Sharing
from booking_site.common.searches import MOST_PER_LIST
from realtors.models import Realtor
from tests.factories import UserFactory, manager_of

from .conftest import signed_in
from .places import list_of, page_of

LIST = list_of(Appointment)
SAVED = list_of(SavedSearch)
PENDING = "status__exact=pending"


def save(client, query=PENDING, name="Waiting", sharing=Sharing.NOBODY, listed=LIST):
    facts = {"query": query, "name": name, "sharing": sharing}
    return client.post(f"{listed}save-search/", facts)


def chips(client, listed=LIST, query=""):
    answer = client.get(f"{listed}?{query}")
    assert answer.status_code == 200
    return [link["name"] for link in answer.context["searches"]["links"]]


def said(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


def test_the_filters_in_use_are_saved_and_stand_above_the_list(ann, ours):
    answer = save(ann, f"{PENDING}&o=-2&p=3&e=1")

    assert answer.url == f"{LIST}?o=-2&{PENDING}"
    page = ann.get(LIST)
    (link,) = page.context["searches"]["links"]
    assert (link["name"], link["current"]) == ("Waiting", False)
    shown = ann.get(f"{LIST}{link['href']}")
    assert shown.context["searches"]["links"][0]["current"]
    assert {one.status for one in shown.context["cl"].queryset} == {"pending"}


def test_it_is_offered_where_something_is_filtered_only(ann, ours):
    assert "save-search/" not in ann.get(LIST).content.decode()
    assert "save-search/" in ann.get(LIST, {"q": "Ann"}).content.decode()


def test_a_search_belongs_to_its_list(ann, ours):
    save(ann)

    assert chips(ann, list_of(Realtor)) == []


def test_nobody_else_sees_one_s_own(ann, operator, ours, theirs):
    save(ann)

    assert chips(operator) == chips(signed_in(theirs.manager)) == []


def test_a_manager_shares_with_who_manages_the_same_store(ann, operator, ours, theirs):
    save(ann, sharing=Sharing.TEAM)

    assert chips(signed_in(manager_of(ours.store))) == ["Waiting"]
    assert chips(signed_in(theirs.manager)) == chips(operator) == []


def test_an_operator_shares_with_all_staff(ann, operator, ours):
    save(operator, sharing=Sharing.EVERYBODY)

    assert chips(ann) == ["Waiting"]


@pytest.mark.parametrize("sharing", [Sharing.EVERYBODY, "stores", ""])
def test_a_manager_cannot_share_with_everybody(ann, ours, sharing):
    save(ann, sharing=sharing)

    assert not SavedSearch.objects.exists()


def test_a_shared_search_shows_a_reader_their_own_store_only(ann, operator, ours, theirs):
    save(operator, f"store__id__exact={theirs.store.pk}", sharing=Sharing.EVERYBODY)

    answer = ann.get(f"{LIST}?store__id__exact={theirs.store.pk}")

    assert chips(ann) == ["Waiting"]
    assert answer.context["cl"].result_count == 0


@pytest.mark.parametrize(
    "query",
    [
        "",
        "p=2",
        "no_such_field=1",
        "user__password__startswith=a",
        "starts_at_from=" + "1" * 2000,
        "q=" + "a" * 5000,
        "%00=1",
    ],
)
def test_what_the_list_does_not_know_is_not_saved(ann, ours, query):
    answer = save(ann, query)

    assert not SavedSearch.objects.exists()
    assert answer.status_code == 302
    assert answer.url.startswith(LIST)


@pytest.mark.parametrize("query", ["//evil.example", "http://evil.example/?q=1", "q=//evil"])
def test_one_never_lands_on_another_host(ann, ours, query):
    assert save(ann, query).url.startswith(LIST)
    for link in ann.get(LIST).context["searches"]["links"]:
        assert link["href"].startswith("?")


def test_a_script_as_its_name_runs_nowhere(ann, ours):
    save(ann, name="<script>alert(1)</script>", query='q="><script>alert(2)</script>')

    page = ann.get(LIST).content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("name", ["", " ", "x" * 41])
def test_it_needs_a_name_that_fits(ann, ours, name):
    assert "name" in said(save(ann, name=name))[0]
    assert not SavedSearch.objects.exists()


def test_two_of_one_name_are_told_apart_by_refusal(ann, ours):
    save(ann)

    assert "already" in said(save(ann))[-1]
    assert SavedSearch.objects.count() == 1


def test_there_is_an_end_to_it(ann, ours):
    SavedSearch.objects.bulk_create(
        SavedSearch(owner=ours.manager, listed="appointments.Appointment", name=f"{n}", query="q=1")
        for n in range(MOST_PER_LIST)
    )

    save(ann, name="one more")

    assert not SavedSearch.objects.filter(name="one more").exists()


def test_its_owner_renames_and_removes_it(ann, ours):
    save(ann)
    search = SavedSearch.objects.get()

    ann.post(page_of(search), {"name": "Asked", "sharing": Sharing.TEAM})
    search.refresh_from_db()
    assert (search.name, search.sharing, search.query) == ("Asked", Sharing.TEAM, PENDING)

    ann.post(f"{SAVED}{search.pk}/delete/", {"post": "yes"})
    assert not SavedSearch.objects.exists()


def test_a_manager_changes_no_search_of_somebody_else(ann, operator, ours, olga):
    save(operator, sharing=Sharing.EVERYBODY)
    search = SavedSearch.objects.get()

    assert ann.post(page_of(search), {"name": "Mine"}).status_code == 403
    assert ann.post(f"{SAVED}{search.pk}/delete/", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [search.pk], "post": "yes"}
    ann.post(SAVED, chosen)
    assert SavedSearch.objects.filter(name="Waiting").exists()


def test_a_manager_cannot_make_theirs_everybody_s_afterwards(ann, ours):
    save(ann)
    search = SavedSearch.objects.get()

    ann.post(page_of(search), {"name": "Asked", "sharing": Sharing.EVERYBODY})

    search.refresh_from_db()
    assert search.sharing == Sharing.NOBODY


def test_a_search_of_another_store_s_manager_does_not_open(ann, ours, theirs):
    save(signed_in(theirs.manager), sharing=Sharing.TEAM)
    search = SavedSearch.objects.get()

    assert ann.get(page_of(search)).status_code == 302
    assert "Waiting" not in ann.get(SAVED).content.decode()


def test_only_staff_who_see_the_list_save_for_it(ours):
    customer, stranger = signed_in(UserFactory()), signed_in(UserFactory(is_staff=True))

    assert save(customer).status_code == 302
    assert save(stranger).status_code == 403
    assert not SavedSearch.objects.exists()


def test_it_takes_a_post(ann, ours):
    assert ann.get(f"{LIST}save-search/").status_code == 405


def test_who_leaves_takes_their_searches_along(ann, ours):
    save(ann, "q=Mrs+Wang", sharing=Sharing.TEAM)

    erase_account(ours.manager, by=Actor.of(ours.manager), at=ours.booked.created_at)

    assert not SavedSearch.objects.exists()
