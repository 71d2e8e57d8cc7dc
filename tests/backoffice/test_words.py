"""Codes and a library's own words are for machines; staff read words."""

import pytest
from django.utils import timezone
from django.utils.translation import override

from appointments.admin.asking import RealtorForm
from realtors.models import TimeOff
from reviews.models import Review, ReviewLogEntry
from tests.factories import ROUND_THE_CLOCK, RealtorFactory

from .pressing import press_in_dialog


def test_the_log_of_reviews_says_reasons_and_people_in_words(operator, ours):
    review = Review.objects.get(store=ours.store)
    ReviewLogEntry.objects.create(
        review=review, action="reported", actor_kind="guest", reason="spam", at=timezone.now()
    )

    listed = operator.get("/admin/reviews/reviewlogentry/").content.decode()

    assert "a guest" in listed
    assert ">spam<" not in listed


def test_a_list_is_called_what_the_menu_calls_it(ann, ours):
    assert ann.get("/admin/realtors/timeoff/").context["title"] == "Time off"


def test_the_page_of_roles_says_what_is_changed_on_another_page(operator):
    lists = operator.get("/admin/stores/storemembership/roles/").context["lists"]

    told = {one["name"]: (one["operator"], one["manager"]) for one in lists}
    found = {name: row for name, row in told.items() if any("on the page" in one for one in row)}
    pages = {
        "Opening hours": "store",
        "Working hours": "realtor",
        "Hours of a special day": "special day",
    }
    assert found == {
        name: (
            f"see; on the page “{page}”: add, change, delete",
            f"see; own stores only; on the page “{page}”: add, change, delete",
        )
        for name, page in pages.items()
    }


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_who_is_refused_by_the_rules_is_told_which_box_leaves_them_aside(ann, ours, language):
    idle = RealtorFactory(store=ours.store, name="Idle", hours=ROUND_THE_CLOCK)
    away = {"starts_at": ours.booked.starts_at, "ends_at": ours.booked.ends_at}
    TimeOff.objects.create(realtor=idle, **away)
    ann.cookies["django_language"] = language

    html = press_in_dialog(ann, ours.booked, "reassign", realtor=idle.pk, reason="x")

    with override(language):
        box = str(RealtorForm.base_fields["override"].label)
    assert f"“{box}”" in html.content.decode()
