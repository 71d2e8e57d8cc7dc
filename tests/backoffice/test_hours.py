"""Hours, special days, time off and policy: the services save them, and serve whoever waits."""

from datetime import time, timedelta

import pytest

from appointments.models import Appointment
from booking_site.common.periods import local_day
from realtors.models import TimeOff
from stores.models import BookingPolicy, OpeningInterval, SpecialDay, SpecialInterval
from stores.selectors import policy_of
from tests.factories import ROUND_THE_CLOCK, RealtorFactory, StoreFactory

from .forms import formset, realtor_form, store_form
from .places import book, list_of, page_of, put, start_at
from .pressing import said


def test_a_manager_changes_the_week(ann, ours):
    rows = [{"id": "", "weekday": 0, "opens": "09:00", "closes": "12:00"}]
    there = [
        {
            "id": row.pk,
            "weekday": row.weekday,
            "opens": row.opens,
            "closes": row.closes,
            "DELETE": "on",
        }
        for row in ours.store.opening_intervals.all()
    ]
    answer = ann.post(page_of(ours.store), store_form(ours.store, hours=[*there, *rows]))

    assert answer.status_code == 302
    week = OpeningInterval.objects.filter(store=ours.store)
    assert [(row.weekday, row.opens, row.closes) for row in week] == [(0, time(9), time(12))]


def test_hours_that_overlap_are_refused_in_the_form(ann, ours):
    there = store_form(ours.store)
    count = int(there["opening_intervals-TOTAL_FORMS"])
    extra = {"weekday": 0, "opens": "09:00", "closes": "12:00", "id": ""}
    sent = there | {
        f"opening_intervals-{count}-{name}": str(value) for name, value in extra.items()
    }
    sent["opening_intervals-TOTAL_FORMS"] = str(count + 1)

    answer = ann.post(page_of(ours.store), sent)

    assert "These hours overlap." in answer.content.decode()
    assert OpeningInterval.objects.filter(store=ours.store).count() == count


def test_more_working_hours_serve_whoever_waits(ann, ours):
    short = RealtorFactory(store=ours.store, name="Short", hours=[("06:00", "07:00")])
    work = [{"id": "", "weekday": day, "starts": "08:00", "ends": "20:00"} for day in range(7)]

    answer = ann.post(page_of(short), realtor_form(short, work))

    ours.waiting.refresh_from_db()
    assert answer.status_code == 302
    assert ours.waiting.realtor == short


def test_time_off_taken_back_serves_whoever_waits(ann, ours):
    start = start_at(ours.store, days=3, hour=10)
    off = TimeOff.objects.create(
        realtor=ours.realtor, starts_at=start, ends_at=start + timedelta(hours=4)
    )
    waiting = book(ours.store, start, customer="Late Lee", number=77)
    assert waiting.realtor is None

    ann.post(f"{list_of(TimeOff)}{off.pk}/delete/", {"post": "yes"})

    waiting.refresh_from_db()
    assert waiting.realtor == ours.realtor


def test_time_off_is_typed_by_the_clock_of_the_realtor_s_store(operator):
    store = StoreFactory(time_zone="America/New_York")
    realtor = RealtorFactory(store=store)
    sent = {
        "realtor": realtor.pk,
        "starts_at_0": "2027-07-01",
        "starts_at_1": "09:00",
        "ends_at_0": "2027-07-01",
        "ends_at_1": "17:00",
    }
    assert operator.post(f"{list_of(TimeOff)}add/", sent).status_code == 302

    off = TimeOff.objects.get(realtor=realtor)
    assert off.starts_at.isoformat() == "2027-07-01T13:00:00+00:00"
    assert 'value="09:00"' in operator.get(page_of(off)).content.decode()


def test_time_off_that_the_service_refuses_is_explained(ann, ours):
    """It would overlap what there is already."""
    there = ours.time_off.starts_at.astimezone(ours.store.zone)
    sent = {
        "realtor": ours.realtor.pk,
        "starts_at_0": f"{there:%Y-%m-%d}",
        "starts_at_1": f"{there:%H:%M}",
        "ends_at_0": f"{there:%Y-%m-%d}",
        "ends_at_1": f"{there + timedelta(hours=1):%H:%M}",
    }
    answer = ann.post(f"{list_of(TimeOff)}add/", sent, follow=True)

    assert "This overlaps other time off." in answer.content.decode()
    assert TimeOff.objects.filter(realtor=ours.realtor).count() == 1


def special_day_form(day, hours=(), **more):
    return {"date": day, "note": "Party", **formset("intervals", hours), **more}


def test_a_special_day_comes_with_its_hours(ann, ours):
    hours = [{"id": "", "opens": "10:00", "closes": "14:00"}]
    sent = special_day_form("2030-05-05", hours, store=ours.store.pk)

    assert ann.post(f"{list_of(SpecialDay)}add/", sent).status_code == 302

    special = SpecialDay.objects.get(note="Party")
    assert [str(interval) for interval in special.intervals.all()] == ["10:00–14:00"]


def test_a_special_day_without_hours_is_closed(ann, ours):
    row = ours.special_day.intervals.get()
    sent = special_day_form(ours.special_day.date)
    sent |= formset(
        "intervals", [{"id": row.pk, "opens": row.opens, "closes": row.closes, "DELETE": "on"}], 1
    )

    assert ann.post(page_of(ours.special_day), sent).status_code == 302

    assert not ours.special_day.intervals.exists()


def test_a_special_day_in_the_past_is_refused_with_the_reason(ann, ours):
    sent = special_day_form("2020-05-05", store=ours.store.pk)

    answer = ann.post(f"{list_of(SpecialDay)}add/", sent, follow=True)

    assert "This date is past." in answer.content.decode()
    assert not SpecialDay.objects.filter(note="Party").exists()


def outside(answer) -> list[str]:
    return [one for one in said(answer) if "outside the new hours" in one]


def day_of(ours):
    return ours.booked.starts_at.astimezone(ours.store.zone).date()


def closed_on(ours, day, *hours) -> SpecialDay:
    """It stands there already; nothing has been said of it."""
    special = SpecialDay.objects.create(store=ours.store, date=day, note="Party")
    for opens, closes in hours:
        SpecialInterval.objects.create(special_day=special, opens=opens, closes=closes)
    return special


def test_a_special_day_that_closes_over_promises_names_them(ann, ours):
    elsewhere = book(ours.store, start_at(ours.store, days=3, hour=10), customer="Lee", number=77)
    sent = special_day_form(day_of(ours), store=ours.store.pk)

    answer = ann.post(f"{list_of(SpecialDay)}add/", sent, follow=True)

    (told,) = outside(answer)
    assert "2 appointments lie outside" in told
    assert ours.booked.code in told
    assert ours.waiting.code in told
    assert elsewhere.code not in told


def test_a_special_day_whose_hours_hold_all_promises_warns_of_nothing(ann, ours):
    hours = [{"id": "", "opens": "09:00", "closes": "14:00"}]
    sent = special_day_form(day_of(ours), hours, store=ours.store.pk)

    answer = ann.post(f"{list_of(SpecialDay)}add/", sent, follow=True)

    assert SpecialDay.objects.filter(note="Party").exists()
    assert outside(answer) == []


def test_other_hours_of_a_special_day_name_who_is_outside_and_another_reason_nobody(ann, ours):
    special = closed_on(ours, day_of(ours), (time(9), time(14)))
    row = special.intervals.get()
    kept = {"id": row.pk, "opens": "09:00", "closes": "14:00"}

    later = special_day_form(special.date, [kept | {"opens": "12:00"}])
    later["intervals-INITIAL_FORMS"] = "1"
    answer = ann.post(page_of(special), later, follow=True)
    assert ours.booked.code in outside(answer)[0]

    row = special.intervals.get()
    noted = special_day_form(
        special.date, [{"id": row.pk, "opens": "12:00", "closes": "14:00"}], note="Feast"
    )
    noted["intervals-INITIAL_FORMS"] = "1"
    answer = ann.post(page_of(special), noted, follow=True)
    special.refresh_from_db()
    assert special.note == "Feast"
    assert outside(answer) == []


def test_a_special_day_moved_to_another_date_names_who_is_promised_then(ann, ours):
    special = closed_on(ours, day_of(ours) + timedelta(days=1))

    answer = ann.post(page_of(special), special_day_form(day_of(ours)), follow=True)

    assert ours.booked.code in outside(answer)[0]


@pytest.mark.parametrize("chosen", [False, True])
def test_a_special_day_taken_back_names_who_came_only_because_of_it(ann, ours, chosen):
    """From its page, and from the list with what else is chosen there: said once."""
    special = closed_on(ours, day_of(ours), (time(9), time(14)))
    other = closed_on(ours, day_of(ours) + timedelta(days=1), (time(9), time(14)))
    OpeningInterval.objects.filter(store=ours.store).update(opens=time(12), closes=time(20))

    if chosen:
        rows = {"action": "delete_selected", "_selected_action": [special.pk, other.pk]}
        answer = ann.post(list_of(SpecialDay), rows | {"post": "yes"}, follow=True)
    else:
        answer = ann.post(
            f"{list_of(SpecialDay)}{special.pk}/delete/", {"post": "yes"}, follow=True
        )

    assert not SpecialDay.objects.filter(pk=special.pk).exists()
    (told,) = outside(answer)
    assert ours.booked.code in told


def test_hours_into_the_night_that_are_taken_back_name_who_comes_after_midnight(ann, ours):
    OpeningInterval.objects.filter(store=ours.store).update(opens=time(9), closes=time(20))
    day = day_of(ours) + timedelta(days=1)
    special = closed_on(ours, day, (time(9), time(4)))
    night = promised(ours.realtor, start_at(ours.store, days=4, hour=1), "NIGHT1")

    answer = ann.post(f"{list_of(SpecialDay)}{special.pk}/delete/", {"post": "yes"}, follow=True)

    (told,) = outside(answer)
    assert night.code in told
    assert ours.booked.code not in told


@pytest.mark.parametrize("hours", [23, 25])
def test_a_special_day_on_which_the_clock_changes_is_as_long_as_it_is(operator, hours):
    """The first and the last hour by the store's clock belong to it, and those beside it do not."""
    store = StoreFactory(time_zone="America/New_York")
    realtor = RealtorFactory(store=store)
    tomorrow = start_at(store, days=1, hour=0).date()
    days = (local_day(tomorrow + timedelta(days=number), store.zone) for number in range(366))
    day = next(one for one in days if one.end - one.start == timedelta(hours=hours))
    hour = timedelta(hours=1)
    within = {day.start: "FIRST1", day.end - hour: "LAST01"}
    beside = {day.start - hour: "BEFORE", day.end: "AFTER1"}
    for start, code in (within | beside).items():
        promised(realtor, start, code)
    sent = special_day_form(day.start.astimezone(store.zone).date(), store=store.pk)

    answer = operator.post(f"{list_of(SpecialDay)}add/", sent, follow=True)

    (told,) = outside(answer)
    assert "FIRST1, LAST01." in told


def test_a_visit_past_midnight_is_within_the_hours_of_both_days(ann, ours):
    promised(ours.realtor, start_at(ours.store, days=9, hour=23), "NIGHT1", minutes=120)
    day = day_of(ours) + timedelta(days=7)
    hours = [{"id": "", "opens": "10:00", "closes": "00:00"}]
    sent = special_day_form(day, hours, store=ours.store.pk)

    answer = ann.post(f"{list_of(SpecialDay)}add/", sent, follow=True)

    assert SpecialDay.objects.filter(note="Party").exists()
    assert outside(answer) == []


def promised(realtor, start, code, minutes=60) -> Appointment:
    """As it stands in the books, whatever the hours and the policy say."""
    end = start + timedelta(minutes=minutes)
    made = put(realtor, start, "confirmed", ends_at=end, duration_minutes=minutes)
    Appointment.objects.filter(pk=made.pk).update(code=code)
    made.refresh_from_db()
    return made


def test_a_manager_sets_the_policy_on_the_store_s_page(ann, ours):
    figures = {"grid_minutes": "30", "fee_steps": "1440 20\n240 50", "auto_confirm": "true"}

    assert ann.post(page_of(ours.store), store_form(ours.store, policy=figures)).status_code == 302

    policy = policy_of(ours.store)
    assert (policy.grid_minutes, policy.auto_confirm) == (30, True)
    assert policy.fee_steps == ((1440, 20), (240, 50))


def test_an_empty_figure_shows_the_site_s_and_the_page_says_what_is_in_force(ann, ours):
    BookingPolicy.objects.create(store=None, grid_minutes=20)

    html = ann.get(page_of(ours.store)).content.decode()

    assert 'placeholder="20"' in html
    assert "Starts are offered every 20 minutes" in html


@pytest.mark.parametrize("steps", ["soon", "60 20 5", "60 150", "-5 20"])
def test_fee_steps_that_mean_nothing_are_refused(ann, ours, steps):
    answer = ann.post(page_of(ours.store), store_form(ours.store, policy={"fee_steps": steps}))

    assert answer.status_code == 200
    assert BookingPolicy.objects.get(store=ours.store).fee_steps is None


def test_there_is_one_row_for_the_site(operator):
    BookingPolicy.objects.create(store=None)

    answer = operator.post(f"{list_of(BookingPolicy)}add/", {"grid_minutes": "30"})

    assert answer.context["adminform"].form.errors["store"]
    assert BookingPolicy.objects.filter(store=None).count() == 1


def test_only_staff_become_managers(operator, ours, theirs):
    realtor_account = theirs.realtor.user
    sent = {"store": ours.store.pk, "user": realtor_account.pk}

    answer = operator.post("/admin/stores/storemembership/add/", sent)

    assert "may not enter the back office" in answer.content.decode()


def test_who_is_no_longer_active_hands_on_what_they_have_promised(ann, ours):
    colleague = RealtorFactory(store=ours.store, name="Colleague", hours=ROUND_THE_CLOCK)
    sent = realtor_form(ours.realtor)
    del sent["is_active"]

    assert ann.post(page_of(ours.realtor), sent).status_code == 302

    ours.booked.refresh_from_db()
    assert ours.booked.realtor == colleague
