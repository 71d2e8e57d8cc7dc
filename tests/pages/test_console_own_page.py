"""A provider writes what customers read of them, and of the store that is theirs alone."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.services import register
from appointments.models import Appointment
from booking_site.common.actors import Actor
from realtors.models import Realtor
from stores.models import Category, Store
from tests.appointments import world
from tests.factories import RealtorFactory

from .conftest import ENGLISH
from .visitor import Visitor

PAGE = "/console/page/"


@pytest.fixture
def su(db: None) -> Realtor:
    user = register(
        email="su@example.com",
        phone="+8613700000009",
        password_hash="!",
        display_name="Sitter Su",
        user_type="provider",
        by=Actor.guest(),
        at=world.NOW - timedelta(days=1),
    )
    return Realtor.objects.get(user=user)


@pytest.fixture
def at_work(su: Realtor) -> Visitor:
    return signed_in(su)


@pytest.fixture
def cats(db: None) -> Category:
    return Category.objects.create(slug="cats", name="猫", name_en="Cats", position=1)


def signed_in(realtor: Realtor) -> Visitor:
    visitor = Visitor(Client(headers=ENGLISH))
    visitor.client.force_login(realtor.user)
    return visitor


def facts(**changed: object) -> dict[str, object]:
    """As a browser would send them."""
    whole = {
        "bio": "Cats and small dogs.",
        "store_name": "Su's cat corner",
        "description": "Home visits.",
        "phone": "137 0000 0009",
        "city": "Hangzhou",
        "address": "",
        "latitude": "",
        "longitude": "",
        "time_zone": "Asia/Shanghai",
    }
    return whole | changed


def test_who_has_just_signed_up_is_told_what_is_missing_and_then_no_more(at_work: Visitor):
    before = at_work.look("/console/")
    at_work.client.post(PAGE, facts())

    assert "You can be booked, but hardly be found" in before
    assert PAGE in before
    assert "hardly be found" not in at_work.look("/console/")


def test_what_was_written_is_what_customers_find(
    at_work: Visitor, su: Realtor, cats: Category, lan: Visitor
):
    place = {"latitude": "30.2489", "longitude": "120.1555", "address": "Hubin Road 28"}

    answer = at_work.client.post(PAGE, facts(skills=[cats.pk], **place), follow=True)

    assert "This is what customers see now." in answer.content.decode()
    shown = lan.look(f"/stores/{su.store_id}/")
    for text in ("Su&#x27;s cat corner", "Home visits.", "Hangzhou", "Hubin Road 28"):
        assert text in shown
    assert "Cats and small dogs." in lan.look(f"/realtors/{su.pk}/")
    assert "Su&#x27;s cat corner" in lan.look("/stores/", city="Hangzhou", category="cats")
    su.store.refresh_from_db()
    assert (su.store.point.latitude, su.store.point.longitude) == (30.2489, 120.1555)
    assert su.store.phone == "+8613700000009"


def test_the_form_shows_what_is_stored(at_work: Visitor, su: Realtor, cats: Category):
    at_work.client.post(PAGE, facts(skills=[cats.pk], latitude="-1.5", longitude="179.123456"))

    page = at_work.look(PAGE)

    for value in ("Su&#x27;s cat corner", "-1.500000", "179.123456", "+8613700000009"):
        assert f'value="{value}"' in page
    assert "<span>Cats</span>" in page
    boxes = re.findall(r'<input[^>]*name="skills"[^>]*>', page)
    assert [box for box in boxes if "checked" in box] == [
        box for box in boxes if f'value="{cats.pk}"' in box
    ]


def test_an_address_is_for_those_who_have_one(at_work: Visitor, su: Realtor, lan: Visitor):
    at_work.client.post(PAGE, facts(phone=""))

    shown = lan.look(f"/stores/{su.store_id}/")
    assert "Hangzhou" in shown
    assert "tel:" not in shown
    assert "Hangzhou" in lan.look("/stores/")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"store_name": " "}, "This field is required."),
        ({"city": ""}, "This field is required."),
        ({"bio": "x" * 501}, "at most 500 characters"),
        ({"phone": "12"}, "id_phone_error"),
        ({"latitude": "north"}, "Please give degrees such as 30.2489."),
        ({"latitude": "NaN", "longitude": "1"}, "Please give degrees such as 30.2489."),
        ({"latitude": "91", "longitude": "1"}, "less than or equal to 90"),
        ({"latitude": "30.2"}, "Give both, or none."),
        ({"time_zone": "Mars/Olympus"}, "is not one of the available choices"),
        ({"skills": ["999"]}, "is not one of the available choices"),
        ({"skills": ["x"]}, "is not a valid value"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_lost(
    at_work: Visitor, su: Realtor, wrong: dict[str, str], sentence: str
):
    answer = at_work.client.post(PAGE, facts(description="Kept as typed.", **wrong))

    page = answer.content.decode()
    assert answer.status_code == 200
    assert sentence in page
    assert "Kept as typed." in page
    su.store.refresh_from_db()
    assert (su.store.name, su.store.city) == ("Sitter Su", "")


def test_in_a_store_with_colleagues_one_writes_of_oneself_only(wei: Realtor, store: Store):
    at_work = signed_in(wei)
    assert "its manager writes" in at_work.look(PAGE)

    at_work.client.post(PAGE, facts())

    store.refresh_from_db()
    wei.refresh_from_db()
    assert store.name == "Nanjing Road"
    assert wei.bio == "Cats and small dogs."


def test_the_first_colleague_makes_it_a_place_with_a_manager(
    at_work: Visitor, su: Realtor, cats: Category
):
    RealtorFactory(store=su.store)

    at_work.client.post(PAGE, facts(skills=[cats.pk]))

    su.store.refresh_from_db()
    assert su.store.name == "Sitter Su"
    assert not su.skills.exists()


def test_another_clock_moves_the_hours_and_not_what_is_booked(at_work: Visitor, su: Realtor):
    booked = world.book(su.store, world.clock("14:00"), realtor=su)

    answer = at_work.client.post(PAGE, facts(time_zone="Europe/Madrid"), follow=True)

    assert "1 appointment lies outside of your hours" in answer.content.decode()
    assert Appointment.objects.get(pk=booked.pk).starts_at == world.clock("14:00")
    su.store.refresh_from_db()
    assert su.store.time_zone == "Europe/Madrid"


def test_the_history_tells_who_wrote_it(at_work: Visitor, su: Realtor):
    at_work.client.post(PAGE, facts())
    kept = Store.history.filter(id=su.store_id).count()
    at_work.client.post(PAGE, facts())

    newest = Store.history.filter(id=su.store_id).latest()
    assert (newest.history_user, newest.city) == (su.user, "Hangzhou")
    assert Store.history.filter(id=su.store_id).count() == kept


def test_few_queries(at_work: Visitor):
    with CaptureQueriesContext(connection) as asked:
        at_work.look(PAGE)

    assert len(asked) <= 8
