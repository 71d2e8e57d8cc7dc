"""Handing out files: to who sees the message, to the uploader before, and to nobody else."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.services import issue_tokens
from booking_site.common.actors import Actor
from booking_site.common.transactions import run_in_transaction
from chat.gateways.uploads import upload_from
from chat.models import Message
from chat.presenters.messages import attachment_data
from chat.services import add_people, leave, take_back
from tests.chat import files, talk
from tests.chat.conftest import NOW
from tests.chat.test_attachments import say_with


def page_of(user):
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def status(user, attachment, *, small=False):
    data = attachment_data(attachment)
    return page_of(user).get(data["thumbnailUrl" if small else "url"]).status_code


@pytest.fixture
def picture(lin, lin_and_wei):
    upload = upload_from(files.picture(size=(900, 600)), name="a.jpg")
    return files.attached(lin, lin_and_wei, upload, at=NOW)


def test_before_it_is_sent_only_its_uploader_has_it(lin, wei, bao, guan, picture):
    assert [status(one, picture) for one in (lin, wei, bao, guan, None)] == [200, *[404] * 4]
    assert [status(one, picture, small=True) for one in (lin, wei)] == [200, 404]


def test_once_sent_those_in_the_conversation_have_it(
    lin, wei, mei, bao, guan, lin_and_wei, picture
):
    say_with(lin, lin_and_wei, picture)

    everybody = (lin, wei, mei, bao, guan, None)
    assert [status(one, picture) for one in everybody] == [200, 200, *[404] * 4]
    assert [status(one, picture, small=True) for one in everybody] == [200, 200, *[404] * 4]


def test_what_is_not_there_is_answered_as_what_is_not_theirs(mei, lin_and_wei, lin, picture):
    say_with(lin, lin_and_wei, picture)
    absent = page_of(mei).get(reverse("chat_files:large", args=["0" * 32]))
    foreign = page_of(mei).get(attachment_data(picture)["url"])

    assert (absent.status_code, foreign.status_code) == (404, 404)
    assert absent.headers["Content-Type"] == foreign.headers["Content-Type"]


@pytest.mark.parametrize("field", ["deleted_at", "hidden_at"])
def test_what_is_gone_with_its_message_is_gone_for_all(lin, wei, lin_and_wei, picture, field):
    message = say_with(lin, lin_and_wei, picture)
    Message.objects.filter(pk=message.pk).update(**{field: NOW})

    assert [status(one, picture) for one in (lin, wei)] == [404, 404]
    assert status(lin, picture, small=True) == 404


def test_what_was_taken_back_is_not_found(lin, wei, lin_and_wei, picture):
    message = say_with(lin, lin_and_wei, picture)
    take_back(message, by=Actor.of(lin), at=NOW)

    assert [status(one, picture) for one in (lin, wei)] == [404, 404]


def test_who_left_has_it_no_more_and_who_came_later_never_had_it(lin, wei, mei, guan):
    group = talk.group(lin, wei, mei, at=NOW)
    kept = files.attached(lin, group, at=NOW)
    say_with(lin, group, kept)
    run_in_transaction(lambda: leave(group, by=Actor.of(mei), at=NOW))
    run_in_transaction(lambda: add_people(group, [guan], by=Actor.of(lin), at=NOW))
    later = files.attached(lin, group, at=NOW)
    say_with(lin, group, later)

    assert [status(one, kept) for one in (lin, wei, mei, guan)] == [200, 200, 404, 404]
    assert [status(one, later) for one in (wei, mei, guan)] == [200, 404, 200]


def test_a_closed_account_has_nothing(lin, lin_and_wei, picture):
    client = page_of(lin)
    lin.is_active = False
    lin.save()

    assert client.get(attachment_data(picture)["url"]).status_code == 404


def test_an_app_has_it_by_its_token(lin, mei, lin_and_wei, picture):
    say_with(lin, lin_and_wei, picture)
    url = attachment_data(picture)["url"]

    def asked(user):
        token = issue_tokens(user, by=Actor.of(user), at=timezone.now()).access
        return Client().get(url, headers={"authorization": f"Bearer {token}"})

    assert asked(lin).content == files.stored(picture)
    assert asked(mei).status_code == 404


def test_a_bad_token_is_nobody_even_with_a_session(lin, picture):
    url = attachment_data(picture)["url"]
    for token in ("", "x", "\xff", "a.b.c"):
        answer = page_of(lin).get(url, headers={"authorization": f"Bearer {token}"})
        assert answer.status_code == 404


def test_pictures_and_voices_are_shown_and_documents_saved(lin, lin_and_wei, picture):
    voice = files.attached(lin, lin_and_wei, upload_from(files.wav(), name="a.wav"), at=NOW)
    pdf = upload_from(files.pdf(), name='Our "contract" 合同.pdf')
    pdf = files.attached(lin, lin_and_wei, pdf, at=NOW)

    kinds = {}
    for one in (picture, voice, pdf):
        answer = page_of(lin).get(attachment_data(one)["url"])
        assert_harmless(answer)
        kinds[one.kind] = answer.headers["Content-Type"], answer.headers["Content-Disposition"]
        assert answer.content == files.stored(one)

    assert kinds["image"][0] == "image/jpeg"
    assert kinds["image"][1].startswith("inline")
    assert kinds["voice"][0] == "audio/mpeg"
    assert kinds["voice"][1].startswith("inline")
    assert kinds["file"][0] == "application/pdf"
    assert kinds["file"][1].startswith("attachment; filename*=utf-8''Our%20_contract_%20")


def assert_harmless(answer):
    assert answer.status_code == 200
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"].startswith("private")
    assert {"Cookie", "Authorization"} <= set(answer.headers["Vary"].split(", "))


@pytest.mark.parametrize(
    ("wanted", "begin", "end"),
    [
        ("bytes=0-1", 0, 2),
        ("bytes=0-", 0, None),
        ("bytes=10-19", 10, 20),
        ("bytes=-5", -5, None),
        ("bytes=-999999999", 0, None),
        ("bytes=3-999999999", 3, None),
    ],
)
def test_a_player_begins_where_it_likes(lin, lin_and_wei, wanted, begin, end):
    voice = files.attached(lin, lin_and_wei, upload_from(files.wav(), name="a.wav"), at=NOW)
    whole = files.stored(voice)

    answer = page_of(lin).get(attachment_data(voice)["url"], headers={"range": wanted})

    assert answer.status_code == 206
    assert answer.content == whole[begin:end]
    first = len(whole) + begin if begin < 0 else begin
    last = first + len(answer.content) - 1
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{len(whole)}"
    assert answer.headers["Content-Length"] == str(len(answer.content))
    assert answer.headers["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize("wanted", ["bytes=999999999-", "bytes=-0"])
def test_a_range_behind_the_end_is_none(lin, lin_and_wei, wanted):
    voice = files.attached(lin, lin_and_wei, upload_from(files.wav(), name="a.wav"), at=NOW)

    answer = page_of(lin).get(attachment_data(voice)["url"], headers={"range": wanted})

    assert (answer.status_code, answer.content) == (416, b"")
    assert answer.headers["Content-Range"] == f"bytes */{voice.size}"


@pytest.mark.parametrize(
    "wanted", ["", "bytes=-", "bytes=5-2", "bytes=0-1,4-5", "lines=1-2", "bytes=٣-", "bytes=a-b"]
)
def test_what_is_no_range_is_answered_with_all_of_it(lin, lin_and_wei, wanted):
    voice = files.attached(lin, lin_and_wei, upload_from(files.wav(), name="a.wav"), at=NOW)

    answer = page_of(lin).get(attachment_data(voice)["url"], headers={"range": wanted})

    assert (answer.status_code, len(answer.content)) == (200, voice.size)


def test_a_document_has_no_small_picture_and_a_lost_file_is_not_found(lin, lin_and_wei):
    kept = files.attached(lin, lin_and_wei, at=NOW)
    assert attachment_data(kept)["thumbnailUrl"] is None
    assert page_of(lin).get(reverse("chat_files:small", args=[kept.key])).status_code == 404

    kept.file.storage.delete(kept.file.name or "")
    assert status(lin, kept) == 404


def test_no_other_door_leads_to_the_folder(lin, picture):
    assert page_of(lin).get(f"/media/{picture.file.name}").status_code == 404
    with pytest.raises(ValueError, match="private"):
        _ = picture.file.url


def test_only_looking_is_allowed(lin, picture):
    url = attachment_data(picture)["url"]
    client = page_of(lin)

    assert client.head(url).status_code == 200
    for method in (client.post, client.put, client.delete):
        assert method(url).status_code == 405


def test_the_api_answers_with_what_a_message_will_show(lin, lin_and_wei):
    answer = files.send(lin, lin_and_wei, files.picture(), "View.jpeg", kind="image")

    assert answer.status_code == 201
    data = answer.json()["data"]
    assert set(data) == {
        "id",
        "kind",
        "url",
        "thumbnailUrl",
        "name",
        "size",
        "contentType",
        "duration",
        "width",
        "height",
    }
    assert (data["kind"], data["name"], data["width"], data["height"]) == (
        "image",
        "View.jpg",
        400,
        300,
    )
    assert page_of(lin).get(data["thumbnailUrl"]).status_code == 200
