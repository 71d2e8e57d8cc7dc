"""Pictures of the private folder, handed out by views that have asked who may see them."""

from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpResponse

# Not for longer: what staff hide must be gone soon from where it was seen, too.
SECONDS = 600
# Only pixels ever get here; should a browser take them for something else, it may do nothing.
NOTHING_RUNS = "default-src 'none'; sandbox"


def picture_answer(file: FieldFile) -> HttpResponse:
    """A JPEG of our own making. Raises Http404 where the file is gone."""
    try:
        with file.open("rb") as opened:
            content = opened.read()
    except OSError as error:
        raise Http404 from error
    answer = HttpResponse(content, content_type="image/jpeg")
    answer.headers["Cache-Control"] = f"private, max-age={SECONDS}"
    answer.headers["Content-Disposition"] = "inline"
    answer.headers["Content-Security-Policy"] = NOTHING_RUNS
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
