"""Logs say what happened, and to nobody whom it happened to."""

import json
import logging

import pytest

from booking_site.common.logs import MASK, Json, Line, masked


@pytest.mark.parametrize(
    "personal",
    [
        "lan@example.com",
        "hua.li+work@mail.example.com.cn",
        "+8613800000001",
        "+6581234567",
        "13800000001",
        "138 0000 0001",
        "138-0000-0001",
        "6222020200112230",
    ],
)
def test_phones_and_addresses_of_mail_are_masked_wherever_they_stand(personal: str):
    for text in (
        f"Duplicate entry '{personal}-2026-03-02' for key 'phone'",
        f"sent to {personal}.",
        f"({personal})",
        f"caller={personal} status=409",
    ):
        assert personal not in masked(text)
        assert MASK in masked(text)


@pytest.mark.parametrize(
    "harmless",
    [
        "2026-03-02 14:00:00,123 INFO",
        "2026-03-02T14:00:00.123456+00:00",
        "order 1024 of store 12",
        "took 0.123456789012 s",
        "due at 1772431200, not at 1772431200.25",
        "msg_0f8fad5bd9cb469fa16570867728950e_12",
        "10.0.0.17:3306",
    ],
)
def test_what_names_nobody_stays(harmless: str):
    assert masked(harmless) == harmless


def record_of(message: str, *args: object, error: BaseException | None = None):
    info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("site.x", logging.ERROR, __file__, 1, message, args, info)


def test_an_event_is_an_object_on_one_line():
    event = record_of("two\nlines for %s", "lan@example.com")
    event.request = "a request with cookies"

    line = Json().format(event)

    assert "\n" not in line
    told = json.loads(line)
    assert told.keys() == {"time", "level", "logger", "message"}
    assert told["time"].endswith("+00:00")
    assert told["message"] == f"two\nlines for {MASK}"


def test_what_went_wrong_is_told_without_values():
    """Of a traceback: where, and what the library says, not what it had in its hands."""
    address = "Nanjing Road 12, flat 5"
    try:
        raise ValueError("Duplicate entry '13800000001' for key 'phone'")
    except ValueError as error:
        failed = record_of("it broke", error=error)

    for text in (Json().format(failed), Line("%(message)s").format(failed)):
        assert "Traceback" in text
        assert "ValueError" in text
        assert "13800000001" not in text
        assert address not in text


def test_a_line_break_in_a_value_begins_no_second_event():
    assert Line("%(message)s").format(record_of("a %s b", "x\r\n2026 INFO forged")) == (
        "a x\\r\\n2026 INFO forged b"
    )


def test_long_words_are_looked_through_once():
    """By steps, not by the clock: what a name of a host of 64 kB would cost, were it quadratic,
    no test would wait for."""
    assert masked("a" * 65_536) == "a" * 65_536
    assert masked("a" * 65_536 + " fang@example.com") == "a" * 65_536 + " " + MASK
