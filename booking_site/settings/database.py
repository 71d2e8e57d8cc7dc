"""MariaDB/MySQL in production, SQLite for one machine. Both keep the seven truths."""

from django.core.exceptions import ImproperlyConfigured

from .env import BASE_DIR, env

# An empty path component would make django-environ read the default as relative to the cwd.
DATABASE = env.db_url("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'var' / 'db.sqlite3'}")

# Empty where the URL names no database that django-environ knows.
ENGINE = DATABASE.get("ENGINE", "")

# Under ASGI a persistent connection belongs to a thread that is gone after the request.
DATABASE["CONN_MAX_AGE"] = 0
# booking_site.common.transactions repeats a whole transaction, so no request opens one before it.
DATABASE["ATOMIC_REQUESTS"] = False

if ENGINE.endswith("mysql"):
    DATABASE.setdefault("OPTIONS", {})
    DATABASE["OPTIONS"] |= {
        "charset": "utf8mb4",
        "isolation_level": env.str("DATABASE_ISOLATION", "read committed"),
        "init_command": "SET innodb_lock_wait_timeout=10, sql_mode='STRICT_TRANS_TABLES'",
    }
    DATABASE["TEST"] = {"CHARSET": "utf8mb4", "COLLATION": "utf8mb4_unicode_520_ci"}
elif ENGINE.endswith("sqlite3"):
    DATABASE.setdefault("OPTIONS", {})
    DATABASE["OPTIONS"] |= {
        # A deferred BEGIN that later writes fails with "database is locked", ignoring the timeout.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    raise ImproperlyConfigured("DATABASE_URL must name MariaDB/MySQL or SQLite.")

DATABASES = {"default": DATABASE}
