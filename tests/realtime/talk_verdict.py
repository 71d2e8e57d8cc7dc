"""What was said against what is written, and what each client has heard of each conversation."""

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from chat.models import Message, Participant

from .chaos import Outcome
from .chat_promises import broken_promises, unkept

Client = dict[str, Any]


@dataclass
class TalkVerdict:
    """``unkept``: said, and not there exactly once; ``unacked``: without an answer to the end;
    ``false_acks``: not what is written; ``misspoken``: written in another order than said;
    ``misheard``: clients who have not all messages of a conversation once and in order."""

    said: int = 0
    sent_again: int = 0
    heard: int = 0
    unkept: list[str] = field(default_factory=list)
    unacked: list[str] = field(default_factory=list)
    false_acks: list[str] = field(default_factory=list)
    misspoken: list[str] = field(default_factory=list)
    misheard: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        parts = (self.unkept, self.unacked, self.false_acks, self.misspoken, self.misheard)
        return [fault for part in (*parts, self.broken) for fault in part]


def judge_talk(outcome: Outcome) -> TalkVerdict:
    verdict = TalkVerdict(broken=broken_promises())
    wanted: dict[int, dict[int, list[int]]] = defaultdict(dict)
    for row in Participant.objects.select_related("conversation"):
        numbers = range(row.joined_seq + 1, row.conversation.last_seq + 1)
        wanted[row.user_id][row.conversation_id] = list(numbers)
    for client in outcome.told["clients"]:
        _judge_what_was_said(verdict, client)
        _judge_what_was_heard(verdict, client, wanted[client["user"]])
    return verdict


def _judge_what_was_said(verdict: TalkVerdict, client: Client) -> None:
    user, said = client["user"], client["said"]
    verdict.said += len(said)
    verdict.sent_again += sum(one["tries"] > 1 for one in said)
    verdict.unkept += unkept((user, one["client_id"], one["text"]) for one in said)
    rows = {
        client_id: (pk, seq, conversation)
        for client_id, pk, seq, conversation in Message.objects.filter(sender=user).values_list(
            "client_id", "pk", "seq", "conversation_id"
        )
    }
    in_order: dict[int, list[int]] = defaultdict(list)
    for one in said:
        pk, seq, conversation = rows.get(one["client_id"], (0, 0, 0))
        in_order[one["conversation"]].append(seq)
        if not one["acks"]:
            verdict.unacked.append(f"{one['client_id']} was not acked")
        if any(ack != [pk, seq] for ack in one["acks"]) or conversation != one["conversation"]:
            verdict.false_acks.append(f"{one['client_id']}: {one['acks']}, but it is {pk}, {seq}")
    for conversation, numbers in in_order.items():
        if any(later <= sooner for sooner, later in pairwise(numbers)):
            verdict.misspoken.append(f"{user} in {conversation}: {numbers}")


def _judge_what_was_heard(
    verdict: TalkVerdict, client: Client, wanted: dict[int, list[int]]
) -> None:
    name = f"{client['user']}{' (churning)' if client['churns'] else ''}"
    heard = {int(pk): numbers for pk, numbers in client["heard"].items()}
    verdict.heard += sum(map(len, heard.values()))
    for pk in heard.keys() | wanted.keys():
        if heard.get(pk, []) != wanted.get(pk, []):
            missing = len(set(wanted.get(pk, [])) - set(heard.get(pk, [])))
            verdict.misheard.append(f"{name} has not what was said in {pk}: {missing} are missing")


def talk_row(verdict: TalkVerdict) -> str:
    counts = {
        "said": verdict.said,
        "sent again": verdict.sent_again,
        "heard": verdict.heard,
        "not there once": len(verdict.unkept),
        "unacked": len(verdict.unacked),
        "false acks": len(verdict.false_acks),
        "misspoken": len(verdict.misspoken),
        "misheard": len(verdict.misheard),
        "broken promises": len(verdict.broken),
    }
    return ", ".join(f"{name} {count}" for name, count in counts.items())
