"""By keyboard alone, on a telephone, further up in a long thread, and without a script."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from booking_site.common.actors import Actor
from booking_site.common.transactions import run_in_transaction
from chat import services
from chat.models import Conversation, Message
from tests.chat import files, talk

from .somebody import DESK, PATIENCE, Start, tab_to


def test_the_keyboard_alone_is_enough(start: Start, lin: User, wei: User):
    hers = start(lin, come=False, viewport=DESK)
    page = hers.page
    tab_to(page.locator(".talk"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/chat/\d+/$"))
    tab_to(hers.field)
    page.keyboard.type("First line")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("second")
    page.keyboard.press("Enter")

    expect(hers.said).to_have_text([re.compile(r"First line\s*second")])
    expect(hers.field).to_be_focused()
    assert Message.objects.get().body == "First line\nsecond"


def test_what_came_before_is_loaded_and_what_one_reads_stays_put(
    start: Start, lin: User, wei: User, talking: Conversation
):
    for number in range(1, 121):
        talk.say(wei, talking, f"No. {number}", at=timezone.now())
    hers = start(lin)
    expect(hers.page.locator("#m120")).to_be_in_viewport()

    earlier = hers.page.get_by_role("link", name="Earlier messages")
    earlier.scroll_into_view_if_needed()
    earlier.click()
    expect(hers.said).to_have_count(100)
    earlier.click()

    expect(hers.said).to_have_count(120)
    expect(earlier).to_have_count(0)
    expect(hers.said.first).to_have_text("No. 1")
    assert hers.page.locator(".day-line").count() == 1


def test_what_comes_while_one_reads_further_up_does_not_move_the_page(
    start: Start, lin: User, wei: User, talking: Conversation
):
    for number in range(1, 41):
        talk.say(wei, talking, f"No. {number}", at=timezone.now())
    hers, his = start(lin), start(wei)
    seen = hers.page.locator("#m10")
    seen.scroll_into_view_if_needed()
    before = seen.bounding_box()

    his.say("New")

    expect(hers.page.locator("[data-down]")).to_be_visible()
    assert before is not None
    after = seen.bounding_box()
    assert after is not None
    assert abs(after["y"] - before["y"]) < 2
    hers.page.locator("[data-down]").click()
    expect(hers.page.locator("#m41")).to_be_in_viewport()


def test_somebody_writes_and_a_toast_leads_there(start: Start, lin: User, wei: User):
    hers, his = start(lin, come=False), start(wei)
    hers.page.goto(f"{hers.site.url}/appointments/")
    hers.connected()

    his.say("Are you coming?")

    toast = hers.page.locator(".toast a", has_text="Wei: Are you coming?")
    expect(toast).to_be_visible()
    expect(hers.page.locator("[data-talks-count]")).to_have_text("1")
    toast.click()
    hers.sees("Are you coming?")
    expect(hers.page.locator("[data-talks-count]")).to_be_hidden()


def test_a_muted_one_rings_for_nobody(start: Start, lin: User, wei: User, talking: Conversation):
    run_in_transaction(
        lambda: services.mute(talking, muted=True, by=Actor.of(lin), at=timezone.now())
    )
    hers, his = start(lin, come=False), start(wei)
    hers.connected()

    with hers.page.expect_response("**/chat/unread/"):
        his.say("Hello")

    expect(hers.page.locator(".talk__preview")).to_have_text("Hello")
    # A toast would come with that answer.
    hers.page.wait_for_timeout(500)
    expect(hers.page.locator(".toast")).to_have_count(0)
    expect(hers.page.locator("[data-talks-count]")).to_be_hidden()


def test_without_a_script_one_reads_writes_and_sends_a_picture(start: Start, lin: User, wei: User):
    hers = start(lin, java_script_enabled=False)
    his = start(wei)
    his.say("Hello")
    his.sees("Hello")

    hers.come()
    hers.sees("Hello")
    expect(hers.page.get_by_role("button", name="Mark as read")).to_be_visible()
    hers.say("Hello yourself")
    expect(hers.page).to_have_url(hers.address)

    hers.sees("Hello", "Hello yourself")
    his.sees("Hello", "Hello yourself")
    expect(hers.page.get_by_role("button", name="Mark as read")).to_have_count(0)
    picture = {"name": "k.jpg", "mimeType": "image/jpeg", "buffer": files.picture()}
    hers.page.locator("input[type=file]").set_input_files(picture)  # type: ignore[arg-type]
    hers.page.get_by_role("button", name="Send", exact=True).click()
    expect(his.page.locator(".msg__picture img")).to_be_visible(timeout=PATIENCE)
    hers.fits()


@pytest.mark.parametrize("width", [320, 390])
def test_nothing_sticks_out_on_a_small_telephone(
    start: Start, lin: User, wei: User, talking: Conversation, width: int
):
    for text in ("x" * 500, "https://example.com/" + "y" * 300, "短"):
        talk.say(wei, talking, text, at=timezone.now())
    raw = SimpleUploadedFile(f"{'n' * 80}.jpg", files.picture(size=(1600, 400))).read()
    hers = start(lin, viewport={"width": width, "height": 700})
    picture = {"name": "n" * 80 + ".jpg", "mimeType": "image/jpeg", "buffer": raw}
    hers.page.locator("input[type=file]").set_input_files(picture)  # type: ignore[arg-type]
    hers.say("w" * 200)
    expect(hers.page.locator(".msg__picture img")).to_be_visible(timeout=PATIENCE)

    for path in (hers.address, f"{hers.site.url}/chat/", f"{hers.address}report/"):
        hers.page.goto(path)
        hers.fits()
