"""Files that one person sends at the same moment, in several conversations: together they keep to
the room there is for one person. The control runs the same out of line, and finds too many."""

import time
from functools import partial

import pytest
from django.db import connection

from booking_site.common.actors import Actor
from chat.models import Attachment
from chat.rules import MOST_UNSENT
from chat.services import Draft, add_attachment, attaching, send, sweep_uploads
from tests.chat import files, talk
from tests.chat.conftest import NOW
from tests.chat.test_attachments import LATER
from tests.factories import UserFactory

from .together import ISOLATIONS, codes, side_by_side, together

pytestmark = pytest.mark.django_db(transaction=True)
ROOM = 2_500


@pytest.fixture(autouse=True)
def _room(settings):
    settings.CHAT_QUOTA_BYTES = ROOM


@pytest.fixture(params=ISOLATIONS)
def isolation(request, monkeypatch) -> None:
    """As the product's own setting may say; the threads' connections begin with it."""
    if request.param:
        options = connection.settings_dict["OPTIONS"]
        monkeypatch.setitem(options, "isolation_level", request.param)


def uploads(count):
    """A thousand bytes each, of one person, in a conversation for each."""
    lin = UserFactory()
    rooms = [talk.between(lin, UserFactory(), at=NOW) for _one in range(count)]
    return [
        partial(add_attachment, room, files.of_size(1_000), by=Actor.of(lin), at=NOW)
        for room in rooms
    ]


@pytest.mark.parametrize("_round", range(3))
def test_together_they_keep_to_the_room_there_is(_round, isolation):
    outcomes = together(*uploads(5))

    assert codes(outcomes) == ["done"] * 2 + ["quota_exceeded"] * 3
    assert Attachment.objects.count() == 2


def test_of_many_at_once_so_many_wait_to_be_sent(settings):
    settings.CHAT_QUOTA_BYTES = ROOM * ROOM
    lin = UserFactory()
    room = talk.between(lin, UserFactory(), at=NOW)
    for _one in range(MOST_UNSENT - 2):
        files.attached(lin, room, files.of_size(1), at=NOW)
    one = partial(add_attachment, room, files.of_size(1), by=Actor.of(lin), at=NOW)

    assert codes(together(*[one] * 5)) == ["done"] * 2 + ["quota_exceeded"] * 3


def test_out_of_line_the_same_finds_too_many(monkeypatch):
    """The control. SQLite has one writer, whose transaction is what makes people wait: there each
    statement is committed on its own."""

    def asked_slowly(*args, **named):
        require_room(*args, **named)
        time.sleep(0.1)

    require_room = attaching.require_room
    monkeypatch.setattr(attaching, "require_room", asked_slowly)
    monkeypatch.setattr(attaching, "stand_in_line", lambda conversation, by: None)
    calls = uploads(5)
    if connection.vendor == "sqlite":
        bare = add_attachment.__wrapped__
        side_by_side(*(partial(bare, *call.args, **call.keywords) for call in calls))
    else:
        together(*calls)

    assert Attachment.objects.count() > 2


@pytest.mark.parametrize("_round", range(3))
def test_a_file_is_sent_or_swept_and_never_both(_round):
    lin = UserFactory()
    room = talk.between(lin, UserFactory(), at=NOW)
    kept = files.attached(lin, room, files.of_size(10), at=NOW)
    draft = Draft(kind="file", attachment=kept.key)

    sent, swept = together(
        partial(send, room.pk, draft, by=Actor.of(lin), at=LATER),
        partial(sweep_uploads, at=LATER),
    )

    if swept:
        assert codes([sent]) == ["not_found"]
        assert files.there(kept) == [False]
    else:
        assert Attachment.objects.get().message == sent
        assert files.there(kept) == [True]
    assert room.messages.filter(kind="file").count() == Attachment.objects.count()


@pytest.mark.parametrize("_round", range(3))
def test_one_file_in_two_messages_at_once_is_in_one(_round):
    lin = UserFactory()
    room = talk.between(lin, UserFactory(), at=NOW)
    kept = files.attached(lin, room, files.of_size(10), at=NOW)
    draft = Draft(kind="file", attachment=kept.key)

    outcomes = together(*[partial(send, room.pk, draft, by=Actor.of(lin), at=NOW)] * 3)

    assert codes(outcomes) == ["done", "not_found", "not_found"]
    assert room.messages.filter(kind="file").count() == 1
