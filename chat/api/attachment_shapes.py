"""A file of a message, as the API tells of it (chat.presenters.messages.attachment_data)."""

from rest_framework import serializers

from chat.models import AttachmentKind


class AttachmentShape(serializers.Serializer):
    id = serializers.CharField()
    kind = serializers.ChoiceField(choices=AttachmentKind.choices)
    url = serializers.CharField(
        help_text="For the session of a page and for `Authorization: Bearer` alike."
    )
    thumbnailUrl = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes")
    contentType = serializers.CharField()
    duration = serializers.IntegerField(allow_null=True, help_text="Seconds, of a voice")
    width = serializers.IntegerField(allow_null=True)
    height = serializers.IntegerField(allow_null=True)


class AttachmentWishShape(serializers.Serializer):
    kind = serializers.ChoiceField(
        choices=AttachmentKind.choices, required=False, allow_blank=True, default=""
    )
