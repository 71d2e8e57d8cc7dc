"""Pages of the back office go out without the indentation of their templates."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import resolve

from booking_site.common.middleware import Unindented

PAGE = b"""<main>
      <p>Some   words
        go on</p>

      <textarea>
 first

   <b> second
   </b> </textarea>
    <pre>
  a
    <i>b</i> </pre> <b>c</b>
</main>"""


def sent(path: str, content: bytes = PAGE, kind: str = "text/html; charset=utf-8") -> bytes:
    request = RequestFactory().get(path)
    request.resolver_match = resolve(path)
    return Unindented(lambda _request: HttpResponse(content, content_type=kind))(request).content


def test_what_stands_between_tags_is_a_line_break_and_nothing_people_wrote_changes():
    assert sent("/admin/") == (
        b"<main>\n<p>Some   words\n        go on</p>\n"
        b"<textarea>\n first\n\n   <b> second\n   </b> </textarea>\n"
        b"<pre>\n  a\n    <i>b</i> </pre> <b>c</b>\n</main>"
    )


@pytest.mark.parametrize(
    ("path", "kind"), [("/", "text/html"), ("/admin/", "text/csv"), ("/admin/", "application/json")]
)
def test_all_else_goes_out_as_it_is(path, kind):
    assert sent(path, kind=kind) == PAGE
