"""Pictures and voices; what is changed, answered and taken back."""

from playwright.sync_api import expect

from accounts.models import User
from chat.models import Message
from tests.chat import files

from .somebody import PATIENCE, Start


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
