"""While the demo runs, its realtors without an account come to work, answer and serve."""

from datetime import timedelta

import pytest

from appointments.models import Appointment, Status
from appointments.models.appointment import LIVE
from appointments.selectors.waits import live_line
from booking_site.site.demo.playing import play
from booking_site.site.demo.seeding import seed
from booking_site.site.demo.stores import CHENGZHAN
from stores.models import Store

from .conftest import FRIDAY

MINUTE = timedelta(minutes=1)


def test_the_store_that_never_closes_has_a_live_line():
    clinic = Store.objects.get(slug=CHENGZHAN.slug)

    for minute in range(8):
        play(at=FRIDAY + minute * MINUTE)

    line = live_line(clinic, at=FRIDAY + 8 * MINUTE)
    assert line.on_duty >= 1
    assert line.length == 2
    assert line.wait_minutes is not None
    assert Appointment.objects.filter(live=True, status=Status.IN_PROGRESS).exists()


def test_it_goes_on_and_has_an_end():
    for minute in range(0, 120, 3):
        play(at=FRIDAY + minute * MINUTE)

    live = Appointment.objects.filter(live=True)
    assert live.filter(status=Status.COMPLETED).count() >= 5
    assert live.filter(status__in=[Status.PENDING, Status.CONFIRMED]).count() <= 6


@pytest.mark.parametrize("pause", [timedelta(minutes=20), timedelta(hours=2), timedelta(days=3)])
def test_who_had_walked_in_is_seen_off_at_a_start_soon_hours_or_days_after(pause):
    for minute in range(8):
        play(at=FRIDAY + minute * MINUTE)
    walked_in = Appointment.objects.filter(live=True)
    here = set(walked_in.filter(status__in=LIVE).values_list("pk", flat=True))
    assert len(here) > 2

    seed(at=FRIDAY + pause)

    again = FRIDAY + pause
    for minute in range(0, 48, 4):
        play(at=again + minute * MINUTE)
    assert not walked_in.filter(pk__in=here, status__in=LIVE).exists()
