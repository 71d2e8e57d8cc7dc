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
CELERY_BEAT_SCHEDULE = {
    "run-due-work": {"task": "appointments.tasks.run_due_work", "schedule": TIMED_WORK_INTERVAL},
    "deliver-due-mail": {
        "task": "notifications.tasks.deliver_due_mail",
        "schedule": TIMED_WORK_INTERVAL,
        # What was not begun by then is done by the next one.
        "options": {"expires": TIMED_WORK_INTERVAL},
    },
    "deliver-due-webhooks": {
        "task": "notifications.tasks.deliver_due_webhooks",
        "schedule": TIMED_WORK_INTERVAL,
        "options": {"expires": TIMED_WORK_INTERVAL},
    },
    "deliver-due-pushes": {
        "task": "notifications.tasks.deliver_due_pushes",
        "schedule": TIMED_WORK_INTERVAL,
        "options": {"expires": TIMED_WORK_INTERVAL},
    },
    "look-after-payments": {
        "task": "payments.tasks.look_after_payments",
        "schedule": TIMED_WORK_INTERVAL,
        "options": {"expires": TIMED_WORK_INTERVAL},
    },
    "show-a-pulse": {
        "task": "booking_site.site.tasks.beat",
        "schedule": 15.0,
        "options": {"expires": 15.0},
    },
    "sweep-unused-photos": {"task": "reviews.tasks.sweep_unused_photos", "schedule": 3600.0},
    "look-after-conversations": {
        "task": "chat.tasks.look_after_conversations",
        "schedule": 3600.0,
    },
}
