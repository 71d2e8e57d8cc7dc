"""The edge of every writing API call: transaction, retry, and one execution per Idempotency-Key."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from booking_site.common.ciphers import cipher
from booking_site.common.errors import Conflict, Invalid
from booking_site.common.models import IdempotencyRecord
from booking_site.common.transactions import run_in_transaction

Call = Callable[..., Response]

LONGEST_KEY = 255
GUESTS = "guest"
# A first execution that ends in a refusal leaves no record; the next one in line executes then.
TURNS = 5


class IdempotencyMismatch(Conflict):
    code = "idempotency_mismatch"
    message = gettext_lazy("This Idempotency-Key was used for another request.")


class StillRunning(Conflict):
    code = "idempotency_in_progress"
    retry_after = 1
    message = gettext_lazy("The first request with this Idempotency-Key is still being worked on.")


class _KeyTaken(Exception):
    """Somebody else's record holds the key; it is committed by now, or was rolled back."""


def idempotent(call: Call) -> Call:
    """For an APIView's method that ends in ``write``: a repetition is answered before anything is
    looked up, so that it hears the first answer although the world has changed since. Not for
    calls with a proof: it must be asked first, and a wrong one must count."""

    @wraps(call)
    def answered(view: APIView, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key")
        if key is not None:
            record = _record(request, key)
            stored = _stored(record)
            if stored is not None:
                return _replay(stored, record)
        return call(view, request, *args, **kwargs)

    return answered


def write(request: Request, work: Callable[[], Response]) -> Response:
    """Carry out ``work`` in one transaction and answer with what it returns.

    With an ``Idempotency-Key`` header the answer is stored in the same transaction, and a
    repetition gets it again with ``Idempotency-Replayed: true``. Refusals are not stored.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return run_in_transaction(work)
    record = _record(request, key)
    for _attempt in range(TURNS):
        stored = _stored(record)
        if stored is not None:
            return _replay(stored, record)
        try:
            return run_in_transaction(lambda: _execute(record, work))
        except _KeyTaken:
            record.pk = None
    raise StillRunning


def _record(request: Request, key: str) -> IdempotencyRecord:
    if not (1 <= len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        raise Invalid(errors={"Idempotency-Key": [_("Use 1 to 255 printable characters.")]})
    body = json.dumps(request.data, sort_keys=True, ensure_ascii=True, default=_of_a_file)
    user = request.user
    return IdempotencyRecord(
        scope=f"user:{user.pk}" if user.is_authenticated else GUESTS,
        key=key,
        route=f"{request.method} {request.path}"[:200],
        body_digest=salted_hmac("idempotency", body, algorithm="sha256").hexdigest(),
        created_at=timezone.now(),
    )


def _of_a_file(value: Any) -> str:
    """What stands for an upload where bodies are compared."""
    if not isinstance(value, UploadedFile):
        raise TypeError(type(value))
    digest = hashlib.sha256()
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return digest.hexdigest()


def _stored(record: IdempotencyRecord) -> IdempotencyRecord | None:
    oldest = record.created_at - timedelta(hours=settings.IDEMPOTENCY_HOURS)
    return IdempotencyRecord.objects.filter(
        scope=record.scope, key=record.key, created_at__gt=oldest
    ).first()


def _execute(record: IdempotencyRecord, work: Callable[[], Response]) -> Response:
    oldest = record.created_at - timedelta(hours=settings.IDEMPOTENCY_HOURS)
    IdempotencyRecord.objects.filter(
        scope=record.scope, key=record.key, created_at__lte=oldest
    ).delete()
    try:
        record.save(force_insert=True)
    except IntegrityError as error:
        raise _KeyTaken from error
    answer = work()
    record.answer_status = answer.status_code
    record.answer_body = cipher("idempotency").encrypt(JSONRenderer().render(answer.data))
    record.save(update_fields=["answer_status", "answer_body"])
    return answer


def _replay(stored: IdempotencyRecord, record: IdempotencyRecord) -> Response:
    if (stored.route, stored.body_digest) != (record.route, record.body_digest):
        raise IdempotencyMismatch
    body = json.loads(cipher("idempotency").decrypt(bytes(stored.answer_body or b"")))
    answer = Response(body, status=stored.answer_status)
    answer["Idempotency-Replayed"] = "true"
    return answer
