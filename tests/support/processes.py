"""Child processes that never outlive the tests. Standard library only."""

import ctypes
import random
import signal
import socket
import subprocess

_PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """Linux ends the calling process when the one that made it is gone. For ``preexec_fn``."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    # A shell that runs something in the background has it ignore Ctrl-C, and children inherit that.
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def spare_port() -> int:
    """A port nobody listens on, from below the range that outgoing connections are given."""
    for port in random.SystemRandom().sample(range(20_000, 32_000), 200):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no spare port between 20000 and 32000")


def stop(process: subprocess.Popen[bytes], *, patience: float = 15) -> None:
    """Ask it to end, and end it when it does not. Safe for one that has ended already."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
