"""Stories that hypothesis makes up of people who talk: requests are lost on their way there or
back, come twice, or die with their server at the commit; hints are lost, doubled and mixed up;
devices go offline and come back. Whatever the story, each device has of each conversation a
beginning without holes, and in the end all that was said, as it was last said, and who has read how
far.

Services and tables are the product's own. What they should hold is a list for each conversation.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.models import User
from booking_site.common.actors import Actor
from booking_site.common.errors import Refusal
from booking_site.common.transactions import do_last, run_in_transaction
from chat import services
from chat.models import Message, Participant
from chat.selectors.reading import messages_after, thread_of
from chat.services import AlreadySent, Draft, send
from notifications.models import UserEvent
from tests.chat import talk
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
BEGAN = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
FATES = ["answered", "answered", "never came", "answer lost", "killed at commit", "came twice"]
DEVICES = st.integers(0, 3)
# What becomes of the hints to each of them.
HINTS = st.lists(st.sampled_from(["sent", "lost", "doubled"]), min_size=4, max_size=4)
GONE = None
EXAMPLES, STEPS = 60, 30
# For the controls, which stop at the first that is found out.
MOST_EXAMPLES = 300


class Killed(Exception):
    pass


@dataclass
class Told:
    """What somebody knows of a message: its words, or that they are gone."""

    client_id: str | None
    text: str | None


Threads = dict[int, dict[int, Told]]


@dataclass
class Device:
    """As the protocol wants a client: applies the next number only, asks for what is missing, and
    keeps what it has said until it is acked."""

    user: User
    name: str
    members: dict[int, list[int]]
    last: int = 0
    is_online: bool = True
    outbox: list[tuple[int, str]] = field(default_factory=list)
    coming: list[UserEvent] = field(default_factory=list)
    threads: Threads = field(default_factory=lambda: defaultdict(dict))
    read: dict[tuple[int, int], int] = field(default_factory=dict)

    def hear(self, event: UserEvent) -> None:
        if event.u == self.last + 1:
            self.last = event.u
            self.apply(event.event, event.payload["data"])
        elif event.u > self.last + 1:
            self.resume()

    def resume(self) -> None:
        """Read anew each time: the words of some have been forgotten."""
        rows = UserEvent.objects.filter(user_id=self.user.pk, u__gt=self.last).order_by("u")
        for row in rows:
            self.hear(row)

    def apply(self, event: str, data: dict[str, Any]) -> None:
        if event in ("new-message", "message-edited"):
            text = GONE if data["deletedAt"] else data["content"].get("text")
            told = Told(data["clientId"], text)
            conversation, seq = int(data["conversationId"]), data["seq"]
            is_new = event == "new-message"
            assert (seq not in self.threads[conversation]) == is_new, (event, seq)
            self.threads[conversation][seq] = told
            if is_new:
                self.has_read(conversation, seq, data)
        elif event == "message-deleted":
            self.threads[int(data["conversationId"])][data["seq"]].text = GONE
        elif event == "message-read":
            self.read[int(data["conversationId"]), int(data["userId"])] = data["seq"]

    def has_read(self, conversation: int, seq: int, data: dict[str, Any]) -> None:
        """Whoever writes has read up to there; of the site's quiet words whoever had read all."""
        if data["sender"] is not None:
            self.read[conversation, int(data["sender"]["id"])] = seq
        elif data["metadata"].get("quiet"):
            for member in self.members[conversation]:
                if self.read.get((conversation, member), 0) == seq - 1:
                    self.read[conversation, member] = seq


class Talk(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        lin, wei, mei = (UserFactory(display_name=name) for name in ("Lin", "Wei", "Mei"))
        self.at, self.count = BEGAN, 0
        direct = talk.between(lin, wei, at=BEGAN)
        group = talk.group(lin, wei, mei, at=BEGAN)
        self.members = {direct.pk: [lin.pk, wei.pk], group.pk: [lin.pk, wei.pk, mei.pk]}
        self.devices = [
            Device(user, name, self.members)
            for user, name in ((lin, "phone"), (lin, "laptop"), (wei, "phone"), (mei, "phone"))
        ]
        self.conversations = {
            one.pk: [pk for pk, members in self.members.items() if one.pk in members]
            for one in (lin, wei, mei)
        }
        # What should be there, by number from 1: the group begins with a note, which nobody need
        # read.
        self.truth: dict[int, list[Told]] = {direct.pk: [], group.pk: [Told(None, "")]}
        self.authors: dict[str, int] = {}
        self.read = {(group.pk, member): 1 for member in self.members[group.pk]}
        self.told = dict.fromkeys(self.conversations, 0)
        self.tell([])

    # --- The server

    def serve(self, fate: str, work: Callable[[], Any], then: Callable[[], None]) -> bool:
        """One request. ``then``: what it means, if it was carried out. Whether the device hears
        of it."""
        if fate == "never came":
            return False
        for _time in range(2 if fate == "came twice" else 1):
            self.at += timedelta(seconds=1)
            try:
                self.carry_out(work, is_killed=fate == "killed at commit")
                then()
            except Killed:
                return False
            except AlreadySent:
                pass
            except Refusal:
                # Another device was faster; the answer says so.
                return fate != "answer lost"
        return fate != "answer lost"

    def carry_out(self, work: Callable[[], Any], *, is_killed: bool) -> None:
        def whole() -> None:
            work()
            if is_killed:
                # After the streams have been written, and before anything is true.
                do_last(_die, None)

        run_in_transaction(whole)

    def tell(self, fates: list[str]) -> None:
        """Hints of what is new, to the devices that are there."""
        fate = iter(fates)
        for user_id, since in list(self.told.items()):
            rows = list(UserEvent.objects.filter(user_id=user_id, u__gt=since).order_by("u"))
            if rows:
                self.told[user_id] = rows[-1].u
            for device in self.devices:
                if device.user.pk == user_id and device.is_online:
                    what = next(fate, "sent")
                    device.coming += {"lost": [], "doubled": rows * 2}.get(what, rows)

    # --- What may happen

    @rule(number=DEVICES, data=st.data(), fate=st.sampled_from(FATES), hints=HINTS)
    def something_is_said(
        self, number: int, data: st.DataObject, fate: str, hints: list[str]
    ) -> None:
        """What was said before and is not acked goes first."""
        device = self.devices[number]
        self.count += 1
        client_id = f"{device.name}-{number}-{self.count}"
        where = data.draw(st.sampled_from(self.conversations[device.user.pk]))
        device.outbox.append((where, client_id))
        self.what_waits_is_sent(number, fate, hints)

    @rule(number=DEVICES, fate=st.sampled_from(FATES), hints=HINTS)
    def what_waits_is_sent(self, number: int, fate: str, hints: list[str]) -> None:
        device = self.devices[number]
        if device.is_online:
            for _message in range(len(device.outbox)):
                if not self.send(device, fate):
                    break
            self.tell(hints)

    def send(self, device: Device, fate: str) -> bool:
        where, client_id = device.outbox[0]
        draft = Draft(text=f"{client_id} said", client_id=client_id)
        by = Actor.of(device.user)

        def it_is_there() -> None:
            if client_id not in self.authors:
                self.authors[client_id] = device.user.pk
                self.truth[where].append(Told(client_id, draft.text))
                self.read[where, device.user.pk] = len(self.truth[where])

        work = partial(self.call_send, where, draft, by)
        is_acked = self.serve(fate, work, it_is_there)
        if is_acked:
            device.outbox.pop(0)
        return is_acked

    def call_send(self, where: int, draft: Draft, by: Actor) -> None:
        send(where, draft, by=by, at=self.at)

    @precondition(lambda self: any(self.own_words()))
    @rule(data=st.data(), fate=st.sampled_from(FATES), takes_back=st.booleans())
    def words_are_changed(self, data: st.DataObject, fate: str, takes_back: bool) -> None:
        """By a device that knows them; another of the same person may have been faster."""
        device, where, seq = data.draw(st.sampled_from(list(self.own_words())))
        message = Message.objects.get(conversation=where, seq=seq)
        told, by = self.truth[where][seq - 1], Actor.of(device.user)
        new = f"{told.client_id} meant {self.count}"

        def work() -> None:
            if takes_back:
                services.take_back(message, by=by, at=self.at)
            else:
                services.edit(message, new, by=by, at=self.at)

        def so_it_is() -> None:
            told.text = GONE if takes_back else new

        self.serve(fate, work, so_it_is)
        self.tell([])

    def own_words(self) -> Iterator[tuple[Device, int, int]]:
        for device in self.devices:
            if device.is_online:
                for where, thread in sorted(device.threads.items()):
                    for seq, told in thread.items():
                        known = told.text is not GONE and told.client_id
                        if known and self.authors.get(known) == device.user.pk:
                            yield device, where, seq

    @precondition(lambda self: any(one.is_online and one.threads for one in self.devices))
    @rule(data=st.data(), fate=st.sampled_from(FATES))
    def it_is_read(self, data: st.DataObject, fate: str) -> None:
        able = [one for one in self.devices if one.is_online and one.threads]
        device = data.draw(st.sampled_from(able))
        where = data.draw(st.sampled_from(sorted(device.threads)))
        seq, reader = max(device.threads[where], default=0), device.user.pk
        by = Actor.of(device.user)

        def so_it_is() -> None:
            self.read[where, reader] = max(self.read.get((where, reader), 0), seq)

        self.serve(fate, lambda: services.mark_read(where, seq, by=by, at=self.at), so_it_is)
        self.tell([])

    @precondition(lambda self: any(one.coming for one in self.devices))
    @rule(data=st.data(), count=st.integers(1, 4))
    def hints_arrive(self, data: st.DataObject, count: int) -> None:
        """Not always the oldest first."""
        device = data.draw(st.sampled_from([one for one in self.devices if one.coming]))
        for _hint in range(min(count, len(device.coming))):
            place = data.draw(st.integers(0, len(device.coming) - 1))
            device.hear(device.coming.pop(place))

    @rule(number=DEVICES)
    def a_device_goes(self, number: int) -> None:
        self.devices[number].is_online, self.devices[number].coming = False, []

    @rule(number=DEVICES)
    def a_device_comes(self, number: int) -> None:
        device = self.devices[number]
        if not device.is_online:
            device.is_online = True
            device.resume()

    # --- What is always so

    @invariant()
    def everybody_has_a_beginning(self) -> None:
        for device in getattr(self, "devices", ()):
            for where, thread in device.threads.items():
                assert list(thread) == list(range(1, len(thread) + 1))
                names = [one.client_id for one in self.truth[where][: len(thread)]]
                assert [one.client_id for one in thread.values()] == names

    @rule(is_the_end=st.booleans())
    def in_the_end_all_have_everything(self, is_the_end: bool) -> None:
        """Seldom, because nothing is missing any more after it."""
        if not is_the_end:
            return
        for device in self.devices:
            device.is_online = True
            while device.outbox:
                self.send(device, "answered")
        for device in self.devices:
            device.resume()
            device.coming = []
        self.told = {one.user.pk: one.last for one in self.devices}
        for device in self.devices:
            for where in self.conversations[device.user.pk]:
                self.compare(device, where)

    def compare(self, device: Device, where: int) -> None:
        """The list, the tables as they are read afresh, and what the device has been told."""
        wanted = [(one.client_id, one.text) for one in self.truth[where] if one.client_id]
        thread = thread_of(device.user, where)
        fresh = messages_after(thread, 0, limit=1000)
        assert [one.seq for one in fresh] == list(range(1, thread.conversation.last_seq + 1))
        assert [_facts(one) for one in fresh if one.sender_id] == wanted
        heard = [(one.client_id, one.text) for one in device.threads[where].values()]
        assert [pair for pair in heard if pair[0]] == wanted
        for row in Participant.objects.filter(conversation=where):
            who = (where, row.user_id)
            assert self.read.get(who, 0) == row.last_read_seq == device.read.get(who, 0)


def _facts(message: Message) -> tuple[str | None, str | None]:
    return message.client_id, GONE if message.is_gone else message.body


def _die(_nothing: list[None]) -> None:
    raise Killed


def tell_stories(kind: type[Talk], examples: int, *, shrinks: bool = False) -> None:
    """What a control finds need not be made short."""
    phases = set(Phase) if shrinks else {Phase.generate}
    wanted = settings(
        max_examples=examples,
        stateful_step_count=STEPS,
        phases=phases,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(kind, settings=wanted)


def test_whatever_happens_each_device_has_what_was_said_once_and_in_order():
    tell_stories(Talk, EXAMPLES, shrinks=True)


def test_control_a_server_that_does_not_look_for_what_was_sent_before_is_found_out():
    class Forgetful(Talk):
        def call_send(self, where: int, draft: Draft, by: Actor) -> None:
            send(where, replace(draft, client_id=None), by=by, at=self.at)

    with pytest.raises(AssertionError):
        tell_stories(Forgetful, MOST_EXAMPLES)


def test_control_a_device_that_does_not_ask_for_what_is_missing_is_found_out(monkeypatch):
    def trusting(self: Device, event: UserEvent) -> None:
        if event.u > self.last:
            self.last = event.u
            self.apply(event.event, event.payload["data"])

    monkeypatch.setattr(Device, "hear", trusting)

    with pytest.raises((AssertionError, KeyError)):
        tell_stories(Talk, MOST_EXAMPLES)


def test_control_streams_that_survive_a_rollback_are_found_out(monkeypatch):
    """Events of what never became true: somebody hears of a message that is not there."""

    def kept(self: Talk, work: Callable[[], Any], *, is_killed: bool) -> None:
        run_in_transaction(work)
        if is_killed:
            raise Killed

    monkeypatch.setattr(Talk, "carry_out", kept)

    with pytest.raises(AssertionError):
        tell_stories(Talk, MOST_EXAMPLES)
