"""The proof: all of it is read again, loaded into a database beside, and compared."""

from collections.abc import Callable
from pathlib import Path

from django.db.migrations.loader import MigrationLoader

from . import uploads
from .engines import Engine, engine
from .manifest import Manifest, Table, broken_parts

Write = Callable[[str], object]


def check(folder: Path, manifest: Manifest, write: Write) -> tuple[list[str], list[str]]:
    """What is wrong with it, in sentences; and the files that its rows speak of and it has not."""
    faults = broken_parts(folder, manifest)
    if faults:
        return faults, []
    faults = uploads.faults_of_archive(folder)
    here = engine()
    with here.scratch(folder / here.file_name, manifest, write) as scratch:
        write("comparing …")
        faults += differences(scratch, manifest)
        missing = missing_files(scratch, folder)
    write(f"compared: {len(faults)} differences, {len(missing)} files missing")
    return faults, missing


def differences(database: Engine, manifest: Manifest) -> list[str]:
    """Between a database and what the manifest says: each table, and the dump as a whole. On
    another version of the server only the numbers of rows can be compared."""
    now, then = database.tables(), manifest.tables
    if database.server() != manifest.server:
        now, then = _rows_only(now), _rows_only(then)
    found = [f"table {name} is not there" for name in then if name not in now]
    found += [f"table {name} is not in the backup" for name in now if name not in then]
    found += [
        f"table {name} differs: {now[name]} and not {then[name]}"
        for name in then
        if name in now and now[name] != then[name]
    ]
    same_server = database.server() == manifest.server
    if same_server and not found and database.content_sha256() != manifest.content_sha256:
        found.append("a dump of it is not the dump that was made")
    return found


def _rows_only(tables: dict[str, Table]) -> dict[str, Table]:
    return {name: Table(table.rows, "") for name, table in tables.items()}


def missing_files(database: Engine, folder: Path) -> list[str]:
    listed = uploads.read_list(folder)
    there = set(database.tables())
    named = {
        f"{root}/{name}"
        for table, column, root in uploads.columns()
        if table in there
        for name in database.names_in(table, column)
    }
    return sorted(named - listed.keys())


def unknown_migrations(manifest: Manifest) -> list[str]:
    """Of a newer release than this one."""
    known = {".".join(key) for key in MigrationLoader(None).disk_migrations}
    return sorted(set(manifest.migrations) - known)
