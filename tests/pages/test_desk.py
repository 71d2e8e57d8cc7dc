"""The desk of a store: walk-ins, check-in, the lobby with names. Staff only."""

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from appointments import services
from appointments.models import Appointment, AppointmentEvent, Status
from appointments.presenters.board import spaced
from booking_site.common.actors import SYSTEM
from realtors.models import Realtor
from stores.models import Store
from tests.appointments import world
from tests.factories import UserFactory, manager_of

from .shops import open_shop
from .visitor import Visitor

TEN = world.clock("10:00")
ENGLISH = {"accept-language": "en"}


@pytest.fixture(autouse=True)
def ten_o_clock(monday_morning: time_machine.Traveller) -> time_machine.Traveller:
    monday_morning.move_to(TEN)
    return monday_morning


@pytest.fixture
def hua(store: Store) -> Visitor:
    """Runs the store."""
    return signed_in(manager_of(store, display_name="Hua"))


def signed_in(user: User) -> Visitor:
    visitor = Visitor(Client(headers=ENGLISH))
    visitor.client.force_login(user)
    return visitor


def desk(store: Store, code: str = "") -> str:
    return f"/stores/{store.pk}/desk/" + (f"{code}/" if code else "")


def walk_in(hua: Visitor, store: Store, **changed: str):
    facts = {"name": "Lan", "phone": "138 0000 0001"} | changed
    return hua.client.post(f"{desk(store)}walk-in/", facts)


def step(hua: Visitor, store: Store, appointment: Appointment, what: str, **more: str) -> str:
    facts = {"step": what} | more
    answer = hua.client.post(desk(store, appointment.code), facts, follow=True)
    assert answer.status_code == 200
    appointment.refresh_from_db()
    return answer.content.decode()


# Who may


def test_a_guest_is_asked_to_sign_in(lan: Visitor, store: Store):
    for address in (desk(store), desk(store, "123456")):
        assert lan.client.get(address)["Location"] == f"/accounts/login/?next={address}"


def test_a_desk_left_open_after_the_session_ended_goes_to_the_sign_in_page(
    lan: Visitor, store: Store
):
    answer = lan.client.get(desk(store), headers={"HX-Request": "true"})

    assert answer["HX-Redirect"] == f"/accounts/login/?next={desk(store)}"


def test_for_customers_realtors_and_other_stores_managers_there_is_no_desk(
    store: Store, wei: Realtor, fang: User
):
    mine = world.join(store, at=TEN)
    elsewhere = manager_of(open_shop("Elsewhere"))
    for user in (fang, wei.user, elsewhere):
        visitor = signed_in(user)
        assert visitor.client.get(desk(store)).status_code == 404
        assert visitor.client.get(desk(store, mine.code)).status_code == 404
        assert walk_in(visitor, store).status_code == 404
        visitor.client.post(desk(store, mine.code), {"step": "leave"})
    mine.refresh_from_db()
    assert mine.status == Status.PENDING
    assert Appointment.objects.count() == 1


def test_operators_have_every_desk(store: Store):
    assert "Walk-in" in signed_in(UserFactory(operator=True)).look(desk(store))


def test_a_manager_who_is_no_longer_staff_has_none(store: Store, hua: Visitor):
    User.objects.update(is_staff=False)

    assert hua.client.get(desk(store)).status_code == 404


def test_a_second_factor_is_asked_for_where_the_back_office_asks(
    store: Store, hua: Visitor, settings
):
    settings.STAFF_MFA_REQUIRED = True

    answer = hua.client.get(desk(store))

    assert answer["Location"] == f"/admin/login/?next=/stores/{store.pk}/desk/"


def test_the_store_page_leads_staff_to_desk_and_board(store: Store, hua: Visitor, lan: Visitor):
    page = hua.look(f"/stores/{store.pk}/")
    assert f'href="{desk(store)}"' in page
    assert f'href="/stores/{store.pk}/board"' in page

    assert desk(store) not in lan.look(f"/stores/{store.pk}/")


# Walk-in


def test_a_walk_in_stands_in_line_as_a_guest(store: Store, wei: Realtor, hua: Visitor):
    answer = walk_in(hua, store)

    mine = Appointment.objects.get()
    assert answer["Location"] == desk(store, mine.code)
    assert (mine.user, mine.customer_name, mine.customer_phone) == (None, "Lan", world.LAN)
    assert (mine.live, mine.is_waiting) == (True, True)
    page = hua.look(desk(store, mine.code))
    assert "In line. Show the customer the code." in page
    assert f"<span>{mine.code[:3]}</span><span>{mine.code[3:]}</span>" in page
    assert "<svg" in page.split('class="ticket__qr"')[1][:60]
    assert "Number 1 in line" in page


def test_the_qr_code_leads_to_the_customers_page(
    store: Store, wei: Realtor, hua: Visitor, monkeypatch: pytest.MonkeyPatch
):
    addresses: list[str] = []
    monkeypatch.setattr(
        "appointments.views.desk.qr", lambda address: addresses.append(address) or ""
    )
    mine = world.join(store, at=TEN)

    hua.look(desk(store, mine.code))

    assert addresses == [f"http://testserver/appointments/{mine.code}/"]


def test_only_who_waits_in_a_line_is_told_to_watch_their_place(
    store: Store, wei: Realtor, hua: Visitor
):
    sentence = "The customer scans this to watch their place."
    booked = world.confirmed(store, world.clock("11:00"))
    behind = world.book(store, world.clock("11:00"), phone=world.QIANG)
    mine = world.join(store, phone="+8613800000007", at=TEN)
    assert behind.is_waiting

    assert sentence in hua.look(desk(store, mine.code))
    assert sentence in hua.look(desk(store, behind.code))
    assert sentence not in hua.look(desk(store, booked.code))
    step(hua, store, mine, "leave")
    assert sentence not in hua.look(desk(store, mine.code))


def test_who_did_it_is_written_down(store: Store, wei: Realtor, hua: Visitor):
    walk_in(hua, store)

    first = AppointmentEvent.objects.earliest("pk")
    assert first.actor_user is not None
    assert first.actor_user.display_name == "Hua"


def test_pressing_twice_joins_once(store: Store, wei: Realtor, hua: Visitor):
    first, second = walk_in(hua, store), walk_in(hua, store)

    assert first["Location"] == second["Location"]
    assert Appointment.objects.count() == 1
    assert "This number stands in line already." in hua.look(first["Location"])


def test_an_account_that_stands_there_is_not_doubled(
    store: Store, wei: Realtor, hua: Visitor, db: None
):
    bo = world.register("Bo", phone=world.QIANG, phone_verified=True)
    mine = world.join(store, customer=bo, phone=world.QIANG, at=TEN)

    answer = walk_in(hua, store, phone="138 0000 0002")

    assert answer["Location"] == desk(store, mine.code)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": ""}, "Please ask for the name."),
        ({"phone": ""}, "Please ask for the phone number."),
        ({"phone": "123"}, "This is not a telephone number we can call."),
    ],
)
def test_mistakes_are_shown_beside_the_field(
    store: Store, wei: Realtor, hua: Visitor, changed: dict[str, str], sentence: str
):
    answer = walk_in(hua, store, **changed)

    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not Appointment.objects.exists()


def test_after_closing_nobody_is_put_in_line(
    store: Store, wei: Realtor, hua: Visitor, ten_o_clock: time_machine.Traveller
):
    ten_o_clock.move_to(world.clock("18:30"))

    assert "Nobody serves here today any more." in walk_in(hua, store).content.decode()


def test_walking_in_is_only_sent(store: Store, hua: Visitor):
    assert hua.client.get(f"{desk(store)}walk-in/").status_code == 405


# Check-in


@pytest.mark.parametrize(
    "typed",
    [
        "{code}",
        "{spaced}",
        "https://yuejian.example/appointments/{code}/",
        "http://127.0.0.1:8000/appointments/{code}/?from=qr",
        "/appointments/{code}",
    ],
)
def test_a_code_is_found_typed_or_scanned(store: Store, wei: Realtor, hua: Visitor, typed: str):
    mine = world.join(store, at=TEN)

    text = typed.format(code=mine.code, spaced=spaced(mine.code))
    answer = hua.client.get(desk(store), {"code": text})

    assert answer["Location"] == desk(store, mine.code)


@pytest.mark.parametrize("typed", ["", "12345", "https://elsewhere.example/1234567/", "x" * 400])
def test_what_is_no_code_is_told_kindly(store: Store, hua: Visitor, typed: str):
    page = hua.look(desk(store), code=typed)

    assert 'class="errorlist"' in page


def test_another_stores_code_is_unknown_here(store: Store, hua: Visitor):
    elsewhere = open_shop("Elsewhere")
    world.hire(elsewhere, "Bao")
    theirs = world.join(elsewhere, at=TEN)

    assert "There is no appointment with this code in this store." in hua.look(
        desk(store), code=theirs.code
    )
    assert hua.client.get(desk(store, theirs.code)).status_code == 404
    assert hua.client.post(desk(store, theirs.code), {"step": "leave"}).status_code == 404


def test_a_visit_from_the_line_to_its_end(store: Store, wei: Realtor, hua: Visitor):
    world.online(wei, at=TEN)
    mine = world.join(store, at=TEN)

    page = hua.look(desk(store, mine.code))
    assert "Accept for Wei" in page
    assert "Leave the line" in page
    assert "Did not come" not in page

    assert "Start" in step(hua, store, mine, "accept")
    assert mine.status == Status.CONFIRMED
    assert "Complete" in step(hua, store, mine, "start")
    assert mine.status == Status.IN_PROGRESS
    page = step(hua, store, mine, "complete")
    assert mine.status == Status.COMPLETED
    assert 'name="step"' not in page


def test_somebody_expected_is_checked_in_and_stands_so_in_the_lobby(
    store: Store, wei: Realtor, hua: Visitor
):
    booked = world.confirmed(store, world.clock("11:00"))
    page = hua.look(desk(store, booked.code))
    # The likeliest step is the first button.
    assert page.index('value="arrived"') < page.index('value="leave"')

    page = step(hua, store, booked, "arrived")

    assert booked.arrived_at == TEN
    assert "here since 10:00" in page
    assert 'value="arrived"' not in page
    lobby = hua.look(desk(store)).split('id="upcoming-title"')[1]
    assert "here</span>" in lobby.split("</section>")[0]


def test_who_did_not_come_is_marked(store: Store, wei: Realtor, hua: Visitor):
    world.online(wei, at=TEN)
    mine = world.join(store, at=TEN)
    services.accept(mine, by=SYSTEM, at=TEN)

    step(hua, store, mine, "no-show")

    assert mine.status == Status.NO_SHOW


def test_who_leaves_is_taken_out_of_the_line(store: Store, wei: Realtor, hua: Visitor):
    mine = world.join(store, at=TEN)

    step(hua, store, mine, "leave")

    assert (mine.status, mine.cancel_reason) == (Status.CANCELLED, "")


def test_calling_off_is_asked_about_first(store: Store, wei: Realtor, hua: Visitor):
    booked, mine = world.confirmed(store, world.clock("11:00")), world.join(store, at=TEN)
    for one, question in ((booked, "Cancel the appointment?"), (mine, "Leave the line?")):
        page = hua.look(desk(store, one.code))
        before, asked = page.split('<details class="fold" id="leave">')
        assert 'value="leave"' not in before
        asked = asked.split("</details>")[0]
        assert f"<summary>{question}</summary>" in asked
        assert 'name="reason"' in asked
        assert 'name="step" value="leave"' in asked


def test_whoever_is_called_off_at_the_desk_is_told_why(store: Store, wei: Realtor, hua: Visitor):
    booked = world.confirmed(store, world.clock("11:00"))

    step(hua, store, booked, "leave", reason="A pipe has burst.")

    assert (booked.status, booked.cancel_reason) == (Status.CANCELLED, "A pipe has burst.")
    assert 'id="leave"' not in hua.look(desk(store, booked.code))


def test_a_booking_is_not_called_off_without_a_reason(store: Store, wei: Realtor, hua: Visitor):
    booked = world.confirmed(store, world.clock("11:00"))

    page = step(hua, store, booked, "leave", reason=" ")

    assert booked.status == Status.CONFIRMED
    assert "Please say why; the customer is told." in page
    assert '<details class="fold" id="leave" open>' in page


def test_what_is_over_is_not_called_off_again(store: Store, wei: Realtor, hua: Visitor):
    booked = world.confirmed(store, world.clock("11:00"))
    step(hua, store, booked, "leave", reason="A pipe has burst.")

    assert "This is not possible" in step(hua, store, booked, "leave")


def test_a_step_that_is_not_possible_any_more_says_so(store: Store, wei: Realtor, hua: Visitor):
    mine = world.join(store, at=TEN)

    assert "This is not possible" in step(hua, store, mine, "complete")
    assert mine.status == Status.PENDING


@pytest.mark.parametrize("what", ["", "explode", "join"])
def test_no_other_step_is_known(store: Store, wei: Realtor, hua: Visitor, what: str):
    mine = world.join(store, at=TEN)

    step(hua, store, mine, what)

    assert mine.status == Status.PENDING


def test_a_scheduled_visit_says_from_when_it_may_start(
    store: Store, wei: Realtor, hua: Visitor, ten_o_clock: time_machine.Traveller
):
    booked = world.confirmed(store, world.clock("11:30"), at=TEN)
    page = hua.look(desk(store, booked.code))
    assert "It can be started from today 11:15." in page
    assert 'value="start"' not in page

    ten_o_clock.move_to(world.clock("11:20"))

    assert 'value="start"' in hua.look(desk(store, booked.code))


# The lobby


def test_the_lobby_has_names_positions_waits_and_who_is_on_duty(
    store: Store, wei: Realtor, ming: Realtor, hua: Visitor
):
    world.online(wei, at=TEN)
    asked = world.join(store, at=TEN)
    world.join(store, phone=world.QIANG, at=TEN - world.MINUTE)
    expected = world.book(store, world.clock("11:30"), phone="+8613800000007", at=TEN)

    page = hua.look(desk(store))

    assert "Lan" in page
    assert "Qiang" in page
    assert "about 60 min" in page
    assert spaced(expected.code) in page
    assert f"To be answered: Lan {spaced(asked.code)}" in page
    assert page.index(">Wei<") < page.index(">Ming<")
    assert f'hx-get="{desk(store)}" hx-trigger="every 5s"' in page


def test_a_realtor_is_with_a_customer_only_once_the_work_has_begun(
    store: Store, wei: Realtor, hua: Visitor
):
    world.online(wei, at=TEN)
    mine = world.join(store, at=TEN)
    code = spaced(mine.code)

    def on_duty() -> str:
        return hua.look(desk(store)).split('id="people-title"')[1]

    asked = on_duty()
    services.accept(mine, by=SYSTEM, at=TEN)
    called = on_duty()
    services.start(mine, by=SYSTEM, at=TEN)

    assert f"To be answered: Lan {code}" in asked
    assert f"to be called · {code}" in called
    assert f"with {code}" not in asked + called
    assert f"with {code}" in on_duty()


def test_who_was_not_heard_of_is_not_counted_on(
    store: Store, wei: Realtor, hua: Visitor, ten_o_clock: time_machine.Traveller
):
    world.online(wei, at=TEN)
    ten_o_clock.move_to(world.clock("11:00"))

    assert "not heard of for a while" in hua.look(desk(store))


def test_whom_nobody_takes_is_marked(store: Store, wei: Realtor, hua: Visitor):
    world.online(wei, at=TEN)
    mine = world.join(store, at=TEN)
    services.decline(mine, by=world.acting(wei), at=TEN)

    assert "needs a person" in hua.look(desk(store))
    assert "please find somebody" in hua.look(desk(store, mine.code))


def test_whom_nobody_on_duty_takes_is_marked_before_all_who_work_have_refused(
    store: Store, wei: Realtor, ming: Realtor, hua: Visitor
):
    """Ming works too, but is not there."""
    world.online(wei, at=TEN)
    mine = world.join(store, at=TEN)
    services.decline(mine, by=world.acting(wei), at=TEN)
    mine.refresh_from_db()
    assert not mine.needs_person

    lobby, page = hua.look(desk(store)), hua.look(desk(store, mine.code))

    assert "needs a person" in lobby.split('id="serving-title"')[0]
    assert "please find somebody" in page
    assert "nobody can say yet" in page
    assert "about 5 minutes" not in page


def test_with_nobody_on_duty_the_desk_says_just_that(store: Store, wei: Realtor, hua: Visitor):
    mine = world.join(store, at=TEN)

    lobby, page = hua.look(desk(store)), hua.look(desk(store, mine.code))

    assert "nobody on duty right now" in lobby
    assert "nobody on duty right now" in page
    assert "needs a person" not in lobby
    assert "please find somebody" not in page


def test_an_empty_lobby(store: Store, hua: Visitor):
    page = hua.look(desk(store))

    assert "Nobody is waiting." in page
    assert "Nobody is expected." in page
    assert "Nobody works here yet." in page


def test_pages_of_the_desk_are_kept_nowhere(store: Store, wei: Realtor, hua: Visitor):
    mine = world.join(store, at=TEN)

    for address in (desk(store), desk(store, mine.code)):
        assert hua.client.get(address)["Cache-Control"] == "no-store, private"


def test_the_desk_needs_few_queries(store: Store, hua: Visitor):
    for number in range(12):
        world.online(world.hire(store, f"R{number}"), at=TEN)
    rows = [world.join(store, phone=phone, at=TEN) for phone in world.phones(30)]

    for address in (desk(store), desk(store, rows[-1].code)):
        with CaptureQueriesContext(connection) as queries:
            hua.look(address)
        assert len(queries) <= 15, [query["sql"][:90] for query in queries]
