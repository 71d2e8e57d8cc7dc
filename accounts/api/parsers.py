"""Uploads of one picture."""

from typing import Any, cast

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request

from booking_site.common.pictures import BadPicture

# What a form puts around its file.
FORM_OVERHEAD = 65_536


class PictureBodyParser(BaseParser):
    """The bytes of the body; what they are is for the picture library to say."""

    media_type = "image/*"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        # One byte more than allowed is enough to see that it is too much.
        return stream.read(settings.UPLOAD_MAX_BYTES + 1)


PICTURE_PARSERS = [MultiPartParser, PictureBodyParser]


def uploaded_picture(request: Request, *, field: str = "avatar") -> bytes:
    """The body itself, or the first file of a form. Raises BadPicture for ``field`` before reading
    too much."""
    announced = request.META.get("CONTENT_LENGTH") or "0"
    if announced.isdecimal() and int(announced) > settings.UPLOAD_MAX_BYTES + FORM_OVERHEAD:
        raise BadPicture(_("The picture is larger than 10 MB."), field=field)
    try:
        body = request.data
    except SuspiciousOperation as error:  # hundreds of files, megabytes of fields
        raise BadPicture(_("Please choose a JPEG, PNG or WebP picture."), field=field) from error
    if isinstance(body, bytes):
        return body
    files = [cast(UploadedFile, file) for file in request.FILES.values()]
    if not files:
        raise BadPicture(_("Please choose a JPEG, PNG or WebP picture."), field=field)
    return files[0].read(settings.UPLOAD_MAX_BYTES + 1)
