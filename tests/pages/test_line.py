"""Joining the line for a start at which nobody is free."""

from appointments.models import Appointment
from realtors.models import Realtor
from stores.models import Store
from tests.appointments import world

from .visitor import Visitor

TWO = world.clock("14:00")
START = "2026-03-02T06:00Z"


def line(store: Store) -> str:
    return f"/stores/{store.pk}/queue/?start={START.replace(':', '%3A')}"


def confirm(visitor: Visitor, store: Store) -> tuple[str, str]:
    """Address and key of the last step."""
    address = visitor.fill_in(line(store))
    page = visitor.look(address)
    return address, page.split('name="key" value="')[1].split('"')[0]


def test_a_taken_start_offers_its_line(lan: Visitor, store: Store, wei: Realtor):
    world.book(store, TWO, phone=world.QIANG)

    page = lan.look(f"/stores/{store.pk}/")

    assert f'href="{line(store)}"' in page


def test_the_page_says_what_waiting_means(lan: Visitor, store: Store, wei: Realtor):
    world.book(store, TWO, phone=world.QIANG)

    page = lan.look(line(store))

    assert "You would be number 1 in line for today 14:00." in page
    assert "If nobody is free by today 13:30, we cancel it and it costs you nothing." in page
    assert "Your own time is kept meanwhile" in page


def test_a_guest_joins_the_line(lan: Visitor, store: Store, wei: Realtor):
    world.book(store, TWO, phone=world.QIANG)
    address, key = confirm(lan, store)

    answer = lan.client.post(address, {"key": key}, follow=True)

    waiting = Appointment.objects.get(customer_phone=world.LAN)
    assert waiting.is_waiting
    assert "You are in line" in answer.content.decode()


def test_pressing_twice_joins_once(lan: Visitor, store: Store, wei: Realtor):
    world.book(store, TWO, phone=world.QIANG)
    address, key = confirm(lan, store)

    first, second = (lan.client.post(address, {"key": key}) for _press in range(2))

    assert first["Location"] == second["Location"]
    assert Appointment.objects.filter(customer_phone=world.LAN).count() == 1


def test_who_finds_somebody_free_is_told_so(lan: Visitor, store: Store, wei: Realtor):
    answer = lan.client.get(line(store), follow=True)

    assert "Good news: somebody is free at that time." in answer.content.decode()


def test_who_finds_somebody_free_at_the_last_moment_gets_the_time(
    lan: Visitor, store: Store, wei: Realtor, ming: Realtor
):
    world.book(store, TWO, phone=world.QIANG)
    other = world.book(store, TWO, phone="+8613900000001")
    address, key = confirm(lan, store)
    from appointments import services
    from booking_site.common.actors import SYSTEM

    services.cancel(other, by=SYSTEM, at=world.NOW)
    page = lan.client.post(address, {"key": key}, follow=True).content.decode()

    assert "Somebody has just become free: the time is yours." in page


def test_a_chosen_realtor_has_no_line(lan: Visitor, store: Store, wei: Realtor):
    world.book(store, TWO, phone=world.QIANG)

    page = lan.look(f"/stores/{store.pk}/", realtor=str(wei.pk))

    assert "/queue/" not in page


def test_a_start_that_is_not_offered_has_no_line(lan: Visitor, store: Store, wei: Realtor):
    for start in ("2026-03-02T23:00Z", "2026-03-02T06:05Z", "", "nonsense"):
        answer = lan.client.get(f"/stores/{store.pk}/queue/", {"start": start}, follow=True)
        assert answer.redirect_chain[-1][0].startswith(f"/stores/{store.pk}/")
        assert answer.status_code == 200
