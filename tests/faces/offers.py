"""What is offered in the full world: long, hostile, and with as many pictures as there may be."""

from typing import TYPE_CHECKING

from booking_site.common.actors import SYSTEM
from realtors.gateways.pictures import listing_pictures_from
from realtors.listing_rules import MOST_PICTURES
from realtors.models import Listing
from realtors.services import add_picture
from stores.models import Category
from tests.factories import ListingFactory
from tests.reviews.photographs import picture

from . import hostile

if TYPE_CHECKING:
    from .worlds import World

TITLE = (hostile.SCRIPT + hostile.NAME * 5)[:100]


def offer(world: "World") -> None:
    """One of each kind that is shown, a draft, and one that was taken down."""
    facts = {"realtor": world.realtor, "title": TITLE, "description": hostile.NOTE * 3}
    house = ListingFactory(
        **facts,
        house=True,
        price="9999999999.99",
        category=Category.objects.get(slug="hostile"),
        address=(hostile.SCRIPT * 9)[:200],
        tags=[hostile.NAME[:20], "two"],
        attributes={"rooms": 50, "area": 9999.99, "district": hostile.NAME[:100], "lift": True},
    )
    pictures = listing_pictures_from(picture())
    for number in range(MOST_PICTURES):
        caption = (f"{number} " + hostile.NAME * 4)[:100]
        add_picture(house, pictures=pictures, caption=caption, by=SYSTEM, at=world.at)
    world.things["house"] = house
    ListingFactory(**facts, boarding=True, attributes={"species": ["dog", "cat"]})
    world.things["flat"] = ListingFactory(
        **facts, house=True, latitude="30.252", longitude="120.164"
    )
    for number in range(14):
        ListingFactory(**facts, latitude=f"30.2{number}", longitude=f"120.1{number % 5}")
    world.things["draft"] = ListingFactory(**facts, status="draft")
    world.things["hidden"] = ListingFactory(
        **facts, status="hidden", hidden_reason=hostile.SHORT_NOTE[:200]
    )
    Listing.objects.filter(pk=house.pk).update(rating="4.80", review_count=1)
