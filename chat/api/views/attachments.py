"""Files, sent before the message that shows them."""

from typing import cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.callers import user_of
from booking_site.common.api.envelope import answers, created
from booking_site.common.api.inputs import parsed
from booking_site.common.api.parameters import IDEMPOTENCY_KEY
from booking_site.common.api.writing import idempotent, write
from booking_site.common.callers import actor_of
from booking_site.common.errors import Invalid
from chat.api.attachment_shapes import AttachmentShape, AttachmentWishShape
from chat.api.lookups import thread_for
from chat.gateways.uploads import FIELD, upload_from
from chat.limits import UPLOADS, keep_pace
from chat.models import AttachmentKind
from chat.presenters.messages import attachment_data
from chat.services import add_attachment, require_room

UPLOAD = {
    "multipart/form-data": {
        "type": "object",
        "properties": {
            FIELD: {"type": "string", "format": "binary"},
            "kind": {"type": "string", "enum": list(AttachmentKind.values)},
        },
        "required": [FIELD],
    }
}


class AttachmentsView(APIView):
    permission_classes = [IsAuthenticated]
    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="add_chat_attachment",
        tags=["chat"],
        parameters=[IDEMPOTENCY_KEY],
        request=UPLOAD,
        responses=answers(AttachmentShape, status=201),
    )
    @idempotent
    def post(self, request: Request, conversation_id: str) -> Response:
        """A picture (JPEG, PNG, WebP; at most 24 million pixels), a voice (WebM, Ogg, MP4, MP3,
        WAV) or a document (PDF, docx, xlsx, pptx, odt, ods, odp, plain text, CSV) of at most 10 MB,
        for a message in this conversation that will name its id. The content decides which it is.
        Pictures and voices are encoded anew, without place and device. What no message names
        within a day is deleted."""
        file, at, by = _uploaded(request), timezone.now(), actor_of(request)
        kind = parsed(AttachmentWishShape, request)["kind"]
        conversation = thread_for(request, conversation_id).conversation
        # Decoding is the costly part: not for what is refused anyway.
        require_room(conversation, by=by)
        keep_pace(UPLOADS, user_of(request).pk)
        raw = file.read(settings.UPLOAD_MAX_BYTES + 1)
        upload = upload_from(raw, name=file.name or "", kind=kind)

        def work() -> Response:
            attachment = add_attachment(conversation, upload, by=by, at=at)
            return created(attachment_data(attachment))

        return write(request, work)


def _uploaded(request: Request) -> UploadedFile:
    files = request.FILES.getlist(FIELD)
    if not files:
        raise Invalid(errors={FIELD: [_("Please choose a file.")]})
    if len(request.FILES) > 1 or len(files) > 1:
        raise Invalid(errors={FIELD: [_("Please send one file at a time.")]})
    return cast(UploadedFile, files[0])
