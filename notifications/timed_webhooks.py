"""Webhooks that are due. In a loop (or task) of their own: a mail server that takes its time does
not hold them up, nor they it. Safe to run twice and at once, and to be killed at any moment."""

import logging
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

from booking_site.common.transactions import all_in_turn, run_in_transaction
from notifications.gateways.webhooks import Answer, post
from notifications.models import WebhookDelivery
from notifications.presenters.webhooks import message_of
from notifications.services.posting import (
    Without,
    claim_next_webhook,
    drop_for_switched_off,
    give_up,
    is_cut_off,
    note_answer,
)

log = logging.getLogger(__name__)

# So many at once, one for each endpoint,
AT_ONCE = 8
# so many for one store: nobody waits for the receivers of another,
AT_ONCE_OF_STORE = 2
# and of those known to fail, or to be slow, so many: the rest is kept free for who answers.
FAILING_AT_ONCE = 4
FAILING_AT_ONCE_OF_STORE = 1
# Whoever takes longer for an answer is slow, be it a yes.
SLOW_SECONDS = 3.0
# A round begins with whatever is due for so long; after that it serves only endpoints that do not
# fail, while it waits for the last of those that do, and not for ever.
ROUND_SECONDS = 10.0
LONGEST_SECONDS = 30.0
# How often it looks, while somebody takes their time, whether something new is due for others.
LOOK_SECONDS = 0.25


def run_due_webhooks(*, at: datetime) -> None:
    """All of it, each in its turn. Raises an ExceptionGroup when something failed."""
    steps = (deliver_webhooks, drop_what_nobody_awaits)
    all_in_turn(partial(step, at=at) for step in steps)


def deliver_webhooks(*, at: datetime) -> None:
    """Send what is due: taken in hand in a transaction, sent in none, and marked in another.

    Threads do nothing but talk to receivers; rows are read and written by this one alone. Each
    endpoint has one message on its way at a time, in order of age, and none after one that failed
    until the next round. So a receiver that says nothing keeps one thread for 15 seconds, and
    nobody else waiting: the round goes on serving the others meanwhile. No store has more than two
    of the threads, and those that have failed before, or were slow, never more than half of all and
    of their store's.

    Who was slow is known for this round alone. The next one finds out again, which costs at most
    one answer's time in the two threads of that store.
    """
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhooks") as pool:
        _Round(pool, at).run()


@dataclass(frozen=True)
class _Sent:
    """On its way since ``began``."""

    delivery: WebhookDelivery
    began: float

    @property
    def endpoint_id(self) -> int:
        return self.delivery.endpoint_id

    @property
    def store_id(self) -> int:
        return self.delivery.endpoint.store_id

    @property
    def is_slow(self) -> bool:
        return time.monotonic() - self.began > SLOW_SECONDS


class _Round:
    def __init__(self, pool: ThreadPoolExecutor, at: datetime) -> None:
        self._pool, self._at = pool, at
        self._owner, self._began = uuid4().hex, time.monotonic()
        self._on_their_way: dict[Future[Answer], _Sent] = {}
        # Endpoints that have failed in this round,
        self._resting: set[int] = set()
        # and the stores of those whose last answer was slow.
        self._slow: dict[int, int] = {}

    def run(self) -> None:
        while True:
            for delivery in self._claimed():
                self._send(delivery)
            if not self._on_their_way:
                return
            ended = wait(self._on_their_way, LOOK_SECONDS, return_when=FIRST_COMPLETED).done
            for future in ended:
                self._note(self._on_their_way.pop(future), future.result())

    def _claimed(self) -> Iterator[WebhookDelivery]:
        while len(self._on_their_way) < AT_ONCE and (
            self._gone < ROUND_SECONDS or (self._on_their_way and self._gone < LONGEST_SECONDS)
        ):
            claim = partial(claim_next_webhook, owner=self._owner, at=self._now)
            found = run_in_transaction(partial(claim, without=self._without()))
            if found is None:
                return
            yield found

    def _without(self) -> Without:
        sent = self._on_their_way.values()
        ailing = [one.store_id for one in sent if self._is_ailing(one)]
        failing = self._gone < ROUND_SECONDS and len(ailing) < FAILING_AT_ONCE
        full = _these_have(FAILING_AT_ONCE_OF_STORE, ailing)
        slow = {one for one, store in self._slow.items() if store in full or not failing}
        return Without(
            endpoints={one.endpoint_id for one in sent} | self._resting | slow,
            stores=_these_have(AT_ONCE_OF_STORE, [one.store_id for one in sent]),
            ailing=full,
            failing=failing,
        )

    def _is_ailing(self, sent: _Sent) -> bool:
        known = sent.delivery.endpoint.failing_since or sent.endpoint_id in self._slow
        return bool(known) or sent.is_slow

    def _send(self, delivery: WebhookDelivery) -> None:
        if is_cut_off(delivery):
            run_in_transaction(partial(give_up, delivery, error="every try was cut off"))
            return
        try:
            message = message_of(delivery, at=self._now)
        except Exception as error:
            # One that cannot be written (its secret cannot be read) must not keep others waiting.
            log.exception("webhook message %s cannot be written", delivery.pk)
            told = f"cannot be written: {type(error).__name__}"
            run_in_transaction(partial(give_up, delivery, error=told))
            return
        future = self._pool.submit(_answer_to, partial(post, message))
        self._on_their_way[future] = _Sent(delivery, time.monotonic())

    def _note(self, sent: _Sent, answer: Answer) -> None:
        delivery = sent.delivery
        if sent.is_slow:
            self._slow[sent.endpoint_id] = sent.store_id
        else:
            self._slow.pop(sent.endpoint_id, None)
        if answer.error:
            self._resting.add(delivery.endpoint_id)
            log.info("webhook message %s not taken: %s", delivery.pk, answer.error)
        run_in_transaction(partial(note_answer, delivery, answer=answer, at=self._now))

    @property
    def _gone(self) -> float:
        return time.monotonic() - self._began

    @property
    def _now(self) -> datetime:
        return self._at + timedelta(seconds=self._gone)


def _these_have(most: int, stores: list[int]) -> set[int]:
    """Those that are named so often."""
    return {store for store, count in Counter(stores).items() if count >= most}


def drop_what_nobody_awaits(*, at: datetime) -> None:
    run_in_transaction(drop_for_switched_off)


def _answer_to(posted: partial[Answer]) -> Answer:
    try:
        return posted()
    except Exception as error:
        # A fault of ours counts as a failed try, and must not end the round.
        log.exception("webhook not sent")
        return Answer(error=f"not sent: {type(error).__name__}")
