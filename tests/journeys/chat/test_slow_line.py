"""On a slow line a thread comes in pieces: what is shown stays where it is."""

from random import Random

from django.utils import timezone
from playwright.sync_api import Route, expect

from accounts.models import User
from chat.gateways.uploads import upload_from
from chat.models import Conversation, MessageKind
from tests.chat import files, talk
from tests.support.browser import MOST_SHIFT, SHIFT

from .somebody import Start

# Bytes a second: a quarter of a megabit, a phone at the edge of its network.
SLOW = {"offline": False, "latency": 20, "downloadThroughput": 30 * 1024, "uploadThroughput": -1}
ROOM = "(all) => all.map((one) => [one.clientWidth, one.clientHeight])"


def test_what_is_shown_of_a_thread_stays_where_it_is(
    start: Start, lin: User, wei: User, talking: Conversation
):
    for number in range(30):
        # Nothing that a compressed answer would make small.
        talk.say(wei, talking, Random(number).randbytes(490).hex(), at=timezone.now())
    hers = start(lin, come=False, reduced_motion="reduce")
    # Whoever looks at every request, as these contexts do, gets nothing from a cache; and a page
    # whose styles have yet to come is not shown in part.
    hers.page.context.unroute_all()
    hers.come()
    hers.page.goto("about:blank")
    line = hers.page.context.new_cdp_session(hers.page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW)

    hers.come()

    assert hers.page.evaluate(SHIFT) < MOST_SHIFT


def test_a_picture_has_its_room_before_it_comes(
    start: Start, lin: User, wei: User, talking: Conversation
):
    for number, size in enumerate([(1600, 1200), (300, 500), (40, 30)]):
        upload = upload_from(files.picture(size=size), name=f"{number}.jpg")
        picture = files.attached(wei, talking, upload, at=timezone.now())
        sent = {"kind": MessageKind.IMAGE, "attachment": picture.key}
        talk.say(wei, talking, "", at=timezone.now(), **sent)
    hers = start(lin, come=False)
    held: list[Route] = []
    hers.page.route("**/small/", lambda route: held.append(route))
    hers.page.goto(hers.address, wait_until="domcontentloaded")
    pictures = hers.page.locator(".msg__picture img")
    expect(pictures).to_have_count(3)

    before = pictures.evaluate_all(ROOM)
    for each in held:
        each.continue_()
    hers.page.unroute("**/small/")
    pictures.evaluate_all("(all) => Promise.all(all.map((one) => one.decode()))")

    assert pictures.evaluate_all(ROOM) == before
    assert all(height > 20 for _width, height in before)
