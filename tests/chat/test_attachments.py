"""Files of messages: kept for a conversation, sent with one message, gone with it."""

from datetime import timedelta

import pytest

from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.errors import Invalid, NotFound
from booking_site.common.transactions import run_in_transaction
from chat.errors import Archived, QuotaUsedUp
from chat.gateways.uploads import upload_from
from chat.models import Attachment, ConversationType
from chat.presenters.messages import message_data
from chat.rules import MOST_UNSENT, UPLOADS_KEPT
from chat.services import (
    Draft,
    add_attachment,
    leave,
    post,
    put_away,
    require_room,
    sweep_uploads,
    take_back,
)
from tests.chat import files, talk
from tests.chat.conftest import NOW

LATER = NOW + UPLOADS_KEPT + timedelta(minutes=1)


def say_with(who, conversation, attachment, *, kind=None, text="", client_id=None, at=NOW):
    draft = Draft(
        text=text, kind=kind or attachment.kind, attachment=attachment.key, client_id=client_id
    )
    return post(conversation.pk, draft, by=Actor.of(who), at=at).message


def test_a_picture_is_kept_in_two_sizes_until_it_is_sent(lin, lin_and_wei):
    raw = files.picture("PNG", (2000, 1000))
    kept = files.attached(lin, lin_and_wei, upload_from(raw, name="View.png"), at=NOW)

    assert (kept.kind, kept.name, kept.content_type) == ("image", "View.jpg", "image/jpeg")
    assert (kept.width, kept.height, kept.seconds) == (1600, 800, None)
    assert files.there(kept) == [True, True]
    assert kept.size == kept.file.size + kept.small.size
    assert kept.message is None

    message = say_with(lin, lin_and_wei, kept, text="The view")

    data = message_data(message)
    assert [one["id"] for one in data["attachments"]] == [kept.key]
    assert data["content"]["attachmentId"] == kept.key
    assert data["content"]["text"] == "The view"


@pytest.mark.parametrize("form", files.SOUNDS)
def test_a_voice_of_any_browser_becomes_mp3_and_its_length_is_counted(lin, lin_and_wei, form):
    raw = files.sound(form, 2.5, title="Secret place")
    kept = files.attached(lin, lin_and_wei, upload_from(raw, name="voice"), at=NOW)

    assert (kept.kind, kept.name, kept.content_type) == ("voice", "voice.mp3", "audio/mpeg")
    assert kept.seconds == 3
    content = files.stored(kept)
    assert content[:2] == b"\xff\xf3"
    assert b"Secret" not in content
    assert message_data(say_with(lin, lin_and_wei, kept))["content"]["duration"] == 3


@pytest.mark.parametrize(
    ("raw", "name", "shown", "kind"),
    [
        (files.pdf(), "Contract.PDF", "Contract.pdf", "application/pdf"),
        (files.office("docx"), "Letter.docx", "Letter.docx", files.OFFICE + "wordprocessingml"),
        (files.office("xlsx"), "Sums.xlsx", "Sums.xlsx", files.OFFICE + "spreadsheetml"),
        (files.office("pptx"), "Talk.pptx", "Talk.pptx", files.OFFICE + "presentationml"),
        (files.odf("odt"), "Letter.odt", "Letter.odt", files.ODF["odt"]),
        (files.odf("ods"), "Sums.ods", "Sums.ods", files.ODF["ods"]),
        (files.odf("odp"), "Talk.odp", "Talk.odp", files.ODF["odp"]),
        ("九点见。".encode(), "纸条.txt", "纸条.txt", "text/plain"),
        ("九点见。".encode("gb18030"), "纸条.txt", "纸条.txt", "text/plain"),
        (b"\xef\xbb\xbfday,hour\r\n1,9\r\n", "hours.csv", "hours.csv", "text/csv"),
        (b"I <3 this flat, 2 < 3 & 4 > 3\n", "love.txt", "love.txt", "text/plain"),
    ],
)
def test_a_document_is_kept_as_it_was_sent(lin, lin_and_wei, raw, name, shown, kind):
    kept = files.attached(lin, lin_and_wei, upload_from(raw, name=name), at=NOW)

    assert (kept.kind, kept.name) == ("file", shown)
    assert kept.content_type.startswith(kind)
    assert files.stored(kept) == raw


def test_the_sum_of_what_was_sent_is_noted_not_of_what_is_kept(lin, lin_and_wei):
    raw = files.picture("PNG")
    one, same = (
        files.attached(lin, lin_and_wei, upload_from(raw, name="a"), at=NOW) for _n in "ab"
    )

    assert one.sha256 == same.sha256
    assert one.key != same.key
    assert len({one.file.name, one.small.name, same.file.name, same.small.name}) == 4


def test_the_names_in_the_folder_tell_nothing(lin, lin_and_wei):
    kept = files.attached(lin, lin_and_wei, files.note(name="Secret plan.txt"), at=NOW)

    folder, _slash, name = (kept.file.name or "").partition("/")
    assert folder == "chat"
    assert len(name) == len("0" * 32 + ".txt")
    assert "Secret" not in name


def test_it_can_be_sent_once(lin, lin_and_wei):
    kept = files.attached(lin, lin_and_wei, at=NOW)
    first = say_with(lin, lin_and_wei, kept, client_id="a")

    with pytest.raises(NotFound) as refusal:
        say_with(lin, lin_and_wei, kept, client_id="b")

    assert set(refusal.value.errors) == {"content"}
    # The same message again is still that message.
    assert say_with(lin, lin_and_wei, kept, client_id="a") == first


def test_it_belongs_to_its_conversation(lin, wei, mei, lin_and_wei):
    other = talk.between(lin, mei, at=NOW)
    kept = files.attached(lin, lin_and_wei, at=NOW)

    with pytest.raises(NotFound):
        say_with(lin, other, kept)


def test_nobody_sends_what_somebody_else_has_uploaded(lin, wei, lin_and_wei):
    kept = files.attached(lin, lin_and_wei, at=NOW)

    with pytest.raises(NotFound):
        say_with(wei, lin_and_wei, kept)
    kept.refresh_from_db()
    assert kept.message is None


@pytest.mark.parametrize("kind", ["image", "voice"])
def test_a_message_is_of_the_kind_of_its_file(lin, lin_and_wei, kind):
    kept = files.attached(lin, lin_and_wei, at=NOW)

    with pytest.raises(NotFound):
        say_with(lin, lin_and_wei, kept, kind=kind)
    with pytest.raises(Invalid):
        say_with(lin, lin_and_wei, kept, kind="text", text="Look")


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (files.pdf(), "image"),
        (files.pdf(), "voice"),
        (files.picture(), "voice"),
        (files.picture(), "file"),
        (files.wav(), "image"),
        (files.wav(), "file"),
    ],
)
def test_what_is_of_another_kind_than_was_said_is_refused(raw, kind):
    with pytest.raises(Invalid) as refusal:
        upload_from(raw, name="a", kind=kind)

    assert set(refusal.value.errors) == {"file"}


def test_only_who_is_there_uploads(lin, wei, mei, lin_and_wei, bao):
    for by in (Actor.of(mei), Actor.of(bao), Actor.guest(), SYSTEM):
        with pytest.raises(NotFound):
            require_room(lin_and_wei, by=by)
        with pytest.raises(NotFound):
            add_attachment(lin_and_wei, files.note(), by=by, at=NOW)


def test_who_has_left_uploads_no_more(lin, wei, mei):
    group = talk.group(lin, wei, mei, at=NOW)
    run_in_transaction(lambda: leave(group, by=Actor.of(mei), at=NOW))

    with pytest.raises(NotFound):
        files.attached(mei, group, at=NOW)


def test_a_closed_account_uploads_nothing(lin, lin_and_wei):
    lin.is_active = False
    lin.save()

    with pytest.raises(NotFound):
        files.attached(lin, lin_and_wei, at=NOW)


def test_nothing_is_put_into_what_was_put_away_or_what_the_site_writes(lin, lin_and_wei):
    put_away(lin_and_wei, at=NOW)
    with pytest.raises(Archived):
        files.attached(lin, lin_and_wei, at=NOW)

    type(lin_and_wei).objects.filter(pk=lin_and_wei.pk).update(
        archived_at=None, type=ConversationType.SYSTEM
    )
    with pytest.raises(Archived):
        files.attached(lin, lin_and_wei, at=NOW)


def test_all_files_of_one_person_have_so_much_room(lin, wei, mei, lin_and_wei, settings):
    settings.CHAT_QUOTA_BYTES = 1000
    other = talk.between(lin, mei, at=NOW)
    say_with(lin, lin_and_wei, files.attached(lin, lin_and_wei, files.of_size(600), at=NOW))

    with pytest.raises(QuotaUsedUp) as refusal:
        files.attached(lin, other, files.of_size(401), at=NOW)

    assert (refusal.value.code, refusal.value.status) == ("quota_exceeded", 409)
    files.attached(lin, other, files.of_size(400), at=NOW)
    # Of each person.
    files.attached(wei, lin_and_wei, files.of_size(1000), at=NOW)


def test_what_is_taken_back_makes_room(lin, lin_and_wei, settings):
    settings.CHAT_QUOTA_BYTES = 1000
    sent = say_with(lin, lin_and_wei, files.attached(lin, lin_and_wei, files.of_size(900), at=NOW))

    take_back(sent, by=Actor.of(lin), at=NOW)

    files.attached(lin, lin_and_wei, files.of_size(900), at=NOW)


def test_so_many_files_wait_to_be_sent(lin, lin_and_wei):
    kept = [files.attached(lin, lin_and_wei, at=NOW) for _one in range(MOST_UNSENT)]

    with pytest.raises(QuotaUsedUp, match=str(MOST_UNSENT)):
        files.attached(lin, lin_and_wei, at=NOW)

    say_with(lin, lin_and_wei, kept[0])
    files.attached(lin, lin_and_wei, at=NOW)


def test_what_nobody_sends_is_deleted_after_a_day(
    lin, lin_and_wei, django_capture_on_commit_callbacks
):
    picture = upload_from(files.picture(), name="a.jpg")
    waiting = files.attached(lin, lin_and_wei, picture, at=NOW)
    sent = files.attached(lin, lin_and_wei, picture, at=NOW)
    young = files.attached(lin, lin_and_wei, at=LATER)
    say_with(lin, lin_and_wei, sent)
    assert sweep_uploads(at=NOW + UPLOADS_KEPT) == 0

    with django_capture_on_commit_callbacks(execute=True):
        assert sweep_uploads(at=LATER) == 1
        assert files.there(waiting) == [True, True]

    assert files.there(waiting) == [False, False]
    assert files.there(sent) == [True, True]
    assert set(Attachment.objects.all()) == {sent, young}
    assert sweep_uploads(at=LATER) == 0


def test_what_is_taken_back_is_gone_with_its_files(
    lin, lin_and_wei, django_capture_on_commit_callbacks
):
    kept = files.attached(lin, lin_and_wei, upload_from(files.picture(), name="a.jpg"), at=NOW)
    message = say_with(lin, lin_and_wei, kept)

    with django_capture_on_commit_callbacks(execute=True):
        take_back(message, by=Actor.of(lin), at=NOW)

    assert files.there(kept) == [False, False]
    assert not Attachment.objects.exists()
    message.refresh_from_db()
    assert message_data(message)["attachments"] == []


@pytest.mark.django_db(transaction=True)
def test_files_stand_and_fall_with_the_transaction(lin, lin_and_wei, settings):
    before = _in_the_folder()
    picture = upload_from(files.picture(), name="a.jpg")

    def fails():
        kept = add_attachment(lin_and_wei, picture, by=Actor.of(lin), at=NOW)
        assert files.there(kept) == [True, True]
        raise RuntimeError

    with pytest.raises(RuntimeError):
        run_in_transaction(fails)
    assert _in_the_folder() == before

    # Refused in line only, after the files were written.
    settings.CHAT_QUOTA_BYTES = 10
    with pytest.raises(QuotaUsedUp):
        files.attached(lin, lin_and_wei, picture, at=NOW)
    assert _in_the_folder() == before
    assert not Attachment.objects.exists()


def _in_the_folder():
    storage = Attachment._meta.get_field("file").storage
    return set(storage.listdir("chat")[1]) if storage.exists("chat") else set()
