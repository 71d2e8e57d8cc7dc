"""Staff and realtors who press the same button twice, or two of them at once."""

from datetime import time
from functools import partial
from uuid import UUID

import pytest
from django.contrib.admin import site
from django.test import RequestFactory
from django.utils import timezone

from appointments.models import CalendarFeed
from appointments.models.feed import digest_of
from appointments.services import check_in, open_feed
from booking_site.common.actors import Actor
from booking_site.common.models import SavedSearch, Sharing, Transfer, WaitingImport
from booking_site.common.searches import save_search
from realtors.models import Realtor, WorkingInterval
from realtors.services import set_working_hours
from stores.rules import Interval
from tests.appointments import world
from tests.factories import UserFactory, manager_of

from .together import codes, together

pytestmark = pytest.mark.django_db(transaction=True)
HOURS = ((time(9), time(12)), (time(13), time(18)))
ROWS = b"store,name\nstore-1,Mei Lin\nstore-1,Su Wen\n"


def test_of_four_who_confirm_one_import_one_brings_it_in():
    manager = manager_of(world.open_store("store-1"))
    token = UUID(int=7)
    WaitingImport.objects.create(
        token=token,
        owner=manager,
        listed="realtors.Realtor",
        file_name="rows.csv",
        content=ROWS,
        created_at=timezone.now(),
    )

    def confirm():
        request = RequestFactory().post("/")
        request.user = manager
        try:
            return site._registry[Realtor]._bring_in(request, token)
        except WaitingImport.DoesNotExist:
            return None

    outcomes = together(*[confirm] * 4)

    assert sum(one is not None for one in outcomes) == 1
    assert Realtor.objects.count() == 2
    assert Transfer.objects.count() == 1


def test_of_four_searches_of_one_name_one_is_saved():
    by = Actor.of(UserFactory(is_staff=True))
    save = partial(
        save_search, listed="stores.Store", name="Mine", query="a=1", sharing=Sharing.NOBODY, by=by
    )

    assert codes(together(*[save] * 4)) == ["done", *["invalid"] * 3]
    assert SavedSearch.objects.count() == 1


def test_of_feeds_that_are_opened_at_once_the_last_address_opens():
    wei = world.hire(world.open_store(), "Wei")
    by = Actor.of(wei.user)

    tokens = together(*[partial(open_feed, wei, locale="en", by=by, at=world.NOW)] * 4)

    kept = CalendarFeed.objects.get().token_digest
    assert sum(digest_of(token) == kept for token in tokens) == 1


def test_two_weeks_saved_at_once_leave_one_of_them_and_no_mixture():
    wei = world.hire(world.open_store(), "Wei")
    by = Actor.of(wei.user)
    weeks = [{day: [Interval(*hours)] for day in range(7)} for hours in HOURS]

    together(
        *(
            partial(set_working_hours, wei, work=week, breaks={}, by=by, at=world.NOW)
            for week in weeks
        )
    )

    rows = set(WorkingInterval.objects.filter(realtor=wei).values_list("starts", "ends"))
    assert rows in [{hours} for hours in HOURS]
    assert WorkingInterval.objects.filter(realtor=wei).count() == 7


def test_somebody_who_is_noted_as_there_by_four_is_noted_once():
    store = world.open_store()
    wei = world.hire(store, "Wei")
    visit = world.confirmed(store, world.clock("14:00"), realtor=wei)
    by = Actor.of(wei.user)

    same = [type(visit).objects.get(pk=visit.pk) for _one in range(4)]
    together(*(partial(check_in, one, by=by, at=world.clock("13:55")) for one in same))

    assert visit.log.filter(action="arrived").count() == 1
