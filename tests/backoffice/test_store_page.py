"""A store's own page leads to where the store is seen, and minds the promises that stand."""

from django.utils import timezone

from booking_site.common.actors import SYSTEM
from realtors.services import settle_in
from tests.factories import UserFactory

from .places import join, page_of
from .pressing import said
from .test_hours import formset, store_form


def test_it_leads_to_the_public_page_the_desk_and_the_board(ann, ours):
    html = ann.get(page_of(ours.store)).content.decode()

    for path in ("", "desk/", "board"):
        assert f'href="/stores/{ours.store.pk}/{path}"' in html


def closing(store, **more):
    sent = store_form(store) | formset("memberships") | more
    del sent["is_active"]
    return sent


def test_closing_a_store_says_who_is_still_promised_and_asks_again(operator, ours):
    join(ours.store, customer="Live", number=1)
    page = page_of(ours.store)

    asked = operator.post(page, closing(ours.store)).content.decode()

    ours.store.refresh_from_db()
    assert ours.store.is_active
    assert "2 appointments are still to come and stay promised" in asked
    assert ours.booked.code in asked
    assert "1 person waits in the live line" in asked
    assert 'name="despite"' in asked

    operator.post(page, closing(ours.store, despite="on"))
    ours.store.refresh_from_db()
    assert not ours.store.is_active


def test_a_provider_s_bare_store_is_closed_without_making_up_an_address(operator, db):
    provider = UserFactory(provider=True, display_name="Su")
    store = settle_in(provider, by=SYSTEM, at=timezone.now()).store

    answer = operator.post(page_of(store), closing(store))

    store.refresh_from_db()
    assert answer.status_code == 302
    assert (store.is_active, store.address, store.phone, store.city) == (False, "", "", "")


def test_other_stores_keep_their_address(operator, ours):
    operator.post(page_of(ours.store), store_form(ours.store) | {"address": ""})

    ours.store.refresh_from_db()
    assert ours.store.address


def test_the_box_is_not_there_before_it_matters(operator, ours):
    assert 'name="despite"' not in operator.get(page_of(ours.store)).content.decode()


def test_fewer_hours_are_saved_and_those_outside_of_them_named(ann, ours):
    rows = [
        {"id": row.pk, "weekday": row.weekday, "opens": "18:00", "closes": "19:00"}
        for row in ours.store.opening_intervals.all()
    ]
    answer = ann.post(page_of(ours.store), store_form(ours.store, hours=rows), follow=True)

    told = next(one for one in said(answer) if "outside the new hours" in one)
    assert ours.booked.code in told
    assert ours.waiting.code in told
