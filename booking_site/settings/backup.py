"""Backups, and who hears when something is wrong with the site."""

from datetime import datetime
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from .env import BASE_DIR, env

# A folder that is not lost together with the database, if there is one.
BACKUP_FOLDER = Path(env.str("BACKUP_FOLDER", str(BASE_DIR / "var" / "backups")))
# So many of the newest stay.
BACKUP_KEEP = env.int("BACKUP_KEEP", 14)
# When, by the clock of STORE_TIME_ZONE, `manage.py backup --every-day` makes one.
BACKUP_AT = env.str("BACKUP_AT", "03:00")
# failures: a letter when none could be made, and when it works again; all: of each.
BACKUP_LETTERS = env.str("BACKUP_LETTERS", "failures")
# Of MariaDB, who may make the database in which a backup is checked; empty: as DATABASE_URL.
BACKUP_DATABASE_USER = env.str("BACKUP_DATABASE_USER", "")
BACKUP_DATABASE_PASSWORD = env.str("BACKUP_DATABASE_PASSWORD", "")
# Who hears of alarms; empty: everybody who runs the whole site.
ALERT_EMAILS = env.list("ALERT_EMAILS", default=[])

if BACKUP_KEEP < 1:
    raise ImproperlyConfigured("BACKUP_KEEP must be 1 or more: the last good one stays.")
try:
    datetime.strptime(BACKUP_AT, "%H:%M")
except ValueError:
    raise ImproperlyConfigured("BACKUP_AT is a time of the day, like 03:00.") from None
if BACKUP_LETTERS not in ("failures", "all"):
    raise ImproperlyConfigured("BACKUP_LETTERS is failures or all.")
