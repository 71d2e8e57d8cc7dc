"""While the demo runs, its realtors without an account come to work, answer and serve."""

from datetime import timedelta

import pytest
from django.test import TestCase

from appointments import services
from appointments.models import Appointment, Status
from appointments.models.appointment import LIVE
from appointments.selectors.waits import live_line
from appointments.services import LiveRequest
from booking_site.common.actors import Actor
from booking_site.site.demo.playing import play
from booking_site.site.demo.seeding import seed
from booking_site.site.demo.stores import CHENGZHAN, HUBIN
from realtors.models import Presence, Realtor
from stores.models import Store

from .test_seed_demo import FRIDAY

MINUTE = timedelta(minutes=1)


class AfterTheFirstRunTest(TestCase):
    """A run takes seconds, so one serves all of these; what each does to it is undone."""

    @classmethod
    def setUpTestData(cls):
        seed(at=FRIDAY)

    def test_the_store_that_never_closes_has_a_live_line(self):
        clinic = Store.objects.get(slug=CHENGZHAN.slug)

        for minute in range(8):
            play(at=FRIDAY + minute * MINUTE)

        line = live_line(clinic, at=FRIDAY + 8 * MINUTE)
        assert line.on_duty >= 1
        assert line.length == 2
        assert line.wait_minutes is not None
        assert Appointment.objects.filter(live=True, status=Status.IN_PROGRESS).exists()

    def test_it_goes_on_and_has_an_end(self):
        for minute in range(0, 120, 3):
            play(at=FRIDAY + minute * MINUTE)

        live = Appointment.objects.filter(live=True)
        assert live.filter(status=Status.COMPLETED).count() >= 5
        assert live.filter(status__in=[Status.PENDING, Status.CONFIRMED]).count() <= 6

    def test_who_had_walked_in_is_seen_off_at_a_start_soon_after(self):
        self.seen_off_after(timedelta(minutes=20))

    def test_who_had_walked_in_is_seen_off_at_a_start_hours_after(self):
        self.seen_off_after(timedelta(hours=2))

    def test_who_had_walked_in_is_seen_off_at_a_start_days_after(self):
        self.seen_off_after(timedelta(days=3))

    def seen_off_after(self, pause):
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


@pytest.mark.django_db(transaction=True)
def test_who_has_an_account_plays_themself_and_is_not_beaten_to_it():
    day = FRIDAY - timedelta(hours=6)
    seed(at=day)
    play(at=day)
    hubin = Store.objects.get(slug=HUBIN.slug)
    assert not Realtor.objects.filter(store=hubin, presence=Presence.ONLINE).exists()

    wish = LiveRequest(store=hubin, customer_name="Visitor", customer_phone="+8613800138099")
    visitor = services.join(wish, by=Actor.guest(), at=day)
    play(at=day + 3 * MINUTE)

    visitor.refresh_from_db()
    assert visitor.is_waiting
