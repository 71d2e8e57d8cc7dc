"""The program that decodes voices: it has so much memory and time, and reaches nothing."""

import subprocess
import sys

import pytest

from booking_site.common.errors import Invalid, Unavailable
from chat.gateways import voice, voice_worker
from chat.gateways.voice import voice_format, voice_from
from tests.chat import files

ALONE = [sys.executable, "-c"]
LOCKED = "from chat.gateways import voice_worker as w; w.rehearse(); w.lock_in()\n"
DEEDS = {
    "reads a file": "open('/etc/passwd')",
    "writes a file": "open('/tmp/from-the-worker', 'w')",
    "lists a folder": "os.listdir('/')",
    "calls out": "import _socket; _socket.socket()",
    "talks to a program": "os.pipe()",
    "takes all the memory": "bytes(500_000_000)",
}


def ends_well(program, settings):
    done = subprocess.run(
        [*ALONE, program], cwd=settings.BASE_DIR, capture_output=True, check=False
    )
    return done.returncode == 0


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
def test_it_reaches_nothing(settings, deed):
    imports = "import _socket, os, encodings.utf_8\n"

    assert ends_well(imports + LOCKED, settings)
    assert not ends_well(imports + LOCKED + deed, settings)


def test_without_the_lock_it_would(settings):
    """Else the test above shows nothing."""
    for deed in DEEDS.values():
        if "w'" not in deed:
            assert ends_well(f"import os\n{deed}", settings), deed


def test_nothing_of_the_site_is_loaded_into_it(settings):
    program = (
        "import sys, chat.gateways.voice_worker\n"
        "assert not {'django', 'booking_site'} & set(sys.modules), sys.modules"
    )
    assert ends_well(program, settings)


def test_both_sides_mean_the_same_by_an_exit_code():
    for name in ("TOO_LONG", "NOTHING_HEARD", "NO_VOICE", "DAMAGED", "HEADER_BYTES"):
        assert getattr(voice, name) == getattr(voice_worker, name)
    assert voice.MOST_WRITTEN == voice_worker.MOST_WRITTEN


def test_it_gets_nothing_of_our_environment(monkeypatch):
    """There are secrets in it."""
    asked = {}

    def run(command, **options):
        asked.update(options)
        return subprocess.CompletedProcess(command, voice.DAMAGED)

    monkeypatch.setattr(voice.subprocess, "run", run)
    with pytest.raises(Invalid):
        voice_from(files.wav(), form="wav", field="file")
    assert set(asked["env"]) == {"PYTHONDONTWRITEBYTECODE"}


def test_one_that_takes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(voice, "PATIENCE_SECONDS", 0.001)

    with pytest.raises(Invalid):
        voice_from(files.wav(), form="wav", field="file")


@pytest.mark.parametrize("code", [-9, -11, voice.DAMAGED])
def test_one_that_is_killed_means_that_the_file_is_damaged(monkeypatch, code):
    monkeypatch.setattr(voice, "_worked", lambda raw, form: (code, b""))

    with pytest.raises(Invalid) as refusal:
        voice_from(files.wav(), form="wav", field="file")
    assert refusal.value.errors == {"file": ["This recording is damaged."]}


def test_one_that_does_not_start_is_our_fault_and_not_the_file_s(monkeypatch):
    monkeypatch.setattr(voice, "_worked", lambda raw, form: (1, b""))

    with pytest.raises(Unavailable):
        voice_from(files.wav(), form="wav", field="file")


def test_so_many_at_once_and_a_place_is_given_back_whatever_happens(monkeypatch):
    inside, most = [], []

    def worked(raw, form):
        inside.append(form)
        most.append(len(inside))
        if len(inside) < voice.MOST_AT_ONCE:
            voice_from(raw, form=form, field="file")
        else:
            monkeypatch.setattr(voice, "PATIENCE_SECONDS", 0)
            with pytest.raises(Unavailable):
                voice_from(raw, form=form, field="file")
        raise RuntimeError

    monkeypatch.setattr(voice, "_worked", worked)
    with pytest.raises(RuntimeError):
        voice_from(b"", form="wav", field="file")
    assert max(most) == voice.MOST_AT_ONCE
    monkeypatch.setattr(voice, "_worked", lambda raw, form: (0, bytes(8)))
    for _place in range(voice.MOST_AT_ONCE + 1):
        voice_from(b"", form="wav", field="file")


def test_its_length_is_counted_whatever_it_says(settings):
    settings.CHAT_VOICE_SECONDS = 2

    short, long = files.wav(1.9, says=2**32 - 1), files.wav(2.1)

    assert voice_from(short, form="wav", field="file").seconds == 2
    with pytest.raises(Invalid):
        voice_from(long, form="wav", field="file")


def test_only_these_wrappings_are_opened():
    assert {form: voice_format(files.sound(form, 0.1)) for form in files.SOUNDS} == {
        "webm": "matroska",
        "ogg": "ogg",
        "mp4": "mp4",
        "ipod": "mp4",
        "mp3": "mp3",
        "wav": "wav",
    }
    for raw in (b"#EXTM3U\n", b"ffconcat version 1.0", b"<MPD>", b"", b"\xff", b"FORM", b"fLaC"):
        assert voice_format(raw) is None
