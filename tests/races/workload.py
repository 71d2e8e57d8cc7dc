"""Random people in random order: one process of the long race, on a database that a test filled.

    python -m tests.races.process workload '{"seed": 1, "operations": 500, "threads": 4, …}'

Each thread is a worker with a connection of its own. It books, holds, moves, cancels, accepts,
declines, starts, finishes, and now and then does the timed work, all through the services and the
edge's transaction. Time runs with the steps, so that holds expire, waiters time out and
appointments begin and end while the race goes on. What was acknowledged is returned: the test
compares it with the tables.
"""

import random
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection

from accounts.models import User
from appointments import services
from appointments.models import Appointment, Hold
from appointments.services import BookingRequest, LiveRequest
from appointments.timed import run_due
from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.errors import Refusal, Unavailable
from booking_site.common.transactions import run_in_transaction
from realtors.models import Presence, Realtor, TimeOff
from realtors.services import add_time_off, heartbeat, remove_time_off, set_presence
from stores.models import Store

MINUTE = timedelta(minutes=1)
# A hold of five minutes lasts 25 steps of whomever.
TICK = timedelta(seconds=12)
CHANGED_MIND = "changed my mind"
# How often each is tried; more is wanted than can be had, so that lines form.
WEIGHTS = {
    "book": 30,
    "hold": 8,
    "hold_and_book": 8,
    "book_held": 6,
    "release_hold": 3,
    "reschedule": 13,
    "cancel": 8,
    "accept": 10,
    "decline": 6,
    "start": 6,
    "complete": 6,
    "no_show": 2,
    "take_time_off": 2,
    "give_time_off_back": 2,
    "timed_work": 2,
}
# On top, where people also come without an appointment (``task["live"]``).
LIVE_WEIGHTS = {
    "join": 24,
    "come_or_go": 6,
    "sign_of_life": 8,
    "reassign": 4,
}


def main(task: dict[str, Any]) -> dict[str, Any]:
    return work_with(Worker, task)


def work_with(kind: "type[Worker]", task: dict[str, Any]) -> dict[str, Any]:
    workers = [kind(task, number) for number in range(task["threads"])]
    threads = [threading.Thread(target=worker.run) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {
        "outcomes": dict(sum((worker.outcomes for worker in workers), Counter())),
        "done": [entry for worker in workers for entry in worker.done],
        "errors": [error for worker in workers for error in worker.errors],
        "longest": max(worker.longest for worker in workers),
    }


def moment(task: dict[str, Any]) -> datetime:
    """What the race's own clock shows now: it ticks with every step of any worker, so that a race
    is as long on a fast machine as on a slow one."""
    steps = Path(task["clock"]).stat().st_size
    tick = timedelta(seconds=task["tick"]) if "tick" in task else TICK
    return datetime.fromisoformat(task["epoch"]) + steps * tick


class Worker:
    # Minutes ahead within which times are wanted.
    AHEAD = (20, 360)

    def __init__(self, task: dict[str, Any], number: int) -> None:
        self.task = task
        self.random = random.Random(f"{task['seed']}/{number}")
        weights = WEIGHTS | LIVE_WEIGHTS if task.get("live") else WEIGHTS
        without = task.get("without", ())
        self.weights = {verb: weight for verb, weight in weights.items() if verb not in without}
        self.tokens: list[tuple[str, int | None]] = []
        self.outcomes: Counter[str] = Counter()
        self.done: list[tuple[str, int]] = []
        self.errors: list[str] = []
        self.longest = 0.0

    def now(self) -> datetime:
        """The same for all workers."""
        return moment(self.task)

    def look_around(self) -> None:
        """Who and what there is in this town."""
        self.stores = list(Store.objects.all())
        self.users = list(User.objects.filter(realtor=None))
        self.realtors = list(Realtor.objects.select_related("store", "user"))

    def run(self) -> None:
        try:
            self.look_around()
            for _ in range(self.task["operations"]):
                self.tick()
                self.one()
        finally:
            connection.close()

    def tick(self) -> None:
        with Path(self.task["clock"]).open("ab") as clock:
            clock.write(b".")

    def one(self) -> str:
        """Do something and write down how it ended."""
        verb = self.random.choices(list(self.weights), list(self.weights.values()))[0]
        began = time.monotonic()
        try:
            outcome = getattr(self, verb)()
        except Refusal as refusal:
            outcome = refusal.code
        except Exception:
            outcome = "error"
            self.errors.append(f"{verb}: {traceback.format_exc(limit=-12)}")
        self.longest = max(self.longest, time.monotonic() - began)
        self.outcomes[f"{verb} {outcome}"] += 1
        return f"{verb} {outcome}"

    # What may be done

    def book(self) -> str:
        store = self.random.choice(self.stores)
        named = self.random.random() < 0.15
        realtor = self.random.choice(self.staff_of(store)) if named else None
        request, by = self.wish(store, self.some_start(store), realtor=realtor)
        return self.acknowledged("book", lambda at: services.book(request, by=by, at=at))

    def hold(self) -> str:
        store = self.random.choice(self.stores)
        user = self.random.choice(self.users) if self.random.random() < 0.4 else None
        named = self.random.random() < 0.2
        held = self.edge(
            lambda at: services.hold(
                store,
                starts_at=self.some_start(store),
                by=self.actor(user),
                at=at,
                duration_minutes=self.length(),
                realtor=self.random.choice(self.staff_of(store)) if named else None,
                replacing=self.random.choice(self.tokens)[0] if self.tokens else None,
            )
        )
        self.tokens.append((held.token, user.pk if user else None))
        del self.tokens[:-8]
        return "done"

    def hold_and_book(self) -> str:
        """As people do, if they are quick."""
        self.hold()
        return self.book_held()

    def book_held(self) -> str:
        """The time that was held last, which may be over."""
        if not self.tokens:
            return "nothing to do"
        token, user_id = self.tokens[-1]
        held = Hold.objects.filter(token=token).select_related("store", "listing").first()
        if held is None:
            return "nothing to do"
        user = next((user for user in self.users if user.pk == user_id), None)
        request, by = self.wish(
            held.store, held.starts_at, user=user, hold_token=token, listing=held.listing
        )
        return self.acknowledged("book", lambda at: services.book(request, by=by, at=at))

    def release_hold(self) -> str:
        if not self.tokens:
            return "nothing to do"
        token, user_id = self.random.choice(self.tokens)
        user = next((user for user in self.users if user.pk == user_id), None)
        self.edge(lambda at: services.release_hold(token, by=self.actor(user), at=at))
        return "done"

    def reschedule(self) -> str:
        return self.press(
            "reschedule",
            self.owner,
            lambda one, by, at: services.reschedule(
                one, starts_at=self.some_start(one.store), by=by, at=at
            ),
            status__in=["pending", "confirmed"],
            starts_at__gt=self.now(),
        )

    def cancel(self) -> str:
        return self.press(
            "cancel",
            self.owner,
            lambda one, by, at: services.cancel(one, by=by, at=at, reason=CHANGED_MIND),
            status__in=["pending", "confirmed"],
        )

    def accept(self) -> str:
        return self.press(
            "accept",
            self.provider,
            lambda one, by, at: services.accept(one, by=by, at=at),
            status="pending",
            realtor__isnull=False,
        )

    def decline(self) -> str:
        return self.press(
            "decline",
            self.provider,
            lambda one, by, at: services.decline(one, by=by, at=at, reason="no time"),
            status="pending",
            realtor__isnull=False,
        )

    def start(self) -> str:
        return self.press(
            "start",
            self.provider,
            lambda one, by, at: services.start(one, by=by, at=at),
            status="confirmed",
            starts_at__lte=self.now() + 15 * MINUTE,
        )

    def complete(self) -> str:
        return self.press(
            "complete",
            self.provider,
            lambda one, by, at: services.complete(one, by=by, at=at),
            status="in_progress",
        )

    def no_show(self) -> str:
        return self.press(
            "no_show",
            self.provider,
            lambda one, by, at: services.mark_no_show(one, by=by, at=at),
            status="confirmed",
            starts_at__lte=self.now(),
        )

    def take_time_off(self) -> str:
        start = self.now() + self.random.randrange(0, 600) * MINUTE
        realtor = self.random.choice(self.realtors)
        self.edge(
            lambda at: add_time_off(
                realtor,
                starts_at=start,
                ends_at=start + 120 * MINUTE,
                by=Actor.of(realtor.user),
                at=at,
            )
        )
        return "done"

    def give_time_off_back(self) -> str:
        away = TimeOff.objects.select_related("realtor__user").order_by("?").first()
        if away is None:
            return "nothing to do"
        self.edge(lambda at: remove_time_off(away, by=Actor.of(away.realtor.user), at=at))
        return "done"

    def join(self) -> str:
        store = self.random.choice(self.stores)
        user, phone = self.somebody()
        request = LiveRequest(
            store=store,
            customer_name=user.display_name if user else f"Guest {phone}",
            customer_phone=phone,
            customer=user,
            duration_minutes=self.random.choice([15, 30]),
        )
        by = self.actor(user)
        return self.acknowledged("join", lambda at: services.join(request, by=by, at=at))

    def come_or_go(self) -> str:
        realtor = self.random.choice(self.realtors)
        presence = self.random.choice(["online", "online", "online", "busy", "offline"])
        by = Actor.of(realtor.user)
        self.edge(lambda at: set_presence(realtor, Presence(presence), by=by, at=at))
        return presence

    def sign_of_life(self) -> str:
        realtor = self.random.choice(self.realtors)
        self.edge(lambda at: heartbeat(realtor, by=Actor.of(realtor.user), at=at))
        return "done"

    def reassign(self) -> str:
        """Staff know better, now and then against the rules."""
        override = self.random.random() < 0.3
        return self.press(
            "reassign",
            lambda _one: SYSTEM,
            lambda one, by, at: services.reassign(
                one,
                self.random.choice(self.staff_of(one.store)),
                by=by,
                at=at,
                reason="better so",
                override=override,
            ),
            status__in=["pending", "confirmed"],
        )

    def timed_work(self) -> str:
        """What was given up is done with the next turn, and counts like a request given up."""
        given_up = False
        try:
            run_due(at=self.now())
        except* Unavailable:
            given_up = True
        if given_up:
            raise Unavailable
        return "done"

    # How it is done

    def edge(self, work: Callable[[datetime], Any]) -> Any:
        """As a request would: the moment is read once, the transaction repeated when it is safe."""
        at = self.now()
        return run_in_transaction(lambda: work(at))

    def acknowledged(self, verb: str, work: Callable[[datetime], Any]) -> str:
        appointment = self.edge(work)
        self.done.append((verb, appointment.pk))
        return "done" if appointment.realtor_id or verb not in ("book", "join") else "queued"

    def press(
        self,
        verb: str,
        whoever: Callable[[Appointment], Actor],
        work: Callable[[Appointment, Actor, datetime], Any],
        **which: Any,
    ) -> str:
        """Choose one of the latest that look right by now; by the time of the press it may not."""
        ids = list(Appointment.objects.filter(**which).order_by("-pk").values_list("pk")[:80])
        if not ids:
            return "nothing to do"
        rows = Appointment.objects.select_related("store", "user", "realtor__user")
        one = rows.get(pk=self.random.choice(ids)[0])
        by = whoever(one)
        return self.acknowledged(verb, lambda at: work(one, by, at))

    def wish(self, store: Store, starts_at: datetime, **more: Any) -> tuple[BookingRequest, Actor]:
        """A request of somebody with an account, or of a guest."""
        user = more.pop("user", None)
        anybody, phone = self.somebody()
        if user is None and "hold_token" not in more:
            user = anybody
        held = "hold_token" in more
        request = BookingRequest(
            store=store,
            starts_at=starts_at,
            customer_name=user.display_name if user else f"Guest {phone}",
            customer_phone=phone,
            customer=user,
            duration_minutes=None if held else self.length(),
            queue=self.random.random() < 0.5,
            **more,
        )
        return request, self.actor(user)

    def somebody(self) -> tuple[User | None, str]:
        """An account or None, and a phone. Half of the guests are shared by all workers, so that
        people are wanted in two places at once."""
        user = self.random.choice(self.users) if self.random.random() < 0.4 else None
        guest = self.random.randrange(25 if self.random.random() < 0.5 else 10_000)
        return user, f"+86137{guest:08d}"

    def some_start(self, store: Store) -> datetime:
        """A start on the grid in the next hours, by the wall clock of the store."""
        soon = self.now() + self.random.randrange(*self.AHEAD) * MINUTE
        wall = soon.astimezone(store.zone)
        return wall.replace(minute=wall.minute // 15 * 15, second=0, microsecond=0)

    def length(self) -> int:
        return self.random.choice([30, 45, 60, 60, 90, 120])

    def staff_of(self, store: Store) -> list[Realtor]:
        return [realtor for realtor in self.realtors if realtor.store_id == store.pk]

    def actor(self, user: User | None) -> Actor:
        return Actor.of(user) if user else Actor.guest()

    def owner(self, one: Appointment) -> Actor:
        if one.user is not None:
            return Actor.of(one.user)
        return Actor.guest(proven_appointment_id=one.pk)

    def provider(self, one: Appointment) -> Actor:
        return Actor.of(one.realtor.user) if one.realtor and one.realtor.user else SYSTEM
