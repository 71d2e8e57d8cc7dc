"""A policy's sentences say what its figures mean."""

from dataclasses import replace

import pytest
from django.utils.translation import override

from stores.admin.explaining import explain
from stores.rules import SITE_DEFAULT

from .places import page_of


def told(**figures) -> str:
    with override("en"):
        return " ".join(explain(replace(SITE_DEFAULT, **figures)))


@pytest.mark.parametrize(
    ("figures", "sentence"),
    [
        ({"queue_timeout_minutes": 90}, "stood in the live line for 90 minutes without an offer"),
        ({"realtor_max_load": 1}, "A realtor has at most 1 live customer at a time."),
        ({"realtor_max_load": 4}, "A realtor has at most 4 live customers at a time."),
        ({"online_timeout_minutes": 20}, "A realtor not seen for 20 minutes is not sent"),
        ({}, "Customers are reminded 1 day and again 2 hours before."),
        ({"first_reminder_minutes": 0}, "Customers are reminded 2 hours before."),
        ({"second_reminder_minutes": 1440}, "Customers are reminded 1 day before."),
        (
            {"first_reminder_minutes": 0, "second_reminder_minutes": 0},
            "Nobody is reminded of an appointment.",
        ),
        ({"no_show_after_minutes": 45}, "nobody has started 45 minutes after its end"),
        ({}, "within 5 minutes when it starts within two hours, else within 2 hours of their"),
        ({"auto_confirm": True}, "Bookings are confirmed at once."),
    ],
)
def test_a_figure_is_told(figures, sentence):
    assert sentence in told(**figures)


def test_the_store_s_page_tells_them(ann, ours):
    assert "live customers at a time" in ann.get(page_of(ours.store)).content.decode()
