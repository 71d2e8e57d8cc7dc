"""Starting, finishing, and the customer who did not come."""

from datetime import timedelta

import pytest

from appointments import errors, services
from appointments.models import Status
from tests.races.checker import faults

from .world import (
    HOUR,
    LAN,
    MINUTE,
    QIANG,
    acting,
    book,
    claimed,
    clock,
    confirmed,
    hire,
    open_store,
    owner,
    running,
)

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def test_work_starts_a_quarter_of_an_hour_early_at_most(store, wei):
    appointment = confirmed(store, clock("14:00"))

    with pytest.raises(errors.InvalidTransition) as refused:
        services.start(appointment, by=acting(wei), at=clock("13:45") - SECOND)
    assert refused.value.errors == {"start": ["too_early"]}
    services.start(appointment, by=acting(wei), at=clock("13:45"))

    appointment.refresh_from_db()
    assert (appointment.status, appointment.started_at) == (Status.IN_PROGRESS, clock("13:45"))


def test_what_was_not_accepted_cannot_be_started(store, wei):
    appointment = book(store, clock("14:00"))

    with pytest.raises(errors.InvalidTransition) as refused:
        services.start(appointment, by=acting(wei), at=clock("14:00"))
    assert refused.value.errors == {"status": ["pending"]}


def test_what_was_not_started_cannot_be_finished(store, wei):
    appointment = confirmed(store, clock("14:00"))

    with pytest.raises(errors.InvalidTransition):
        services.complete(appointment, by=acting(wei), at=clock("14:30"))


def test_work_in_progress_keeps_all_its_time(store, wei):
    appointment = running(store, clock("14:00"))

    assert claimed(appointment)[f"r:{wei.pk}"] == ["14:00-15:00"]


def test_finishing_early_frees_the_rest_with_the_five_minutes_that_run(store, wei):
    appointment = running(store, clock("14:00"))

    services.complete(appointment, by=acting(wei), at=clock("14:22"))

    assert claimed(appointment) == {f"r:{wei.pk}": ["14:00-14:20"], f"p:{LAN}": ["14:00-14:20"]}
    assert faults(clock("14:22")) == []


def test_finishing_early_frees_the_buffer_too():
    store = open_store(buffer_before_minutes=10, buffer_after_minutes=30)
    wei = hire(store, "Wei")
    appointment = running(store, clock("14:00"))

    services.complete(appointment, by=acting(wei), at=clock("14:20"))

    assert claimed(appointment)[f"r:{wei.pk}"] == ["13:50-14:20"]
    assert book(store, clock("15:00"), phone=QIANG, at=clock("14:21"), queue=False).realtor == wei


def test_finishing_late_frees_nothing_that_was_used(store, wei):
    appointment = running(store, clock("14:00"))

    services.complete(appointment, by=acting(wei), at=clock("15:40"))

    assert claimed(appointment)[f"r:{wei.pk}"] == ["14:00-15:00"]
    assert faults(clock("15:40")) == []


def test_who_waits_is_served_by_whoever_finishes_early(store, wei):
    appointment = running(store, clock("14:00"), duration_minutes=180)
    waiting = book(store, clock("16:00"), phone=QIANG, at=clock("14:00"))
    assert waiting.realtor is None

    services.complete(appointment, by=acting(wei), at=clock("15:00"))

    waiting.refresh_from_db()
    assert waiting.realtor == wei
    assert faults(clock("15:00")) == []


def test_a_customer_is_not_missing_before_the_start(store, wei):
    appointment = confirmed(store, clock("14:00"))

    with pytest.raises(errors.InvalidTransition) as refused:
        services.mark_no_show(appointment, by=acting(wei), at=clock("14:00") - SECOND)
    assert refused.value.errors == {"no_show": ["too_early"]}
    services.mark_no_show(appointment, by=acting(wei), at=clock("14:00"))
    assert appointment.status == Status.NO_SHOW


def test_the_hour_of_a_customer_who_did_not_come_is_free_again(store, wei):
    appointment = confirmed(store, clock("14:00"), duration_minutes=180)
    waiting = book(store, clock("15:00"), phone=QIANG)

    services.mark_no_show(appointment, by=acting(wei), at=clock("14:16"))

    waiting.refresh_from_db()
    assert waiting.realtor == wei
    assert claimed(appointment)[f"r:{wei.pk}"] == ["14:00-14:15"]
    assert faults(clock("14:16")) == []


def test_a_customer_who_came_is_not_missing(store, wei):
    appointment = running(store, clock("14:00"))

    with pytest.raises(errors.InvalidTransition) as refused:
        services.mark_no_show(appointment, by=acting(wei), at=clock("14:10"))
    assert refused.value.errors == {"status": ["in_progress"]}


def test_work_that_runs_cannot_be_cancelled(store, wei):
    appointment = running(store, clock("14:00"))

    with pytest.raises(errors.InvalidTransition):
        services.cancel(appointment, by=owner(appointment), at=clock("14:10"))


def test_finished_is_finished(store, wei):
    appointment = running(store, clock("14:00"))
    services.complete(appointment, by=acting(wei), at=clock("14:50"))

    for again in (services.complete, services.start, services.mark_no_show, services.cancel):
        with pytest.raises(errors.InvalidTransition):
            again(appointment, by=acting(wei), at=clock("14:50") + HOUR)


def test_the_log_tells_the_whole_life(store, wei):
    appointment = running(store, clock("14:00"))
    services.complete(appointment, by=acting(wei), at=clock("14:50"))

    steps = [(entry.action, entry.from_status, entry.to_status) for entry in appointment.log.all()]
    assert steps == [
        ("created", "", "pending"),
        ("assigned", "pending", "pending"),
        ("confirmed", "pending", "confirmed"),
        ("started", "confirmed", "in_progress"),
        ("completed", "in_progress", "completed"),
    ]


def test_a_minute_of_overlap_is_never_promised_after_an_early_end(store, wei):
    appointment = running(store, clock("14:00"))
    services.complete(appointment, by=acting(wei), at=clock("14:59") + 59 * SECOND)

    assert claimed(appointment)[f"r:{wei.pk}"] == ["14:00-14:55"]
    assert book(store, clock("15:30"), phone=QIANG, at=clock("15:00") - MINUTE).realtor == wei
