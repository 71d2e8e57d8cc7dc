"""Files as people send them, and as those who mean harm do."""

import io
import math
import struct
import zipfile
import zlib
from typing import Any

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.models import User
from booking_site.common.actors import Actor
from booking_site.common.transactions import run_in_transaction
from chat.gateways.uploads import Upload, upload_from
from chat.models import Attachment, AttachmentKind, Conversation
from chat.services import add_attachment
from tests.callers import caller

RATE = 24_000
SCRIPT = b"<script>alert(document.cookie)</script>"
EICAR_LIKE = b"this file is known to do harm"
PAGE = b"<!DOCTYPE html><html><body>" + SCRIPT + b"</body></html>"
PHP = b"<?php system($_GET['c']); ?>"

OFFICE = "application/vnd.openxmlformats-officedocument."
MAIN = {
    "docx": ("word/document.xml", OFFICE + "wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", OFFICE + "spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/presentation.xml", OFFICE + "presentationml.presentation.main+xml"),
}
ODF = {
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
}
# By the name of the wrapping: the codec, and what its samples are like.
SOUNDS = {
    "webm": ("libopus", 48_000),
    "ogg": ("libopus", 48_000),
    "mp4": ("aac", 44_100),
    "ipod": ("aac", 48_000),
    "mp3": ("libmp3lame", 44_100),
    "wav": ("pcm_s16le", 16_000),
}


def address(conversation: Conversation) -> str:
    return f"/api/v1/chat/conversations/{conversation.pk}/attachments"


def send(
    who: User | None,
    conversation: Conversation,
    raw: bytes,
    name: str = "file.bin",
    *,
    kind: str = "",
    declared: str = "application/octet-stream",
    **headers: str,
) -> Any:
    """By the API."""
    body: dict[str, Any] = {"file": SimpleUploadedFile(name, raw, declared)}
    if kind:
        body["kind"] = kind
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    client = caller(who).client
    return client.post(address(conversation), body, format="multipart", headers=named)


def attached(
    who: User, conversation: Conversation, upload: Upload | None = None, *, at: Any
) -> Attachment:
    """By the service that every door calls."""
    wanted = upload or note()
    return run_in_transaction(lambda: add_attachment(conversation, wanted, by=Actor.of(who), at=at))


def note(text: str = "See you at nine.", name: str = "note.txt") -> Upload:
    return upload_from(text.encode(), name=name)


def of_size(size: int) -> Upload:
    """A document of so many bytes, without making it."""
    return Upload(AttachmentKind.FILE, "a.txt", "text/plain", "txt", b"a" * size, "0" * 64)


def there(attachment: Attachment) -> list[bool]:
    """Whether its files lie in the folder."""
    fields = [attachment.file, attachment.small] if attachment.small else [attachment.file]
    return [one.storage.exists(one.name or "") for one in fields]


def stored(attachment: Attachment) -> bytes:
    with attachment.file.storage.open(attachment.file.name or "", "rb") as file:
        return bytes(file.read())


def picture(kind: str = "JPEG", size: tuple[int, int] = (400, 300), **options: Any) -> bytes:
    output = io.BytesIO()
    Image.new("RGB", size, (40, 110, 90)).save(output, kind, **options)
    return output.getvalue()


def photo() -> bytes:
    """From a phone that notes where it was."""
    exif = Image.Exif()
    exif[0x010F] = "Secret Camera"
    exif.get_ifd(0x8825)[2] = (31.0, 14.0, 0.0)
    return picture(exif=exif)


def png_of(width: int, height: int) -> bytes:
    """A few bytes that claim to be so large."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pieces = [(b"IHDR", head), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*piece) for piece in pieces)


def bursting_png() -> bytes:
    """Its pixels are few by its head, and a hundred megabytes by what is packed in it."""
    head = struct.pack(">IIBBBBB", 20, 20, 8, 2, 0, 0, 0)
    packed = zlib.compress(bytes(100_000_000), 9)
    pieces = [(b"IHDR", head), (b"IDAT", packed), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*piece) for piece in pieces)


def _chunk(kind: bytes, data: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + check


def sound(form: str = "webm", seconds: float = 1.0, **metadata: str) -> bytes:
    codec, rate = SOUNDS[form]
    output = io.BytesIO()
    with av.open(output, "w", format=form) as container:
        container.metadata.update(metadata)
        stream: Any = container.add_stream(codec, rate=rate)
        stream.layout = "mono"
        resampler = AudioResampler(format=stream.format, layout="mono", rate=rate)
        for frame in (_tone(rate, seconds), None):
            for piece in resampler.resample(frame):
                container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
    return output.getvalue()


def _tone(rate: int, seconds: float) -> AudioFrame:
    count = max(1, int(rate * seconds))
    frame = AudioFrame(format="s16", layout="mono", samples=count)
    frame.sample_rate, frame.pts = rate, 0
    one = b"".join(struct.pack("<h", int(8000 * math.sin(n / 10))) for n in range(1000))
    frame.planes[0].update(
        (one * (count // 1000 + 1))[: count * 2].ljust(frame.planes[0].buffer_size, b"\0")
    )
    return frame


def film(*, with_sound: bool = True) -> bytes:
    output = io.BytesIO()
    with av.open(output, "w", format="mp4") as container:
        seen: Any = container.add_stream("mpeg4", rate=10)
        seen.width, seen.height, seen.pix_fmt = 64, 64, "yuv420p"
        heard: Any = container.add_stream("aac", rate=44_100) if with_sound else None
        for _n in range(10):
            container.mux(seen.encode(av.VideoFrame(64, 64, "yuv420p")))
        container.mux(seen.encode(None))
        if heard is not None:
            resampler = AudioResampler(format=heard.format, layout=heard.layout, rate=44_100)
            for frame in (_tone(44_100, 1), None):
                for piece in resampler.resample(frame):
                    container.mux(heard.encode(piece))
            container.mux(heard.encode(None))
    return output.getvalue()


def wav(
    seconds: float = 1.0, *, rate: int = 8_000, channels: int = 1, says: int | None = None
) -> bytes:
    """``says``: how many bytes of sound it claims to hold."""
    data = bytes(int(rate * seconds) * channels * 2)
    size = len(data) if says is None else says
    head = struct.pack(
        "<HHIIHH", 1, channels, rate, (rate * channels * 2) % 2**32, channels * 2, 16
    )
    return (
        b"RIFF"
        + struct.pack("<I", min(36 + size, 2**32 - 1))
        + b"WAVEfmt "
        + struct.pack("<I", 16)
        + head
        + b"data"
        + struct.pack("<I", size)
        + data
    )


def box(kind: bytes, *inner: bytes) -> bytes:
    content = b"".join(inner)
    return struct.pack(">I", 8 + len(content)) + kind + content


def mp4_elsewhere(url: bytes, *, quicktime: bool = False) -> bytes:
    """The head of a real recording, whose sound lies somewhere else by its own word."""
    raw = sound("ipod")
    here = box(b"url ", b"\0\0\0\x01")
    at = raw.index(here)
    there = box(b"url ", b"\0\0\0\0", url + b"\0")
    if quicktime:
        there = box(b"alis", b"\0\0\0\0", bytes(150), struct.pack(">HH", 2, len(url)), url)
    return _grown(raw, at, here, there)


def _grown(raw: bytes, at: int, old: bytes, new: bytes) -> bytes:
    """With every box around the place as much larger as the new one is."""
    more, result, begin, end = len(new) - len(old), bytearray(raw), 0, len(raw)
    while begin + 8 <= end:
        size = struct.unpack_from(">I", raw, begin)[0] or end - begin
        if not begin <= at < begin + size:
            begin += size
            continue
        if begin == at:
            break
        struct.pack_into(">I", result, begin, size + more)
        end, kind = begin + size, raw[begin + 4 : begin + 8]
        begin += 16 if kind == b"dref" else 8
    return bytes(result[:at]) + new + bytes(result[at + len(old) :])


def pdf(extra: bytes = b"") -> bytes:
    return b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n" + extra + b"\ntrailer<<>>\n%%EOF\n"


def packed(entries: dict[str, bytes], *, stored_first: bool = False) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, content) in enumerate(entries.items()):
            way = zipfile.ZIP_STORED if stored_first and not number else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), content, way)
    return output.getvalue()


def office(
    ending: str = "docx", *, kind: str = "", more: dict[str, bytes] | None = None, types: str = ""
) -> bytes:
    """``more`` entries, ``kind`` of its main part, further ``types``."""
    part, usual = MAIN[ending]
    contents = (
        '<?xml version="1.0" encoding="UTF-8"?><Types>'
        f'<Override PartName="/{part}" ContentType="{kind or usual}"/>{types}</Types>'
    )
    entries = {"[Content_Types].xml": contents.encode(), part: b"<w/>"}
    return packed(entries | (more or {}))


def odf(ending: str = "odt", more: dict[str, bytes] | None = None) -> bytes:
    entries = {"mimetype": ODF[ending].encode(), "content.xml": b"<office/>"}
    return packed(entries | (more or {}), stored_first=True)


def lying_docx() -> bytes:
    """One entry says that it is small, and unpacks to forty megabytes."""
    big = bytes(40_000_000)
    raw = bytearray(office(more={"word/media/a.bin": big}))
    real, said = struct.pack("<I", len(big)), struct.pack("<I", 10)
    while (at := raw.find(real)) >= 0:
        raw[at : at + 4] = said
    return bytes(raw)


def overlapping_docx() -> bytes:
    """A thousand entries of the directory that all mean the same packed bytes."""
    output = io.BytesIO(office(more={"word/a.bin": bytes(100_000)}))
    with zipfile.ZipFile(output, "a") as archive:
        last = archive.infolist()[-1]
        for number in range(500):
            twin = zipfile.ZipInfo(f"word/{number}.bin")
            for field in ("compress_type", "CRC", "compress_size", "file_size", "header_offset"):
                setattr(twin, field, getattr(last, field))
            archive.filelist.append(twin)
        archive._didModify = True  # type: ignore[attr-defined]
    return output.getvalue()


def locked_docx() -> bytes:
    """Every entry says that it needs a password."""
    raw = bytearray(office())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = raw.find(mark)
        while at >= 0:
            raw[at + offset] |= 1
            at = raw.find(mark, at + 4)
    return bytes(raw)
