"""Streams are kept for a while, and go on counting when they are emptied."""

import pytest
from django.utils import timezone

from notifications.models import UserEvent, UserStream
from notifications.services import trimming

from .happenings import told

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]


def test_streams_are_kept_for_thirty_days(fang):
    told(fang, 6)
    month_ago = timezone.now() - trimming.KEPT
    UserEvent.objects.filter(user=fang, u__lte=4).update(created_at=month_ago)

    trimming.trim_streams(at=timezone.now())

    assert list(UserEvent.objects.filter(user=fang).values_list("u", flat=True)) == [5, 6]
    assert UserStream.objects.get(pk=fang.pk).floor_u == 5


def test_and_no_longer_than_so_many_events(fang, monkeypatch):
    monkeypatch.setattr(trimming, "MOST_EVENTS", 4)
    told(fang, 6)

    trimming.trim_streams(at=timezone.now())
    trimming.trim_streams(at=timezone.now())

    assert list(UserEvent.objects.filter(user=fang).values_list("u", flat=True)) == [3, 4, 5, 6]
    assert UserStream.objects.get(pk=fang.pk).floor_u == 3


def test_a_stream_that_was_emptied_goes_on_counting(fang):
    told(fang, 2)
    UserEvent.objects.update(created_at=timezone.now() - trimming.KEPT)
    trimming.trim_streams(at=timezone.now())

    told(fang)

    assert list(UserEvent.objects.values_list("u", flat=True)) == [3]
    assert UserStream.objects.get(pk=fang.pk).floor_u == 3
