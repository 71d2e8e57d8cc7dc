"""What becomes of what somebody offered when they leave, and what they may take along."""

from datetime import timedelta

from accounts.services import erase_account
from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.history import versions_of
from booking_site.site.export import export_of
from realtors import services
from realtors.gateways.pictures import listing_pictures_from
from realtors.models import Listing, ListingPicture
from tests.factories import ListingFactory
from tests.reviews.photographs import picture

from .conftest import NOW

FACTS = {"description": "Behind my own house.", "address": "Lane 5", "tags": ["garden"]}


def with_picture(listing):
    pictures = listing_pictures_from(picture())
    return services.add_picture(listing, pictures=pictures, caption="Me", by=SYSTEM, at=NOW)


def test_their_words_and_pictures_go_and_the_title_stays_for_who_has_booked(wei):
    flat = ListingFactory(realtor=wei, title="Two rooms", **FACTS)
    with_picture(flat)

    erase_account(wei.user, by=Actor.of(wei.user), at=NOW)

    flat.refresh_from_db()
    assert (flat.title, flat.description, flat.address, flat.tags) == ("Two rooms", "", "", [])
    assert flat.status == "draft"
    assert {(one.description, one.address) for one in versions_of(flat)} == {("", "")}
    assert not ListingPicture.objects.exists()
    assert not Listing.objects.open_to_public().exists()


def test_what_they_offer_is_in_what_they_may_take_along(wei):
    made = with_picture(ListingFactory(realtor=wei, title="Two rooms", **FACTS))
    ListingFactory(title="Somebody else's")

    (told,) = export_of(wei.user)["listings"]

    assert (told["title"], told["description"]) == ("Two rooms", "Behind my own house.")
    assert told["pictures"] == [{"url": f"/listings/pictures/{made.key}.jpg", "caption": "Me"}]


def test_files_that_no_row_names_are_swept_after_a_day(wei):
    made, lost = (with_picture(ListingFactory(realtor=wei)) for _number in range(2))
    ListingPicture.objects.filter(pk=lost.pk).delete()
    storage = made.picture.storage

    assert services.sweep_listing_files(at=NOW - timedelta(days=300)) == 0
    services.sweep_listing_files(at=NOW.replace(year=2100))

    assert storage.exists(made.picture.name)
    assert not storage.exists(lost.picture.name)
