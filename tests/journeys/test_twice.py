"""One person, two presses, one server that works on both at once."""

from collections.abc import Callable

from appointments.models import Appointment
from stores.models import Store

from .conftest import Walk

# The button's form, sent so many times at once.
PRESS = """
async (times) => {
  const form = document.querySelector("main form[method=post]");
  const sent = Array.from({length: times}, () =>
    fetch(form.action, {method: "POST", body: new URLSearchParams(new FormData(form))}));
  return (await Promise.all(sent)).map((answer) => answer.url);
}
"""


def test_ten_presses_at_once_book_once_and_all_arrive(walk: Callable[..., Walk], store: Store):
    lan = walk()
    lan.choose_tomorrow(store)
    lan.choose_time("14:00")
    lan.fill_in()

    arrived = lan.page.evaluate(PRESS, 10)

    booked = Appointment.objects.get()
    assert arrived == [f"{lan.site.url}/appointments/{booked.code}/"] * 10


def test_ten_presses_at_once_join_the_line_once_and_all_arrive(
    walk: Callable[..., Walk], store: Store
):
    lan = walk()
    lan.go(f"/stores/{store.pk}/")
    lan.page.get_by_role("link", name="Join the line").click()
    lan.fill_in()

    arrived = lan.page.evaluate(PRESS, 10)

    joined = Appointment.objects.get()
    assert joined.live
    assert arrived == [f"{lan.site.url}/appointments/{joined.code}/"] * 10
