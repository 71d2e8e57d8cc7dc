"""A teacher at work, on a telephone of 390 pixels: a course that recurs, who books it, and the
lesson itself."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from appointments.models import Appointment, Session, SessionStatus, Status
from realtors.models import Listing
from stores.models import Store
from tests.accounts.people import make_user
from tests.appointments.courses import paid_seat, session_at, teach
from tests.appointments.world import register
from tests.factories import RealtorFactory
from tests.pages.shops import open_shop

from .conftest import Walk

Start = Callable[..., Walk]
PHONE = {"width": 390, "height": 844}
HOUR = timedelta(hours=1)


@pytest.fixture
def store(transactional_db: None) -> Store:
    return open_shop("Never Closed", opens="00:00", closes="00:00")


@pytest.fixture
def piano(store: Store) -> Listing:
    """Mei's; eight seats of an hour."""
    mei = RealtorFactory(store=store, name="Mei", user=make_user("mei@example.com"))
    return teach(store, teacher=mei)


def test_a_course_recurs_is_booked_and_held(walk: Start, piano: Listing):
    now = timezone.now()
    begun = now.replace(minute=now.minute // 5 * 5, second=0, microsecond=0) - HOUR / 2
    lesson = session_at(piano, begun, at=now - 3 * HOUR)
    here = paid_seat(lesson, register("Bo"), at=now - 2 * HOUR)
    absent = paid_seat(lesson, register("Lan"), at=now - 2 * HOUR)
    mei = walk(viewport=PHONE)
    mei.sign_in("mei@example.com", "/console/sessions/")
    mei.fits()

    # Every day at eight in the morning, for the three days after tomorrow.
    mei.page.get_by_role("link", name="Every week").click()
    mei.fits()
    for box in mei.page.get_by_role("checkbox").all():
        box.check(force=True)
    mei.page.get_by_label("Start").fill("08:00")
    day = now.astimezone(piano.store.zone).date() + timedelta(days=2)
    mei.page.get_by_label("First day").fill(day.isoformat())
    mei.page.locator("input[name=last_date]").fill((day + timedelta(days=2)).isoformat())
    mei.page.get_by_role("button", name="Open them").click()
    expect(mei.page.get_by_text("3 sessions are open.")).to_be_visible()
    mei.fits()

    # Fang takes a seat; Mei sees who comes and that it is paid.
    first = Session.objects.filter(rule__isnull=False).earliest("starts_at")
    paid_seat(first, register("Fang"), at=now)
    mei.page.reload()
    expect(mei.page.get_by_text("1 of 8 seats")).to_be_visible()
    mei.page.get_by_role("link", name="08:00–09:00").first.click()
    expect(mei.page.get_by_role("link", name="Fang")).to_be_visible()
    expect(mei.page.get_by_text("paid ¥100", exact=True)).to_be_visible()
    mei.fits()

    # The lesson that goes on: one did not come, and then it is over.
    mei.go("/console/")
    mei.page.get_by_role("link", name="Piano", exact=True).first.click()
    expect(mei.page).to_have_url(re.compile(rf"/console/sessions/{lesson.pk}/$"))
    seat = mei.page.locator(f"#seat-{absent.pk}")
    seat.get_by_text("Did not come").click()
    seat.get_by_role("button", name="Yes, mark as no-show").click()
    expect(seat.get_by_text("no-show", exact=True)).to_be_visible()
    mei.page.get_by_role("button", name="It was held").click()
    expect(mei.page.get_by_text("Noted that it was held.")).to_be_visible()
    mei.fits()

    lesson.refresh_from_db()
    assert lesson.status == SessionStatus.COMPLETED
    statuses = dict(Appointment.objects.values_list("pk", "status"))
    assert (statuses[here.pk], statuses[absent.pk]) == (Status.COMPLETED, Status.NO_SHOW)
