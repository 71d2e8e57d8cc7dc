"""Makes a small safe recording out of whatever somebody uploads as a voice, in a process of its own
(chat.gateways.voice_worker)."""

import logging
import math
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from threading import BoundedSemaphore

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from booking_site.common.errors import Invalid, Unavailable

# The exit codes of the worker, which nothing of the site is loaded into and which is loaded into
# nothing of the site.
TOO_LONG, NOTHING_HEARD, NO_VOICE, DAMAGED = 3, 4, 5, 6
HEADER_BYTES = 8
MOST_WRITTEN = 16 * 1_048_576
# Of the wall clock. The worker limits its own work to less; a busy machine takes longer for it.
PATIENCE_SECONDS = 30
# Each takes a core, and up to its limit of memory.
MOST_AT_ONCE = 2

MATROSKA, OGG, ID3, RIFF = b"\x1a\x45\xdf\xa3", b"OggS", b"ID3", b"RIFF"
# An MPEG frame of layer III, of any version: eleven bits of one, two of the version, then 01.
FRAME, LAYER_III, LAYER_MASK = 0xFF, 0xE2, 0xE6

_at_once = BoundedSemaphore(MOST_AT_ONCE)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Voice:
    """An MP3 with nothing of the upload in it but what is heard."""

    mp3: bytes
    seconds: int


def voice_format(raw: bytes) -> str | None:
    """What the beginning says it is, by FFmpeg's name: of these few, and never anything that names
    other files, such as a playlist."""
    if raw.startswith(MATROSKA):
        return "matroska"
    if raw.startswith(OGG):
        return "ogg"
    if raw[4:8] == b"ftyp":
        return "mp4"
    if raw.startswith(RIFF) and raw[8:12] == b"WAVE":
        return "wav"
    is_frame = len(raw) > 1 and raw[0] == FRAME and raw[1] & LAYER_MASK == LAYER_III
    return "mp3" if raw.startswith(ID3) or is_frame else None


def voice_from(raw: bytes, *, form: str, field: str) -> Voice:
    """What is heard in it. Raises Invalid for ``field``, Unavailable where too many are at it."""
    if not _at_once.acquire(timeout=PATIENCE_SECONDS):
        raise Unavailable
    try:
        code, written = _worked(raw, form)
    finally:
        _at_once.release()
    if code != 0:
        raise _refusal(code, field)
    milliseconds, mp3 = int.from_bytes(written[:HEADER_BYTES]), written[HEADER_BYTES:]
    return Voice(mp3, seconds=max(1, math.ceil(milliseconds / 1000)))


def _worked(raw: bytes, form: str) -> tuple[int, bytes]:
    """The worker's exit code, and what it wrote. It gets nothing of our environment: there are
    secrets in it."""
    command = [sys.executable, "-m", "chat.gateways.voice_worker", form]
    with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as answered:
        asked.write(raw)
        asked.seek(0)
        try:
            done = subprocess.run(
                [*command, str(settings.CHAT_VOICE_SECONDS)],
                stdin=asked,
                stdout=answered,
                stderr=subprocess.DEVNULL,
                timeout=PATIENCE_SECONDS,
                cwd=settings.BASE_DIR,
                env={"PYTHONDONTWRITEBYTECODE": "1"},
                check=False,
            )
        except subprocess.TimeoutExpired:
            log.warning("a voice of %d bytes took too long", len(raw))
            return DAMAGED, b""
        answered.seek(0)
        return done.returncode, answered.read(MOST_WRITTEN)


def _refusal(code: int, field: str) -> Exception:
    if code == TOO_LONG:
        most = settings.CHAT_VOICE_SECONDS
        message = ngettext(
            "A voice message may last %(count)s second.",
            "A voice message may last %(count)s seconds.",
            most,
        ) % {"count": most}
    elif code == NOTHING_HEARD:
        message = _("There is nothing to hear in this recording.")
    elif code == NO_VOICE:
        message = _("This is not a recording of a voice. Films and other sounds cannot be sent.")
    elif code == DAMAGED or code < 0:
        log.info("a voice could not be decoded: %d", code)
        message = _("This recording is damaged.")
    else:
        log.error("the worker for voices does not work: %d", code)
        return Unavailable()
    return Invalid(errors={field: [message]})
