"""A policy is edited with its meaning in sight: defaults, sentences, and what is hardly meant."""

from dataclasses import replace

import pytest
from django.utils.translation import override

from stores.admin.explaining import odd
from stores.models import BookingPolicy
from stores.rules import SITE_DEFAULT
from tests.factories import PolicyFactory

from .places import page_of
from .pressing import said

PREVIEW = "/admin/stores/bookingpolicy/preview/"


def oddities(**figures) -> str:
    with override("en"):
        return " ".join(odd(replace(SITE_DEFAULT, **figures)))


def test_the_product_s_own_figures_are_not_odd():
    assert oddities() == ""


@pytest.mark.parametrize(
    ("figures", "sentence"),
    [
        ({"max_advance_days": 1, "min_advance_minutes": 1440}, "Nothing can be booked"),
        (
            {"cancel_cutoff_minutes": 60, "reschedule_cutoff_minutes": 60},
            "cancelling ends 1 hour before the start, booking 30 minutes before.",
        ),
        ({"cancel_cutoff_minutes": 20}, "customers can still move their booking"),
        ({"grid_minutes": 90}, "they begin every 90 minutes and take 1 hour."),
        ({"buffer_before_minutes": 45, "buffer_after_minutes": 30}, "kept free for longer"),
        ({"first_reminder_minutes": 60}, "The second reminder is sent before the first"),
        (
            {
                "max_advance_days": 1,
                "second_reminder_minutes": 1441,
                "first_reminder_minutes": 1450,
            },
            "No reminder is ever sent",
        ),
        ({"accept_timeout_minutes": 200}, "let go before a realtor has to answer"),
        ({"hold_minutes": 45}, "stays blocked for 45 minutes"),
        ({"fee_steps": ((20000, 10),)}, "Every cancellation costs something"),
    ],
)
def test_what_is_hardly_meant_is_said(figures, sentence):
    assert sentence in oddities(**figures)


def test_the_form_tells_what_an_empty_field_means(ann, ours):
    PolicyFactory(min_advance_minutes=45)

    html = ann.get(page_of(ours.store.policy_row)).content.decode()

    assert "Minutes before the start. Empty: 45, as the site has it." in html
    assert 'placeholder="45"' in html


def test_while_one_types_it_says_what_that_would_mean(ann, ours):
    sent = {"min_advance_minutes": "90", "grid_minutes": "20", "fee_steps": "1440 20"}

    told = ann.post(PREVIEW, sent).content.decode()

    assert "Starts are offered every 20 minutes, from 90 minutes to 7 days ahead." in told
    assert "Cancelling later than 1 day before the start costs 20 %." in told
    assert not BookingPolicy.objects.filter(grid_minutes=20).exists()


def test_so_it_does_on_the_store_s_page_and_what_is_no_figure_is_left_out(ann, ours):
    sent = {"policy_row-0-grid_minutes": "20", "policy_row-0-hold_minutes": "-7x"}

    told = ann.post(PREVIEW, sent).content.decode()

    assert "every 20 minutes" in told
    assert "held for 5 minutes" in told


def test_only_who_sees_policies_may_ask(client, ours):
    assert client.post(PREVIEW, {}).status_code == 302


def test_what_is_odd_is_saved_and_said(operator, ours):
    row = ours.store.policy_row
    operator.post(page_of(row), {"cancel_cutoff_minutes": "20", "_continue": "1"})

    row.refresh_from_db()
    answer = operator.post(page_of(row), {"hold_minutes": "45"}, follow=True)

    assert row.cancel_cutoff_minutes == 20
    assert any("stays blocked for 45 minutes" in one for one in said(answer))
