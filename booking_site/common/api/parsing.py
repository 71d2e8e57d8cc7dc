"""One JSON parser that turns everything a hostile body can be into the contract's envelope."""

import json
from math import isinf
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext as _
from rest_framework.parsers import BaseParser

from booking_site.common.errors import Invalid


class StrictJSONParser(BaseParser):
    """JSON objects of reasonable size and depth, without NUL, lone surrogates, NaN."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            raw = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        except RequestDataTooBig:
            raw = b""
            _refuse_size()
        if len(raw) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            _refuse_size()
        if not raw.strip():
            return {}
        try:
            data = json.loads(
                raw.decode("utf-8"), parse_constant=_refuse_constant, parse_float=_finite
            )
            _refuse_odd_text(data)
        except (ValueError, RecursionError) as error:
            raise Invalid(errors={"body": [_("Not valid JSON.")]}) from error
        if not isinstance(data, dict):
            raise Invalid(errors={"body": [_("Must be a JSON object.")]})
        return data


def _refuse_size() -> None:
    raise Invalid(errors={"body": [_("Too large.")]})


def _finite(text: str) -> float:
    """1e999 is a number in JSON and infinity in Python."""
    number = float(text)
    if isinf(number):
        raise ValueError(text)
    return number


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _refuse_odd_text(value: Any) -> None:
    """NUL and lone surrogates can be stored nowhere; the database would answer with an error."""
    if isinstance(value, str):
        value.encode("utf-8")
        if "\x00" in value:
            raise ValueError("NUL")
    elif isinstance(value, dict):
        for key, item in value.items():
            _refuse_odd_text(key)
            _refuse_odd_text(item)
    elif isinstance(value, list):
        for item in value:
            _refuse_odd_text(item)
