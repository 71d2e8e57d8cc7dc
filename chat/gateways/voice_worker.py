"""Decodes what somebody says is a voice, and encodes what is heard in it: a program of its own,
which nothing of the site is loaded into (chat.gateways.voice runs it).

``python -m chat.gateways.voice_worker FORMAT SECONDS`` reads the file from its standard input and
writes to its standard output the milliseconds as eight bytes, and an MP3. It can open nothing
else: decoders of strangers' files are where programs are broken into.
"""

import io
import os
import resource
import sys
import wave
from collections.abc import Iterator
from typing import Any

import av
from av.audio.resampler import AudioResampler
from av.container import OutputContainer

# What the parent is told by the exit code. A signal means that the file is damaged, too; anything
# else that this program is.
TOO_LONG, NOTHING_HEARD, NO_VOICE, DAMAGED = 3, 4, 5, 6

RATE, BITS = 24_000, 48_000
LEAST_MILLISECONDS = 200
HEADER_BYTES = 8
MEMORY_BYTES = 384 * 1_048_576
CPU_SECONDS = 10
# Two minutes take 700 kB.
MOST_WRITTEN = 16 * 1_048_576
RATES, MOST_CHANNELS = range(4_000, 192_001), 8
# What browsers and phones record, and what people have in their folders.
CODECS = "opus,libopus,vorbis,aac,mp3,mp3float,pcm_u8,pcm_s16le,pcm_s24le,pcm_s32le,pcm_f32le"
ATTACHED_PICTURE = 0x0400
MOST_BAD = 20
# LAME's, from 0 to 9: of what a phone records the better ones make nothing better, and take longer.
QUALITY = 7


class Refused(Exception):
    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def main() -> int:
    form, seconds = sys.argv[1], int(sys.argv[2])
    raw = sys.stdin.buffer.read()
    av.logging.set_level(None)
    rehearse()
    lock_in()
    try:
        mp3, samples = encoded(raw, form=form, most=seconds * RATE)
    except Refused as refusal:
        return refusal.code
    # A decoder fed by strangers may fail in any way; all of them mean the same to the stranger.
    except Exception:
        return DAMAGED
    milliseconds = samples * 1000 // RATE
    if milliseconds < LEAST_MILLISECONDS:
        return NOTHING_HEARD
    sys.stdout.buffer.write(milliseconds.to_bytes(HEADER_BYTES) + mp3)
    sys.stdout.buffer.flush()
    return 0


def rehearse() -> None:
    """Once with a sound of its own: what the library reads at its first use is read after this."""
    sound = io.BytesIO()
    with wave.open(sound, "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(bytes(2 * RATE // 10))
    encoded(sound.getvalue(), form="wav", most=RATE)


def lock_in() -> None:
    """From here on it opens no file and no connection, starts no process, and has so much memory
    and time."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, MOST_WRITTEN),
        (resource.RLIMIT_NOFILE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def encoded(raw: bytes, *, form: str, most: int) -> tuple[bytes, int]:
    """One channel of MP3, and how many samples of RATE a second were heard, whatever the file says
    of its length. Raises Refused, and whatever decoders raise."""
    whitelists = {"codec_whitelist": CODECS, "format_whitelist": form, "protocol_whitelist": ""}
    output = io.BytesIO()
    with (
        av.open(io.BytesIO(raw), format=form, options=whitelists, io_open=open_nothing) as source,
        av.open(output, "w", format="mp3", options={"id3v2_version": "0"}) as target,
    ):
        samples = carry_over(source, target, most)
    return output.getvalue(), samples


def open_nothing(*_asked: Any) -> Any:
    raise Refused(NO_VOICE)


def carry_over(source: Any, target: OutputContainer, most: int) -> int:
    stream = only_voice(source)
    options = {"compression_level": str(QUALITY)}
    made: Any = target.add_stream("libmp3lame", rate=RATE, options=options, layout="mono")
    made.bit_rate = BITS
    resampler = AudioResampler(format="s16p", layout="mono", rate=RATE)
    count = 0
    for frame in heard(source, stream):
        for piece in resampler.resample(frame):
            count = added(target, made, piece, count, most)
    for piece in resampler.resample(None):
        count = added(target, made, piece, count, most)
    target.mux(made.encode(None))
    return count


def added(target: OutputContainer, made: Any, piece: Any, count: int, most: int) -> int:
    if count + piece.samples > most:
        raise Refused(TOO_LONG)
    # Numbered anew: what the file says of its times may be anything.
    piece.pts = count
    target.mux(made.encode(piece))
    return count + int(piece.samples)


def only_voice(source: Any) -> Any:
    """Its first sound. A film is no voice message; the cover of a song goes."""
    for stream in source.streams.video:
        if not int(stream.disposition) & ATTACHED_PICTURE:
            raise Refused(NO_VOICE)
    if not source.streams.audio:
        raise Refused(NO_VOICE)
    stream = source.streams.audio[0]
    context = stream.codec_context
    if context.name not in CODECS.split(","):
        raise Refused(NO_VOICE)
    if context.sample_rate not in RATES or not 1 <= context.channels <= MOST_CHANNELS:
        raise Refused(NO_VOICE)
    context.thread_count = 1
    return stream


def heard(source: Any, stream: Any) -> Iterator[Any]:
    """As players do, it passes over a piece that cannot be decoded; not over many."""
    bad = 0
    for packet in source.demux(stream):
        try:
            yield from packet.decode()
        except av.error.InvalidDataError:
            bad += 1
            if bad > MOST_BAD:
                raise


if __name__ == "__main__":
    code = main()
    # Without closing anything by the rules: there is nothing to lose any more.
    os._exit(code)
