"""A filter or scanner that settings name wrongly is found by `manage.py check`, which every start
runs, and not by the first message."""

import pytest
from django.core.checks import run_checks


def complaints():
    return [one for one in run_checks() if one.id == "chat.E001"]


def test_those_that_are_there_are_right():
    assert complaints() == []


@pytest.mark.parametrize("name", ["CHAT_WORD_FILTER", "CHAT_FILE_SCANNER"])
@pytest.mark.parametrize(
    "path", ["", "nowhere", "nowhere.Filter", "chat.gateways.words.Nobody", "pathlib.Path"]
)
def test_one_that_is_not_is_named(settings, name, path):
    setattr(settings, name, path)

    (complaint,) = complaints()

    assert name in complaint.msg
    assert repr(path) in complaint.msg
