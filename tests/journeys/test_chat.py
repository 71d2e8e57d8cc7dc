"""Two people in two browsers talk: over a broken line, over a page that is loaded again, by
keyboard alone, on a telephone, and without a script."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from playwright.sync_api import Locator, Page, Route, expect

from accounts.models import User
from booking_site.common.actors import Actor
from booking_site.common.transactions import run_in_transaction
from chat import services
from chat.models import Conversation, Message
from tests.accounts.people import PASSWORD, make_user
from tests.chat import files, talk
from tests.support.browser import OpenPage
from tests.support.server import Server

DESK = {"width": 1440, "height": 900}
# Milliseconds: longer than the outbox waits between two tries.
PATIENCE = 20_000
SEND = re.compile(r"/send/$")


@pytest.fixture
def lin(transactional_db: None) -> User:
    return make_user("lin@example.com", display_name="Lin")


@pytest.fixture
def wei(transactional_db: None) -> User:
    return make_user("wei@example.com", display_name="Wei")


@pytest.fixture
def talking(lin: User, wei: User) -> Conversation:
    return talk.between(lin, wei, at=timezone.now())


class Somebody:
    """At a browser, in the conversation."""

    def __init__(self, page: Page, site: Server, conversation: Conversation) -> None:
        self.page, self.site, self.conversation = page, site, conversation
        self.address = f"{site.url}/chat/{conversation.pk}/"

    def sign_in(self, user: User) -> None:
        self.page.goto(f"{self.site.url}/accounts/login/?next=/chat/")
        self.page.locator("input[name=login]").fill(user.email)
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.page.locator("main form button[type=submit]").first.click()
        expect(self.page).to_have_url(re.compile(r"/chat/$"))

    def come(self) -> "Somebody":
        self.page.goto(self.address)
        return self

    def connected(self) -> None:
        expect(self.page.locator("body")).to_have_attribute("data-live-state", "open")

    @property
    def field(self) -> Locator:
        return self.page.get_by_role("textbox", name="Message")

    @property
    def said(self) -> Locator:
        """What stands in the thread."""
        return self.page.locator("[data-messages] .msg__text")

    @property
    def waiting(self) -> Locator:
        return self.page.locator("[data-waiting] .msg__text")

    def say(self, text: str) -> None:
        self.field.fill(text)
        self.page.get_by_role("button", name="Send", exact=True).click()

    def sees(self, *texts: str) -> None:
        expect(self.said).to_have_text(list(texts), timeout=PATIENCE)

    def fits(self) -> None:
        wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{self.page.url} is {wide} px too wide"


Start = Callable[..., Somebody]


@pytest.fixture
def start(open_page: OpenPage, site: Server, talking: Conversation) -> Start:
    """Signed in and in the conversation."""

    def begin(user: User, *, come: bool = True, **options: Any) -> Somebody:
        page = open_page(locale="en-US", **options)
        somebody = Somebody(page, site, talking)
        somebody.sign_in(user)
        if come:
            somebody.come()
            if options.get("java_script_enabled", True):
                somebody.connected()
        return somebody

    return begin


def test_two_talk_and_see_it_at_once(start: Start, lin: User, wei: User):
    hers, his = start(lin), start(wei, viewport=DESK)

    hers.say("Is it still free?")
    his.sees("Is it still free?")
    his.say("It is")
    hers.sees("Is it still free?", "It is")
    hers.say("I come at three")

    his.sees("Is it still free?", "It is", "I come at three")
    assert list(Message.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2, 3]
    expect(hers.waiting).to_have_count(0)
    hers.fits()
    his.fits()
    # Beside the thread the list has moved, too.
    expect(his.page.locator(".talk__preview").first).to_have_text("I come at three")


def test_ticks_move_when_it_came_and_when_it_was_read(start: Start, lin: User, wei: User):
    hers = start(lin)
    hers.say("Hello")
    tick = hers.page.locator("[data-messages] [data-tick]")
    expect(tick).to_have_attribute("data-tick", "sent")

    elsewhere = start(wei, come=False)

    elsewhere.connected()
    hers.say("Are you there?")
    expect(tick.last).to_have_attribute("data-tick", "delivered")
    expect(elsewhere.page.locator("[data-talks-count]")).to_have_text("1")

    elsewhere.come()

    expect(tick.first).to_have_attribute("data-tick", "read")
    expect(tick.last).to_have_attribute("data-tick", "read")
    expect(elsewhere.page.locator("[data-talks-count]")).to_be_hidden()


def test_it_says_who_is_there(start: Start, lin: User, wei: User):
    hers = start(lin)
    told = hers.page.locator(".thread__presence")
    expect(told).not_to_contain_text("online")

    start(wei, come=False).connected()

    expect(told).to_contain_text("online", timeout=PATIENCE)
    hers.page.reload()
    expect(told).to_contain_text("online")


def test_it_says_who_is_typing_and_for_how_long(start: Start, lin: User, wei: User):
    hers, his = start(lin), start(wei)
    told = his.page.locator("[data-typing]")

    hers.field.press_sequentially("I am")

    expect(told).to_have_text("Lin is typing…")
    # And not for ever.
    expect(told).to_have_text("", timeout=10_000)
    hers.field.press_sequentially(" here")
    expect(told).to_have_text("Lin is typing…", timeout=10_000)
    hers.page.keyboard.press("Enter")
    his.sees("I am here")
    expect(told).to_have_text("")


def test_what_one_says_does_not_hide_that_the_other_types(start: Start, lin: User, wei: User):
    hers, his = start(lin), start(wei)
    told = his.page.locator("[data-typing]")
    # It would be over after a while, on a slow machine before the end of this test.
    his.page.evaluate(
        "() => { const later = setTimeout;"
        "window.setTimeout = (work, wait) => wait === 6000 ? 0 : later(work, wait); }"
    )
    hers.field.press_sequentially("I am")
    expect(told).to_have_text("Lin is typing…")

    his.say("Well?")

    his.sees("Well?")
    assert told.inner_text() == "Lin is typing…"


def test_what_is_said_while_one_has_no_line_is_there_afterwards_in_order_and_once(
    start: Start, lin: User, wei: User
):
    hers, his = start(lin), start(wei)
    hers.say("One")
    his.sees("One")

    hers.page.context.set_offline(True)
    hers.say("Two")
    hers.say("Three")
    expect(hers.waiting).to_have_text(["Two", "Three"])
    told = hers.page.locator("[data-waiting] .msg__why").first
    expect(told).to_contain_text("Not sent yet – will be sent when you are connected again")
    his.say("Meanwhile")
    his.sees("One", "Meanwhile")
    assert Message.objects.count() == 2
    hers.page.context.set_offline(False)

    whole = ("One", "Meanwhile", "Two", "Three")
    hers.sees(*whole)
    his.sees(*whole)
    expect(hers.waiting).to_have_count(0)
    assert list(Message.objects.order_by("seq").values_list("body", flat=True)) == list(whole)


def test_what_was_not_sent_survives_loading_the_page_again(start: Start, lin: User, wei: User):
    hers = start(lin)
    hers.page.route(SEND, lambda route: route.abort())
    hers.say("Do not lose this")
    expect(hers.waiting).to_have_text(["Do not lose this"])

    hers.page.reload()

    expect(hers.waiting).to_have_text(["Do not lose this"])
    assert not Message.objects.exists()
    hers.page.unroute(SEND)
    hers.sees("Do not lose this")
    expect(hers.waiting).to_have_count(0)
    assert Message.objects.count() == 1


def test_two_tabs_without_a_line_lose_nothing_of_each_other(start: Start, lin: User, wei: User):
    one = start(lin)
    other = Somebody(one.page.context.new_page(), one.site, one.conversation).come()
    other.connected()
    one.page.context.route(SEND, lambda route: route.abort())
    one.say("From the first")
    other.say("From the second")
    expect(one.waiting).to_have_text(["From the first"])
    expect(other.waiting).to_have_text(["From the second"])

    one.page.close()
    other.page.reload()

    expect(other.waiting).to_have_text(["From the first", "From the second"])
    other.page.context.unroute(SEND)
    other.sees("From the first", "From the second")
    expect(other.waiting).to_have_count(0)
    assert Message.objects.count() == 2


def test_what_was_not_sent_goes_out_from_another_page(start: Start, lin: User, wei: User):
    hers, his = start(lin), start(wei)
    hers.page.route(SEND, lambda route: route.abort())
    hers.say("First")
    hers.say("Then")
    expect(hers.waiting).to_have_text(["First", "Then"])
    hers.page.unroute(SEND)

    hers.page.goto(f"{hers.site.url}/notifications/")

    his.sees("First", "Then")
    hers.page.wait_for_function("!JSON.stringify(localStorage).includes('First')")
    hers.come()
    hers.sees("First", "Then")
    assert Message.objects.count() == 2


def test_what_is_refused_on_another_page_says_so_and_waits_in_the_conversation(
    start: Start, lin: User, wei: User
):
    hers = start(lin)
    hers.page.route(SEND, lambda route: route.abort())
    hers.say("Hello?")
    expect(hers.waiting).to_have_text(["Hello?"])
    services.block(lin, by=Actor.of(wei), at=timezone.now())
    hers.page.unroute(SEND)

    hers.page.goto(f"{hers.site.url}/notifications/")

    hers.page.get_by_role("link", name="You cannot write to this person.").click()
    expect(hers.page.locator("[data-waiting] .msg__why")).to_have_text(
        "You cannot write to this person."
    )


def test_what_is_deleted_in_one_tab_is_not_sent_from_the_other(start: Start, lin: User, wei: User):
    one = start(lin)
    one.page.context.route(SEND, lambda route: route.fulfill(status=409, json={}))
    one.say("Rather not")
    other = Somebody(one.page.context.new_page(), one.site, one.conversation).come()
    expect(other.waiting).to_have_text(["Rather not"])

    other.page.get_by_role("button", name="Delete").click()

    expect(one.waiting).to_have_count(0)


def test_what_is_said_after_the_session_has_ended_goes_out_after_signing_in(
    start: Start, lin: User, wei: User
):
    hers = start(lin)
    hers.page.context.clear_cookies()
    hers.say("One")
    hers.say("Two")
    why = hers.page.locator("[data-waiting] .msg__why")
    expect(why).to_have_text(["Please load the page again, and it will be sent."] * 2)

    hers.page.get_by_role("button", name="Try again").first.click()
    hers.page.locator("input[name=login]").fill(lin.email)
    hers.page.locator("input[name=password]").fill(PASSWORD)
    hers.page.locator("main form button[type=submit]").first.click()

    hers.sees("One", "Two")
    expect(hers.waiting).to_have_count(0)
    assert Message.objects.count() == 2


def test_an_answer_that_is_lost_makes_no_second_message(start: Start, lin: User, wei: User):
    hers, his = start(lin), start(wei)
    lost: list[int] = []

    def lose_the_first(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort()

    hers.page.route(SEND, lose_the_first)

    hers.say("Once")

    hers.sees("Once")
    his.sees("Once")
    expect(hers.waiting).to_have_count(0)
    assert lost == [201]
    assert Message.objects.count() == 1


def test_what_is_refused_says_why_and_can_be_deleted(
    start: Start, lin: User, wei: User, talking: Conversation
):
    hers = start(lin)
    services.block(lin, by=Actor.of(wei), at=timezone.now())

    hers.say("Hello?")

    why = hers.page.locator("[data-waiting] .msg__why")
    expect(why).to_have_text("You cannot write to this person.")
    hers.page.reload()
    expect(why).to_have_text("You cannot write to this person.")
    hers.page.get_by_role("button", name="Delete").click()
    expect(hers.waiting).to_have_count(0)
    hers.page.reload()
    expect(hers.page.locator("[data-waiting]")).to_be_hidden()


def test_what_waits_is_nobody_elses_and_goes_with_signing_out(start: Start, lin: User, wei: User):
    hers = start(lin)
    hers.page.route(SEND, lambda route: route.abort())
    hers.say("Secret")
    expect(hers.waiting).to_have_text(["Secret"])
    assert "Secret" in hers.page.evaluate("JSON.stringify(localStorage)")

    hers.page.get_by_label("Your account").click()
    hers.page.get_by_role("button", name="Sign out").click()
    expect(hers.page.get_by_role("link", name="Sign in")).to_be_visible()

    assert "Secret" not in hers.page.evaluate("JSON.stringify(localStorage)")
    hers.sign_in(wei)
    hers.come()
    expect(hers.page.locator("[data-waiting]")).to_be_hidden()


def test_a_picture_is_sent_and_seen(start: Start, lin: User, wei: User):
    hers, his = start(lin), start(wei)
    picture = {"name": "kitchen.jpg", "mimeType": "image/jpeg", "buffer": files.picture()}

    hers.page.locator("input[type=file]").set_input_files(picture)  # type: ignore[arg-type]
    expect(hers.page.locator("[data-chosen-picture]")).to_be_visible()
    hers.say("The kitchen")

    for somebody in (hers, his):
        shown = somebody.page.locator(".msg__picture img")
        expect(shown).to_be_visible(timeout=PATIENCE)
        assert shown.evaluate("(one) => one.decode().then(() => one.naturalWidth)") > 0
        somebody.sees("The kitchen")
        somebody.fits()


# Stands for a microphone: a tone, recorded as a voice would be.
TONE = """navigator.mediaDevices.getUserMedia = async () => {
  const audio = new AudioContext(), tone = audio.createOscillator();
  const end = audio.createMediaStreamDestination();
  tone.connect(end); tone.start();
  return end.stream;
};"""
REFUSED = "navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error('NotAllowed'));"


def test_a_voice_is_recorded_heard_and_sent(start: Start, lin: User, wei: User):
    hers, his = start(lin, come=False), start(wei)
    hers.page.add_init_script(TONE)
    hers.come().connected()

    hers.page.get_by_role("button", name="Record a voice message").click()
    expect(hers.page.locator("[data-recording-time]")).to_have_text("0:02")
    hers.page.get_by_role("button", name="Done").click()
    expect(hers.page.locator("[data-chosen-voice]")).to_be_visible()
    hers.page.get_by_role("button", name="Send", exact=True).click()

    expect(his.page.locator(".msg__voice audio")).to_be_visible(timeout=PATIENCE)
    assert Message.objects.get().kind == "voice"
    hers.fits()


def test_a_recording_can_be_cancelled_and_a_refused_microphone_says_so(start: Start, lin: User):
    hers = start(lin, come=False)
    hers.page.add_init_script(TONE)
    hers.come()
    hers.page.get_by_role("button", name="Record a voice message").click()
    hers.page.get_by_role("button", name="Cancel").click()
    expect(hers.page.locator("[data-recording]")).to_be_hidden()
    expect(hers.page.locator("[data-chosen]")).to_be_hidden()

    hers.page.add_init_script(REFUSED)
    hers.come()
    hers.page.get_by_role("button", name="Record a voice message").click()
    expect(hers.page.locator("[data-told]")).to_contain_text("did not allow the microphone")


def test_a_message_is_answered_changed_and_taken_back_before_everybodys_eyes(
    start: Start, lin: User, wei: User
):
    hers, his = start(lin), start(wei)
    his.say("At three?")
    hers.sees("At three?")

    hers.page.locator(".msg__more summary").first.click()
    hers.page.get_by_role("link", name="Reply").click()
    expect(hers.page.locator("[data-quote-text]")).to_have_text("At three?")
    hers.say("Yes")
    quote = his.page.locator(".msg__reply")
    expect(quote).to_contain_text("At three?")

    hers.page.locator(".msg--own .msg__more summary").click()
    hers.page.get_by_role("link", name="Change").click()
    hers.page.get_by_label("Your message").fill("Yes, please")
    hers.page.get_by_role("button", name="Save").click()
    his.sees("At three?", "Yes, please")
    expect(his.page.get_by_text("changed")).to_be_visible()

    hers.page.locator(".msg--own .msg__more summary").click()
    hers.page.get_by_role("button", name="Take back").click()
    gone = "This message was taken back."
    expect(his.page.locator(".msg--gone")).to_contain_text(gone)
    expect(hers.page.locator(".msg--gone")).to_contain_text(gone)


def tab_to(wanted: Locator, most: int = 60) -> None:
    """From the beginning of the page."""
    expect(wanted).to_be_visible()
    wanted.page.wait_for_load_state()
    for _turn in range(most):
        wanted.page.keyboard.press("Tab")
        if wanted.evaluate("(one) => one === document.activeElement"):
            return
    raise AssertionError(f"{most} times Tab do not lead there")


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
