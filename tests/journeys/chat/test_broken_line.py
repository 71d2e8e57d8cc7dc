"""Over a broken line, over a page that is loaded again, from two tabs."""

from django.utils import timezone
from playwright.sync_api import Route, expect

from accounts.models import User
from booking_site.common.actors import Actor
from chat import services
from chat.models import Conversation, Message
from tests.accounts.people import PASSWORD

from .somebody import SEND, Somebody, Start


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

    hers.page.wait_for_function("() => !JSON.stringify(localStorage).includes('Secret')")
    hers.sign_in(wei)
    hers.come()
    expect(hers.page.locator("[data-waiting]")).to_be_hidden()
