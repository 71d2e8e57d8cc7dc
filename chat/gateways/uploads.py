"""From the bytes that somebody sends to what is kept of them: the content decides the kind."""

import hashlib
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from booking_site.common.errors import Invalid
from chat.models import AttachmentKind

from .documents import document_from
from .file_names import clean_name
from .pictures import picture_from, seems_a_picture
from .scanning import require_clean
from .voice import voice_format, voice_from

FIELD = "file"
# Of phones, in the same wrapping as their sounds.
HEIF_BRANDS = (b"heic", b"heix", b"heim", b"hevc", b"mif1", b"msf1", b"avif", b"avis")


@dataclass(frozen=True)
class Upload:
    """What is kept: ``content``, and of a picture the ``small`` one; ``sha256`` is of what was
    sent."""

    kind: AttachmentKind
    name: str
    content_type: str
    ending: str
    content: bytes
    sha256: str
    small: bytes = b""
    width: int | None = None
    height: int | None = None
    seconds: int | None = None

    @property
    def size(self) -> int:
        return len(self.content) + len(self.small)


def upload_from(raw: bytes, *, name: str, kind: str = "", field: str = FIELD) -> Upload:
    """Looks what it is and makes it harmless. ``kind``: what the sender takes it for; the empty one
    is anything. Raises Invalid for ``field``, Unavailable."""
    found = _kind_of(raw, field)
    if kind and kind != found:
        raise Invalid(errors={field: [_wrong(found)]})
    digest = hashlib.sha256(raw).hexdigest()
    if found == AttachmentKind.IMAGE:
        return _picture(raw, name, digest, field)
    if found == AttachmentKind.VOICE:
        return _voice(raw, name, digest, field)
    return _document(raw, name, digest, field)


def _kind_of(raw: bytes, field: str) -> AttachmentKind:
    if not raw:
        raise Invalid(errors={field: [_("This file is empty.")]})
    if len(raw) > settings.UPLOAD_MAX_BYTES:
        most = settings.UPLOAD_MAX_BYTES // 1_048_576
        message = _("The file is larger than %(count)s MB.") % {"count": most}
        raise Invalid(errors={field: [message]})
    if raw[4:8] == b"ftyp" and raw[8:12] in HEIF_BRANDS:
        raise Invalid(errors={field: [_("Please save this picture as JPEG, PNG or WebP.")]})
    if seems_a_picture(raw):
        return AttachmentKind.IMAGE
    return AttachmentKind.VOICE if voice_format(raw) else AttachmentKind.FILE


def _wrong(found: AttachmentKind) -> str:
    sentences = {
        AttachmentKind.IMAGE: _("This is a picture. Please send it as one."),
        AttachmentKind.VOICE: _("This is a recording. Please send it as a voice message."),
        AttachmentKind.FILE: _("This is neither a picture nor a recording that we know."),
    }
    return sentences[found]


def _picture(raw: bytes, name: str, digest: str, field: str) -> Upload:
    large, small = picture_from(raw, field=field)
    return Upload(
        AttachmentKind.IMAGE,
        clean_name(name, ending="jpg"),
        "image/jpeg",
        "jpg",
        large.jpeg,
        digest,
        small=small.jpeg,
        width=large.width,
        height=large.height,
    )


def _voice(raw: bytes, name: str, digest: str, field: str) -> Upload:
    voice = voice_from(raw, form=voice_format(raw) or "", field=field)
    return Upload(
        AttachmentKind.VOICE,
        clean_name(name, ending="mp3"),
        "audio/mpeg",
        "mp3",
        voice.mp3,
        digest,
        seconds=voice.seconds,
    )


def _document(raw: bytes, name: str, digest: str, field: str) -> Upload:
    document = document_from(raw, name=name, field=field)
    require_clean(raw, field=field)
    ending = document.ending
    return Upload(
        AttachmentKind.FILE,
        clean_name(name, ending=ending),
        document.content_type,
        ending,
        raw,
        digest,
    )
