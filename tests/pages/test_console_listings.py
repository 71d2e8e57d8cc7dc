"""A provider writes what they offer, without a script: draft, pictures, published, taken back."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from booking_site.common.actors import SYSTEM
from realtors.models import Listing, ListingPicture, Realtor
from realtors.services import hide_listing
from stores.models import Store
from tests.appointments import world
from tests.factories import ListingFactory
from tests.reviews.photographs import upload

from .conftest import ENGLISH
from .visitor import Visitor

LISTINGS = "/console/listings/"


@pytest.fixture
def at_work(wei: Realtor) -> Visitor:
    visitor = Visitor(Client(headers=ENGLISH))
    visitor.client.force_login(wei.user)
    return visitor


def facts(**changed: object) -> dict[str, object]:
    """As a browser would send them."""
    whole = {
        "title": "Two rooms by the river",
        "description": "Bright.",
        "category": "",
        "price": "6500",
        "price_unit": "month",
        "words": "near the metro, quiet，bright",
        "deposit_percent": "0",
        "needs_approval": "on",
        "own_rooms": "2",
        "own_area": "80.5",
        "own_district": "Pudong",
        "own_lift": "on",
    }
    return whole | changed


def address(listing: Listing) -> str:
    return f"{LISTINGS}{listing.pk}/"


def test_a_listing_from_the_first_word_to_the_last(at_work: Visitor, wei: Realtor, lan: Visitor):
    assert f'href="{LISTINGS}new/house/"' in at_work.look(LISTINGS)

    made = at_work.client.post(f"{LISTINGS}new/house/", facts())

    flat = Listing.objects.get()
    assert made["Location"] == address(flat)
    assert (flat.realtor, flat.status, flat.price) == (wei, "draft", 6500)
    assert flat.attributes == {"rooms": 2, "area": 80.5, "district": "Pudong", "lift": True}
    assert flat.tags == ["near the metro", "quiet", "bright"]
    assert "Kept as a draft" in at_work.look(address(flat))

    at_work.client.post(f"{address(flat)}publish/")
    assert "Two rooms by the river" in lan.look("/houses/")
    assert "Everybody sees it" in at_work.look(LISTINGS)

    at_work.client.post(f"{address(flat)}withdraw/")
    assert "Two rooms by the river" not in lan.look("/houses/")


def test_the_form_holds_what_is_there_and_saves_what_is_changed(at_work: Visitor, wei: Realtor):
    flat = ListingFactory(
        realtor=wei, house=True, attributes={"rooms": 2, "area": 80.0}, tags=["quiet"]
    )
    page = at_work.look(address(flat))
    assert 'name="own_area" value="80"' in page
    assert 'name="words" value="quiet"' in page

    at_work.client.post(address(flat), facts(price="7000.50", own_rooms="", words=""))

    flat.refresh_from_db()
    assert (str(flat.price), flat.tags, flat.status) == ("7000.50", [], "published")
    assert flat.attributes == {"area": 80.5, "district": "Pudong", "lift": True}


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"title": ""}, "title"),
        ({"price": "-1"}, "price"),
        ({"price": "lots"}, "price"),
        ({"own_rooms": "51"}, "own_rooms"),
        ({"words": "x" * 21}, "words"),
        ({"duration_minutes": "7"}, "duration_minutes"),
    ],
    ids=repr,
)
def test_a_mistake_is_said_at_its_field_and_nothing_typed_is_lost(
    at_work: Visitor, changed: dict[str, object], name: str
):
    answer = at_work.client.post(f"{LISTINGS}new/house/", facts(**changed))

    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'id="id_{name}_error"' in page
    assert "Bright." in page
    assert not Listing.objects.exists()


def test_a_course_says_how_long_a_session_is(at_work: Visitor):
    lesson = facts(price_unit="hour", capacity="8", own_age_from="4", own_age_to="9")

    answer = at_work.client.post(f"{LISTINGS}new/course/", lesson)
    assert 'id="id_duration_minutes_error"' in answer.content.decode()

    at_work.client.post(f"{LISTINGS}new/course/", lesson | {"duration_minutes": "45"})
    made = Listing.objects.get()
    assert (made.kind, made.capacity, made.duration_minutes) == ("course", 8, 45)
    assert made.attributes == {"age_from": 4, "age_to": 9}


def test_a_course_is_priced_by_the_session_and_leads_to_its_first_one(at_work: Visitor):
    lesson = facts(price_unit="hour", capacity="8", duration_minutes="45")
    at_work.client.post(f"{LISTINGS}new/course/", lesson)
    made = Listing.objects.get()

    page = at_work.client.get(address(made)).content.decode()
    assert made.price_unit == "session"
    assert 'name="price_unit"' not in page
    assert f'href="/console/sessions/new/?course={made.pk}"' in page


def test_what_cancelling_late_costs_is_written_step_by_step(at_work: Visitor, wei: Realtor):
    steps = {"fee-1-minutes": "120", "fee-1-percent": "100"}
    steps |= {"fee-2-minutes": "1440", "fee-2-percent": "20"}

    at_work.client.post(f"{LISTINGS}new/house/", facts(**steps))

    made = Listing.objects.get()
    assert made.fee_steps == [[1440, 20], [120, 100]]
    page = at_work.look(address(made))
    assert 'name="fee-1-minutes" value="1440"' in page
    assert 'name="fee-2-percent" value="100"' in page
    assert 'name="fee-3-minutes"' in page
    at_work.client.post(address(made), facts())
    made.refresh_from_db()
    assert made.fee_steps is None


def test_without_a_fee_of_its_own_nothing_is_filled_in_and_free_is_a_step(
    at_work: Visitor, wei: Realtor
):
    flat = ListingFactory(realtor=wei, house=True)
    assert 'name="fee-1-percent" value' not in at_work.look(address(flat))
    Listing.objects.filter(pk=flat.pk).update(fee_steps=[])

    assert 'name="fee-1-percent" value="0"' in at_work.look(address(flat))
    at_work.client.post(address(flat), facts(**{"fee-1-minutes": "0", "fee-1-percent": "0"}))

    flat.refresh_from_db()
    assert flat.fee_steps == [[0, 0]]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ({"fee-1-minutes": "60"}, "fee-1-percent"),
        ({"fee-2-percent": "20"}, "fee-2-minutes"),
        ({"fee-1-minutes": "60", "fee-1-percent": "101"}, "fee-1-percent"),
        ({"fee-1-minutes": "-1", "fee-1-percent": "10"}, "fee-1-minutes"),
        ({"fee-1-minutes": "527041", "fee-1-percent": "10"}, "fee-1-minutes"),
        ({"fee-1-minutes": "soon", "fee-1-percent": "10"}, "fee-1-minutes"),
    ],
    ids=repr,
)
def test_half_a_step_and_nonsense_are_said_at_their_field(
    at_work: Visitor, typed: dict[str, str], name: str
):
    page = at_work.client.post(f"{LISTINGS}new/house/", facts(**typed)).content.decode()

    assert f'id="id_{name}_error"' in page
    assert page.count('_error"') == page.count(f'id_{name}_error"')
    assert '<details class="fold" open>' in page
    assert not Listing.objects.exists()


def test_pictures_are_added_put_in_order_and_removed(
    at_work: Visitor, wei: Realtor, django_capture_on_commit_callbacks
):
    flat = ListingFactory(realtor=wei, house=True)
    for caption in ("Door", "Sofa"):
        sent = {"picture": upload(), "caption": caption}
        answer = at_work.client.post(f"{address(flat)}pictures/", sent)
        assert answer["Location"] == f"{address(flat)}#pictures"
    door, sofa = ListingPicture.objects.all()

    at_work.client.post(f"{address(flat)}pictures/{sofa.key}/", {"do": "earlier"})
    assert [one.caption for one in ListingPicture.objects.all()] == ["Sofa", "Door"]
    at_work.client.post(f"{address(flat)}pictures/{sofa.key}/", {"do": "later"})
    assert [one.caption for one in ListingPicture.objects.all()] == ["Door", "Sofa"]
    with django_capture_on_commit_callbacks(execute=True):
        at_work.client.post(f"{address(flat)}pictures/{door.key}/", {"do": "remove"})

    assert ListingPicture.objects.get() == sofa
    assert not door.picture.storage.exists(door.picture.name)


def test_what_is_no_picture_is_said_to_be_none(at_work: Visitor, wei: Realtor):
    flat = ListingFactory(realtor=wei)
    sent = {"picture": SimpleUploadedFile("a.jpg", b"no picture", "image/jpeg")}

    answer = at_work.client.post(f"{address(flat)}pictures/", sent)

    assert "Please choose a JPEG, PNG or WebP picture." in answer.content.decode()
    assert not ListingPicture.objects.exists()


def test_whose_it_is_reads_why_it_was_taken_down_and_cannot_put_it_back(
    at_work: Visitor, wei: Realtor
):
    flat = ListingFactory(realtor=wei)
    hide_listing(flat, reason="Photos of another flat", by=SYSTEM, at=world.NOW)

    assert "Taken down by staff: Photos of another flat" in at_work.look(LISTINGS)
    page = at_work.look(address(flat))
    assert "Why: Photos of another flat" in page
    assert "publish/" not in page
    answer = at_work.client.post(f"{address(flat)}publish/", follow=True)

    assert "Only staff can put it back." in answer.content.decode()
    flat.refresh_from_db()
    assert flat.status == "hidden"


def test_of_a_colleague_nothing_is_there(at_work: Visitor, ming: Realtor, store: Store):
    hers = ListingFactory(realtor=ming)
    picture = ListingPicture.objects.create(
        listing=hers, key="k", width=4, height=3, created_at=world.NOW
    )

    assert "Listing" not in at_work.look(LISTINGS).split("<h1")[1].split("</h1>")[0]
    for path in ("", "publish/", "withdraw/", "pictures/", f"pictures/{picture.key}/"):
        assert at_work.client.post(f"{address(hers)}{path}").status_code == 404
    assert at_work.client.get(f"{LISTINGS}new/castle/").status_code == 404
    hers.refresh_from_db()
    assert hers.status == "published"


def test_who_works_nowhere_writes_nothing(fang_at_home: Visitor, lan: Visitor):
    assert fang_at_home.client.post(f"{LISTINGS}new/house/", facts()).status_code == 403
    assert lan.client.get(LISTINGS)["Location"].startswith("/accounts/login/")


def test_the_pages_need_few_queries(at_work: Visitor, wei: Realtor):
    for _number in range(15):
        flat = ListingFactory(realtor=wei)

    for path in (LISTINGS, address(flat), f"{LISTINGS}new/course/"):
        with CaptureQueriesContext(connection) as queries:
            at_work.look(path)
        assert len(queries) <= 9, [query["sql"][:90] for query in queries]
