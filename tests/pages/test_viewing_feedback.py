"""After a viewing the customer tells their host what they think of the house."""

from datetime import timedelta

import pytest

from accounts.models import User
from appointments import services
from appointments.models import Appointment, Verdict, ViewingFeedback
from booking_site.common.actors import SYSTEM, Actor
from realtors.models import Listing
from stores.models import Store
from tests.appointments import places, world

from .visitor import Visitor

YESTERDAY = world.clock("10:00") - timedelta(days=1)


@pytest.fixture
def flat(store: Store) -> Listing:
    return places.house(store, realtor=world.hire(store, "Jing"))


def seen(house: Listing, customer: User | None, *, completed: bool = True) -> Appointment:
    """Yesterday, half an hour from ten."""
    before = YESTERDAY - timedelta(hours=2)
    viewing = services.book(
        services.BookingRequest(
            store=house.store,
            listing=house,
            starts_at=YESTERDAY,
            customer=customer,
            customer_name="Fang",
            customer_phone="+8613800000009",
        ),
        by=Actor.of(customer) if customer else world.GUEST,
        at=before,
    )
    services.accept(viewing, by=world.acting(places.host_of(house)), at=before)
    if completed:
        services.start(viewing, by=SYSTEM, at=YESTERDAY)
        services.complete(viewing, by=SYSTEM, at=YESTERDAY + timedelta(minutes=30))
    return viewing


def test_the_page_of_the_viewing_asks(fang_at_home: Visitor, fang: User, flat: Listing):
    viewing = seen(flat, fang)

    page = fang_at_home.look(f"/appointments/{viewing.code}/")

    for said in (
        "How was it?",
        "I am interested",
        "It is not for me",
        "Only your host and their store read it.",
    ):
        assert said in page
    # The review for everybody stands beside it.
    assert f"/appointments/{viewing.code}/review/" in page


def test_it_is_kept_and_can_be_changed(fang_at_home: Visitor, fang: User, flat: Listing):
    viewing = seen(flat, fang)
    address = f"/appointments/{viewing.code}/feedback/"

    first = {"verdict": "interested", "note": "Light, quiet"}
    answer = fang_at_home.client.post(address, first, follow=True)
    assert "Your host has been told." in answer.content.decode()
    assert "Light, quiet" in answer.content.decode()
    fang_at_home.client.post(address, {"verdict": "not_for_me", "note": ""})

    told = ViewingFeedback.objects.get()
    assert (told.appointment, told.verdict, told.note) == (viewing, Verdict.NOT_FOR_ME, "")


@pytest.mark.parametrize("sent", [{}, {"verdict": "marvellous"}, {"note": "x" * 1001}])
def test_what_is_wrong_is_said_at_its_field(
    fang_at_home: Visitor, fang: User, flat: Listing, sent: dict[str, str]
):
    viewing = seen(flat, fang)

    answer = fang_at_home.client.post(f"/appointments/{viewing.code}/feedback/", sent)

    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert not ViewingFeedback.objects.exists()


def test_nobody_is_asked_before_it_is_over(fang_at_home: Visitor, fang: User, flat: Listing):
    viewing = seen(flat, fang, completed=False)
    address = f"/appointments/{viewing.code}/"

    assert "feedback/" not in fang_at_home.look(address)
    answer = fang_at_home.client.post(f"{address}feedback/", {"verdict": "interested"})

    assert answer["Location"] == address
    assert not ViewingFeedback.objects.exists()


def test_a_guest_is_not_asked(lan: Visitor, flat: Listing):
    """Whoever has no account cannot be recommended anything else, nor change their mind later."""
    viewing = seen(flat, None)
    lan.client.post(f"/appointments/{viewing.code}/proof/", {"digits": "0009"})
    address = f"/appointments/{viewing.code}/"

    assert "feedback/" not in lan.look(address)
    lan.client.post(f"{address}feedback/", {"verdict": "interested"})

    assert not ViewingFeedback.objects.exists()


def test_only_whoever_has_seen_it_says_something(lan: Visitor, fang: User, flat: Listing):
    viewing = seen(flat, fang)
    lan.client.force_login(world.register("Bo"))

    lan.client.post(f"/appointments/{viewing.code}/feedback/", {"verdict": "interested"})

    assert not ViewingFeedback.objects.exists()


def test_another_appointment_has_no_such_form(
    fang_at_home: Visitor, fang: User, store: Store, flat: Listing
):
    viewing = seen(flat, fang)
    Appointment.objects.filter(pk=viewing.pk).update(listing=None)

    assert "feedback/" not in fang_at_home.look(f"/appointments/{viewing.code}/")
