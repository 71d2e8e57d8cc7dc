"""What goes in where conversations are concerned."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from appointments.api.order_shapes import OrderWishShape
from booking_site.common.api.inputs import LONGEST_ID, IdField, LineField, TextField
from booking_site.common.lines import seems_empty
from chat.models import ReportReason
from chat.rules import LONGEST_CLIENT_ID, LONGEST_NAME, LONGEST_REPORT, MOST_MEMBERS
from chat.services.sending import BY_PEOPLE

LARGEST_SEQ = 10**LONGEST_ID - 1
KEY_LENGTH = 64
LONGEST_SEARCH = 50


class PeopleField(serializers.ListField):
    """Ids of people, each as string or number."""

    def __init__(self, **options: object) -> None:
        super().__init__(child=IdField(), max_length=MOST_MEMBERS, **options)  # type: ignore[arg-type]


class ConversationWishShape(serializers.Serializer):
    """With `targetUserId` for two, about an appointment where `orderId` names it, or about a
    listing of one of them where `serviceId` does; with `participantIds` and `name` for a group."""

    targetUserId = IdField(required=False, allow_null=True)
    serviceId = IdField(required=False, allow_null=True)
    orderId = IdField(required=False, allow_null=True)
    participantIds = PeopleField(required=False, allow_null=True)
    name = LineField(max_length=LONGEST_NAME, required=False, allow_null=True, allow_blank=True)


class NameWishShape(serializers.Serializer):
    name = LineField(max_length=LONGEST_NAME)


class PeopleWishShape(serializers.Serializer):
    participantIds = PeopleField(allow_empty=False)


class ConversationQueryShape(serializers.Serializer):
    archived = serializers.BooleanField(required=False)


class ObjectShape(serializers.Serializer):
    """An object inside a body. What is none is said of its field, as of any other."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, dict):
            raise serializers.ValidationError([_("Must be a JSON object.")])
        return super().to_internal_value(data)


class ContentWishShape(ObjectShape):
    """`text`; or `attachmentId` of a file that was uploaded for this conversation, with or without
    a `text` under it; or the name of a `sticker`. What else an attachment says of itself is known
    already."""

    text = serializers.CharField(
        required=False, allow_null=True, allow_blank=True, trim_whitespace=False
    )
    attachmentId = serializers.CharField(
        max_length=KEY_LENGTH, required=False, allow_null=True, allow_blank=True
    )
    sticker = serializers.CharField(
        max_length=KEY_LENGTH, required=False, allow_null=True, allow_blank=True
    )


class MessageWishShape(serializers.Serializer):
    """`clientId`: what the caller's device calls it; sent again under the same name it is still one
    message. `replyToId`: a message of the same conversation."""

    content = ContentWishShape()
    messageType = serializers.ChoiceField([kind.value for kind in BY_PEOPLE], required=False)
    replyToId = IdField(required=False, allow_null=True)
    clientId = serializers.CharField(
        max_length=LONGEST_CLIENT_ID, required=False, allow_null=True, trim_whitespace=False
    )


class WordsShape(ObjectShape):
    text = serializers.CharField(allow_blank=True, trim_whitespace=False)


class EditWishShape(serializers.Serializer):
    content = WordsShape()


class TalkOrderWishShape(OrderWishShape):
    """``serviceId``: what the conversation is about, when missing. Else as where services are
    ordered elsewhere."""

    serviceId = IdField(required=False, allow_null=True)
    # The conversation stands in the address.
    conversationId = None  # type: ignore[assignment]


@extend_schema_field({"type": "integer", "minimum": 0, "maximum": LARGEST_SEQ})
class SeqField(serializers.IntegerField):
    def __init__(self, **options: object) -> None:
        super().__init__(min_value=0, max_value=LARGEST_SEQ, **options)  # type: ignore[arg-type]


class MessageQueryShape(serializers.Serializer):
    """`before` and `after` are numbers (`seq`); one of them at most, and then no `page`."""

    before = SeqField(required=False)
    after = SeqField(required=False)


class ReadWishShape(serializers.Serializer):
    seq = SeqField()


class MuteWishShape(serializers.Serializer):
    muted = serializers.BooleanField(default=True)


class ReportMessageWishShape(serializers.Serializer):
    """Of one message, or without `messageId` of the conversation as a whole."""

    messageId = IdField(required=False, allow_null=True)
    reason = serializers.ChoiceField(ReportReason.choices)
    words = TextField(max_length=LONGEST_REPORT, required=False, allow_null=True, allow_blank=True)


class BlockWishShape(serializers.Serializer):
    userId = IdField()


class SearchQueryShape(serializers.Serializer):
    q = LineField(max_length=LONGEST_SEARCH)
    conversationId = serializers.CharField(required=False)

    def validate_q(self, words: str) -> str:
        if seems_empty(words):
            self.fields["q"].fail("blank")
        return words
