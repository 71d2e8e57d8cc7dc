"""Brings the demo's database and static files up to date, in one start of Django to save time."""

import hashlib
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "booking_site.settings")

import django
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection

ACCOUNTS = (
    ("customer@example.com", "a customer with bookings"),
    ("realtor@example.com", "a realtor, who takes them"),
    ("sitter@example.com", "a pet sitter, with pets at home"),
    ("worker@example.com", "a cleaner, who is ordered home"),
    ("manager@example.com", "the manager of the first store"),
    ("staff@example.com", "an operator of the whole site"),
)


def main() -> None:
    django.setup()
    require_database()
    if tables_are_missing():
        print("Making the tables", flush=True)
    call_command("migrate", interactive=False, verbosity=0)
    collect_static_files()
    if settings.DEMO:
        call_command("seed_demo")
    print(greeting(os.environ.get("PORT", "8000")), flush=True)


def require_database() -> None:
    try:
        connection.ensure_connection()
    except OperationalError as error:
        sys.exit(f"The database of DATABASE_URL cannot be reached: {error}")


def tables_are_missing() -> bool:
    return "django_migrations" not in connection.introspection.table_names()


def collect_static_files() -> None:
    """Only when a source changed: hashing and compressing them takes longer than all the rest."""
    stamp = Path(settings.STATIC_ROOT).parent / "static.sha256"
    now = static_sources()
    if stamp.exists() and Path(settings.STATIC_ROOT).exists() and stamp.read_text() == now:
        return
    print("Collecting static files", flush=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(now)


def static_sources() -> str:
    """A fingerprint of our own files, of the packages that bring theirs, and of the storage."""
    seen = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    seen.update(repr(settings.STORAGES["staticfiles"]).encode())
    for folder in settings.STATICFILES_DIRS:
        for path in sorted(Path(folder).rglob("*")):
            facts = path.stat()
            seen.update(f"{path} {facts.st_size} {facts.st_mtime_ns}".encode())
    return seen.hexdigest()


def greeting(port: str) -> str:
    site = f"http://127.0.0.1:{port}"
    lines = [
        "",
        f"  Pages        {site}/",
        f"  Back office  {site}/admin/",
        f"  API          {site}/api/docs/",
    ]
    if settings.DEMO:
        lines += ["", "  Demo accounts, password demo-12345:"]
        lines += [f"    {address:<22} {who}" for address, who in ACCOUNTS]
    if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
        lines += ["", f"  Letters (confirmations, reminders) lie in {mail_folder()}/"]
    return "\n".join([*lines, "", "  Ctrl-C stops it.", ""])


def mail_folder() -> Path:
    folder = Path(settings.EMAIL_FILE_PATH)
    return folder.relative_to(ROOT) if folder.is_relative_to(ROOT) else folder


if __name__ == "__main__":
    main()
