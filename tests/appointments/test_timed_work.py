"""One round of the timed work: what is due is done, once, and nothing else is touched."""

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.cache import cache

from accounts.models import RefreshToken
from appointments import services, timed
from appointments.events import AppointmentNoShow
from appointments.models import Appointment, Claim, Hold, Offer, Status
from appointments.rules import cell_of
from appointments.services import codes, queueing, work
from appointments.timed import run_due
from booking_site.common.actors import SYSTEM
from booking_site.common.models import AttemptCounter, IdempotencyRecord
from notifications.models import Reminder
from realtors.models import Presence, Realtor
from realtors.services import heartbeat
from tests.races.checker import faults

from .world import (
    GUEST,
    HOUR,
    LAN,
    MINUTE,
    NOW,
    QIANG,
    TUESDAY,
    acting,
    book,
    claimed,
    clock,
    confirmed,
    hire,
    join,
    offline,
    online,
    open_store,
    owner,
    phones,
    running,
    work_from,
)

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
TEN = clock("10:00")
FOURTEEN, FIFTEEN = clock("14:00"), clock("15:00")


def fresh(appointment: Appointment) -> Appointment:
    return Appointment.objects.with_people().get(pk=appointment.pk)


def logged(appointment: Appointment) -> list[str]:
    return [entry.action for entry in appointment.log.order_by("pk")]


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table that timed work could touch."""
    ours = ("accounts", "appointments", "common", "notifications", "realtors", "stores")
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for model in apps.get_models()
        if model._meta.app_label in ours
    }


def hourly_round(*, at: datetime) -> None:
    """With what is done once an hour, whenever that was last done."""
    cache.clear()
    run_due(at=at)


# Holds


def test_a_hold_goes_when_its_time_is_over_and_not_before(store, wei):
    held = services.hold(store, starts_at=FOURTEEN, by=GUEST, at=NOW)

    run_due(at=held.expires_at - SECOND)
    assert Hold.objects.count() == 1
    run_due(at=held.expires_at)

    assert not Hold.objects.exists()
    assert not Claim.objects.exists()


def test_holds_of_several_stores_go_in_one_round(store, wei):
    hire(other := open_store("bund"), "Lei")
    for shop in (store, other):
        services.hold(shop, starts_at=FOURTEEN, by=GUEST, at=NOW)

    run_due(at=NOW + HOUR)

    assert not Hold.objects.exists()


# Offers


def test_a_live_offer_ends_at_its_deadline_and_the_next_one_is_asked(store, wei, ming):
    online(wei, at=TEN)
    lan = join(store, at=TEN)
    deadline = lan.offers.get().deadline_at
    online(ming, at=TEN + MINUTE)

    run_due(at=deadline - SECOND)
    assert fresh(lan).realtor == wei
    run_due(at=deadline)

    assert (fresh(lan).realtor, fresh(lan).queued_at) == (ming, TEN)
    assert logged(lan).count("timed_out") == 1
    assert list(lan.offers.order_by("pk").values_list("status", flat=True)) == ["timed_out", "open"]
    wei.refresh_from_db()
    assert wei.away_since == deadline
    assert faults(deadline) == []


def test_so_does_one_for_a_start(store, wei, ming):
    lan = book(store, FOURTEEN)
    asked = lan.realtor
    deadline = lan.offers.get().deadline_at
    assert deadline < FOURTEEN - HOUR

    run_due(at=deadline - SECOND)
    assert fresh(lan).realtor == asked
    run_due(at=deadline)

    assert fresh(lan).realtor == ({wei, ming} - {asked}).pop()
    assert logged(lan).count("timed_out") == 1
    assert faults(deadline) == []


def test_an_offer_nobody_else_could_take_waits_for_a_person(store, wei):
    lan = book(store, FOURTEEN)

    run_due(at=lan.offers.get().deadline_at)

    lan = fresh(lan)
    assert (lan.is_waiting, lan.needs_person) == (True, True)
    assert logged(lan)[-2:] == ["timed_out", "needs_person"]


def test_an_answer_in_time_has_no_deadline_left(store, wei):
    online(wei, at=TEN)
    lan = services.accept(join(store, at=TEN), by=acting(wei), at=TEN + MINUTE)

    run_due(at=TEN + 6 * MINUTE)

    assert (fresh(lan).status, fresh(lan).realtor) == (Status.CONFIRMED, wei)


# Waiting


def test_two_hours_in_the_live_line_are_enough(store, wei):
    lan = join(store, at=TEN)
    late = join(store, phone=QIANG, at=TEN + MINUTE)

    run_due(at=TEN + 120 * MINUTE)
    assert fresh(lan).is_waiting
    run_due(at=TEN + 120 * MINUTE + SECOND)

    lan = fresh(lan)
    assert (lan.status, lan.cancel_reason, lan.live_key) == ("cancelled", "queue_timeout", None)
    assert logged(lan).count("cancelled") == 1
    assert fresh(late).is_waiting


def test_each_waits_as_long_as_its_store_said_on_joining():
    short = open_store("short", queue_timeout_minutes=30)
    hire(short, "Wei")
    lan = join(short, at=TEN)
    short.policy_row.delete()

    run_due(at=TEN + 30 * MINUTE + SECOND)

    assert fresh(lan).cancel_reason == "queue_timeout"


# Silence


def test_who_is_silent_for_too_long_is_offline_and_hands_on(store, wei, ming):
    online(wei, at=TEN)
    lan = services.accept(join(store, at=TEN), by=acting(wei), at=TEN)
    online(ming, at=TEN + 20 * MINUTE)

    run_due(at=TEN + 30 * MINUTE)
    assert fresh(lan).realtor == wei
    run_due(at=TEN + 30 * MINUTE + SECOND)

    wei.refresh_from_db()
    ming.refresh_from_db()
    assert (wei.presence, ming.presence) == (Presence.OFFLINE, Presence.ONLINE)
    assert (fresh(lan).realtor, fresh(lan).queued_at) == (ming, TEN)
    assert faults(TEN + 31 * MINUTE) == []


def test_a_busy_one_who_is_silent_goes_offline_too(store, wei):
    Realtor.objects.filter(pk=wei.pk).update(presence=Presence.BUSY, last_seen_at=TEN)

    run_due(at=TEN + 31 * MINUTE)

    wei.refresh_from_db()
    assert wei.presence == Presence.OFFLINE


def test_a_sign_of_life_in_time_counts(store, wei):
    online(wei, at=TEN)
    heartbeat(wei, by=acting(wei), at=TEN + 29 * MINUTE)

    run_due(at=TEN + 31 * MINUTE)

    wei.refresh_from_db()
    assert wei.presence == Presence.ONLINE


def test_how_long_silence_may_last_is_each_stores_own(store, wei):
    strict = open_store("strict", online_timeout_minutes=2)
    lei = online(hire(strict, "Lei"), at=TEN)
    online(wei, at=TEN)

    run_due(at=TEN + 3 * MINUTE)

    wei.refresh_from_db()
    lei.refresh_from_db()
    assert (wei.presence, lei.presence) == (Presence.ONLINE, Presence.OFFLINE)


# Nobody came


def test_a_visit_that_nobody_began_is_closed_after_a_quarter_of_an_hour(store, wei):
    lan = confirmed(store, FOURTEEN)

    run_due(at=FIFTEEN + 15 * MINUTE - SECOND)
    assert fresh(lan).status == Status.CONFIRMED
    run_due(at=FIFTEEN + 15 * MINUTE)

    (entry,) = lan.log.filter(action="no_show")
    assert fresh(lan).status == Status.NO_SHOW
    assert (entry.actor_kind, entry.reason) == ("system", "not_started")


@pytest.mark.parametrize("minutes", [0, 60])
def test_how_long_that_takes_is_the_stores_own_figure(minutes):
    store = open_store(no_show_after_minutes=minutes)
    hire(store, "Wei")
    lan = confirmed(store, FOURTEEN)

    run_due(at=FIFTEEN + minutes * MINUTE - SECOND)
    assert fresh(lan).status == Status.CONFIRMED
    run_due(at=FIFTEEN + minutes * MINUTE)

    assert fresh(lan).status == Status.NO_SHOW


def test_what_has_begun_is_never_closed_that_way(store, wei):
    lan = running(store, FOURTEEN)

    run_due(at=FOURTEEN + DAY)

    assert fresh(lan).status == Status.IN_PROGRESS
    assert "no_show" not in logged(lan)


def test_nor_is_what_was_moved_to_later(store, wei):
    lan = confirmed(store, FOURTEEN)
    services.reschedule(lan, starts_at=clock("14:00", TUESDAY), by=owner(lan), at=NOW)

    run_due(at=FIFTEEN + HOUR)

    assert fresh(lan).status == Status.CONFIRMED


def test_a_live_customer_who_never_came_gives_the_place_back(store, wei):
    online(wei, at=TEN)
    lan = services.accept(join(store, at=TEN), by=acting(wei), at=TEN)
    for minutes in (25, 50, 75):
        heartbeat(wei, by=acting(wei), at=TEN + minutes * MINUTE)

    run_due(at=TEN + 75 * MINUTE - SECOND)
    assert fresh(lan).status == Status.CONFIRMED
    run_due(at=TEN + 75 * MINUTE)

    assert (fresh(lan).status, fresh(lan).live_key) == (Status.NO_SHOW, None)
    assert join(store, at=TEN + 76 * MINUTE).realtor == wei


def test_it_happens_once_however_often_it_is_looked_for(store, wei, heard):
    lan = confirmed(store, FOURTEEN)
    told = heard(AppointmentNoShow)

    for minutes in (20, 21, 22):
        run_due(at=FIFTEEN + minutes * MINUTE)

    assert logged(lan).count("no_show") == 1
    assert len(told) == 1


def test_reminders_are_the_letters_own_round(store, wei):
    confirmed(store, clock("14:00", TUESDAY))

    run_due(at=clock("13:00", TUESDAY))

    assert not Reminder.objects.exists()


# Once an hour


def test_a_code_is_given_back_ninety_days_after_the_end(store, wei):
    lan = running(store, FOURTEEN)
    services.complete(lan, by=SYSTEM, at=FIFTEEN)

    hourly_round(at=FIFTEEN + 90 * DAY)
    assert fresh(lan).code == lan.code
    hourly_round(at=FIFTEEN + 90 * DAY + SECOND)

    assert fresh(lan).code is None


def test_a_code_that_was_given_back_is_drawn_again(store, wei, monkeypatch):
    lan = running(store, FOURTEEN)
    services.complete(lan, by=SYSTEM, at=FIFTEEN)
    now = NOW + 91 * DAY
    drawn = [int(lan.code), 7, int(lan.code)]
    monkeypatch.setattr(codes.secrets, "randbelow", lambda _space: drawn.pop(0))
    assert codes.draw_code() == "000007"

    hourly_round(at=now)

    day = (now + DAY).date()
    assert book(store, clock("14:00", day), phone=QIANG, at=now).code == lan.code


def test_only_some_codes_are_given_back_at_a_time_and_yet_all_of_them(store, wei, monkeypatch):
    monkeypatch.setattr(codes, "AT_ONCE", 2)
    for hour, phone in enumerate(phones(5)):
        one = running(store, clock(f"{10 + hour}:00"), phone=phone)
        services.complete(one, by=SYSTEM, at=one.ends_at)

    hourly_round(at=NOW + 91 * DAY)

    assert not Appointment.objects.exclude(code=None).exists()


@pytest.mark.parametrize(("space", "alarm"), [(4, True), (5, False)])
def test_when_half_of_the_codes_are_held_somebody_is_told(
    store, wei, monkeypatch, caplog, space, alarm
):
    book(store, FOURTEEN)
    book(store, FIFTEEN, phone=QIANG)
    monkeypatch.setattr(codes, "SPACE", space)

    with caplog.at_level(logging.ERROR, logger="appointments.services.codes"):
        hourly_round(at=NOW)

    told = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert told == (["50 % of the six-digit codes are held"] if alarm else [])


def test_what_is_given_back_first_does_not_alarm_anybody(store, wei, monkeypatch, caplog):
    lan = running(store, FOURTEEN)
    services.complete(lan, by=SYSTEM, at=FIFTEEN)
    monkeypatch.setattr(codes, "SPACE", 2)

    with caplog.at_level(logging.ERROR, logger="appointments.services.codes"):
        hourly_round(at=FIFTEEN + 91 * DAY)

    assert not caplog.records


def test_claims_of_long_ago_are_forgotten_and_younger_ones_are_not(store, wei):
    lan = running(store, FOURTEEN)
    qiang = running(store, clock("14:00", TUESDAY), phone=QIANG)
    own = claimed(qiang)
    after = FIFTEEN + timedelta(days=3)

    hourly_round(at=FOURTEEN + timedelta(days=3))
    assert claimed(lan)[f"r:{wei.pk}"] == ["14:00-15:00"]
    hourly_round(at=after)

    assert claimed(lan) == {}
    assert claimed(qiang) == own
    assert not Claim.objects.filter(cell__lt=cell_of(after - timedelta(days=3))).exists()


def test_only_some_claims_are_forgotten_at_a_time_and_yet_all_of_them(store, wei, monkeypatch):
    monkeypatch.setattr(timed, "CLAIMS_AT_ONCE", 7)
    running(store, FOURTEEN)
    assert Claim.objects.count() == 24

    hourly_round(at=FOURTEEN + timedelta(days=4))

    assert not Claim.objects.exists()


def test_answers_and_counters_of_long_ago_are_forgotten(store):
    record = {"route": "POST /", "body_digest": "", "answer_status": 201, "answer_body": b""}
    for key, hours in (("old", 25), ("young", 23)):
        IdempotencyRecord.objects.create(
            scope="guest", key=key, created_at=NOW - hours * HOUR, **record
        )
    for key, days in (("old", 62), ("young", 60)):
        AttemptCounter.objects.create(name=key, window_started_at=NOW - days * DAY)

    hourly_round(at=NOW)

    assert [row.key for row in IdempotencyRecord.objects.all()] == ["young"]
    assert [row.name for row in AttemptCounter.objects.all()] == ["young"]


def test_what_is_old_is_looked_for_once_an_hour(store, wei):
    run_due(at=NOW)
    lan = running(store, FOURTEEN)
    services.complete(lan, by=SYSTEM, at=FIFTEEN)

    run_due(at=FIFTEEN + 91 * DAY)

    assert fresh(lan).code == lan.code


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "broken", ["forget_expired", "_forget_old_rows", "release_old_codes", "_forget_some_claims"]
)
def test_what_cannot_be_forgotten_keeps_nothing_else(store, monkeypatch, broken):
    wei = hire(store, "Wei")
    lan = running(store, FOURTEEN)
    services.complete(lan, by=SYSTEM, at=FIFTEEN)
    now = FIFTEEN + 91 * DAY
    AttemptCounter.objects.create(name="old", window_started_at=NOW)
    tokens = now - 90 * DAY
    RefreshToken.objects.create(
        user=wei.user, jti=uuid4(), family=uuid4(), created_at=tokens, expires_at=tokens
    )

    def fails(*args: Any, **options: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(timed, broken, fails)
    with pytest.raises(ExceptionGroup) as raised:
        hourly_round(at=now)

    assert raised.group_contains(ZeroDivisionError)
    done = {
        "forget_expired": not RefreshToken.objects.exists(),
        "_forget_old_rows": not AttemptCounter.objects.exists(),
        "release_old_codes": fresh(lan).code is None,
        "_forget_some_claims": not Claim.objects.exists(),
    }
    assert {name for name, was_done in done.items() if not was_done} == {broken}


# The whole round


@pytest.fixture
def all_due(store, wei, ming) -> datetime:
    """At eleven in one store and another: a hold, an offer, a wait and a silence that are over,
    a visit nobody began, and what is to be served."""
    missed = confirmed(store, clock("09:00"), phone="+8613800000021")
    services.hold(store, starts_at=clock("15:00"), by=GUEST, at=TEN)
    book(store, clock("15:00"), phone="+8613800000022", at=TEN)
    book(store, clock("15:00"), phone="+8613800000023", at=TEN)
    Offer.objects.filter(appointment__starts_at=clock("15:00")).update(deadline_at=TEN)
    bund = open_store("bund", queue_timeout_minutes=30)
    lei = online(hire(bund, "Lei"), at=TEN)
    join(bund, phone="+8613800000024", at=TEN)
    join(bund, phone="+8613800000025", at=TEN)
    online(ming, at=TEN + 50 * MINUTE)
    join(store, phone="+8613800000026", at=TEN + 50 * MINUTE)
    assert (missed.status, lei.presence) == (Status.CONFIRMED, Presence.ONLINE)
    return clock("11:00")


def test_a_second_round_changes_nothing(all_due):
    before = everything()
    run_due(at=all_due)
    once = everything()
    assert once != before

    run_due(at=all_due)
    hourly_round(at=all_due)

    assert everything() == once
    assert faults(all_due) == []


def test_one_round_leaves_nothing_that_is_due(all_due):
    run_due(at=all_due)

    assert not Hold.objects.filter(expires_at__lte=all_due).exists()
    assert not Offer.objects.filter(status="open", deadline_at__lte=all_due).exists()
    assert Appointment.objects.filter(status=Status.NO_SHOW).count() == 1
    assert Realtor.objects.get(name="Lei").presence == Presence.OFFLINE
    # Two waited too long at the Bund; the one in the other store is with Ming or still in line.
    assert Appointment.objects.filter(cancel_reason="queue_timeout").count() == 2


def test_a_round_with_nothing_to_do_touches_nothing(store, wei):
    confirmed(store, clock("14:00", TUESDAY))
    online(wei, at=TEN)
    before = everything()

    run_due(at=TEN + MINUTE)

    assert everything() == before


PIECES = ("sweep_expired_holds", "sweep_silent", "sweep_lines", "end_unanswered", "close_no_shows")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("broken", [*PIECES, "_once_an_hour"])
def test_a_piece_that_fails_stops_no_other(store, monkeypatch, broken):
    """Each piece has something to do here which no other one does."""
    silent = online(hire(store, "Wei"), at=clock("09:00"))
    services.hold(store, starts_at=clock("16:00"), by=GUEST, at=NOW)
    missed = confirmed(store, clock("09:00"), phone=LAN)
    lei = hire(bund := open_store("bund"), "Lei")
    waiting = join(bund, at=TEN, phone=QIANG)
    Realtor.objects.filter(pk=lei.pk).update(presence=Presence.ONLINE, last_seen_at=clock("11:00"))
    hire(hongqiao := open_store("hongqiao"), "Yun")
    unanswered = book(hongqiao, TEN, phone="+8613800000031")
    unanswered.offers.all().delete()
    hire(pudong := open_store("pudong"), "Hao")
    old = confirmed(pudong, TEN, phone="+8613800000032")
    Appointment.objects.filter(pk=old.pk).update(
        status=Status.COMPLETED, ends_at=TEN - 91 * DAY, starts_at=TEN - 92 * DAY
    )

    def fails(*, at: datetime) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(timed, broken, fails)
    with pytest.raises(ExceptionGroup) as raised:
        run_due(at=clock("11:00"))

    assert raised.group_contains(ZeroDivisionError)
    silent.refresh_from_db()
    done = {
        "sweep_expired_holds": not Hold.objects.exists(),
        "sweep_silent": silent.presence == Presence.OFFLINE,
        "sweep_lines": fresh(waiting).realtor == lei,
        "end_unanswered": fresh(unanswered).status == Status.CANCELLED,
        "close_no_shows": fresh(missed).status == Status.NO_SHOW,
        "_once_an_hour": fresh(old).code is None,
    }
    assert {name for name, was_done in done.items() if not was_done} == {broken}

    monkeypatch.undo()
    hourly_round(at=clock("11:00") + MINUTE)

    assert not Hold.objects.exists()
    assert fresh(missed).status == Status.NO_SHOW
    assert fresh(old).code is None


@pytest.mark.django_db(transaction=True)
def test_one_visit_that_cannot_be_closed_keeps_no_other_open(store, monkeypatch):
    hire(store, "Wei")
    hire(store, "Ming")
    bad, good = confirmed(store, FOURTEEN), confirmed(store, FOURTEEN, phone=QIANG)
    close = work.mark_no_show

    def fails(appointment: Appointment, **how: Any) -> Appointment:
        if appointment.pk == bad.pk:
            raise ZeroDivisionError
        return close(appointment, **how)

    monkeypatch.setattr(work, "mark_no_show", fails)
    with pytest.raises(ExceptionGroup):
        run_due(at=FIFTEEN + HOUR)

    assert (fresh(bad).status, fresh(good).status) == (Status.CONFIRMED, Status.NO_SHOW)


# What was lost on the way


def test_somebody_online_whom_nobody_was_told_of_is_given_who_waits(store, wei):
    lan = join(store, at=TEN)
    Realtor.objects.filter(pk=wei.pk).update(presence=Presence.ONLINE, last_seen_at=TEN)

    run_due(at=TEN + MINUTE)

    assert fresh(lan).realtor == wei
    assert faults(TEN + MINUTE) == []


def test_somebody_gone_whom_nobody_was_told_of_keeps_nobody(store, wei, ming):
    online(wei, at=TEN)
    lan = services.accept(join(store, at=TEN), by=acting(wei), at=TEN)
    online(ming, at=TEN)
    Realtor.objects.filter(pk=wei.pk).update(presence=Presence.OFFLINE)

    run_due(at=TEN + MINUTE)

    assert (fresh(lan).realtor, fresh(lan).queued_at) == (ming, TEN)
    assert faults(TEN + MINUTE) == []


def test_hours_that_ended_behind_everybodys_back_keep_nobody(store, wei, ming):
    online(wei, at=TEN)
    lan = join(store, at=TEN)
    online(ming, at=TEN)
    work_from(wei, "13:00", "17:00")

    run_due(at=TEN + MINUTE)

    assert fresh(lan).realtor == ming


def test_a_time_that_came_free_without_a_word_serves_who_waits_for_it(store, wei):
    """The appointment is cancelled and its claims are gone; a crash kept the line from hearing."""
    gone = book(store, FOURTEEN)
    waiting = book(store, FOURTEEN, phone=QIANG)
    Offer.objects.filter(appointment=gone).delete()
    Appointment.objects.filter(pk=gone.pk).update(status=Status.CANCELLED, cancelled_at=NOW)
    Claim.objects.of(gone).delete()

    run_due(at=NOW + MINUTE)

    assert fresh(waiting).realtor == wei
    assert claimed(waiting)[f"r:{wei.pk}"] == ["14:00-15:00"]


def test_a_hold_without_its_claims_goes_like_any_other(store, wei):
    held = services.hold(store, starts_at=FOURTEEN, by=GUEST, at=NOW)
    waiting = book(store, FOURTEEN, at=NOW + SECOND)
    Claim.objects.of(held).delete()

    run_due(at=held.expires_at)

    assert not Hold.objects.exists()
    assert fresh(waiting).realtor == wei


def test_an_offer_that_is_missing_is_not_waited_for_for_ever(store, wei, ming):
    """Nobody can answer it by a deadline, so who stays away is found by their silence."""
    online(wei, at=TEN)
    lan = join(store, at=TEN)
    lan.offers.all().delete()
    online(ming, at=TEN + 25 * MINUTE)

    run_due(at=TEN + 31 * MINUTE)

    assert fresh(lan).realtor == ming


def test_a_store_that_has_given_up_keeps_nobody_in_line_for_ever(store, wei):
    lan = join(store, at=TEN)
    offline(wei, at=TEN)
    store.is_active = False
    store.save()

    run_due(at=TEN + 3 * HOUR)

    assert fresh(lan).cancel_reason == "queue_timeout"


def test_rounds_of_lines_cost_nothing_where_nobody_waits(django_assert_max_num_queries):
    for number in range(5):
        hire(open_store(f"store-{number}"), f"R{number}")

    with django_assert_max_num_queries(4):
        queueing.sweep_lines(at=TEN)
