"""Sessions in the back office: seats are counted, conflicts named, steps taken by the services."""

from datetime import timedelta

from django.core.cache import cache
from django.utils import timezone

from appointments import services
from appointments.models import Appointment, Session, SessionRule
from booking_site.common.actors import SYSTEM
from realtors.models import Listing, TimeOff
from stores.models import SpecialDay
from tests.appointments.courses import lock, take_seat
from tests.factories import UserFactory

from .forms import formset
from .places import list_of, page_of, seated, start_at
from .pressing import queries_of, said
from .test_exporting import export, rows_of

LIST = list_of(Session)


def shown(client, **query) -> list[Session]:
    return list(client.get(LIST, query).context["cl"].queryset)


def take_step(client, session: Session, step: str, **sent):
    return client.post(f"{LIST}{session.pk}/{step}/", {"_sent": "1", **sent}, follow=True)


def choose(client, step: str, *sessions: Session, **sent):
    chosen = {"action": step, "_selected_action": [one.pk for one in sessions], **sent}
    return client.post(LIST, chosen, follow=True)


# What is shown


def test_the_list_says_how_many_seats_are_taken(ann, session, fang):
    seated(session, fang)
    lock(session, UserFactory(), at=timezone.now())

    html = ann.get(LIST, {"seats": "full"}).content.decode()

    assert "2 / 2" in html


def test_full_sessions_and_those_with_a_seat_left_are_told_apart(ann, session, fang):
    seated(session, fang)
    assert session in shown(ann, seats="free")

    seated(session, UserFactory())

    assert session not in shown(ann, seats="free")
    assert shown(ann, seats="full") == [session]


def test_what_was_not_paid_in_time_takes_no_seat(ann, session, fang):
    seated(session, fang)
    take_seat(session, UserFactory(), at=timezone.now() - timedelta(minutes=6))

    assert session in shown(ann, seats="free")


def test_a_session_of_last_week_still_says_who_was_there(ann, session, fang):
    """Claims of what is long over are forgotten; bookings stay."""
    seated(session, fang)
    before = timezone.now() - timedelta(days=7)
    Session.objects.filter(pk=session.pk).update(
        starts_at=before, ends_at=before + timedelta(hours=1), status="completed"
    )
    Appointment.objects.filter(session=session).update(status="completed")
    session.claims.all().delete()

    assert "1 / 2" in ann.get(LIST, {"when": "past"}).content.decode()


def test_more_sessions_cost_no_more_queries(ann, course, session, fang):
    cache.clear()
    few = queries_of(ann, LIST)
    for days in range(6, 14):
        starts_at = start_at(course.store, days=days, hour=15)
        services.open_session(course, starts_at=starts_at, by=SYSTEM, at=timezone.now())
    seated(session, fang)

    assert queries_of(ann, LIST) <= few


def test_a_teacher_s_time_off_stands_beside_the_session_and_on_the_first_page(ann, ours, session):
    assert shown(ann, conflict="yes") == []
    TimeOff.objects.create(
        realtor=ours.realtor, starts_at=session.starts_at, ends_at=session.ends_at
    )

    cards = {one["label"]: one for one in ann.get("/admin/").context["attention_cards"]}

    assert shown(ann, conflict="yes") == [session]
    assert "teacher has time off" in ann.get(LIST).content.decode()
    assert cards["Sessions that cannot take place"]["count"] == 1
    rows = ann.get(cards["Sessions that cannot take place"]["link"]).context["cl"]
    assert rows.result_count == 1


def test_a_manager_hears_of_no_conflict_in_another_store(ann, theirs):
    planned = Session.objects.get(store=theirs.store)
    TimeOff.objects.create(
        realtor=theirs.realtor, starts_at=planned.starts_at, ends_at=planned.ends_at
    )

    cards = {one["label"]: one["count"] for one in ann.get("/admin/").context["attention_cards"]}

    assert cards["Sessions that cannot take place"] == 0


def test_its_page_names_who_has_a_seat(ann, session, fang):
    appointment = seated(session, fang)

    html = ann.get(page_of(session)).content.decode()

    assert appointment.code in html
    assert "1 / 2" in html


def test_sessions_are_taken_out_as_a_file_with_their_seats(ann, session, fang):
    seated(session, fang)

    rows = rows_of(export(ann, Session))

    assert {row["Seats taken"] for row in rows} == {"0 / 8", "1 / 2"}


# Hours that change under it


def test_a_special_day_names_the_sessions_it_hits(ann, ours, session):
    day = session.starts_local.date()
    sent = {"store": ours.store.pk, "date": f"{day}", "note": "closed", **formset("intervals")}

    answer = ann.post(f"{list_of(SpecialDay)}add/", sent, follow=True)

    assert any(
        text.startswith("1 session lies outside the new hours and stays planned: Ann sings")
        for text in said(answer)
    )
    assert shown(ann, conflict="yes") == [session]


def test_time_off_names_the_sessions_within_it(ann, ours, session):
    starts, ends = session.starts_local, session.ends_local
    sent = {
        "realtor": ours.realtor.pk,
        "starts_at_0": f"{starts:%Y-%m-%d}",
        "starts_at_1": "08:00",
        "ends_at_0": f"{ends:%Y-%m-%d}",
        "ends_at_1": "20:00",
    }

    answer = ann.post(f"{list_of(TimeOff)}add/", sent, follow=True)

    assert any("session of theirs lies within it" in text for text in said(answer))


# Steps


def test_nothing_changes_before_somebody_was_asked(ann, session):
    page = ann.get(f"{LIST}{session.pk}/block/")

    session.refresh_from_db()
    assert page.status_code == 200
    assert session.status == "open"


def test_it_is_blocked_and_unblocked(ann, session, fang):
    take_step(ann, session, "block", reason="the piano is out of tune")
    session.refresh_from_db()
    assert (session.status, session.reason) == ("blocked", "the piano is out of tune")

    take_step(ann, session, "unblock")
    session.refresh_from_db()
    assert session.status == "open"


def test_called_off_it_gives_back_every_seat_and_says_why(ann, session, fang):
    appointment = seated(session, fang)

    nameless = take_step(ann, session, "call_off")
    assert "This field is required" in nameless.content.decode()
    take_step(ann, session, "call_off", reason="The teacher is ill")

    appointment.refresh_from_db()
    session.refresh_from_db()
    assert session.status == "cancelled"
    assert (appointment.status, appointment.cancel_reason) == ("cancelled", "The teacher is ill")
    assert appointment.cancel_fee == 0


def test_several_are_called_off_at_once(ann, course, session):
    starts_at = start_at(course.store, days=6, hour=15)
    other = services.open_session(course, starts_at=starts_at, by=SYSTEM, at=timezone.now())

    asked = choose(ann, "call_off", session, other)
    assert "Ann sings" in asked.content.decode()
    answer = choose(ann, "call_off", session, other, _sent="1", reason="A flood")

    assert "Call off: 2 done." in said(answer)


def test_what_was_called_off_is_not_called_off_again(ann, session):
    choose(ann, "call_off", session, _sent="1", reason="A flood")

    answer = choose(ann, "call_off", session, _sent="1", reason="A flood")

    assert any("This session is over, or was called off." in text for text in said(answer))


def test_one_that_has_not_begun_is_not_completed(ann, session):
    answer = choose(ann, "complete", session, _sent="1")

    assert any("It has not begun yet." in text for text in said(answer))
    assert "complete/" not in ann.get(page_of(session)).content.decode()


def test_seats_are_added_and_never_taken_from_anybody(ann, session, fang):
    seated(session, fang)
    seated(session, UserFactory())

    refused = take_step(ann, session, "seats", capacity=1, price_modifier=0)
    assert any("2 seats are taken already." in text for text in said(refused))
    take_step(ann, session, "seats", capacity=5, price_modifier="-10")

    session.refresh_from_db()
    assert (session.capacity, session.price) == (5, 70)


# Opening one


def opening(course: Listing, session: Session, **sent):
    day = session.starts_local.date() + timedelta(days=1)
    return {
        "listing": course.pk,
        "day": f"{day}",
        "clock": "10:00",
        "minutes": "",
        "capacity": "",
        "price_modifier": "0",
        **sent,
    }


def test_a_session_is_opened_by_the_clock_of_its_store(ann, course, session):
    ann.post(f"{LIST}add/", opening(course, session))

    opened = Session.objects.latest("pk")
    assert f"{opened.starts_local:%H:%M}" == "10:00"
    assert (opened.capacity, opened.duration_minutes) == (2, 60)


def test_time_off_speaks_against_it_until_somebody_knows_better(ann, ours, course, session):
    day = session.starts_at + timedelta(days=1)
    TimeOff.objects.create(
        realtor=ours.realtor, starts_at=day - timedelta(days=1), ends_at=day + timedelta(days=1)
    )

    refused = ann.post(f"{LIST}add/", opening(course, session))
    assert "Tick this if you know better." in refused.content.decode()
    count = Session.objects.count()
    ann.post(f"{LIST}add/", opening(course, session, override="on"))

    assert Session.objects.count() == count + 1


def test_no_session_is_opened_for_another_store_s_course(ann, theirs, course, session):
    foreign = Listing.objects.get(store=theirs.store)
    before = Session.objects.count()

    answer = ann.post(f"{LIST}add/", opening(course, session, listing=foreign.pk))

    assert answer.context["adminform"].form.errors["listing"]
    assert Session.objects.count() == before


def test_the_teacher_is_promised_once(ann, course, session):
    sent = opening(course, session, day=f"{session.starts_local.date()}", clock="15:30")

    answer = ann.post(f"{LIST}add/", sent, follow=True)

    assert any("something else" in text for text in said(answer))


# Rules


def test_a_rule_makes_its_sessions_and_is_ended(ann, course, session):
    first = session.starts_local.date()
    sent = {
        "listing": course.pk,
        "weekdays": [first.weekday()],
        "starts": "10:00",
        "first_date": f"{first}",
        "last_date": f"{first + timedelta(days=8)}",
        "capacity": "",
        "price_modifier": "0",
    }
    ann.post(f"{list_of(SessionRule)}add/", sent)

    rule = SessionRule.objects.latest("pk")
    assert rule.sessions.count() == 2
    path = f"{list_of(SessionRule)}{rule.pk}/end/"
    ann.post(path, {"_sent": "1", "call_off": "on", "reason": "No more singing"})

    rule.refresh_from_db()
    assert not rule.is_active
    assert {one.status for one in rule.sessions.all()} == {"cancelled"}
