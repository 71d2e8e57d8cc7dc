"""Both worlds, and everybody's look at every page of them."""

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import clear_url_caches

from tests.support.sharing import taken_back

from . import worlds
from .checks import Visit, squeezed
from .pages import Page, every_page
from .worlds import World

DOORS = "tests.faces.urls"
LANGUAGES = ("zh-hans", "en")
# Its pages are many and alike: one language in each world.
SEEN: dict[str, list[Visit]] = {}
SCRIPTS: dict[tuple[str, str], int] = {}
LANGUAGE_OF_THE_OFFICE = {"empty": "en", "full": "zh-hans"}


@pytest.fixture(scope="module")
def doors() -> Iterator[None]:
    with override_settings(ROOT_URLCONF=DOORS):
        clear_url_caches()
        yield
    clear_url_caches()


@pytest.fixture(scope="module", params=["empty", "full"])
def visits(
    request: pytest.FixtureRequest, doors: None, django_db_setup: None, django_db_blocker
) -> list[Visit]:
    """Every page of one world in both languages, read once for all the checks."""
    # Tests come in random order, and the two worlds by turns.
    if request.param in SEEN:
        return SEEN[request.param]
    with django_db_blocker.unblock(), taken_back():
        cache.clear()
        seen = SEEN[request.param] = look_at_everything(getattr(worlds, request.param)())
    return seen


def look_at_everything(world: World) -> list[Visit]:
    clients: dict[tuple[str, str], Client] = {}
    found = []
    for language in LANGUAGES:
        for page in every_page():
            if page.office and language != LANGUAGE_OF_THE_OFFICE[world.name]:
                continue
            address = page.address(world)
            if address is None or world.name not in page.worlds:
                continue
            key = (page.who, language)
            if key not in clients:
                clients[key] = worlds.client_of(world, page.who, language)
            found.append(visit(clients[key], page, address, language))
    return found


def visit(client: Client, page: Page, address: str, language: str) -> Visit:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    html = answer.content.decode() if not answer.streaming else ""
    return Visit(
        what=f"{page} [{language}]",
        address=address,
        language=language,
        status=answer.status_code,
        wanted_status=page.status,
        html=html,
        queries=tuple(query["sql"] for query in queries),
        office=page.office,
        found=page.found,
        answered=sum(weight_of_script(client, one, language) for one in scripts_of(html)),
    )


def scripts_of(html: str) -> set[str]:
    """Those that a view answers, not a file."""
    asked = re.findall(r'<script[^>]+src="(/[^"]+)"', html)
    return {address for address in asked if not address.startswith(settings.STATIC_URL)}


def weight_of_script(client: Client, address: str, language: str) -> int:
    if (address, language) not in SCRIPTS:
        SCRIPTS[address, language] = squeezed(client.get(address).content)
    return SCRIPTS[address, language]
