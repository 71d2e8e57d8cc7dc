"""From the body, the query and the path of a request to plain values."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from booking_site.common.errors import NotFound
from booking_site.common.lines import is_odd_in_a_line, is_odd_in_a_text, seems_empty

# What the database's ids fit into; longer ones are nobody's.
LONGEST_ID = 18


def parsed(shape: type[serializers.Serializer], request: Request, *, partial: bool = False) -> Any:
    """The validated body; a refusal names the fields."""
    return _validated(shape(data=request.data, partial=partial))


def parsed_query(shape: type[serializers.Serializer], request: Request) -> Any:
    """The validated query string."""
    return _validated(shape(data=request.query_params))


def row_id(text: str, *, field: str | None = None) -> int:
    """The number of a row. What cannot be one is nobody's: raises NotFound (for ``field``)."""
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_ID):
        raise not_there(field)
    return int(text)


def not_there(field: str | None = None) -> NotFound:
    return NotFound(errors={field: [str(NotFound.message)]} if field else None)


@extend_schema_field({"oneOf": [{"type": "string"}, {"type": "integer"}]})
class IdField(serializers.Field):
    """An id as string or number. Whose it is, and whether it is one, is asked by ``row_id``."""

    default_error_messages = {"invalid": _("Must be an id, as a string or a number.")}

    def to_internal_value(self, data: Any) -> str:
        if isinstance(data, bool) or not isinstance(data, str | int):
            self.fail("invalid")
        return str(data)

    def to_representation(self, value: Any) -> str:
        return str(value)


class LineField(serializers.CharField):
    """Text of one line: names, reasons. Refuses what booking_site.common.lines calls odd."""

    default_error_messages = {"invalid_line": _("Must be a single line of text.")}

    def to_internal_value(self, data: Any) -> str:
        text: str = super().to_internal_value(data)
        if any(is_odd_in_a_line(sign) for sign in text):
            self.fail("invalid_line")
        if text and seems_empty(text):
            if not self.allow_blank:
                self.fail("blank")
            return ""
        return text


class TextField(serializers.CharField):
    """Text of several lines: wishes, notes."""

    default_error_messages = {"invalid_text": _("Must not hold control characters.")}

    def to_internal_value(self, data: Any) -> str:
        text: str = super().to_internal_value(data)
        if any(is_odd_in_a_text(sign) for sign in text):
            self.fail("invalid_text")
        return text


class ReasonField(LineField):
    """Why, in a line; what was typed on several is joined."""

    def to_internal_value(self, data: Any) -> str:
        return super().to_internal_value(" ".join(data.split()) if isinstance(data, str) else data)


class RowShape(serializers.Serializer):
    """A row inside a body. It comes whole, also where the body changes only a part: DRF would let
    anything be missing in it."""

    def to_internal_value(self, data: Any) -> Any:
        row = super().to_internal_value(data)
        missing = [
            name for name, field in self.fields.items() if field.required and name not in row
        ]
        if missing:
            required = self.fields[missing[0]].error_messages["required"]
            raise serializers.ValidationError({name: [required] for name in missing})
        return row


def both_or_neither(form: serializers.Serializer, given: Mapping[str, Any], *names: str) -> None:
    """For the ``validate`` of a shape: one of the two alone says nothing (a latitude). Raises
    ValidationError for the one that is missing."""
    missing = [name for name in names if given.get(name) is None]
    if len(missing) == 1:
        required = form.fields[missing[0]].error_messages["required"]
        raise serializers.ValidationError({missing[0]: [required]})


def rows_of_shape(shape: Any, *, most: int, **options: Any) -> Any:
    """A list field of at most so many; the types of DRF do not know that ``many`` takes it."""
    return shape(many=True, max_length=most, **options)


def _validated(form: serializers.Serializer) -> Any:
    form.is_valid(raise_exception=True)
    return form.validated_data
