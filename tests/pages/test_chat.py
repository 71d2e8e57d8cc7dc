"""Talking on the pages, without a script: the list, a conversation, everything one can do there."""

import re
from collections import OrderedDict
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from booking_site.common import pace
from booking_site.common.actors import Actor
from booking_site.common.transactions import run_in_transaction
from chat import services
from chat.models import Block, Conversation, Message, MessageReport, Participant
from realtors.models import Realtor
from stores.models import Store
from tests.appointments import world
from tests.appointments.world import NOW, clock
from tests.chat import files, talk
from tests.factories import UserFactory

MINUTE = timedelta(minutes=1)
LIST = "/chat/"


def at_home(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def look(client: Client, address: str, **query: str) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200, (address, answer.status_code, answer.headers)
    return answer.content.decode()


@pytest.fixture
def wei_user(wei: Realtor) -> User:
    user = UserFactory(provider=True, display_name="Wei", email="wei@example.com")
    wei.user = user
    wei.save()
    return user


@pytest.fixture
def mei(db: None) -> User:
    """Who is in nothing."""
    return UserFactory(display_name="Mei", email="mei@example.com")


@pytest.fixture
def talking(fang: User, wei_user: User) -> Conversation:
    return talk.between(fang, wei_user, at=NOW)


@pytest.fixture
def hers(fang: User) -> Client:
    return at_home(fang)


@pytest.fixture
def his(wei_user: User) -> Client:
    return at_home(wei_user)


@pytest.fixture
def picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("kitchen.jpg", files.picture(), "image/jpeg")


@pytest.fixture
def program() -> SimpleUploadedFile:
    return SimpleUploadedFile("view.jpg", b"MZ\x90\x00" + bytes(200), "image/jpeg")


def thread(conversation: Conversation, rest: str = "") -> str:
    return f"/chat/{conversation.pk}/{rest}"


def own(user: User, conversation: Conversation) -> Participant:
    return Participant.objects.get(user=user, conversation=conversation)


def texts(page: str) -> list[str]:
    return re.findall(r'<p class="msg__text">([^<]*)</p>', page)


# --- Who may come in


PAGES = ["", "messages/", "members/", "report/", "block/"]


@pytest.mark.parametrize("rest", PAGES)
def test_nobody_else_finds_a_conversation(talking: Conversation, mei: User, rest: str):
    assert at_home(mei).get(thread(talking, rest)).status_code == 404


@pytest.mark.parametrize(
    "rest", ["send/", "read/", "mute/", "block/", "report/", "rename/", "add/", "leave/"]
)
def test_nobody_else_does_anything_in_it(talking: Conversation, mei: User, rest: str):
    sent = {"text": "Hi", "seq": "1", "muted": "1", "reason": "spam", "name": "x"}

    assert at_home(mei).post(thread(talking, rest), sent).status_code == 404
    assert not Message.objects.exists()


@pytest.mark.parametrize("number", ["9" * 19, "9" * 30, "9" * 5000])
def test_a_number_too_large_for_any_row_is_nobody_s(hers: Client, number: str):
    for path in (f"{LIST}{number}/", f"{LIST}{number}/messages/", f"{LIST}blocks/{number}/remove/"):
        assert hers.get(path).status_code == 404
        assert hers.post(path).status_code == 404


@pytest.mark.parametrize("path", ["", "search/", "groups/new/", "blocks/", "7/", "new/?to=3"])
def test_guests_are_asked_to_sign_in_and_come_back(db: None, path: str):
    answer = Client().get(f"{LIST}{path}")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=/chat/")


def test_a_script_whose_person_has_signed_out_is_told_so(db: None):
    answer = Client().post("/chat/7/send/", headers={"accept": "application/json"})

    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "unauthenticated"


def test_a_message_of_another_conversation_is_not_there(
    talking: Conversation, fang: User, mei: User, hers: Client, wei_user: User
):
    other = talk.between(mei, wei_user, at=NOW)
    theirs = talk.say(mei, other, at=NOW)

    assert hers.post(thread(talking, f"{theirs.pk}/take-back/")).status_code == 404
    assert hers.get(thread(talking, f"{theirs.pk}/edit/")).status_code == 404
    assert hers.get(thread(talking, "report/"), {"message": theirs.pk}).status_code == 404


def test_only_its_author_changes_a_message(
    talking: Conversation, fang: User, his: Client, hers: Client
):
    said = talk.say(fang, talking, at=NOW)

    assert his.get(thread(talking, f"{said.pk}/edit/")).status_code == 404
    his.post(thread(talking, f"{said.pk}/take-back/"))
    said.refresh_from_db()
    assert said.deleted_at is None


def test_the_forms_are_guarded_against_other_sites(talking: Conversation, fang: User):
    client = Client(enforce_csrf_checks=True)
    client.force_login(fang)

    assert client.post(thread(talking, "send/"), {"text": "Hi"}).status_code == 403
    assert client.post("/chat/new/", {"to": "1"}).status_code == 403


# --- The list


def test_an_empty_list_says_how_a_conversation_begins(hers: Client):
    assert "No conversations yet" in look(hers, LIST)
    assert "Nothing is put away" in look(hers, LIST, archived="1")


def test_it_shows_with_whom_what_was_said_last_and_how_much_is_unread(
    talking: Conversation, fang: User, wei_user: User, hers: Client, his: Client
):
    talk.say(fang, talking, "Is it still free?", at=NOW)
    talk.say(wei_user, talking, "It is", at=NOW)
    talk.say(wei_user, talking, "Come today", at=NOW)

    page = look(hers, LIST)

    assert "Wei" in page
    assert "Come today" in page
    assert "2 unread messages" in page
    assert "You: Come today" in look(his, LIST)
    assert "unread message" not in look(his, LIST)


def test_the_newest_comes_first_and_what_was_put_away_has_a_place_of_its_own(
    fang: User, wei_user: User, mei: User, talking: Conversation, hers: Client
):
    second = talk.between(fang, mei, at=NOW)
    talk.say(fang, talking, "Old", at=NOW)
    talk.say(fang, second, "New", at=NOW + MINUTE)
    page = look(hers, LIST)
    assert page.index("New") < page.index("Old")

    services.put_away(second, at=NOW)

    assert "Mei" not in look(hers, LIST)
    assert "Mei" in look(hers, LIST, archived="1")


def test_a_muted_conversation_says_so_and_counts_for_nothing(
    talking: Conversation, wei_user: User, hers: Client
):
    talk.say(wei_user, talking, at=NOW)
    assert hers.get("/chat/unread/").json() == {"conversations": 1, "muted": []}
    assert 'data-unread="1" data-url="/chat/unread/"' in look(hers, "/")

    hers.post(thread(talking, "mute/"), {"muted": "1"})

    muted = [str(talking.pk)]
    assert hers.get("/chat/unread/").json() == {"conversations": 0, "muted": muted}
    assert 'data-unread="0" data-url="/chat/unread/"' in look(hers, "/")
    assert "muted" in look(hers, LIST)
    hers.post(thread(talking, "mute/"), {"muted": "0"})
    assert hers.get("/chat/unread/").json() == {"conversations": 1, "muted": []}


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        look(client, address)
    return len(queries)


def test_two_hundred_conversations_need_no_more_queries_than_one(
    talking: Conversation, fang: User, hers: Client
):
    talk.say(fang, talking, at=NOW)
    look(hers, LIST)
    one = queries_of(hers, LIST)
    for number in range(200):
        other = talk.between(fang, UserFactory(display_name=f"No. {number}"), at=NOW + MINUTE)
        talk.say(fang, other, at=NOW + MINUTE)

    assert queries_of(hers, LIST) <= one <= 15
    assert "1 of 9" in look(hers, LIST)
    assert queries_of(hers, thread(talking)) <= 15


def test_two_hundred_messages_need_no_more_queries_than_two(
    talking: Conversation, fang: User, wei_user: User, hers: Client
):
    talk.say(fang, talking, at=NOW)
    talk.say(wei_user, talking, at=NOW)
    two = queries_of(hers, thread(talking))
    for number in range(100):
        talk.say(fang, talking, f"No. {number}", at=NOW)
        talk.say(wei_user, talking, f"Re: {number}", at=NOW)

    assert queries_of(hers, thread(talking)) <= two <= 15


# --- Reading


def test_looking_changes_nothing(talking: Conversation, fang: User, wei_user: User, hers: Client):
    talk.say(wei_user, talking, at=NOW)

    page = look(hers, thread(talking))

    assert own(fang, talking).last_read_seq == 0
    assert "New messages" in page
    assert "Mark as read" in page
    for path in ("send/", "read/", "mute/", "leave/"):
        assert hers.get(thread(talking, path))["Location"] == thread(talking)
    assert own(fang, talking).last_read_seq == 0


def test_having_read_is_a_button_and_the_other_side_sees_it(
    talking: Conversation, fang: User, wei_user: User, hers: Client, his: Client
):
    talk.say(wei_user, talking, at=NOW)
    assert 'data-tick="sent"' in look(his, thread(talking))

    hers.post(thread(talking, "read/"), {"seq": "1"})

    assert own(fang, talking).last_read_seq == 1
    assert 'class="tick tick--read"' in look(his, thread(talking))
    assert "New messages</span></li>" not in look(hers, thread(talking))


@pytest.mark.parametrize("seq", ["", "x", "-1", "²", "9" * 40])
def test_a_number_that_is_none_is_refused(talking: Conversation, hers: Client, seq: str):
    assert hers.post(thread(talking, "read/"), {"seq": seq}).status_code == 400


def test_messages_stand_by_day_and_together_under_one_name(
    talking: Conversation, fang: User, wei_user: User, hers: Client
):
    talk.say(wei_user, talking, "Yesterday's", at=NOW - timedelta(days=1))
    talk.say(wei_user, talking, "First", at=NOW)
    talk.say(wei_user, talking, "Second", at=NOW + MINUTE)

    page = look(hers, thread(talking))

    assert [re.search(rf">{name}</span>", page) is not None for name in ("Yesterday", "Today")] == [
        True,
        True,
    ]
    assert page.count("msg--follows") == 1


def test_pages_of_fifty_lead_to_what_was_said_before(
    talking: Conversation, fang: User, hers: Client
):
    for number in range(1, 121):
        talk.say(fang, talking, f"No. {number}", at=NOW)

    newest = look(hers, thread(talking))
    assert texts(newest) == [f"No. {number}" for number in range(71, 121)]
    assert "?before=71" in newest
    middle = look(hers, thread(talking), before="71")
    assert texts(middle) == [f"No. {number}" for number in range(21, 71)]
    oldest = look(hers, thread(talking), before="21")
    assert texts(oldest) == [f"No. {number}" for number in range(1, 21)]
    assert "Earlier messages" not in oldest
    assert "To the newest messages" in oldest


def test_parts_for_the_script_look_as_the_page_does(
    talking: Conversation, fang: User, wei_user: User, hers: Client
):
    for number in range(1, 8):
        talk.say(wei_user, talking, f"No. {number}", at=NOW)

    answer = hers.get(thread(talking, "messages/"), {"after": "5"})

    assert texts(answer.content.decode()) == ["No. 6", "No. 7"]
    assert answer["X-Last-Seq"] == "7"
    # They stand together with the one before them, as in the page.
    assert answer.content.decode().count("msg--follows") == 2
    assert "<html" not in answer.content.decode()
    one = hers.get(thread(talking, "messages/"), {"after": "2", "limit": "1"})
    assert texts(one.content.decode()) == ["No. 3"]
    before = hers.get(thread(talking, "messages/"), {"before": "4", "limit": "2"})
    assert texts(before.content.decode()) == ["No. 2", "No. 3"]
    assert before["X-More"] == "1"
    assert 'id="talk-' in look(hers, "/chat/list/")


def test_what_somebody_has_typed_is_only_text(talking: Conversation, fang: User, hers: Client):
    script = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    User.objects.exclude(pk=fang.pk).update(display_name=script[:50])
    talk.say(fang, talking, f"{script} javascript:alert(1) {{{{ 7*7 }}}}", at=NOW)
    first = Message.objects.get()
    talk.say(fang, talking, "Answer", reply_to_id=first.pk, at=NOW)

    for page in (LIST, thread(talking), f"/chat/search/?q={script[:20]}", "/chat/groups/new/"):
        shown = look(hers, page)
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
        assert 'href="javascript:' not in shown


def test_a_message_that_was_taken_back_keeps_its_place(
    talking: Conversation, fang: User, hers: Client
):
    said = talk.say(fang, talking, "Wrong", at=NOW)

    answer = hers.post(thread(talking, f"{said.pk}/take-back/"), follow=True)

    page = answer.content.decode()
    assert "This message was taken back." in page
    assert "Wrong" not in texts(page)


# --- Writing


def test_words_are_sent_and_what_was_there_is_read(
    talking: Conversation, fang: User, wei_user: User, hers: Client
):
    talk.say(wei_user, talking, at=NOW)

    answer = hers.post(thread(talking, "send/"), {"text": "Two lines\r\nof it"})

    assert answer["Location"] == thread(talking)
    assert Message.objects.latest("seq").body == "Two lines\nof it"
    assert own(fang, talking).last_read_seq == 2
    assert "Two lines<br>of it" in look(hers, thread(talking))


def test_a_sticker_is_a_button(talking: Conversation, hers: Client):
    hers.post(thread(talking, "send/"), {"text": "", "sticker": "hello"})

    assert Message.objects.get().meta == {"sticker": "hello"}
    assert 'alt="Hello!"' in look(hers, thread(talking))


def test_a_picture_is_sent_with_words(talking: Conversation, hers: Client, his: Client, picture):
    answer = hers.post(thread(talking, "send/"), {"text": "The kitchen", "file": picture})

    assert answer.status_code == 302, answer.content.decode()
    made = Message.objects.get()
    assert (made.kind, made.body) == ("image", "The kitchen")
    page = look(his, thread(talking))
    key = made.attachments.get().key
    assert f'src="/chat/files/{key}/small/"' in page
    assert "The kitchen" in page


def test_a_file_that_is_none_of_ours_stands_with_the_reason(
    talking: Conversation, hers: Client, program
):
    answer = hers.post(thread(talking, "send/"), {"text": "Look", "file": program})

    assert answer.status_code == 400
    page = answer.content.decode()
    assert 'role="alert"' in page
    assert ">Look</textarea>" in page
    assert not Message.objects.exists()


def test_an_answer_stands_under_what_it_answers(
    talking: Conversation, fang: User, wei_user: User, hers: Client
):
    asked = talk.say(wei_user, talking, "At three?", at=NOW)
    page = look(hers, thread(talking), reply=str(asked.pk))
    assert f'name="reply_to" value="{asked.pk}"' in page

    hers.post(thread(talking, "send/"), {"text": "Yes", "reply_to": str(asked.pk)})

    assert Message.objects.latest("seq").reply_to == asked
    assert f'href="#m{asked.seq}"' in look(hers, thread(talking))


def test_nothing_is_not_sent_and_the_reason_stands_there(talking: Conversation, hers: Client):
    answer = hers.post(thread(talking, "send/"), {"text": "  "})

    assert answer.status_code == 400
    assert "Please write something." in answer.content.decode()


def test_what_is_too_long_is_kept_in_the_field(talking: Conversation, hers: Client):
    text = "long " * 300

    answer = hers.post(thread(talking, "send/"), {"text": text})

    assert answer.status_code == 400
    assert "Please keep it to 1000 characters." in answer.content.decode()
    assert text.strip() in answer.content.decode()


def test_too_many_at_once_wait_and_keep_their_words(
    talking: Conversation, hers: Client, monkeypatch: pytest.MonkeyPatch
):
    # A clock of its own, which stands still, and buckets of its own.
    monkeypatch.setattr(pace.time, "monotonic", lambda: 1000.0)
    monkeypatch.setattr(pace.settings, "REDIS_URL", "")
    monkeypatch.setattr(pace, "_buckets", OrderedDict())

    answers = [hers.post(thread(talking, "send/"), {"text": "Again"}) for _number in range(42)]

    assert [one.status_code for one in answers] == [302] * 40 + [429] * 2
    assert ">Again</textarea>" in answers[-1].content.decode()
    by_script = hers.post(thread(talking, "send/"), {"text": "x"}, headers=JSON)
    assert by_script.json()["error"]["retry_after"] >= 1


JSON = {"accept": "application/json"}


def test_the_script_is_answered_with_the_message_and_twice_is_once(
    talking: Conversation, hers: Client
):
    sent = {"text": "Hello", "client_id": "a-1"}

    first = hers.post(thread(talking, "send/"), sent, headers=JSON)
    again = hers.post(thread(talking, "send/"), sent, headers=JSON)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["seq"] == again.json()["seq"] == 1
    assert 'data-client="a-1"' in first.json()["html"]
    assert Message.objects.count() == 1


def test_a_picture_that_is_sent_twice_is_sent_once(talking: Conversation, hers: Client, picture):
    for status in (201, 200):
        picture.seek(0)
        sent = {"text": "", "file": picture, "client_id": "a-1"}
        answer = hers.post(thread(talking, "send/"), sent, headers=JSON)
        assert answer.status_code == status
    assert Message.objects.count() == 1


def test_the_name_of_another_message_is_refused(talking: Conversation, hers: Client):
    hers.post(thread(talking, "send/"), {"text": "One", "client_id": "a"}, headers=JSON)
    answer = hers.post(thread(talking, "send/"), {"text": "Two", "client_id": "a"}, headers=JSON)

    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "idempotency_mismatch"


def test_a_message_is_changed_and_says_so(talking: Conversation, fang: User, hers: Client):
    said = talk.say(fang, talking, "At tree", at=NOW)
    address = thread(talking, f"{said.pk}/edit/")
    assert ">\nAt tree</textarea>" in look(hers, address)

    assert hers.post(address, {"text": "At three"})["Location"] == thread(talking)

    page = look(hers, thread(talking))
    assert "At three" in page
    assert "changed" in page


def test_later_it_is_too_late(talking: Conversation, fang: User, hers: Client, monday_morning):
    said = talk.say(fang, talking, "Old", at=NOW - timedelta(hours=1))
    page = look(hers, thread(talking))
    assert "take-back" not in page

    refused = hers.post(thread(talking, f"{said.pk}/edit/"), {"text": "New"})

    assert "It is too late to change this message." in refused.content.decode()
    answer = hers.post(thread(talking, f"{said.pk}/take-back/"), follow=True)
    assert "It is too late to change this message." in answer.content.decode()


def test_nobody_writes_in_one_that_was_put_away(talking: Conversation, hers: Client):
    services.put_away(talking, at=NOW)

    page = look(hers, thread(talking))

    assert "data-composer" not in page
    assert "Open it again" in page
    answer = hers.post(thread(talking, "send/"), {"text": "Hi"})
    assert answer.status_code == 409


# --- Beginning


def test_asking_a_realtor_opens_a_conversation(wei: Realtor, wei_user: User, hers: Client):
    page = look(hers, f"/realtors/{wei.pk}/")
    assert 'action="/chat/new/"' in page

    answer = hers.post("/chat/new/", {"to": wei_user.pk})

    made = Conversation.objects.get()
    assert answer["Location"] == thread(made)
    assert hers.post("/chat/new/", {"to": wei_user.pk})["Location"] == thread(made)


def test_looking_at_the_page_that_asks_begins_nothing(wei: Realtor, wei_user: User, hers: Client):
    assert "Write to Wei" in look(hers, "/chat/new/", to=str(wei_user.pk))

    assert not Conversation.objects.exists()


def test_a_guest_is_led_to_sign_in_and_back_to_the_question(
    lan, wei: Realtor, wei_user: User, fang: User
):
    page = lan.look(f"/realtors/{wei.pk}/")
    assert f"/chat/new/?to={wei_user.pk}" in page

    answer = lan.client.get(f"/chat/new/?to={wei_user.pk}")

    assert answer["Location"] == f"/accounts/login/?next=/chat/new/%3Fto%3D{wei_user.pk}"


def test_a_question_is_not_lost_where_one_was_signed_out_meanwhile(db: None):
    answer = Client().post("/chat/new/", {"to": "7", "about": "9"})

    assert answer["Location"] == "/accounts/login/?next=/chat/new/%3Fto%3D7%26about%3D9"


@pytest.mark.parametrize("to", ["", "x", "0", "9" * 30])
def test_nobody_is_asked_who_is_nobody(hers: Client, to: str):
    assert hers.get("/chat/new/", {"to": to}).status_code == 404


def test_of_a_stranger_not_even_the_name_is_said(hers: Client, fang: User, mei: User):
    assert hers.get("/chat/new/", {"to": mei.pk}).status_code == 404
    assert hers.post("/chat/new/", {"to": mei.pk}).status_code == 404
    assert hers.post("/chat/new/", {"to": fang.pk}).status_code == 404


def test_both_write_to_each_other_from_their_pages_of_an_appointment(
    store: Store, wei: Realtor, wei_user: User, fang: User, hers: Client, his: Client
):
    booked = world.confirmed(store, clock("14:00"), customer=fang, realtor=wei)
    about = f'name="about" value="{booked.pk}"'
    assert about in look(hers, f"/appointments/{booked.code}/")
    assert about in look(his, f"/console/appointments/{booked.pk}/")

    hers.post("/chat/new/", {"to": wei_user.pk, "about": booked.pk})

    made = Conversation.objects.get()
    assert made.appointment == booked
    answer = his.post("/chat/new/", {"to": fang.pk, "about": booked.pk})
    assert answer["Location"] == thread(made)
    page = look(his, thread(made))
    assert f"/console/appointments/{booked.pk}/" in page
    assert "About this appointment" in page
    assert f"/appointments/{booked.code}/" in look(hers, thread(made))


def test_an_appointment_of_others_is_nothing_to_write_about(
    store: Store, wei: Realtor, wei_user: User, fang: User, mei: User
):
    booked = world.confirmed(store, clock("14:00"), customer=fang, realtor=wei)

    for about in (booked.pk, 987_654):
        answer = at_home(mei).post("/chat/new/", {"to": wei_user.pk, "about": about})
        assert answer.status_code == 404
        # Whom she may ask about nothing in particular; its code and place are nobody else's.
        asked = at_home(mei).get("/chat/new/", {"to": wei_user.pk, "about": about})
        assert asked.status_code == 404
        assert booked.code not in asked.content.decode()


# --- Blocking and reporting


def test_whoever_was_blocked_does_not_write_any_more(
    talking: Conversation, fang: User, wei_user: User, hers: Client, his: Client
):
    assert "Block Wei?" in look(hers, thread(talking, "block/"))
    hers.post(thread(talking, "block/"))

    assert Block.objects.get().blocked == wei_user
    assert "You have blocked this person." in look(hers, thread(talking))
    answer = his.post(thread(talking, "send/"), {"text": "Hey"})
    assert answer.status_code == 403
    assert "You cannot write to this person." in answer.content.decode()
    assert "Unblock Wei" in look(hers, "/chat/blocks/")

    back = {"next": thread(talking)}
    answer = hers.post(f"/chat/blocks/{wei_user.pk}/remove/", back)
    assert answer["Location"] == thread(talking)
    assert not Block.objects.exists()
    assert "You have blocked nobody" in look(hers, "/chat/blocks/")


def test_unblocking_leads_to_no_other_site(talking: Conversation, wei_user: User, hers: Client):
    hers.post(thread(talking, "block/"))

    answer = hers.post(f"/chat/blocks/{wei_user.pk}/remove/", {"next": "//evil.example/"})

    assert answer["Location"] == "/chat/blocks/"


def test_a_message_and_a_conversation_are_reported(
    talking: Conversation, wei_user: User, hers: Client
):
    said = talk.say(wei_user, talking, "Send money first", at=NOW)
    address = thread(talking, "report/")
    assert "Send money first" in look(hers, address, message=str(said.pk))
    assert "Please choose a reason." in hers.post(address, {}).content.decode()

    hers.post(address, {"message": said.pk, "reason": "fraud", "words": "He wants money"})
    hers.post(address, {"reason": "abuse"})

    one, whole = MessageReport.objects.order_by("pk")
    assert (one.message, one.reason, one.quoted) == (said, "fraud", "Send money first")
    assert whole.message is None
    again = hers.post(address, {"reason": "abuse"}, follow=True).content.decode()
    assert "You have reported this already" in again


# --- Groups


def test_a_group_is_made_of_those_one_knows(
    talking: Conversation, fang: User, wei_user: User, mei: User, hers: Client
):
    page = look(hers, "/chat/groups/new/")
    assert "Wei" in page
    assert "Mei" not in page
    assert "Please give it a name." in hers.post("/chat/groups/new/", {}).content.decode()

    stranger = hers.post("/chat/groups/new/", {"name": "Flat", "people": [mei.pk]})
    assert stranger.status_code == 200
    answer = hers.post("/chat/groups/new/", {"name": "Flat hunters", "people": [wei_user.pk]})

    made = Conversation.objects.get(type="group")
    assert answer["Location"] == thread(made)
    assert made.name == "Flat hunters"
    page = look(hers, thread(made))
    assert "Fang began this group." in page
    assert "2 people" in page


def test_whoever_knows_nobody_makes_no_group(hers: Client):
    assert "You know nobody here yet" in look(hers, "/chat/groups/new/")


def test_a_group_is_renamed_others_join_and_one_leaves(
    talking: Conversation, fang: User, wei_user: User, mei: User, hers: Client, his: Client
):
    made = talk.group(fang, wei_user, at=NOW)
    talk.between(wei_user, mei, at=NOW)
    members = thread(made, "members/")

    his.post(thread(made, "rename/"), {"name-name": "Home at last"})
    his.post(thread(made, "add/"), {"people": [mei.pk]})

    page = look(his, members)
    assert "Home at last" in page
    assert "Mei" in page
    assert "3 people" in page
    bad = his.post(thread(made, "rename/"), {"name-name": " "}).content.decode()
    assert "Please give it a name." in bad
    assert his.post(thread(made, "leave/"))["Location"] == LIST
    assert his.get(thread(made)).status_code == 404
    page = look(hers, thread(made))
    assert "Wei left." in page
    assert "Wei brought in Mei." in page


def test_two_who_talk_are_no_group(talking: Conversation, hers: Client):
    assert hers.get(thread(talking, "members/")).status_code == 404
    assert hers.post(thread(talking, "leave/")).status_code == 404


# --- Searching


def test_names_and_words_are_found(
    talking: Conversation, fang: User, wei_user: User, mei: User, hers: Client
):
    talk.say(wei_user, talking, "The balcony faces south", at=NOW)
    other = talk.between(wei_user, mei, at=NOW)
    talk.say(wei_user, other, "Another balcony", at=NOW)

    page = look(hers, "/chat/search/", q="balcony")
    assert "The balcony faces south" in page
    assert "Another balcony" not in page
    assert f'id="talk-{talking.pk}"' in look(hers, "/chat/search/", q="wei")
    assert "Nothing found" in look(hers, "/chat/search/", q="cellar")
    assert "Type a name" in look(hers, "/chat/search/", q="  ")


def test_the_site_writes_and_nobody_answers_it(fang: User, hers: Client):
    site = run_in_transaction(lambda: services.system_conversation(fang, at=NOW))
    run_in_transaction(lambda: services.write_to(site, "Your review was hidden.", at=NOW))

    page = look(hers, thread(site))

    assert "Your review was hidden." in page
    assert "data-composer" not in page
    assert Actor.of(fang).user == fang
