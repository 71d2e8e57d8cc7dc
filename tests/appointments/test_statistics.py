"""GET statistics: what is counted, by whose calendar, and who may see it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from appointments import services
from appointments.models import Appointment
from appointments.selectors.statistics import Span, spans_of, statistics_of
from appointments.selectors.statistics.arithmetic import jain, mean, percentile
from appointments.services import LiveRequest
from booking_site.common.actors import SYSTEM
from realtors.models import Presence
from realtors.services import set_presence
from tests.callers import caller, data_of, refusal_of
from tests.factories import PolicyFactory, UserFactory, manager_of

from .courses import paid_seat, session_at, teach
from .world import (
    GUEST,
    HOUR,
    MINUTE,
    MONDAY,
    NOW,
    TUESDAY,
    away,
    book,
    clock,
    confirmed,
    hire,
    open_store,
    owner,
    phones,
    register,
    running,
    work_from,
)

NEW_YORK = ZoneInfo("America/New_York")
EVENING = clock("20:00")


@pytest.fixture
def evening(db):
    """All of it is looked at in the evening of that Monday."""
    with time_machine.travel(EVENING, tick=False):
        yield


def of_monday(store, **more):
    span = Span(store, MONDAY, MONDAY)
    return statistics_of([span], **more)


def served(store, starts_at, minutes=60, **more):
    appointment = running(store, starts_at, **more)
    return services.complete(appointment, by=SYSTEM, at=starts_at + minutes * MINUTE)


def join(store, phone, at):
    wish = LiveRequest(store=store, customer_name="Somebody", customer_phone=phone)
    return services.join(wish, by=GUEST, at=at)


def online(realtor, at=NOW):
    set_presence(realtor, Presence.ONLINE, by=SYSTEM, at=at)


# --- Arithmetic -------------------------------------------------------------------------------


def test_there_is_no_mean_of_nothing_and_no_fairness_among_idlers():
    assert (mean([]), percentile([], 95), jain([]), jain([0, 0])) == (None, None, None, None)


def test_the_95th_of_a_hundred_is_what_five_of_them_exceed():
    assert percentile(range(1, 101), 95) == 95
    assert percentile([3, 1, 2], 95) == 3
    assert percentile([7], 95) == 7


def test_fairness_goes_from_one_in_n_to_one():
    assert jain([0.5, 0.5, 0.5, 0.5]) == pytest.approx(1)
    assert jain([1, 0, 0, 0]) == pytest.approx(0.25)


@given(st.lists(st.floats(0.001, 1000), min_size=1), st.integers(1, 100))
def test_a_percentile_is_one_of_the_values_and_rises(values, percent):
    found = percentile(values, percent)

    assert found in values
    assert sum(value <= found for value in values) * 100 >= percent * len(values)
    assert percentile(values, 100) == max(values)


# --- What is counted --------------------------------------------------------------------------


@pytest.mark.django_db
def test_appointments_count_by_what_became_of_them(store, wei, ming):
    some = phones(6)
    served(store, clock("09:00"), phone=some[0])
    served(store, clock("10:00"), phone=some[1])
    late = confirmed(store, clock("11:00"), phone=some[2])
    services.mark_no_show(late, by=SYSTEM, at=clock("11:20"))
    off = book(store, clock("12:00"), phone=some[3])
    services.cancel(off, by=owner(off), at=clock("08:30"))
    confirmed(store, clock("15:00"), phone=some[4])
    book(store, clock("15:00", TUESDAY), phone=some[5])

    total = of_monday(store).total

    assert (total.created, total.completed, total.no_show) == (6, 2, 1)
    assert (total.cancelled, total.open) == (1, 1)
    assert total.success_rate == pytest.approx(0.5)


@pytest.mark.django_db
def test_nothing_over_has_no_rate(store, wei):
    book(store, clock("12:00"))

    assert of_monday(store).total.success_rate is None


@pytest.mark.django_db
def test_made_on_one_day_for_another_it_is_created_on_the_first_and_over_on_the_second(store, wei):
    served(store, clock("09:00", TUESDAY), at=clock("16:30"))

    found = statistics_of([Span(store, MONDAY, TUESDAY)])

    days = {day: (tally.created, tally.completed) for day, tally in found.by_day.items()}
    assert days == {MONDAY: (1, 0), TUESDAY: (0, 1)}
    hours = {
        hour: (tally.created, tally.completed)
        for hour, tally in enumerate(found.by_hour)
        if tally.created or tally.completed
    }
    assert hours == {16: (1, 0), 9: (0, 1)}


@pytest.mark.django_db
def test_the_wait_of_the_live_line_is_until_somebody_said_yes(store, wei):
    online(wei)
    at = clock("10:00")
    online(wei, at)
    for phone, minutes in zip(phones(3), (4, 1, 4), strict=True):
        joined = join(store, phone, at)
        joined.refresh_from_db()
        services.accept(joined, by=SYSTEM, at=at + minutes * MINUTE)
        services.start(joined, by=SYSTEM, at=at + minutes * MINUTE)
        at += timedelta(minutes=30)
        services.complete(joined, by=SYSTEM, at=at)
        online(wei, at)
    join(store, phones(4)[3], at)

    total = of_monday(store).total

    assert total.waited == 3
    assert total.mean_wait_minutes == pytest.approx(3)
    assert total.p95_wait_minutes == pytest.approx(4)
    assert (total.created, total.completed, total.open) == (4, 3, 1)


@pytest.mark.django_db
def test_the_answer_to_a_scheduled_offer_is_no_wait_of_the_line(store, wei):
    first = book(store, clock("14:00"))
    services.accept(first, by=SYSTEM, at=NOW + 3 * MINUTE)
    second = book(store, clock("16:00"), phone=phones(1)[0])
    services.decline(second, by=SYSTEM, at=NOW + 5 * MINUTE)
    book(store, clock("17:00"), phone=phones(2)[1])

    total = of_monday(store).total

    assert (total.waited, total.mean_wait_minutes, total.p95_wait_minutes) == (0, None, None)
    assert (total.answered, total.mean_answer_minutes) == (2, pytest.approx(4))
    assert total.p95_answer_minutes == pytest.approx(5)


@pytest.mark.django_db
def test_what_the_policy_confirms_nobody_has_answered(store, wei):
    PolicyFactory(store=store, auto_confirm=True)
    book(store, clock("14:00"))

    assert of_monday(store).total.answered == 0


# --- How busy ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_utilisation_is_promised_of_working_time(store, wei, ming):
    work_from(ming, "09:00", "13:00")
    work_from(ming, "10:00", "10:30", kind="break")
    away(wei, clock("15:00"), clock("18:00"))
    confirmed(store, clock("09:00"), realtor=wei)
    confirmed(store, clock("11:00"), realtor=ming, phone=phones(1)[0], duration_minutes=90)
    book(store, clock("13:00"), realtor=wei, phone=phones(2)[1])

    found = of_monday(store)

    minutes = {
        one.realtor.name: (one.tally.busy_minutes, one.tally.working_minutes)
        for one in found.realtors
    }
    assert minutes == {"Wei": (60, 360), "Ming": (90, 210)}
    assert found.total.utilisation == pytest.approx(150 / 570)
    assert found.by_hour[11].busy_minutes == 60
    assert found.by_hour[12].utilisation == pytest.approx(30 / 120)
    assert found.by_hour[8].utilisation is None
    assert found.fairness == pytest.approx(jain([60 / 360, 90 / 210]))


@pytest.mark.django_db
def test_a_session_keeps_its_teacher_busy_once_however_many_sit_in_it(store, wei):
    """From nine to six are nine hours; of two sessions one is booked, by three, from ten to half
    past eleven, and it ends at eleven."""
    piano = teach(store, teacher=wei)
    booked = session_at(piano, clock("10:00"), duration_minutes=90)
    session_at(piano, clock("14:00"))
    for name in ("Fang", "Bo", "Lan"):
        paid_seat(booked, register(name))

    found = of_monday(store)

    assert (found.total.busy_minutes, found.total.working_minutes) == (90, 540)
    assert [found.by_hour[hour].busy_minutes for hour in (10, 11, 14)] == [60, 30, 0]
    assert (found.total.created, found.total.open) == (3, 3)
    services.complete_session(booked, by=SYSTEM, at=clock("11:00"))
    found = of_monday(store)
    assert (found.total.busy_minutes, found.total.completed) == (60, 3)


@pytest.mark.django_db
def test_what_ends_early_keeps_nobody_busy_until_its_booked_end(store, wei):
    served(store, clock("09:00"), minutes=20)

    assert of_monday(store).total.busy_minutes == 20


@pytest.mark.django_db
def test_what_was_promised_and_not_kept_keeps_nobody_busy(store, wei):
    gone = confirmed(store, clock("09:00"))
    services.mark_no_show(gone, by=SYSTEM, at=clock("09:20"))

    assert of_monday(store).total.busy_minutes == 0


@pytest.mark.django_db
def test_a_night_is_parted_at_midnight_by_the_clock_of_the_store(db):
    store = open_store("bar", opens="20:00", closes="04:00")
    hire(store, "Wei")
    confirmed(store, clock("23:30"))

    found = statistics_of([Span(store, MONDAY, TUESDAY)])

    assert [tally.busy_minutes for tally in found.by_day.values()] == [30, 30]
    # The night before reaches into the day, the last one ends with it.
    assert [tally.working_minutes for tally in found.by_day.values()] == [480, 480]
    tuesday = statistics_of([Span(store, TUESDAY, TUESDAY)])
    assert (tuesday.total.busy_minutes, tuesday.total.open) == (30, 0)


@pytest.mark.django_db
def test_load_is_who_is_held_from_the_live_line_at_this_moment(store, wei):
    PolicyFactory(store=store, realtor_max_load=2)
    online(wei)
    at = clock("10:00")
    online(wei, at)
    first = join(store, phones(1)[0], at)
    services.accept(first, by=SYSTEM, at=at)
    confirmed(store, clock("16:00"), phone=phones(2)[1])

    (one,) = of_monday(store).realtors

    assert (one.load, one.max_load) == (1, 2)
    # Accepted, but not begun: it has no time yet.
    assert one.tally.busy_minutes == 60


@pytest.mark.django_db
def test_who_left_is_named_for_what_they_did_and_is_no_longer_measured(store, wei, ming):
    served(store, clock("09:00"), realtor=ming)
    served(store, clock("09:00"), realtor=wei, phone=phones(1)[0])
    ming.is_active = False
    ming.save()
    gone = hire(store, "Never", is_active=False)

    found = of_monday(store)

    assert [one.realtor for one in found.realtors] == [wei, ming]
    assert gone not in [one.realtor for one in found.realtors]
    assert found.realtors[1].tally.completed == 1
    assert found.realtors[1].tally.utilisation is None
    assert found.fairness is None


# --- Calendars --------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_day_of_25_hours_has_the_doubled_hour_once_in_the_table_and_both_its_minutes(db):
    store = open_store("times-square", opens="00:00", closes="00:00", zone="America/New_York")
    wei = hire(store, "Wei")
    day = date(2026, 11, 1)
    before = clock("12:00", date(2026, 10, 31), NEW_YORK)
    first = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)  # 01:30 in summer time
    for n, starts_at in enumerate((first, first + HOUR)):
        made = book(
            store, starts_at, realtor=wei, phone=phones(2)[n], at=before, duration_minutes=30
        )
        services.accept(made, by=SYSTEM, at=before)

    found = statistics_of([Span(store, day, day)])

    assert found.total.working_minutes == 25 * 60
    assert found.by_hour[1].open == 2
    assert found.by_hour[1].working_minutes == 120
    assert found.by_hour[1].busy_minutes == 60
    assert list(found.by_day) == [day]


@pytest.mark.django_db
def test_a_day_of_23_hours_has_an_hour_in_which_nobody_works(db):
    store = open_store("times-square", opens="00:00", closes="00:00", zone="America/New_York")
    hire(store, "Wei")
    day = date(2026, 3, 8)

    found = statistics_of([Span(store, day, day)])

    assert found.total.working_minutes == 23 * 60
    assert found.by_hour[2].working_minutes == 0


@pytest.mark.django_db
def test_each_store_has_its_own_today(evening):
    """In the evening of Shanghai's Monday New York has its morning; an hour past midnight it is
    Tuesday here and still Monday there."""
    here, there = open_store(), open_store("times-square", zone="America/New_York")

    spans = spans_of([here, there], first=None, last=None, at=clock("01:00", TUESDAY))

    assert [span.last for span in spans] == [TUESDAY, MONDAY]
    assert [(span.last - span.first).days for span in spans] == [29, 29]


@pytest.mark.django_db
def test_several_stores_count_together_each_by_its_own_calendar(db):
    here, there = open_store(), open_store("times-square", zone="America/New_York")
    hire(here, "Wei")
    hire(there, "Ann")
    confirmed(here, clock("09:00"))
    # Monday there, Tuesday here.
    confirmed(there, clock("14:00", MONDAY, NEW_YORK), phone=phones(1)[0])

    found = statistics_of([Span(here, MONDAY, MONDAY), Span(there, MONDAY, MONDAY)])

    assert (found.total.open, found.total.working_minutes) == (2, 2 * 540)
    assert (found.by_hour[9].open, found.by_hour[14].open) == (1, 1)


# --- Over HTTP --------------------------------------------------------------------------------


def test_a_manager_sees_their_store(store, wei, evening):
    served(store, clock("09:00"))
    hua = manager_of(store)

    data = data_of(caller(hua).get("statistics", store_id=store.pk))

    assert data["store_id"] == str(store.pk)
    assert (data["date_from"], data["date_to"]) == ("2026-02-01", "2026-03-02")
    assert (data["created"], data["completed"], data["success_rate"]) == (1, 1, 1.0)
    assert (data["mean_wait_minutes"], data["p95_wait_minutes"]) == (None, None)
    assert len(data["by_day"]) == 30
    assert [row["hour"] for row in data["by_hour"]] == list(range(24))
    assert data["by_day"][-1]["date"] == "2026-03-02"
    assert data["by_day"][-1]["utilisation"] == pytest.approx(60 / 540, abs=1e-4)
    (row,) = data["realtors"]
    assert (row["realtor_id"], row["realtor_name"], row["load"]) == (str(wei.pk), "Wei", 0)
    assert (row["busy_minutes"], row["max_load"]) == (60.0, 3)


def test_blank_parameters_are_missing_ones(store, wei, evening):
    blank = {"store_id": "", "date_from": "", "date_to": "", "realtor_id": ""}

    data = data_of(caller(manager_of(store)).get("statistics", **blank))

    assert (data["store_id"], len(data["by_day"])) == (str(store.pk), 30)


def test_one_realtor_of_the_store_by_day_and_hour(store, wei, ming, evening):
    served(store, clock("09:00"), realtor=ming)
    served(store, clock("10:00"), realtor=wei, phone=phones(1)[0])

    data = data_of(caller(manager_of(store)).get("statistics", realtor_id=ming.pk))

    assert (data["completed"], data["realtor_id"]) == (1, str(ming.pk))
    assert [row["realtor_id"] for row in data["realtors"]] == [str(ming.pk)]
    assert data["by_hour"][9]["busy_minutes"] == 60
    assert data["by_hour"][10]["busy_minutes"] == 0
    assert data["fairness"] is None


def test_a_provider_sees_what_is_their_own_and_nobody_elses(store, wei, ming, evening):
    served(store, clock("09:00"), realtor=ming)
    served(store, clock("10:00"), realtor=wei, phone=phones(1)[0])
    book(store, clock("12:00", TUESDAY), realtor=ming, phone=phones(2)[1])

    for query in ({}, {"store_id": store.pk}, {"realtor_id": wei.pk}):
        data = data_of(caller(wei.user).get("statistics", **query))

        assert (data["created"], data["completed"], data["realtor_id"]) == (1, 1, str(wei.pk))
        assert [row["realtor_name"] for row in data["realtors"]] == ["Wei"]


def test_a_provider_alone_sees_all_of_their_store(evening):
    store = open_store("one-wei")
    wei = hire(store, "Wei")
    gone = book(store, clock("12:00"))
    services.decline(gone, by=SYSTEM, at=NOW)

    data = data_of(caller(wei.user).get("statistics"))

    assert (data["created"], data["realtor_id"]) == (1, None)


def test_an_operator_sees_all_stores_at_once(store, wei, evening):
    other = open_store("bund")
    hire(other, "Yun")
    served(store, clock("09:00"))
    served(other, clock("09:00"), phone=phones(1)[0])

    data = data_of(caller(UserFactory(operator=True)).get("statistics"))

    assert (data["store_id"], data["completed"], len(data["realtors"])) == (None, 2, 2)
    assert {row["store_id"] for row in data["realtors"]} == {str(store.pk), str(other.pk)}


def test_an_operator_without_any_store_sees_nothing_and_no_error(evening):
    data = data_of(caller(UserFactory(operator=True)).get("statistics"))

    assert (data["created"], data["by_day"], data["date_from"]) == (0, [], None)


@pytest.mark.parametrize("whose", ["manager", "provider"])
def test_a_foreign_store_is_not_found(store, wei, whose):
    other = open_store("bund")
    user = manager_of(store) if whose == "manager" else wei.user

    answer = caller(user).get("statistics", store_id=other.pk)

    assert set(refusal_of(answer, 404, "not_found")) == {"store_id"}


@pytest.mark.parametrize("whose", ["manager", "provider"])
def test_a_foreign_realtor_is_not_found(store, wei, ming, whose):
    yun = hire(open_store("bund"), "Yun")
    user, asked = (manager_of(store), yun) if whose == "manager" else (wei.user, ming)

    answer = caller(user).get("statistics", realtor_id=asked.pk)

    assert set(refusal_of(answer, 404, "not_found")) == {"realtor_id"}


@pytest.mark.parametrize("name", ["store_id", "realtor_id"])
@pytest.mark.parametrize("number", ["abc", "-1", "9" * 30, "0"])
def test_what_is_no_id_is_nobodys(store, name, number):
    answer = caller(manager_of(store)).get("statistics", **{name: number})

    refusal_of(answer, 404, "not_found")


def test_customers_and_staff_of_nothing_may_not(store):
    for user in (register("Fang"), UserFactory(is_staff=True)):
        refusal_of(caller(user).get("statistics"), 403, "forbidden")
        refusal_of(caller(user).get("statistics", store_id=store.pk), 403, "forbidden")


def test_guests_are_asked_who_they_are(store):
    refusal_of(caller().get("statistics", store_id=store.pk), 401, "unauthenticated")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"date_from": "soon"}, "date_from"),
        ({"date_to": "2026-02-30"}, "date_to"),
        ({"date_from": "2026-03-02", "date_to": "2026-03-01"}, "date_from"),
        ({"date_from": "2025-03-01", "date_to": "2026-03-02"}, "date_from"),
        ({"date_from": "2020-01-01"}, "date_from"),
        ({"date_to": "9999-12-31"}, "date_to"),
        ({"date_from": "0001-01-01"}, "date_from"),
    ],
    ids=repr,
)
def test_dates_that_make_no_sense_are_refused_by_field(store, evening, query, field):
    answer = caller(manager_of(store)).get("statistics", **query)

    assert set(refusal_of(answer, 400, "invalid")) == {field}


@pytest.mark.parametrize(
    ("query", "days"),
    [
        ({"date_from": "2025-03-02", "date_to": "2026-03-02"}, 366),
        ({"date_from": "2026-03-02"}, 1),
        ({"date_from": "2026-05-01"}, 1),
        ({"date_to": "2026-01-31"}, 30),
        ({"date_to": "1970-01-02"}, 1),
        ({"date_to": "2999-12-31"}, 30),
    ],
    ids=repr,
)
def test_dates_that_do_are_answered_day_by_day(store, wei, evening, query, days):
    data = data_of(caller(manager_of(store)).get("statistics", **query))

    assert len(data["by_day"]) == days


def test_the_number_of_queries_depends_on_nothing(evening):
    """One store, realtor and booking, then five zones with many."""

    def queries(user, **query):
        with CaptureQueriesContext(connection) as found:
            data_of(caller(user).get("statistics", **query))
        return len(found)

    operator = UserFactory(operator=True)
    store = open_store("first")
    wei = hire(store, "Wei")
    served(store, clock("09:00"))
    few = queries(operator)
    zones = ("Asia/Tokyo", "Europe/Paris", "America/New_York", "Asia/Kolkata", "Asia/Shanghai")
    for n, zone in enumerate(zones):
        other = open_store(f"store-{n}", opens="00:00", closes="00:00", zone=zone)
        for name in ("A", "B", "C"):
            hire(other, f"{name}{n}")
        for phone in phones(4, first=100 * n + 100):
            served(other, clock("15:00"), phone=phone) if phone.endswith("0") else book(
                other, clock("15:00"), phone=phone
            )

    assert queries(operator) == few <= 14
    assert queries(operator, date_from="2025-06-01") == few
    assert queries(wei.user) <= 16


@pytest.mark.django_db
def test_another_stores_rows_are_not_read(store, wei):
    """What a store's figures cost does not grow with its neighbours."""
    other = open_store("bund")
    hire(other, "Yun")
    for phone in phones(3):
        book(other, clock("14:00"), phone=phone)
    book(store, clock("14:00"), phone=phones(9)[8])

    with CaptureQueriesContext(connection) as queries:
        of_monday(store)

    asked = [query["sql"] for query in queries if Appointment._meta.db_table in query["sql"]]
    assert asked
    assert all("store_id" in sql for sql in asked)
