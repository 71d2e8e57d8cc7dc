"""What a message costs: the server, the database and whoever waits for it."""

from functools import partial
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import Max
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from booking_site.common.actors import Actor
from booking_site.common.transactions import run_in_transaction
from chat.models import Conversation, Message
from chat.services import Draft, open_group, post

from .cast import Measured, cpu_of, played
from .rows import SECONDS, Row, at_share
from .town import People, database_process, database_statements

UNPACED = "benchmarks.realtime.unpaced:application"
TALKERS = "benchmarks.realtime.talkers"
EACH = 3
# Of the database, not of the clients, is asked how much it bears: so many talk at once.
CIRCLES = 10
DEVICES, TIMES = 10, 3


def messages(folder: Path) -> list[Row]:
    people = People(EACH * CIRCLES)
    users = {user.pk: user for user in User.objects.filter(pk__in=people.ids)}
    circles = [
        group_of([users[pk] for pk in people.ids[n : n + EACH]])
        for n in range(0, len(people), EACH)
    ]
    conversations = [circles[n // EACH] for n in range(len(people))]
    everybody = group_of(list(users.values()))
    rows = [
        Row("G9", f"statements of a send, {EACH} people", f"{statements(circles[0])}", "<= 12"),
        Row("G9", f"the same, {len(people)} people", f"{statements(everybody)}", "as many"),
    ]
    with played(folder, UNPACED, clients=TALKERS) as (server, (crowd,)):
        opened = crowd.ask("open", cookies=people.cookies, each=1)
        assert opened["opened"] == len(people), opened
        few = {"cookies": people.cookies[:EACH], "conversations": conversations[:EACH]}
        all_ = {"cookies": people.cookies, "conversations": conversations}
        crowd.ask("talk", **all_, seconds=2)
        _rate, one_rows = _throughput(server, crowd, few, "into one conversation", ">= 100/s")
        across, across_rows = _throughput(
            server, crowd, all_, f"across {CIRCLES} conversations", ">= 300 per DB core"
        )
        rows += [*one_rows, *across_rows]
        rows += _latency(server, crowd, all_, across / 4, "a quarter of that")
        rows += _latency(server, crowd, all_, across / 2, "half of that")
        rows += _holes(circles)
    return rows + same_message(folder)


def group_of(users: list[User]) -> int:
    """So many talk."""
    owner, *others = users
    by = Actor.of(owner)
    work = partial(open_group, others, name="Bench", by=by, at=timezone.now())
    return run_in_transaction(work).pk


def statements(conversation: int) -> int:
    """Of one send through the service, with what it writes into the streams; once to warm up."""
    member = Conversation.objects.get(pk=conversation).participants.select_related("user")[0]
    for number in range(2):
        draft = Draft(text="How many?", client_id=f"s{conversation}-{number}")
        with CaptureQueriesContext(
            connection,
        ) as seen:
            post(conversation, draft, by=Actor.of(member.user), at=timezone.now())
    return len([one for one in seen.captured_queries if _is_statement(one["sql"])])


def _is_statement(sql: str) -> bool:
    return not sql.upper().startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))


def _throughput(
    server: Measured, crowd: Any, who: dict[str, Any], name: str, wanted: str
) -> tuple[float, list[Row]]:
    database = database_process()
    before, its, ours = database_statements(), cpu_of(database), server.cpu()
    found = crowd.ask("talk", **who, seconds=SECONDS)
    used, it_used = server.cpu() - ours, cpu_of(database) - its
    after, count = database_statements(), found["acked_in_the_end"]
    assert found["refused"] == 0, found["refused"]
    assert found["frames"] == count * EACH, (found["frames"], count)
    rate = found["acked"] / found["seconds"]
    told = {key: (after[key] - before[key]) / count for key in after}
    asked = sum(value for key, value in told.items() if key != "Com_commit")
    return rate, [
        Row("G9", f"messages {name}", f"{rate:.0f}/s, {count} in all", wanted, rate),
        *(
            Row("G9", f"{name}: per CPU second of {what}", f"{count / cpu:.0f}", "", count / cpu)
            for what, cpu in (("the server", used), ("MariaDB", it_used))
        ),
        Row(
            "G9",
            f"{name}: statements and commits per message, over the socket",
            f"{asked:.1f} and {told['Com_commit']:.2f}",
            "",
            asked,
        ),
    ]


def _latency(
    server: Measured, crowd: Any, who: dict[str, Any], rate: float, name: str
) -> list[Row]:
    cpu = server.cpu()
    found = crowd.ask("talk", **who, seconds=SECONDS, rate=rate)
    share = (server.cpu() - cpu) / (found["seconds"] + 1)
    rows = []
    for kind, what in (("latencies", "send to another's socket"), ("acks", "send to ack")):
        values = found[kind]
        middle, high = at_share(values, 0.5) * 1000, at_share(values, 0.99) * 1000
        rows.append(
            Row(
                "G2",
                f"{what}, {rate:.0f} messages/s ({name}), {share:.0%} CPU",
                f"p50 {middle:.0f} ms, p99 {high:.0f} ms, max {values[-1] * 1000:.0f} ms",
                "p50 <= 20, p99 <= 100 ms" if kind == "latencies" else "",
                high,
            )
        )
    return rows


def _holes(conversations: list[int]) -> list[Row]:
    holes = 0
    for one in Conversation.objects.filter(pk__in=conversations):
        rows = Message.objects.filter(conversation=one)
        highest = rows.aggregate(highest=Max("seq"))["highest"]
        holes += abs(one.last_seq - rows.count()) + abs(one.last_seq - highest)
    return [Row("G9", "holes in the numbers of conversations afterwards", f"{holes}", "0", holes)]


def same_message(folder: Path) -> list[Row]:
    """One device that has lost its head: many frames at once under one clientId."""
    people = People(EACH)
    pk = group_of(list(User.objects.filter(pk__in=people.ids)))
    before = Message.objects.filter(conversation=pk).count()
    with played(folder, UNPACED, clients=TALKERS) as (_server, (crowd,)):
        crowd.ask("open", cookies=people.cookies[:1], each=DEVICES)
        found = crowd.ask("same", conversation=pk, times=TIMES)
    rows = Message.objects.filter(conversation=pk).count() - before
    last = Conversation.objects.get(pk=pk).last_seq - before
    value = (
        f"{rows} row, number raised by {last}, {found['acked']} acks with {found['ids']} id, "
        f"{found['dups']} of them dup"
    )
    return [Row("G10", f"{found['sent']} sends at once with one clientId", value, "1 row", rows)]
