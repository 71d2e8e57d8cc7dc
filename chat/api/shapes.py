"""What comes out where conversations are concerned, for the OpenAPI document: the answers are made
by chat.presenters, as the frames of sockets are."""

from rest_framework import serializers

from appointments.models import Side
from appointments.models.order import PENDING_REQUEST
from chat.api.attachment_shapes import AttachmentShape
from chat.models import ConversationType, MessageKind, ParticipantRole, ReportReason, ReportState


class PersonShape(serializers.Serializer):
    id = serializers.CharField()
    displayName = serializers.CharField()
    avatarUrl = serializers.CharField(allow_null=True)
    userType = serializers.CharField()


class WhetherThereShape(serializers.Serializer):
    """`online` is null where nobody can say."""

    online = serializers.BooleanField(allow_null=True)
    lastSeen = serializers.DateTimeField(allow_null=True)


class ParticipantShape(serializers.Serializer):
    user = PersonShape()
    role = serializers.ChoiceField(ParticipantRole.choices)
    joinedAt = serializers.DateTimeField()
    lastReadAt = serializers.DateTimeField(allow_null=True)
    lastReadSeq = serializers.IntegerField()
    lastDeliveredSeq = serializers.IntegerField()
    presence = WhetherThereShape()


class AboutShape(serializers.Serializer):
    serviceId = serializers.CharField(allow_null=True)
    orderId = serializers.CharField(allow_null=True)


class PendingRequestShape(serializers.Serializer):
    """A wish to call an order off that is not settled."""

    askedBy = serializers.ChoiceField(Side.choices)
    state = serializers.ChoiceField(PENDING_REQUEST)
    answerBefore = serializers.DateTimeField()


class CardShape(serializers.Serializer):
    """From `orderNumber` on of orders of services; null of all else."""

    orderId = serializers.CharField()
    appointmentCode = serializers.CharField(allow_null=True)
    status = serializers.CharField()
    statusDisplay = serializers.CharField()
    startsAt = serializers.DateTimeField(allow_null=True)
    durationMinutes = serializers.IntegerField(allow_null=True)
    storeId = serializers.CharField()
    storeName = serializers.CharField()
    realtorName = serializers.CharField(allow_null=True)
    listingId = serializers.CharField(allow_null=True)
    listingTitle = serializers.CharField(allow_null=True)
    about = serializers.ChoiceField(["stay", "viewing", "seat", "order", "time"])
    checkIn = serializers.DateField(allow_null=True)
    checkOut = serializers.DateField(allow_null=True)
    petNames = serializers.ListField(child=serializers.CharField())
    awaitsPayment = serializers.BooleanField()
    orderNumber = serializers.CharField(allow_null=True)
    totalAmount = serializers.FloatField(allow_null=True)
    isProposal = serializers.BooleanField(allow_null=True)
    currency = serializers.CharField(allow_null=True)
    cancelRequest = PendingRequestShape(allow_null=True)


class ContentShape(serializers.Serializer):
    """By `messageType`. Empty of what was taken back."""

    text = serializers.CharField(required=False)
    attachmentId = serializers.CharField(required=False)
    url = serializers.CharField(required=False)
    name = serializers.CharField(required=False)
    size = serializers.IntegerField(required=False)
    duration = serializers.IntegerField(required=False)
    sticker = serializers.CharField(required=False)
    what = serializers.CharField(required=False, help_text="Of what the site wrote.")
    orderId = serializers.CharField(required=False)
    status = serializers.CharField(required=False)


class QuotedSenderShape(serializers.Serializer):
    displayName = serializers.CharField()


class QuotedContentShape(serializers.Serializer):
    text = serializers.CharField()


class QuotedShape(serializers.Serializer):
    id = serializers.CharField()
    seq = serializers.IntegerField()
    messageType = serializers.ChoiceField(MessageKind.choices)
    content = QuotedContentShape()
    sender = QuotedSenderShape(allow_null=True)


class MessageMetadataShape(serializers.Serializer):
    """`quiet`: nobody has to read it. `hidden`: by staff. `order`, of messages about the order of a
    service: its card as it is now, null for whom it is not theirs any more."""

    quiet = serializers.BooleanField(required=False)
    hidden = serializers.BooleanField(required=False)
    order = CardShape(required=False, allow_null=True)


class MessageShape(serializers.Serializer):
    """`seq` is its number in the conversation: from 1 on, without holes. `sender` null: the site.
    `status` is for its author alone. What was taken back or hidden keeps its place and has
    `deletedAt`."""

    id = serializers.CharField()
    conversationId = serializers.CharField()
    seq = serializers.IntegerField()
    clientId = serializers.CharField(allow_null=True)
    sender = PersonShape(allow_null=True)
    messageType = serializers.ChoiceField(MessageKind.choices)
    content = ContentShape()
    replyTo = QuotedShape(allow_null=True)
    attachments = AttachmentShape(many=True)
    metadata = MessageMetadataShape()
    createdAt = serializers.DateTimeField()
    editedAt = serializers.DateTimeField(allow_null=True)
    deletedAt = serializers.DateTimeField(allow_null=True)
    status = serializers.ChoiceField(["sent", "delivered", "read"], allow_null=True)


class MessageCountShape(serializers.Serializer):
    messages = serializers.IntegerField()


class ConversationShape(serializers.Serializer):
    """As its caller sees it. `messages` holds the newest, if there is one. `card` is about the
    appointment, for the two whose it is."""

    id = serializers.CharField()
    name = serializers.CharField()
    type = serializers.ChoiceField(ConversationType.choices)
    isActive = serializers.BooleanField()
    metadata = AboutShape()
    participants = ParticipantShape(many=True)
    card = CardShape(allow_null=True)
    messages = MessageShape(many=True)
    _count = MessageCountShape()
    unreadCount = serializers.IntegerField()
    isMuted = serializers.BooleanField()
    lastSeq = serializers.IntegerField()
    lastReadSeq = serializers.IntegerField()
    createdAt = serializers.DateTimeField()
    updatedAt = serializers.DateTimeField()


class ReadShape(serializers.Serializer):
    """`seq`: up to where the caller has read now."""

    conversationId = serializers.CharField()
    seq = serializers.IntegerField()


class MutedShape(serializers.Serializer):
    conversationId = serializers.CharField()
    isMuted = serializers.BooleanField()


class MessageReportShape(serializers.Serializer):
    id = serializers.CharField()
    conversationId = serializers.CharField()
    messageId = serializers.CharField(allow_null=True)
    reason = serializers.ChoiceField(ReportReason.choices)
    words = serializers.CharField()
    state = serializers.ChoiceField(ReportState.choices)
    createdAt = serializers.DateTimeField()


class BlockShape(serializers.Serializer):
    user = PersonShape()
    createdAt = serializers.DateTimeField()


class FoundConversationShape(serializers.Serializer):
    id = serializers.CharField()
    name = serializers.CharField()


class FoundShape(serializers.Serializer):
    message = MessageShape()
    conversation = FoundConversationShape()


class UnreadShape(serializers.Serializer):
    """Without what is muted or put away."""

    conversations = serializers.IntegerField()
    messages = serializers.IntegerField()
