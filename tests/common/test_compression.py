"""Texts are sent small, to whoever takes them so."""

import gzip

import pytest
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.test import Client, RequestFactory

from booking_site.common.middleware import Compressed

LONG = b"<p>Every list of the back office looks like the one before.</p>" * 100


def sent(response: HttpResponseBase, **headers: str) -> HttpResponseBase:
    request = RequestFactory().get("/", headers=headers)
    return Compressed(lambda _request: response)(request)


def test_a_text_is_small_and_says_what_it_was():
    answer = sent(HttpResponse(LONG), accept_encoding="gzip, br")

    assert gzip.decompress(answer.content) == LONG
    assert len(answer.content) < len(LONG) / 5
    assert answer["Content-Encoding"] == "gzip"
    assert answer["Content-Length"] == str(len(answer.content))
    assert answer["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("kind", ["image/png", "image/webp", "application/pdf", ""])
def test_what_is_no_text_is_left_alone(kind):
    answer = sent(HttpResponse(LONG, content_type=kind), accept_encoding="gzip")

    assert (answer.content, answer.has_header("Content-Encoding")) == (LONG, False)


def test_a_picture_that_comes_piece_by_piece_is_left_alone():
    pieces = [LONG[:1000], LONG[1000:]]
    photo = StreamingHttpResponse(iter(pieces), content_type="image/webp")

    assert list(sent(photo, accept_encoding="gzip").streaming_content) == pieces


def test_who_does_not_take_it_gets_it_plain():
    answer = sent(HttpResponse(LONG))

    assert (answer.content, answer.has_header("Content-Encoding")) == (LONG, False)


def test_the_same_page_never_has_the_same_length(db):
    """Or an attacker whose words are repeated in it could guess, by its length, what else is."""
    client = Client(headers={"accept-encoding": "gzip"})
    answers = [client.get("/stores/") for _ in range(20)]

    assert {answer["Content-Encoding"] for answer in answers} == {"gzip"}
    assert len({len(answer.content) for answer in answers}) > 1
