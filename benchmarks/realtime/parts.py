"""What is measured: each part starts a server of its own and returns rows of the table."""

import os
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .cast import OURS, STOCK, Crowd, Pace, Sampled, played
from .rows import SECONDS, Row, at_share
from .talking import messages
from .town import People, database_figures, tell, tell_stock

SOCKETS = int(os.environ.get("BENCH_SOCKETS", "10000"))
HOLD = float(os.environ.get("BENCH_HOLD", "600"))
# Of ten that a user may have; half of them, because those of a server that was killed count for
# another 15 seconds.
EACH = 5
LONG = "x" * 3700


def fan_out(folder: Path) -> list[Row]:
    """CPU of the server for each frame of 200 bytes that a client has got."""
    rows = []
    for users, each in ((50, 10), (500, 1)):
        people = People(users)
        ours = _fan_out(folder, OURS, people, each, tell)
        stock = _fan_out(folder, STOCK, people, each, tell_stock)
        shape = f"{users} users with {each} sockets"
        rows += [
            Row("G4", f"CPU per frame, {shape}", f"{ours:.0f} µs", "<= 100 µs", ours),
            Row("G4", f"the same, stock Channels, {shape}", f"{stock:.0f} µs", "", stock),
            Row("G4", f"stock / ours, {shape}", f"{stock / ours:.1f}", "", stock / ours),
        ]
    return rows


def _fan_out(
    folder: Path, application: str, people: People, each: int, tell_all: Callable[[list[int]], None]
) -> float:
    size, rounds = len(people) * each, max(10, int(SECONDS * 5))
    with played(folder, application) as (server, (crowd,)):
        queries = [f"?user_id={pk}" for pk in people.ids]
        opened = crowd.ask("open", cookies=people.cookies, each=each, queries=queries)
        assert opened["opened"] == size, opened
        for count in (5, rounds):
            crowd.ask("reset")
            before = server.cpu()
            for number in range(1, count + 1):
                tell_all(people.ids)
                heard = crowd.ask("wait", frames=number * size, seconds=20)
                assert heard["frames"] == number * size, heard
            used = server.cpu() - before
    return used / (rounds * size) * 1e6


def idle(folder: Path) -> list[Row]:
    """Sockets that say nothing: memory, CPU, and whether they stay."""
    crowds = 2 if SOCKETS > 2000 else 1
    people = People(-(-SOCKETS // EACH))
    with played(folder, crowds=crowds) as (server, groups):
        groups[0].ask("open", cookies=people.cookies[:20], each=1)
        groups[0].ask("leave")
        time.sleep(1)
        before, cpu, began = server.rss(), server.cpu(), time.monotonic()
        parts = [people.cookies[n::crowds] for n in range(crowds)]
        answers = _all(groups, "open", [{"cookies": part, "each": EACH} for part in parts])
        opened = sum(answer["opened"] for answer in answers)
        opening, took = server.cpu() - cpu, time.monotonic() - began
        time.sleep(5)
        size = (server.rss() - before) / opened
        cpu, began = server.cpu(), time.monotonic()
        time.sleep(HOLD)
        share = (server.cpu() - cpu) / (time.monotonic() - began)
        grown = (server.rss() - before) / opened
        still = sum(group.ask("count")["open"] for group in groups)
        codes = [group.ask("count")["codes"] for group in groups]
    wanted = len(people) * EACH
    return [
        Row("G5", "idle sockets in one process", f"{opened} of {wanted}", ">= 10 000", opened),
        Row("G5", "opened in", f"{took:.1f} s, {opened / opening:.0f} per CPU second"),
        Row("G5", "RSS per socket", f"{size / 1024:.0f} KB", "<= 60 KB", size),
        Row("G5", f"RSS per socket after {HOLD:.0f} s", f"{grown / 1024:.0f} KB", "", grown),
        Row("G5", "CPU while idle", f"{share:.1%} of a core", "<= 10 %", share),
        Row(
            "G5",
            f"dropped in {HOLD:.0f} s",
            f"{opened - still} {codes if opened - still else ''}",
            "0",
            opened - still,
        ),
    ]


def latency(folder: Path) -> list[Row]:
    """From before the transaction to the client, while the server has much to do."""
    # In each step 300 frames: the clients, the database and we share the machine with the server.
    people, at_once, times, each = People(50), 10, 3, 10
    size = at_once * times * each
    chance, rows = random.Random(1), []
    with played(folder) as (server, (crowd,)):
        opened = crowd.ask("open", cookies=people.cookies, each=each)
        assert opened["opened"] == len(people) * each, opened

        def load(rate: float, seconds: float) -> tuple[list[float], float, float]:
            crowd.ask("reset")
            pace, began, cpu, steps = Pace(rate), time.monotonic(), server.cpu(), 0
            while time.monotonic() - began < seconds:
                tell(chance.sample(people.ids, at_once), times=times)
                pace.wait()
                steps += 1
            took, used = time.monotonic() - began, server.cpu() - cpu
            heard = crowd.ask("wait", frames=steps * size, seconds=10)
            assert heard["frames"] == steps * size, heard
            return sorted(crowd.ask("measured")["latencies"]), used / took, steps / took

        load(5, 2)
        calm, share, rate = load(5, max(3.0, SECONDS / 4))
        cost = share / rate
        rows.append(_latencies(0, calm, share, rate * size, ""))
        for target, wanted in ((0.5, "p50 <= 20, p99 <= 100 ms"), (0.8, "p99 <= 250 ms")):
            # What a step costs gets less with the load: once to see, once to measure.
            _found, share, rate = load(target / cost, 3)
            found, share, rate = load(rate * target / max(share, 0.05), SECONDS)
            cost = share / rate
            rows.append(_latencies(target, found, share, rate * size, wanted))
    return rows


def _latencies(aim: float, found: list[float], share: float, frames: float, wanted: str) -> Row:
    name = f"aimed at {aim:.0%}" if aim else "calm"
    middle, high = at_share(found, 0.5) * 1000, at_share(found, 0.99) * 1000
    value = f"p50 {middle:.0f} ms, p99 {high:.0f} ms, max {found[-1] * 1000:.0f} ms"
    if share < aim - 0.1:
        value += "; the machine was full before the server was"
    what = f"write to socket, {name}: {share:.0%} CPU, {frames:.0f} frames/s"
    return Row("G2", what, value, wanted, high)


def reconnects(folder: Path) -> list[Row]:
    """Opening with a resume of five events, what that asks of the database, and a storm."""
    count = min(2000, SOCKETS)
    people = People(count // EACH)
    for _ in range(6):
        tell(people.ids)
    rows = []
    with played(folder) as (server, (crowd,)):
        for resume in (False, True):
            before, cpu = database_figures(), server.cpu()
            opened = crowd.ask("open", cookies=people.cookies, each=EACH, resume=resume)
            used, after = server.cpu() - cpu, database_figures()
            assert opened["opened"] == count // EACH * EACH, opened
            name = "connect and resume" if resume else "connect"
            queries, connections = (
                (after[key] - before[key]) / opened["opened"]
                for key in ("Com_select", "Connections")
            )
            each = opened["opened"] / used
            rows += [
                Row(
                    "G6",
                    f"{name}, per CPU second of the server",
                    f"{each:.0f} ({opened['opened'] / opened['seconds']:.0f}/s here)",
                    ">= 300" if resume else "",
                    each,
                ),
                Row("G6", f"{name}: SELECTs", f"{queries:.2f}", "", queries),
                Row("G6", f"{name}: new database connections", f"{connections:.2f}"),
            ]
            if resume:
                before = database_figures()
                again = crowd.ask("resume_all", since_ago=3)
                after = database_figures()
                queries = (after["Com_select"] - before["Com_select"]) / again["resumed"]
                rows.append(Row("G6", "one resume: SELECTs", f"{queries:.2f}", "<= 2", queries))
            crowd.ask("leave")
            time.sleep(2)
    return rows + storm(folder)


def storm(folder: Path) -> list[Row]:
    """kill -9 under many sockets; all come back, and have what was written meanwhile."""
    count = min(5000, SOCKETS)
    people = People(count // EACH)
    tell(people.ids)
    with played(folder) as (server, (crowd,)):
        opened = crowd.ask("open", cookies=people.cookies, each=EACH)
        crowd.ask("come_back")
        began = time.monotonic()
        server.kill_and_start()
        tell(people.ids)
        server.server.wait_until_ready()
        ready = time.monotonic() - began
        have: dict[str, Any] = {"have": 0}
        while have["have"] < opened["opened"] and time.monotonic() - began < 180:
            time.sleep(0.1)
            have = crowd.ask("behind", position=2)
        took = time.monotonic() - began
        crowd.ask("leave")
    return [
        Row(
            "G6",
            f"{opened['opened']} sockets after kill -9: all caught up",
            f"{took:.1f} s, {ready:.1f} s of them until the server answered"
            + ("" if have["have"] == opened["opened"] else f"; NOT ALL: {have}"),
            "<= 30 s",
            took,
        )
    ]


def slow_readers(folder: Path) -> list[Row]:
    """Some that read nothing while much is written to them, beside a hundred that read."""
    count, times = 10, 3
    others, slow = People(20), People(count)
    with played(folder, crowds=2) as (server, (crowd, readers)):
        crowd.ask("open", cookies=others.cookies, each=5)

        def flood(seconds: float, look: Callable[[float], bool]) -> list[float]:
            """By the clock, until ``look`` has seen enough."""
            crowd.ask("reset")
            pace, began, step = Pace(40), time.monotonic(), 0
            while (gone := time.monotonic() - began) < seconds:
                tell(slow.ids, LONG, times)
                if step % 2 == 0:
                    tell(others.ids[:10])
                if step % 4 == 0 and look(gone):
                    break
                pace.wait()
                step += 1
            crowd.ask("wait", frames=step // 2 * 50, seconds=10)
            return sorted(crowd.ask("measured")["latencies"])

        readers.ask("open", cookies=slow.cookies, each=1)
        calm = flood(SECONDS, lambda gone: False)
        readers.ask("leave")
        time.sleep(1)
        ports = readers.ask("stop_reading", cookies=slow.cookies)["ports"]
        story = [(0.0, server.held(ports))]
        assert len(story[0][1]) == count
        before = server.rss()

        def look(gone: float) -> bool:
            story.append((gone, server.held(ports)))
            return not story[-1][1]

        with Sampled(server) as sampled:
            found = flood(90, look)
    return [*_closing(story, count), *_beside(found, calm, (sampled.most - before) / count)]


def _closing(story: list[tuple[float, list[int]]], count: int) -> list[Row]:
    """A socket is stuck from the moment at which the kernel takes no more for it."""
    most = max(sum(held) for _gone, held in story)
    stuck = next(gone for gone, held in story if sum(held) > most * 0.97)
    ended, left = story[-1]
    value = f"NOT: {len(left)} are left" if left else f"{ended - stuck:.1f} s"
    value += (
        f" after the kernel took no more ({most / count / 2**20:.1f} MB each), {ended:.0f} s in all"
    )
    return [Row("G7", f"{count} stuck sockets closed", value, "<= 15 s", ended - stuck)]


def _beside(found: list[float], calm: list[float], grown: float) -> list[Row]:
    beside, before = at_share(found, 0.99) * 1000, at_share(calm, 0.99) * 1000
    return [
        Row("G7", "RSS per stuck socket at most", f"{grown / 2**20:.2f} MB", "<= 2 MB", grown),
        Row(
            "G7",
            "others' p99 beside them / beside as many that read",
            f"{beside:.0f} / {before:.0f} ms",
            "+-20 %",
            beside / max(before, 0.001),
        ),
    ]


def _all(crowds: list[Crowd], do: str, orders: list[dict[str, Any]]) -> list[Any]:
    """At the same time."""
    for crowd, order in zip(crowds, orders, strict=True):
        crowd.tell(do, **order)
    return [crowd.answer() for crowd in crowds]


PARTS: dict[str, Callable[[Path], list[Row]]] = {
    "fan_out": fan_out,
    "idle": idle,
    "latency": latency,
    "reconnects": reconnects,
    "slow_readers": slow_readers,
    "messages": messages,
}
