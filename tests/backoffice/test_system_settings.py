"""Settings by name: what the code reads must make sense to it, all else is a note."""

import json

import pytest
from django.contrib.admin.models import LogEntry

from booking_site.common.models import SystemConfig

LIST = "/admin/common/systemconfig/"


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("chat-policy", ["x"], "Must be an object."),
        ("chat-policy", {"archive_days": 0}, "archive_days: a whole number from 1 to 3650"),
        ("chat-policy", {"archive_days": True}, "archive_days"),
        ("chat-policy", {"retention_days": 29}, "retention_days: a whole number from 30"),
        ("chat-policy", {"unseen_minutes": "5"}, "unseen_minutes"),
        ("order-policy", {"answer_hours": 0}, "answer_hours"),
        ("chat-words", {"mask": "damn"}, "mask: a list"),
        ("chat-words", {"refuse": [1]}, "refuse: a list"),
        ("chat-words", 0, "Must be an object."),
    ],
)
def test_a_value_that_the_code_would_pass_over_is_refused_at_its_box(
    operator, key, value, sentence
):
    page = operator.post(f"{LIST}add/", {"key": key, "value": json.dumps(value)})

    assert sentence in str(page.context["adminform"].form.errors["value"])
    assert not SystemConfig.objects.exists()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("chat-policy", {"retention_days": 0, "another": 1}),
        ("order-policy", {"answer_hours": 48}),
        ("chat-words", {"mask": ["damn"], "refuse": []}),
        ("a-note", ["anything"]),
    ],
)
def test_what_it_understands_is_kept(operator, key, value):
    operator.post(f"{LIST}add/", {"key": key, "value": json.dumps(value)})

    assert SystemConfig.objects.get().value == value


def test_the_page_says_since_when_it_stands_there_and_who_changed_it(operator, olga):
    row = SystemConfig.objects.create(key="order-policy", value={"answer_hours": 24})
    page = f"{LIST}{row.pk}/change/"

    operator.post(page, {"value": json.dumps({"answer_hours": 12})})
    refused = operator.post(page, {"value": json.dumps({"answer_hours": -1})})

    assert "answer_hours" in str(refused.context["adminform"].form.errors["value"])
    changed = SystemConfig.objects.get()
    assert changed.value == {"answer_hours": 12}
    assert changed.created_at == row.created_at < changed.updated_at
    html = operator.get(page).content.decode()
    assert "chat-policy, chat-words, order-policy" in html
    assert "Created" in html
    assert LogEntry.objects.get().user == olga
    assert "Olga Operator" in operator.get(f"{LIST}{row.pk}/history/").content.decode()
