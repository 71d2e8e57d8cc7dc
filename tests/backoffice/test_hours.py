"""Hours, special days, time off and policy: the services save them, and serve whoever waits."""

from datetime import time, timedelta

import pytest

from realtors.models import TimeOff
from stores.models import BookingPolicy, OpeningInterval, SpecialDay
from stores.selectors import policy_of
from tests.factories import RealtorFactory, StoreFactory

from .forms import formset, realtor_form, store_form
from .places import book, list_of, page_of, start_at


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
    assert 'value="09:00:00"' in operator.get(page_of(off)).content.decode()


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
    colleague = RealtorFactory(store=ours.store, name="Colleague", hours=[("06:00", "22:00")])
    sent = realtor_form(ours.realtor)
    del sent["is_active"]

    assert ann.post(page_of(ours.realtor), sent).status_code == 302

    ours.booked.refresh_from_db()
    assert ours.booked.realtor == colleague
