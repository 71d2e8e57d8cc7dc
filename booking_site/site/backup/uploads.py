"""The files people have brought: all that lies in MEDIA_ROOT and PRIVATE_ROOT, in one archive with
a list of checksums beside it, as ``sha256sum`` writes them."""

import hashlib
import io
import os
import tarfile
from collections.abc import Callable, Iterable
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import FileField

from .errors import BackupError
from .progress import Progress, size_in_words

ARCHIVE, LIST = "uploads.tar", "uploads.sha256"
Write = Callable[[str], object]
# Name -> checksum.
Listed = dict[str, str]


def roots() -> dict[str, Path]:
    return {"media": Path(settings.MEDIA_ROOT), "private": Path(settings.PRIVATE_ROOT)}


def pack(folder: Path, write: Write) -> Listed:
    """Whole, whatever happens to them meanwhile: one that vanishes is not in it, one that is being
    written is of a row that came after the dump."""
    found = [(f"{root}/{name}", path) for root, top in roots().items() for name, path in _in(top)]
    progress, listed, size = Progress(write, "uploads"), {}, 0
    with tarfile.open(folder / ARCHIVE, "w", format=tarfile.PAX_FORMAT) as archive:
        for number, (name, path) in enumerate(found, start=1):
            try:
                content, changed = path.read_bytes(), path.stat().st_mtime
            except FileNotFoundError:
                continue
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime, entry.mode = len(content), int(changed), 0o644
            archive.addfile(entry, io.BytesIO(content))
            listed[name] = hashlib.sha256(content).hexdigest()
            size += len(content)
            progress.at(number / len(found), f"{number} of {len(found)}, {size_in_words(size)}")
    lines = "".join(f"{checksum}  {name}\n" for name, checksum in listed.items())
    (folder / LIST).write_text(lines, encoding="utf-8")
    progress.done(f"{len(listed)} files, {size_in_words(size)}")
    return listed


def _in(top: Path) -> Iterable[tuple[str, Path]]:
    for path in sorted(top.rglob("*")):
        if path.is_file() and not path.is_symlink():
            name = path.relative_to(top).as_posix()
            if "\n" in name or "\\" in name:
                raise BackupError(f"the uploads hold a file with an odd name: {name!r}")
            yield name, path


def read_list(folder: Path) -> Listed:
    lines = (folder / LIST).read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("  ") for line in lines)
    return {name: checksum for checksum, _blank, name in pairs}


def faults_of_archive(folder: Path) -> list[str]:
    """In sentences: where the archive and its list differ."""
    listed = read_list(folder)
    seen = {}
    try:
        with tarfile.open(folder / ARCHIVE) as archive:
            for entry in archive:
                content = archive.extractfile(entry)
                seen[entry.name] = hashlib.sha256(content.read() if content else b"").hexdigest()
    except tarfile.TarError as error:
        return [f"{ARCHIVE} cannot be read: {error}"]
    return _differences(listed, seen, "in the archive")


def unpack(folder: Path, write: Write) -> list[str]:
    """Put all of them back, each under a name of its own first. Files of no backup stay: no row
    speaks of them. Returns what is wrong afterwards."""
    listed, tops = read_list(folder), roots()
    progress, seen = Progress(write, "uploads"), {}
    with tarfile.open(folder / ARCHIVE) as archive:
        for number, entry in enumerate(archive, start=1):
            target = _target(entry, listed, tops)
            content = archive.extractfile(entry)
            _replace(target, content.read() if content else b"")
            progress.at(number / max(len(listed), 1), f"{number} of {len(listed)}")
            seen[entry.name] = hashlib.sha256(target.read_bytes()).hexdigest()
    progress.done(f"{len(seen)} files")
    return _differences(listed, seen, "where it belongs")


def _target(entry: tarfile.TarInfo, listed: Listed, tops: dict[str, Path]) -> Path:
    root, _slash, name = entry.name.partition("/")
    path = Path(name)
    if entry.name not in listed or root not in tops or path.is_absolute() or ".." in path.parts:
        raise BackupError(f"the archive holds what its list does not: {entry.name!r}")
    return tops[root] / path


def _replace(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.part")
    beside.write_bytes(content)
    os.replace(beside, target)


def _differences(listed: Listed, seen: Listed, where: str) -> list[str]:
    gone = [f"{name} is not {where}" for name in listed if name not in seen]
    changed = [
        f"{name} is not what it was"
        for name in listed
        if seen.get(name) not in (None, listed[name])
    ]
    more = [f"{name} is in no list" for name in seen if name not in listed]
    return gone + changed + more


def columns() -> Iterable[tuple[str, str, str]]:
    """Where rows name files: (table, column, root)."""
    for model in apps.get_models():
        if model._meta.proxy or not model._meta.managed:
            continue
        for field in model._meta.local_fields:
            if isinstance(field, FileField):
                root = "media" if field.storage == default_storage else "private"
                yield model._meta.db_table, str(field.column), root
