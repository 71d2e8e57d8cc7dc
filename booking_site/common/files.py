"""Files that belong to rows: gone when the row was not written, and gone after the row is.

A file is written before the commit, because a row without its file would be a lie. When the
transaction is rolled back the file goes again; what a killed process left is found by whoever
sweeps the folder.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.db import transaction

from booking_site.common.errors import Unavailable

_written: ContextVar["list[tuple[Storage, str]] | None"] = ContextVar("written", default=None)


class PrivateStorage(FileSystemStorage):
    """Files that no web server hands out: a view asks first who may see them."""

    def url(self, name: str | None) -> str:
        raise ValueError("a private file has no address of its own")


def private_storage() -> Storage:
    """For ``FileField(storage=…)``: a callable, so that migrations know no folder."""
    return storages["private"]


def keep(storage: Storage, name: str, content: bytes) -> str:
    """Write it under this name (or one like it) and return the name. Raises Unavailable."""
    try:
        kept = storage.save(name, ContentFile(content))
    except OSError as error:
        raise Unavailable from error
    written = _written.get()
    if written is not None:
        written.append((storage, kept))
    return kept


def delete_after_commit(storage: Storage, name: str) -> None:
    """Not before: a transaction that is rolled back still needs it."""
    if name:
        transaction.on_commit(lambda: storage.delete(name), robust=True)


@contextmanager
def remembered() -> Iterator["list[tuple[Storage, str]]"]:
    """What is kept in here is in the list, for ``take_back`` if it was in vain."""
    written: list[tuple[Storage, str]] = []
    token = _written.set(written)
    try:
        yield written
    finally:
        _written.reset(token)


def take_back(written: "list[tuple[Storage, str]]") -> None:
    for storage, name in written:
        storage.delete(name)
