"""Two people in two browsers talk."""

from playwright.sync_api import expect

from accounts.models import User
from chat.models import Message

from .somebody import DESK, PATIENCE, Start


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
