"""Who has an account plays themself in the demo."""

from datetime import timedelta

import pytest

from appointments import services
from appointments.services import LiveRequest
from booking_site.common.actors import Actor
from booking_site.site.demo.playing import play
from booking_site.site.demo.seeding import seed
from booking_site.site.demo.stores import HUBIN
from realtors.models import Presence, Realtor
from stores.models import Store

from .first_run.conftest import FRIDAY

MINUTE = timedelta(minutes=1)


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
