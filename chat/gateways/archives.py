"""Looks into a ZIP without trusting what it says of itself: documents of offices are such."""

import io
import struct
import zipfile
import zlib

START = b"PK\x03\x04"
MOST_ENTRIES = 3_000
MOST_UNPACKED = 100 * 1_048_576
# XML shrinks to a thirtieth; a file made to burst to a thousandth.
MOST_RATIO, SMALL_ENOUGH = 150, 4 * 1_048_576
CHUNK = 65_536
HEADER_BYTES = 30
ENCRYPTED, UTF_8 = 0x1, 0x800


class BadArchive(Exception):
    """Damaged, or made so that unpacking it does harm."""


class Archive:
    """One whose every entry was unpacked once, into nothing, and is as large as it says."""

    def __init__(self, raw: bytes) -> None:
        """Raises BadArchive."""
        self._raw = raw
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(raw))
            self.entries = self._zip.infolist()
            self._look_through()
        # A reader fed by strangers may fail in any way.
        except Exception as error:
            raise BadArchive(str(error)) from error
        self.names = [entry.filename for entry in self.entries]

    def read(self, name: str, *, most: int) -> bytes:
        """One entry, of at most so many bytes; nothing where there is none. Raises BadArchive."""
        if name not in self.names:
            return b""
        try:
            with self._zip.open(name) as entry:
                content = entry.read(most + 1)
        except Exception as error:
            raise BadArchive(str(error)) from error
        if len(content) > most:
            raise BadArchive("too much in one entry")
        return content

    def _look_through(self) -> None:
        entries = self.entries
        unpacked = sum(entry.file_size for entry in entries)
        if not 0 < len(entries) <= MOST_ENTRIES or unpacked > MOST_UNPACKED:
            raise BadArchive("too much in it")
        if len({entry.filename.lower() for entry in entries}) < len(entries):
            raise BadArchive("two entries of one name")
        if min(entry.header_offset for entry in entries) != 0:
            raise BadArchive("something else before it")
        if sum(entry.compress_size for entry in entries) > len(self._raw):
            raise BadArchive("entries that overlap")
        if unpacked > max(SMALL_ENOUGH, MOST_RATIO * len(self._raw)):
            raise BadArchive("shrunk too well")
        for entry in entries:
            _require_plain_name(entry.orig_filename)
            self._require_honest(entry)

    def _require_honest(self, entry: zipfile.ZipInfo) -> None:
        if entry.flag_bits & ENCRYPTED:
            raise BadArchive("encrypted")
        header = self._raw[entry.header_offset : entry.header_offset + HEADER_BYTES]
        if not header.startswith(START):
            raise BadArchive("no header")
        (way,), sizes = struct.unpack_from("<H", header, 8), struct.unpack_from("<HH", header, 26)
        begin = entry.header_offset + HEADER_BYTES
        name = entry.orig_filename.encode("utf-8" if entry.flag_bits & UTF_8 else "cp437")
        if way != entry.compress_type or self._raw[begin : begin + sizes[0]] != name:
            raise BadArchive("header and directory differ")
        begin += sum(sizes)
        packed = memoryview(self._raw)[begin : begin + entry.compress_size]
        if entry.compress_type == zipfile.ZIP_STORED:
            size = len(packed)
        elif entry.compress_type == zipfile.ZIP_DEFLATED:
            size = _inflated_size(packed, most=entry.file_size)
        else:
            raise BadArchive("an unusual way of packing")
        if size != entry.file_size or len(packed) != entry.compress_size:
            raise BadArchive("not as large as it says")


def _require_plain_name(name: str) -> None:
    parts = name.replace("\\", "/").split("/")
    if "\0" in name or ":" in parts[0] or ".." in parts or name.startswith(("/", "\\")):
        raise BadArchive("a name that leads out of it")


def _inflated_size(packed: memoryview, *, most: int) -> int:
    """How many bytes come out. Stops when there are more than ``most``."""
    inflate, size = zlib.decompressobj(-zlib.MAX_WBITS), 0
    for first in range(0, len(packed), CHUNK):
        waiting: bytes | memoryview = packed[first : first + CHUNK]
        while waiting and not inflate.eof:
            size += len(inflate.decompress(waiting, CHUNK))
            waiting = inflate.unconsumed_tail
            if size > most:
                raise BadArchive("larger than it says")
    size += len(inflate.flush())
    if not inflate.eof or inflate.unused_data:
        raise BadArchive("no proper end")
    return size
