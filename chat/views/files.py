"""Files of messages, handed out one by one to who may have them: to pages by their session, to apps
by their access token."""

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.api.authentication import BearerAuthentication
from accounts.models import User
from chat.models import Attachment, AttachmentKind
from chat.selectors.attachments import attachment_for

# Not for longer: what is taken back or hidden must be gone soon from where it was seen, too.
SECONDS = 600
# Should a browser take them for something else, it may do nothing.
NOTHING_RUNS = "default-src 'none'; sandbox"
# Made anew from what is seen or heard in them. Anything else is for saving only.
MADE_HERE = (AttachmentKind.IMAGE, AttachmentKind.VOICE)
RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})\Z", re.ASCII)


@require_safe
def large(request: HttpRequest, key: str) -> HttpResponse:
    attachment = _attachment(request, key)
    return handed_out(attachment, wanted=request.headers.get("Range", ""))


@require_safe
def small(request: HttpRequest, key: str) -> HttpResponse:
    return handed_out(_attachment(request, key), small=True)


def handed_out(attachment: Attachment, *, small: bool = False, wanted: str = "") -> HttpResponse:
    """Whoever calls has made sure that its reader may have it. ``wanted``: a Range header, for
    players that begin in the middle. Raises Http404 where there is no such file (any more)."""
    file = attachment.small if small else attachment.file
    if not file:
        raise Http404
    try:
        with file.storage.open(file.name or "", "rb") as opened:
            content = opened.read()
    except OSError as error:
        raise Http404 from error
    kept_as_sent = attachment.kind not in MADE_HERE
    answer = HttpResponse(content, content_type=attachment.content_type)
    answer.headers["Cache-Control"] = f"private, max-age={SECONDS}"
    answer.headers["Content-Disposition"] = (
        content_disposition_header(kept_as_sent, attachment.name) or "attachment"
    )
    answer.headers["Content-Security-Policy"] = NOTHING_RUNS
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["X-Robots-Tag"] = "noindex"
    patch_vary_headers(answer, ["Cookie", "Authorization"])
    if attachment.kind == AttachmentKind.VOICE:
        _cut(answer, content, wanted)
    return answer


def _attachment(request: HttpRequest, key: str) -> Attachment:
    user = _caller(request)
    found = attachment_for(key, user) if user else None
    if found is None:
        raise Http404
    return found


def _caller(request: HttpRequest) -> User | None:
    """An app by its token, a page by its session; who shows a bad token is nobody."""
    try:
        known = BearerAuthentication().authenticate(Request(request))
    except AuthenticationFailed:
        return None
    user = known[0] if known else request.user
    return user if isinstance(user, User) else None


def _cut(answer: HttpResponse, content: bytes, wanted: str) -> None:
    """To one range, as RFC 9110 has it; several, and what is none, are answered with all of it."""
    answer.headers["Accept-Ranges"] = "bytes"
    found, size = RANGE.match(wanted), len(content)
    if found is None or not any(found.groups()):
        return
    first, last = found.groups()
    if first:
        begin, end = int(first), min(int(last) if last else size - 1, size - 1)
        if last and int(last) < begin:
            return
    else:
        begin, end = max(0, size - int(last)), size - 1
    if begin > end:
        answer.status_code, answer.content = 416, b""
        answer.headers["Content-Range"] = f"bytes */{size}"
        return
    answer.status_code, answer.content = 206, content[begin : end + 1]
    answer.headers["Content-Range"] = f"bytes {begin}-{end}/{size}"
