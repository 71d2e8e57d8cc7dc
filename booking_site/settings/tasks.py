"""Celery. Anything timed is a due column in the database that beat sweeps, never an ETA."""

from .business import TIMED_WORK_INTERVAL
from .env import REDIS_URL

CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
# A round that no worker has begun by then is left to a later one: rounds that take longer than the
# time between them would otherwise line up without end, and whatever stands behind them with them.
# Those of letters, webhooks, pushes and payments, which run one at a time, wait longer: of the
# engine's rounds there may be one in every worker, and the next worker is then for one of these.
ENGINE_WAITS = TIMED_WORK_INTERVAL
OTHERS_WAIT = max(30.0, TIMED_WORK_INTERVAL)
CELERY_BEAT_SCHEDULE = {
    "run-due-work": {
        "task": "appointments.tasks.run_due_work",
        "schedule": TIMED_WORK_INTERVAL,
        "options": {"expires": ENGINE_WAITS},
    },
    "deliver-due-mail": {
        "task": "notifications.tasks.deliver_due_mail",
        "schedule": TIMED_WORK_INTERVAL,
        "options": {"expires": OTHERS_WAIT},
    },
    "deliver-due-webhooks": {
        "task": "notifications.tasks.deliver_due_webhooks",
        "schedule": TIMED_WORK_INTERVAL,
        "options": {"expires": OTHERS_WAIT},
    },
    "deliver-due-pushes": {
        "task": "notifications.tasks.deliver_due_pushes",
        "schedule": TIMED_WORK_INTERVAL,
        "options": {"expires": OTHERS_WAIT},
    },
    "look-after-payments": {
        "task": "payments.tasks.look_after_payments",
        "schedule": TIMED_WORK_INTERVAL,
        "options": {"expires": OTHERS_WAIT},
    },
    "show-a-pulse": {
        "task": "booking_site.site.tasks.beat",
        "schedule": 15.0,
        "options": {"expires": OTHERS_WAIT},
    },
    "sweep-unused-photos": {
        "task": "reviews.tasks.sweep_unused_photos",
        "schedule": 3600.0,
        "options": {"expires": 3600.0},
    },
    "look-after-conversations": {
        "task": "chat.tasks.look_after_conversations",
        "schedule": 3600.0,
        "options": {"expires": 3600.0},
    },
}
