"""Presence is shown in the list of realtors and set by an action."""

from datetime import timedelta

import pytest
from django.utils import timezone

from realtors.models import Presence, Realtor
from tests.factories import RealtorFactory

from .places import join, list_of, online, page_of
from .pressing import said

LIST = list_of(Realtor)


def choose(client, action, *realtors):
    sent = {"action": action, "_selected_action": [one.pk for one in realtors]}
    return client.post(LIST, sent, follow=True)


@pytest.mark.parametrize("presence", list(Presence))
def test_a_manager_sets_it_for_several_at_once(ann, ours, presence):
    other = online(ours.store, "Other")

    answer = choose(ann, f"set_{presence}", ours.realtor, other)

    ours.realtor.refresh_from_db()
    other.refresh_from_db()
    assert {ours.realtor.presence, other.presence} == {presence}
    assert said(answer) == [f"2 realtors are now {presence.label}."]


def test_who_comes_online_is_sent_whoever_waits(ann, ours):
    lan = join(ours.store, customer="Lan", number=1)
    there = RealtorFactory(store=ours.store, name="There")

    choose(ann, "set_online", there)

    lan.refresh_from_db()
    assert lan.realtor == there


def test_another_store_s_realtor_cannot_be_slipped_in(ann, ours, theirs):
    choose(ann, "set_online", theirs.realtor)

    theirs.realtor.refresh_from_db()
    assert theirs.realtor.presence == Presence.OFFLINE


def test_it_cannot_be_typed_in(ann, ours):
    fields = ann.get(page_of(ours.realtor)).context["adminform"].form.fields

    assert {"presence", "last_seen_at", "away_since"}.isdisjoint(fields)


def test_the_list_shows_and_filters_who_is_away(ann, ours):
    away = online(ours.store, "Sleeper")
    long_ago = timezone.now() - timedelta(hours=2)
    Realtor.objects.filter(pk=away.pk).update(away_since=long_ago, last_seen_at=long_ago)

    html = ann.get(LIST, {"away": "yes"}).content.decode()

    assert "2\xa0hours" in html
    assert list(ann.get(LIST, {"away": "yes"}).context["cl"].queryset) == [away]
    assert list(ann.get(LIST, {"away": "no"}).context["cl"].queryset) == [ours.realtor]
    assert ann.get(LIST, {"away": "perhaps"}).status_code == 200
