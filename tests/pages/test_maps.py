"""Where listings lie: beside their list, on their pages, drawn or on tiles; and all that narrows
the lists of houses and boarding."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from realtors.models import Listing, Realtor
from stores.models import Store
from tests.appointments import world
from tests.faces.checks import MOST_BYTES, packed, squeezed
from tests.factories import ListingFactory

from .shops import open_shop
from .visitor import Visitor

TILES = "https://tiles.example/{z}/{x}/{y}.png"


@pytest.fixture
def wei(db: None) -> Realtor:
    return world.hire(open_shop("Shop"), "Wei")


def put(title: str, wei: Realtor, at: tuple[str, str] | None = None, **facts: object) -> Listing:
    if at:
        facts |= {"latitude": at[0], "longitude": at[1]}
    return ListingFactory(title=title, realtor=wei, house=True, **facts)


def labels(page: str) -> dict[str, str]:
    """Where the drawing's labels lead, by what stands on them."""
    found = re.findall(
        r'<a href="(#[\w-]+|/[^"]+)" aria-label.*?<text[^>]*>([^<]+)</text></a>', page
    )
    return {text: href for href, text in found}


def titles(page: str) -> list[str]:
    return re.findall(r'class="cover-link" href="/listings/\d+/">([^<]+)<', page)


def image_sources(client: Client, address: str) -> str:
    policy = client.get(address).headers["Content-Security-Policy"]
    return next(rule.strip() for rule in policy.split(";") if rule.strip().startswith("img-src"))


# --- Beside the list


def test_a_list_is_shown_without_a_map_until_somebody_asks(lan: Visitor, wei: Realtor):
    put("River view", wei, ("30.25", "120.16"))

    page = lan.look("/houses/")

    assert 'href="?view=map"' in page
    for part in ("<figure", "css/map.css", "leaflet"):
        assert part not in page


def test_the_map_has_the_numbers_of_the_cards_and_leads_to_them(lan: Visitor, wei: Realtor):
    first = put("Lake", wei, ("30.25", "120.16"), price=1)
    second = put("Hill", wei, ("30.29", "120.19"), price=2)

    page = lan.look("/houses/", view="map", sort="price")

    assert labels(page) == {"1": f"#listing-{first.pk}", "2": f"#listing-{second.pk}"}
    for listing, number in ((first, 1), (second, 2)):
        card = page.partition(f'id="listing-{listing.pk}"')[2]
        assert f'store-card__number num">{number}<' in card.partition("</article>")[0]
    assert 'aria-label="1: Lake"' in page
    assert "Each square is 2 km wide." in page
    assert "<script" not in page.partition("<main")[2].partition("</main>")[0]


def test_those_at_one_place_share_a_label(lan: Visitor, wei: Realtor):
    for number in range(3):
        put(f"Room {number}", wei, ("30.25", "120.16"), price=number)
    put("Hill", wei, ("30.29", "120.19"), price=9)

    page = lan.look("/houses/", view="map", sort="price")

    assert list(labels(page)) == ["1–3", "4"]
    assert 'aria-label="1: Room 0; 2: Room 1; 3: Room 2"' in page


def test_the_second_page_goes_on_counting(lan: Visitor, wei: Realtor):
    for number in range(14):
        put(f"Flat {number}", wei, (f"30.{20 + number}", "120.16"), price=number)

    page = lan.look("/houses/", view="map", sort="price", page="2")

    assert list(labels(page)) == ["13", "14"]
    assert 'href="?sort=price&amp;page=2"' in page
    assert "?sort=price&amp;view=map&amp;page=1" in page


def test_the_map_stays_while_the_list_is_narrowed(lan: Visitor, wei: Realtor):
    put("River view", wei, ("30.25", "120.16"), attributes={"rooms": 2})

    page = lan.look("/houses/", view="map", rooms_min="2", lat="30.24", lng="120.15")

    assert page.count('<input type="hidden" name="view" value="map">') >= 2
    assert 'href="?lat=30.240&amp;lng=120.150&amp;view=map"' in page
    assert 'href="?lat=30.240&amp;lng=120.150&amp;rooms_min=2"' in page


def test_what_nobody_knows_the_place_of_is_told_and_not_drawn(lan: Visitor, wei: Realtor):
    """One has an address of its own, and no place: it is not where its store is."""
    Store.objects.filter(pk=wei.store_id).update(latitude="30.25", longitude="120.16")
    put("At the store", wei, price=1)
    put("Elsewhere", wei, address="Far Street 1", price=2)

    page = lan.look("/houses/", view="map", sort="price")

    assert list(labels(page)) == ["1"]
    assert "Of 1 of them nobody has said where it is." in page


def test_a_list_of_which_nobody_knows_any_place_says_so(lan: Visitor, wei: Realtor):
    put("Elsewhere", wei, address="Far Street 1")

    page = lan.look("/houses/", view="map")

    assert "Nobody has said where any of these is." in page
    assert "<figure" not in page


def test_places_that_are_not_on_the_earth_are_nobodys(lan: Visitor, wei: Realtor):
    odd = put("Odd", wei, ("99.0", "200.0"))

    assert "Nobody has said where any of these is." in lan.look("/houses/", view="map")
    assert "geo:" not in lan.look(f"/listings/{odd.pk}/", lat="30", lng="120")


def test_around_a_place_there_are_rings(lan: Visitor, wei: Realtor):
    put("River view", wei, ("30.25", "120.16"))

    near = lan.look("/houses/", view="map", lat="30.26", lng="120.17")
    far = lan.look("/houses/", view="map", lat="-30", lng="-60")

    assert "where__ring" in near
    assert "The rings are 500 m apart." in near
    assert "where__ring" not in far
    assert "too far away to be drawn" in far


@pytest.mark.parametrize("many", [1, 12])
def test_a_map_needs_no_query_of_its_own(lan: Visitor, wei: Realtor, many: int):
    for number in range(many):
        put(f"Flat {number}", wei, (f"30.{20 + number}", "120.16"))
    counted = []
    for view in ("", "map"):
        with CaptureQueriesContext(connection) as queries:
            lan.look("/houses/", lat="31", lng="121", view=view)
        counted.append(len(queries))

    assert counted[0] == counted[1] <= 6


@pytest.mark.parametrize("view", ["MAP", "map'", "\x00", "list"])
def test_an_odd_view_is_the_list(lan: Visitor, wei: Realtor, view: str):
    put("River view", wei, ("30.25", "120.16"))

    page = lan.look("/houses/", view=view)

    assert "<figure" not in page
    assert '<a class="chip" href="?" aria-current="true">' in page


# --- On tiles


def test_with_tiles_the_page_says_where_they_are_and_nothing_else_changes(
    lan: Visitor, wei: Realtor, settings
):
    settings.MAP_TILE_URL = TILES
    settings.MAP_ATTRIBUTION = "© <b>Maps</b> https://maps.example/copyright"
    flat = put("Lake <b>", wei, ("30.25", "120.16"))

    page = lan.look("/houses/", view="map", lat="30.2634", lng="120.1712")

    assert f'data-tiles="{TILES}"' in page
    assert "leaflet" in page
    assert f'data-href="#listing-{flat.pk}"' in page
    assert 'data-latitude="30.250000" data-longitude="120.160000"' in page
    # No closer than the address says.
    assert 'data-latitude="30.263" data-longitude="120.171"' in page
    assert "© &lt;b&gt;Maps&lt;/b&gt;" in page
    assert 'href="https://maps.example/copyright"' in page
    # The drawing is there for whom the script does not reach.
    assert list(labels(page)) == ["1"]


def test_pictures_come_from_the_host_of_the_tiles_on_pages_with_a_map_only(
    lan: Visitor, wei: Realtor, settings
):
    flat = put("Lake", wei, ("30.25", "120.16"))
    addresses = ("/houses/", f"/listings/{flat.pk}/")
    own = image_sources(lan.client, "/")
    assert {image_sources(lan.client, one) for one in addresses} == {own}

    settings.MAP_TILE_URL = TILES

    with_tiles = {image_sources(lan.client, one) for one in addresses}
    assert with_tiles == {own + " https://tiles.example"}
    assert image_sources(lan.client, "/") == own


def test_tiles_of_this_site_need_no_other_host(lan: Visitor, wei: Realtor, settings):
    settings.MAP_TILE_URL = "/tiles/{z}/{x}/{y}.png"
    put("Lake", wei, ("30.25", "120.16"))

    assert image_sources(lan.client, "/houses/") == image_sources(lan.client, "/")
    assert 'data-tiles="/tiles/{z}/{x}/{y}.png"' in lan.look("/houses/", view="map")


# --- On the page of one


def test_a_page_shows_it_and_its_store_and_how_to_get_there(lan: Visitor, wei: Realtor):
    Store.objects.filter(pk=wei.store_id).update(latitude="30.28", longitude="120.19")
    flat = put("Lake (east)", wei, ("30.25", "120.16"), address="Lake Street 1")

    page = lan.look(f"/listings/{flat.pk}/")

    assert labels(page) == {"1": "#where-title", "2": f"/stores/{wei.store_id}/"}
    assert "Lake Street 1" in page
    assert 'href="geo:30.250000,120.160000?q=30.250000,120.160000(Lake%20%28east%29)"' in page
    assert "position=120.160000,30.250000" in page
    assert "data-near" in page


def test_a_page_says_how_far_it_is_from_who_looks(lan: Visitor, wei: Realtor):
    flat = put("Lake", wei, ("30.25", "120.16"))

    page = lan.look(f"/listings/{flat.pk}/", lat="30.26", lng="120.16")

    assert "1.1 km from you, as the crow flies" in page
    assert "where__ring" in page
    assert "Forget where I am" in page


def test_a_page_with_nothing_to_compare_it_with_has_no_drawing(lan: Visitor, wei: Realtor):
    Store.objects.filter(pk=wei.store_id).update(latitude="30.25", longitude="120.16")
    here = put("At the store", wei)
    unknown = put("Elsewhere", wei, address="Far Street 1")

    page = lan.look(f"/listings/{here.pk}/")
    assert "<figure" not in page
    assert "geo:30.250000,120.160000" in page
    for part in ("geo:", "Open in maps", "data-near"):
        assert part not in lan.look(f"/listings/{unknown.pk}/")


def test_with_tiles_it_is_shown_even_alone(lan: Visitor, wei: Realtor, settings):
    settings.MAP_TILE_URL = TILES
    flat = put("Lake", wei, ("30.25", "120.16"))

    page = lan.look(f"/listings/{flat.pk}/")

    assert "data-tiles" in page
    assert "leaflet" in page


# --- What narrows the lists


def test_houses_by_furniture_and_lift(lan: Visitor, wei: Realtor):
    put("Both", wei, attributes={"furnished": True, "lift": True})
    put("Neither", wei, attributes={"furnished": False})
    put("Says nothing", wei)

    assert titles(lan.look("/houses/", furnished="1", lift="1")) == ["Both"]
    assert set(titles(lan.look("/houses/", furnished="0"))) == {"Neither", "Says nothing"}
    # What cannot be meant is as if it were not there.
    assert len(titles(lan.look("/houses/", furnished="maybe", lift=""))) == 3
    assert '<option value="1" selected>yes</option>' in lan.look("/houses/", lift="1")


def test_boarding_by_vaccination(lan: Visitor, wei: Realtor):
    strict = {"vaccination_needed": True, "species": ["dog"]}
    ListingFactory(title="Strict", realtor=wei, boarding=True, attributes=strict)
    ListingFactory(title="Easy", realtor=wei, boarding=True)

    assert titles(lan.look("/boarding/", vaccination_needed="1")) == ["Strict"]
    assert titles(lan.look("/boarding/", vaccination_needed="0", size="")) == ["Easy"]
    assert titles(lan.look("/boarding/", vaccination_needed="1", species="dog")) == ["Strict"]


def test_each_thing_that_was_chosen_is_taken_back_alone(lan: Visitor, wei: Realtor):
    told = {"rooms": 3, "area": 80, "district": "Pudong", "furnished": True, "lift": True}
    put("Flat", wei, attributes=told, price=500)
    asked = {
        "district": "Pudong",
        "rooms_min": "2",
        "area_min": "50",
        "area_max": "90",
        "furnished": "1",
        "lift": "1",
        "price_min": "100",
        "price_max": "900",
    }

    page = lan.look("/houses/", **asked)

    assert titles(page) == ["Flat"]
    for name in asked:
        rest = {key for key in asked if key != name}
        hrefs = re.findall(r'<a class="chip" href="\?([^"]+)">', page)
        assert rest in [set(re.findall(r"(\w+)=", href)) for href in hrefs], name
    for chip in ("District: Pudong", "Rooms, at least: 2", "Furnished: yes", "Price to: 900"):
        assert chip in page


def test_a_page_with_tiles_is_not_too_heavy(lan: Visitor, wei: Realtor, settings):
    """Pages without are weighed with all others (tests/faces)."""
    settings.MAP_TILE_URL = TILES
    for number in range(12):
        put(f"Flat {number}", wei, (f"30.{20 + number}", "120.16"))

    page = lan.look("/houses/", view="map", lat="30.3", lng="120.1")

    styles = re.findall(r'rel="stylesheet" href="/static/([^"]+)"', page)
    scripts = re.findall(r'<script src="/static/([^"]+)"', page)
    # Where static files have been collected their names hold what is in them.
    named = {re.sub(r"\.[0-9a-f]{12}(?=\.\w+$)", "", name) for name in [*styles, *scripts]}
    assert {"vendor/leaflet/leaflet.css", "css/map.css"} <= named
    assert {"vendor/leaflet/leaflet.js", "js/map.js"} <= named
    assert squeezed(page.encode()) + sum(map(packed, [*styles, *scripts])) <= MOST_BYTES
