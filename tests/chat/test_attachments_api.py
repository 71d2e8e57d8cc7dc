"""POST /api/v1/chat/conversations/{id}/attachments."""

import json

import pytest

from booking_site.common import pace
from chat.limits import UPLOADS
from chat.models import Attachment
from chat.services import put_away
from tests.callers import caller, data_of, refusal_of
from tests.chat import files, talk
from tests.chat.conftest import NOW

NOBODY_S = "/api/v1/chat/conversations/{}/attachments"


class Fails:
    def clean(self, raw):
        raise OSError("the scanner is down")


class KnowsOne:
    def clean(self, raw):
        return files.EICAR_LIKE not in raw


@pytest.fixture
def decoded(monkeypatch):
    """What was looked into."""
    seen = []
    monkeypatch.setattr("chat.api.views.attachments.upload_from", lambda *a, **k: seen.append(a))
    return seen


def test_only_members_find_the_conversation(lin, mei, bao, lin_and_wei, decoded):
    for who in (mei, bao):
        refusal_of(files.send(who, lin_and_wei, files.pdf()), 404, "not_found")
    refusal_of(files.send(None, lin_and_wei, files.pdf()), 401, "unauthenticated")
    for number in ("0", "999999999", "9" * 40, "x", "-1"):
        body = {"file": files.SimpleUploadedFile("a.txt", b"a")}
        answer = caller(lin).client.post(NOBODY_S.format(number), body, format="multipart")
        refusal_of(answer, 404, "not_found")
    assert decoded == []


def test_nothing_is_decoded_that_is_refused_anyway(lin, wei, lin_and_wei, decoded, settings):
    settings.CHAT_QUOTA_BYTES = 100
    files.attached(lin, lin_and_wei, files.of_size(100), at=NOW)
    settings.CHAT_QUOTA_BYTES = 99
    refusal_of(files.send(lin, lin_and_wei, files.pdf()), 409, "quota_exceeded")

    put_away(lin_and_wei, at=NOW)
    refusal_of(files.send(wei, lin_and_wei, files.pdf()), 409, "conversation_archived")
    assert decoded == []


def test_what_is_decoded_must_have_room_too(lin, lin_and_wei, settings):
    settings.CHAT_QUOTA_BYTES = 20

    refusal_of(files.send(lin, lin_and_wei, files.pdf()), 409, "quota_exceeded")

    assert not Attachment.objects.exists()


def test_a_form_that_is_none_gets_the_envelope(lin, lin_and_wei):
    client, path = caller(lin).client, files.address(lin_and_wei)
    for body in ({}, {"file": "text"}, {"photo": files.SimpleUploadedFile("a.txt", b"a")}):
        answer = client.post(path, body, format="multipart")
        assert set(refusal_of(answer, 400, "invalid")) == {"file"}
    answer = client.post(path, json.dumps({}), content_type="application/json")
    refusal_of(answer, 415, "unsupported_media_type")
    for kind in ("multipart/form-data", "multipart/form-data; boundary=\x7f"):
        answer = client.generic("POST", path, b"--x\r\n", content_type=kind)
        assert (answer.status_code, answer.json()["success"]) == (400, False)
    for method in (client.get, client.put, client.delete):
        assert method(path).status_code == 405


def test_one_file_at_a_time(lin, lin_and_wei):
    two = [files.SimpleUploadedFile("a.txt", b"a"), files.SimpleUploadedFile("b.txt", b"b")]
    for body in ({"file": two}, {"file": two[0], "other": two[1]}):
        for one in two:
            one.seek(0)
        answer = caller(lin).client.post(files.address(lin_and_wei), body, format="multipart")
        assert set(refusal_of(answer, 400, "invalid")) == {"file"}
    assert not Attachment.objects.exists()


def test_what_it_is_may_be_said_and_must_be_true(lin, lin_and_wei):
    data_of(files.send(lin, lin_and_wei, files.picture(), kind="image"), 201)
    data_of(files.send(lin, lin_and_wei, files.pdf(), kind="file"), 201)

    assert set(refusal_of(files.send(lin, lin_and_wei, files.pdf(), kind="image"), 400, "invalid"))
    answer = files.send(lin, lin_and_wei, files.pdf(), kind="sticker")
    assert set(refusal_of(answer, 400, "invalid")) == {"kind"}
    assert Attachment.objects.count() == 2


def test_the_same_key_keeps_one_file(lin, lin_and_wei):
    first, again = (
        files.send(lin, lin_and_wei, files.pdf(), idempotency_key="once") for _turn in range(2)
    )

    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json() == first.json()
    assert Attachment.objects.count() == 1
    other = files.send(lin, lin_and_wei, files.pdf(b"other"), idempotency_key="once")
    refusal_of(other, 409, "idempotency_mismatch")


def test_a_message_names_it_by_its_id(lin, wei, lin_and_wei):
    data = data_of(files.send(lin, lin_and_wei, files.sound(), "a.webm"), 201)
    body = {"messageType": "voice", "content": {"attachmentId": data["id"]}}
    path = f"/api/v1/chat/conversations/{lin_and_wei.pk}/messages"

    sent = data_of(caller(lin).post(path, body), 201)

    assert sent["attachments"] == [data]
    assert sent["content"]["duration"] == data["duration"] == 1
    (shown,) = [one for one in data_of(caller(wei).get(path)) if one["id"] == sent["id"]]
    assert shown["attachments"] == [data]
    refusal_of(caller(lin).post(path, body), 404, "not_found")


def test_a_file_of_another_conversation_or_person_is_not_found(lin, wei, mei, lin_and_wei):
    other = talk.between(lin, mei, at=NOW)
    data = data_of(files.send(lin, lin_and_wei, files.pdf()), 201)
    body = {"messageType": "file", "content": {"attachmentId": data["id"]}}
    for who, where in ((lin, other), (wei, lin_and_wei)):
        path = f"/api/v1/chat/conversations/{where.pk}/messages"
        refusal_of(caller(who).post(path, body), 404, "not_found")


def test_what_the_scanner_does_not_like_is_not_kept(lin, lin_and_wei, settings):
    settings.CHAT_FILE_SCANNER = "tests.chat.test_attachments_api.KnowsOne"
    bad, good = files.pdf(files.EICAR_LIKE), files.pdf()

    errors = refusal_of(files.send(lin, lin_and_wei, bad), 400, "invalid")

    assert errors == {"file": ["This file seems to do harm, and was not kept."]}
    data_of(files.send(lin, lin_and_wei, good), 201)
    # Pictures and voices are made anew.
    data_of(files.send(lin, lin_and_wei, files.picture(comment=files.EICAR_LIKE)), 201)


def test_what_could_not_be_scanned_is_not_kept(lin, lin_and_wei, settings):
    settings.CHAT_FILE_SCANNER = "tests.chat.test_attachments_api.Fails"

    refusal_of(files.send(lin, lin_and_wei, files.pdf()), 503, "unavailable")

    assert not Attachment.objects.exists()
    data_of(files.send(lin, lin_and_wei, files.picture()), 201)


def test_one_person_has_so_many_looked_into_in_a_while(lin, wei, lin_and_wei, monkeypatch):
    monkeypatch.setattr(pace.time, "monotonic", lambda: 1000.0)
    monkeypatch.setattr(pace.settings, "REDIS_URL", "")
    for _one in range(UPLOADS.burst):
        refusal_of(files.send(lin, lin_and_wei, b"<svg/>"), 400, "invalid")

    answer = files.send(lin, lin_and_wei, b"<svg/>")

    refusal_of(answer, 429, "rate_limited")
    assert answer.headers["Retry-After"] == "3"
    data_of(files.send(wei, lin_and_wei, files.pdf()), 201)
