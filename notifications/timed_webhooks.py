"""Webhooks that are due. In a loop (or task) of their own: a mail server that takes its time does
not hold them up, nor they it. Safe to run twice and at once, and to be killed at any moment."""

import logging
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

from booking_site.common.transactions import all_in_turn, run_in_transaction
from notifications.gateways.webhooks import Answer, post
from notifications.models import WebhookDelivery
from notifications.presenters.webhooks import message_of
from notifications.services.posting import (
    claim_next_webhook,
    drop_for_switched_off,
    give_up,
    is_cut_off,
    note_answer,
)

log = logging.getLogger(__name__)

# So many at once, one for each endpoint,
AT_ONCE = 8
# and of those that are known to fail, so many: the rest is kept free for who answers.
FAILING_AT_ONCE = 4
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
    nobody else waiting: the round goes on serving the others meanwhile, and those that have failed
    before never have more than half of the threads.
    """
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhooks") as pool:
        _Round(pool, at).run()


class _Round:
    def __init__(self, pool: ThreadPoolExecutor, at: datetime) -> None:
        self._pool, self._at = pool, at
        self._owner, self._began = uuid4().hex, time.monotonic()
        self._on_their_way: dict[Future[Answer], WebhookDelivery] = {}
        # Endpoints that have failed in this round.
        self._resting: set[int] = set()

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
            busy = {one.endpoint_id for one in self._on_their_way.values()}
            found = run_in_transaction(
                partial(
                    claim_next_webhook,
                    owner=self._owner,
                    at=self._now,
                    but=busy | self._resting,
                    failing=self._has_room_for_failing,
                )
            )
            if found is None:
                return
            yield found

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
        self._on_their_way[self._pool.submit(_answer_to, partial(post, message))] = delivery

    def _note(self, delivery: WebhookDelivery, answer: Answer) -> None:
        if answer.error:
            self._resting.add(delivery.endpoint_id)
            log.info("webhook message %s not taken: %s", delivery.pk, answer.error)
        run_in_transaction(partial(note_answer, delivery, answer=answer, at=self._now))

    @property
    def _has_room_for_failing(self) -> bool:
        failing = [one for one in self._on_their_way.values() if one.endpoint.failing_since]
        return self._gone < ROUND_SECONDS and len(failing) < FAILING_AT_ONCE

    @property
    def _gone(self) -> float:
        return time.monotonic() - self._began

    @property
    def _now(self) -> datetime:
        return self._at + timedelta(seconds=self._gone)


def drop_what_nobody_awaits(*, at: datetime) -> None:
    run_in_transaction(drop_for_switched_off)


def _answer_to(posted: partial[Answer]) -> Answer:
    try:
        return posted()
    except Exception as error:
        # A fault of ours counts as a failed try, and must not end the round.
        log.exception("webhook not sent")
        return Answer(error=f"not sent: {type(error).__name__}")
