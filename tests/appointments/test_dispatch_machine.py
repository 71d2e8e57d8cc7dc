"""Whatever happens in a store, in whatever order: after every single step everything must add up.

A day at one store, made up by hypothesis: customers book and join the line, realtors come, answer,
let questions lie, vanish and leave, staff override, time passes, and now and then what should have
been noticed was lost. tests/races/checker.py looks at the rows after each step; here is only what
it cannot see in them, because it is over: whom the realtors were when they were asked.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from appointments import services
from appointments.models import Appointment, AppointmentEvent, Offer
from appointments.services import BookingRequest, LiveRequest
from appointments.services.queueing import dispatch
from appointments.timed import run_due
from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.errors import Refusal
from booking_site.common.events import publish
from booking_site.common.transactions import run_in_transaction
from realtors.events import RealtorLeft
from realtors.models import Presence, Realtor
from realtors.services import add_time_off, heartbeat, set_presence
from tests.races.checker import faults

from .world import GUEST, MINUTE, acting, clock, hire, manager, open_store, owner, phones, register

# Of forty steps each: 12 days in `make test`, 250 with RACE_OPERATIONS=20000.
DAYS, STEPS = int(os.environ.get("RACE_OPERATIONS", "1000")) // 80, 40
SILENCE = 15 * MINUTE
PATIENCE = 40
MOST_REALTORS = 5
# A failure is told as it happened: to shrink one would take longer than the patience of a run.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
# Of whom there are some; which one is meant, counted round.
some = st.integers(0, 19)


class Day(RuleBasedStateMachine):
    """``swept``: the last step ended with a dispatch, so that nothing may be due or idle."""

    @initialize()
    def open(self) -> None:
        self.before = transaction.savepoint()
        self.clock = clock("09:00")
        self.swept = True
        self.store = open_store(
            buffer_after_minutes=5,
            accept_timeout_minutes=5,
            queue_timeout_minutes=PATIENCE,
            online_timeout_minutes=int(SILENCE / MINUTE),
            no_show_after_minutes=5,
            realtor_max_load=2,
            min_advance_minutes=0,
            hold_minutes=5,
        )
        self.realtors = [
            hire(self.store, "Wei"),
            hire(self.store, "Ming", max_load=1),
            hire(self.store, "Yun", max_per_day=4),
        ]
        self.boss = manager(self.store)
        fang = register("Fang", phone=phones(1)[0], phone_verified=True)
        # Wei is a customer of colleagues, too, and Fang also comes without her account.
        self.customers = [fang, register("Bo"), self.realtors[0].user, *phones(5)]
        self.presence = {}
        for realtor in self.realtors:
            set_presence(realtor, Presence.ONLINE, by=SYSTEM, at=self.clock)
            self.presence[realtor.pk] = (Presence.ONLINE, self.clock)
        self.joined: dict[int, datetime] = {}
        self.offers = 0

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.before)

    # Customers

    @rule(who=some)
    def join(self, who: int) -> None:
        """As most do, and so the most frequent of all."""
        self.join_for(who, 30)

    @rule(who=some, minutes=st.sampled_from([15, 60]))
    def join_for(self, who: int, minutes: int) -> None:
        wish, by = self.wish(who, LiveRequest, duration_minutes=minutes)
        one = self.try_to(partial(services.join, wish, by=by), dispatched=True)
        if one is not None:
            self.joined[one.pk] = one.queued_at

    @rule(who=some, quarters=st.integers(1, 8), queue=st.booleans(), named=some)
    def book(self, who: int, quarters: int, queue: bool, named: int) -> None:
        quarter = 15 * 60
        start = datetime.fromtimestamp(
            (self.clock.timestamp() // quarter + quarters) * quarter, self.clock.tzinfo
        )
        realtor = self.realtors[named] if named < 2 else None
        wish, by = self.wish(
            who, BookingRequest, starts_at=start, duration_minutes=30, queue=queue, realtor=realtor
        )
        self.try_to(partial(services.book, wish, by=by))

    @rule(quarters=st.integers(1, 4))
    def hold(self, quarters: int) -> None:
        start = self.clock.replace(minute=0, second=0, microsecond=0) + quarters * 30 * MINUTE
        self.try_to(partial(services.hold, self.store, starts_at=start, by=GUEST))

    @rule(which=some)
    def cancel(self, which: int) -> None:
        one = self.choose(which, status__in=["pending", "confirmed"])
        if one is not None:
            by = owner(one)
            self.try_to(partial(services.cancel, one, by=by, reason="bored"), dispatched=True)

    # Realtors at work

    @rule(which=some)
    def accept(self, which: int) -> None:
        self.answer(which, services.accept, status="pending", realtor__isnull=False)

    @rule(which=some)
    def decline(self, which: int) -> None:
        work = partial(services.decline, reason="no time")
        self.answer(which, work, dispatched=True, status="pending", realtor__isnull=False)

    @rule(which=some)
    def start(self, which: int) -> None:
        self.answer(which, services.start, status="confirmed")

    @rule(which=some)
    def complete(self, which: int) -> None:
        self.answer(which, services.complete, dispatched=True, status="in_progress")

    @rule(which=some)
    def mark_no_show(self, which: int) -> None:
        self.answer(which, services.mark_no_show, dispatched=True, status="confirmed")

    # Realtors coming and going

    @rule(who=some, presence=st.sampled_from([*Presence, Presence.ONLINE]))
    def change_presence(self, who: int, presence: Presence) -> None:
        realtor = self.realtor(who)
        work = partial(set_presence, realtor, presence, by=acting(realtor))
        self.try_to(work, dispatched=True)
        _, seen = self.presence[realtor.pk]
        self.presence[realtor.pk] = (presence, seen if presence == "offline" else self.clock)

    @rule(who=some)
    def give_a_sign_of_life(self, who: int) -> None:
        realtor = self.realtor(who)
        self.try_to(partial(heartbeat, realtor, by=acting(realtor)))
        self.saw(realtor)

    @rule(who=some, starts=st.integers(0, 60), minutes=st.sampled_from([20, 60]))
    def take_time_off(self, who: int, starts: int, minutes: int) -> None:
        realtor, starts_at = self.realtor(who), self.clock + starts * MINUTE
        ends_at = starts_at + minutes * MINUTE
        work = partial(add_time_off, realtor, starts_at=starts_at, ends_at=ends_at)
        self.try_to(partial(work, by=acting(realtor)), dispatched=True)

    @rule()
    def hire_one(self) -> None:
        if len(self.realtors) < MOST_REALTORS:
            self.realtors.append(hire(self.store, f"R{len(self.realtors)}"))
            self.presence[self.realtors[-1].pk] = (Presence.OFFLINE, self.clock)
            # As the back office does.
            self.try_to(partial(dispatch, self.store), dispatched=True)

    @rule(who=st.integers(2, MOST_REALTORS))
    def leave(self, who: int) -> None:
        realtor = self.realtor(who)
        news = RealtorLeft(realtor_id=realtor.pk, store_id=self.store.pk, at=self.clock)

        def go(at: datetime) -> None:
            Realtor.objects.filter(pk=realtor.pk).update(is_active=False)
            publish(news)

        self.try_to(go, dispatched=True)

    # Staff

    @rule(which=some, who=some, override=st.booleans())
    def reassign(self, which: int, who: int, override: bool) -> None:
        one = self.choose(which, status__in=["pending", "confirmed"])
        if one is not None:
            work = partial(services.reassign, one, self.realtor(who), by=self.boss)
            self.try_to(partial(work, reason="better so", override=override), dispatched=True)

    # Time, and what it brings

    @rule(seconds=st.sampled_from([10, 60, 121, 300, 301, 600, 1200, 2401]))
    def wait(self, seconds: int) -> None:
        self.clock += timedelta(seconds=seconds)
        self.swept = False

    @rule(minutes=st.sampled_from([21, 36]))
    def work_takes_longer(self, minutes: int) -> None:
        """Everybody stays, and a visit that has begun outlasts its time."""
        self.wait(minutes * 60)
        for realtor in self.realtors:
            self.try_to(partial(heartbeat, realtor, by=acting(realtor)))
            self.saw(realtor)

    @rule(seconds=st.sampled_from([0, 1, 60, 300, 600]))
    def timed_work(self, seconds: int) -> None:
        self.clock += timedelta(seconds=seconds)
        run_due(at=self.clock)
        for pk, (presence, seen) in self.presence.items():
            silent = self.clock - seen > SILENCE
            self.presence[pk] = (Presence.OFFLINE if silent else presence, seen)
        self.swept = True

    @rule()
    def once_more(self) -> None:
        """What has been put right is not put right again."""
        self.try_to(partial(dispatch, self.store), dispatched=True)
        entries = AppointmentEvent.objects.count()
        self.try_to(partial(dispatch, self.store), dispatched=True)
        assert AppointmentEvent.objects.count() == entries

    @rule(who=some, presence=st.sampled_from(list(Presence)))
    def lose_an_event(self, who: int, presence: Presence) -> None:
        """The row says so, and nobody has heard."""
        realtor = self.realtor(who)
        facts = {"presence": presence, "last_seen_at": self.clock, "away_since": None}
        Realtor.objects.filter(pk=realtor.pk).update(**facts)
        self.presence[realtor.pk] = (presence, self.clock)
        self.swept = False

    # What must be true

    @invariant()
    def everything_adds_up(self) -> None:
        assert faults(self.clock, swept=self.swept) == []

    @invariant()
    def only_those_who_were_there_were_asked(self) -> None:
        new = Offer.objects.filter(pk__gt=self.offers).select_related("appointment").order_by("pk")
        for offer in new:
            self.offers = offer.pk
            if not offer.appointment.live or "staff" in offer.score:
                continue
            presence, seen = self.presence[offer.realtor_id]
            assert presence == Presence.ONLINE, f"{offer.realtor} was {presence}"
            assert self.clock - seen <= SILENCE, f"{offer.realtor} was silent"

    @invariant()
    def nobody_in_line_is_lost(self) -> None:
        """Each who joined is there with the age they had, and we let go of them only after hours of
        waiting."""
        rows = Appointment.objects.filter(live=True).prefetch_related("log")
        ages = {one.pk: one.queued_at for one in rows}
        assert ages == self.joined
        for one in rows:
            for entry in one.log.all():
                if entry.action == "cancelled" and entry.actor_kind == "system":
                    assert entry.reason == "queue_timeout"
                    assert entry.at > one.queued_at + PATIENCE * MINUTE

    # How it is done

    def try_to(self, work: Callable[..., Any], *, dispatched: bool = False) -> Any:
        """As at the edge of a request; what was refused has changed nothing."""
        with suppress(Refusal):
            done = run_in_transaction(partial(work, at=self.clock))
            self.swept = self.swept or dispatched
            return done

    def answer(
        self, which: int, work: Callable[..., Any], *, dispatched: bool = False, **rows: Any
    ) -> None:
        """By the realtor whose it is."""
        one = self.choose(which, **rows)
        if one is None:
            return
        realtor = one.realtor
        assert realtor is not None
        by = acting(realtor) if realtor.is_active else SYSTEM
        if self.try_to(partial(work, one, by=by), dispatched=dispatched) and by is not SYSTEM:
            self.saw(realtor)

    def saw(self, realtor: Realtor) -> None:
        presence, _ = self.presence[realtor.pk]
        self.presence[realtor.pk] = (presence, self.clock)

    def choose(self, which: int, **rows: Any) -> Appointment | None:
        found = Appointment.objects.select_related("store", "user", "realtor__user")
        # Mostly those of the line.
        ids = list(found.filter(**rows).order_by("-live", "pk").values_list("pk", flat=True))
        return found.get(pk=ids[which * which // 40 % len(ids)]) if ids else None

    def realtor(self, who: int) -> Realtor:
        return self.realtors[who % len(self.realtors)]

    def wish(self, who: int, kind: type, **more: Any) -> tuple[Any, Actor]:
        customer = self.customers[who % len(self.customers)]
        phone = customer if isinstance(customer, str) else "+8613700009999"
        user = None if isinstance(customer, str) else customer
        request = kind(
            store=self.store, customer_name="Who", customer_phone=phone, customer=user, **more
        )
        return request, Actor.of(user) if user else GUEST


def test_after_every_step_of_a_made_up_day_everything_adds_up(db):
    run_state_machine_as_test(
        Day,
        settings=settings(
            max_examples=DAYS,
            stateful_step_count=STEPS,
            deadline=None,
            phases=PHASES,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
