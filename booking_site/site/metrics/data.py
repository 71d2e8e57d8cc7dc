"""Gauges of the business as Prometheus reads them. Read from the database at most once in
FRESH_SECONDS, however often somebody asks."""

import logging
from collections.abc import Iterator
from contextlib import suppress
from math import nan
from pathlib import Path
from shutil import disk_usage

from django.conf import settings
from django.core.cache import cache
from django.db import Error
from django.utils import timezone
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from appointments.selectors.vitals import Vitals, created_ever, vitals
from booking_site.site import health
from booking_site.site.pulse import last_beat

from .business import Business, business

log = logging.getLogger(__name__)

FRESH_SECONDS = 15
CACHE_KEY = "site.metrics.figures"
Figures = tuple[Vitals, Business]


class DataCollector(Collector):
    """What every process says alike. With the database down it says that, and nothing else."""

    def collect(self) -> Iterator[Metric]:
        try:
            # Not from the cache: an older answer of another process would look like a fall, and
            # Prometheus takes a fall for a restart and counts everything once more.
            created, (pulse, doing) = created_ever(), _fresh()
        except Error as error:
            log.warning("no figures: %.200r", error)
            yield _gauge("database_up", "1 when the database answers.", 0)
            return
        yield _gauge("database_up", "1 when the database answers.", 1)
        yield CounterMetricFamily(
            "appointment_created", "Appointments ever made, through whatever door.", value=created
        )
        yield from _families(pulse)
        yield from _of_business(doing)
        yield from _of_backups(doing)
        yield from _of_parts()


def _fresh() -> Figures:
    """A cache that is down costs the queries, and nothing else."""
    known: Figures | None = None
    with suppress(Exception):
        known = cache.get(CACHE_KEY)
    if known is None:
        now = timezone.now()
        known = vitals(at=now), business(at=now)
        with suppress(Exception):
            cache.set(CACHE_KEY, known, FRESH_SECONDS)
    return known


def _families(pulse: Vitals) -> Iterator[Metric]:
    yield _by("appointments", "Appointments by status.", "status", pulse.by_status)
    yield _gauge(
        "appointment_success_rate",
        "Completed of all completed, cancelled and missed that began in the last 30 days.",
        pulse.success_rate,
    )
    yield _by(
        "realtor_utilization",
        "Promised of working time today, by store id.",
        "store",
        {str(pk): rate for pk, rate in pulse.utilisation.items()},
    )
    yield _gauge(
        "queue_wait_time",
        "Mean seconds in the live line of those who got a yes in the last 24 hours.",
        pulse.mean_wait_seconds,
    )
    yield _gauge(
        "queue_wait_time_p95",
        "Seconds in the live line that 95 of 100 of them did not exceed.",
        pulse.p95_wait_seconds,
    )
    yield _by(
        "queue_length",
        "Who waits for a realtor now, as soon as possible or for a start.",
        "line",
        {"live": pulse.waiting_live, "scheduled": pulse.waiting_scheduled},
    )
    yield _gauge("realtors_on_duty", "Who would be sent a live customer now.", pulse.on_duty)
    yield _gauge("offers_open", "Offers that wait for a realtor's answer.", pulse.open_offers)
    yield _gauge("offers_past_deadline", "Those whose time to answer is over.", pulse.late_offers)
    yield _gauge("holds", "Times kept for somebody who fills in the form.", pulse.holds)
    yield _gauge(
        "appointment_codes_held_ratio",
        "Of the 1,000,000 codes of six digits, the share that is held.",
        pulse.codes_held,
    )
    yield _gauge(
        "daily_active_users",
        "Signed-in people who did something to an appointment today.",
        pulse.active_users,
    )


def _of_business(found: Business) -> Iterator[Metric]:
    yield _gauge(
        "order_conversion_rate",
        "Of the services booked for the last 30 days, those the provider has said yes to.",
        found.order_conversion,
    )
    yield _gauge(
        "service_completion_rate",
        "Completed of the services that were said yes to, began in these days, and are over.",
        found.service_completion,
    )
    yield _gauge(
        "user_satisfaction",
        "Mean stars, 1 to 5, of what was reviewed and began in the last 30 days.",
        found.satisfaction,
    )
    yield _by(
        "deliveries_overdue",
        "Letters, pushes and messages of webhooks that are due for more than five minutes.",
        "kind",
        found.overdue,
    )
    yield _by(
        "deliveries_dead", "Those that were given up in the last 24 hours.", "kind", found.dead
    )


def _of_backups(found: Business) -> Iterator[Metric]:
    """NaN until there is a good one."""
    last = found.backup
    yield _gauge(
        "backup_last_success_timestamp_seconds",
        "When the last good backup was complete.",
        last.finished_at.timestamp() if last else None,
    )
    yield _gauge(
        "backup_last_duration_seconds",
        "How long it took, with the proof.",
        (last.finished_at - last.started_at).total_seconds() if last else None,
    )
    yield _gauge("backup_last_size_bytes", "How large it is.", last.size_bytes if last else None)
    yield _gauge(
        "backup_last_missing_files",
        "Files that rows speak of and that it has not.",
        last.missing_files if last else None,
    )
    yield CounterMetricFamily(
        "backup_failures", "Tries to make one that failed.", value=found.failed_backups
    )


def _of_parts() -> Iterator[Metric]:
    """What else the site leans on, besides its database."""
    yield _gauge(
        "timed_work_last_seen_timestamp_seconds",
        "When whoever does what is due has last given a sign of life.",
        last_beat(),
    )
    yield _gauge(
        "redis_up",
        "1 when Redis answers; NaN where none is used.",
        float(health.answers(health.cache_answers)) if settings.REDIS_URL else None,
    )
    yield _by(
        "disk_free_ratio",
        "Of the disk that a folder of uploads lies on, the share that is free.",
        "folder",
        {name: free for name, top in FOLDERS.items() if (free := _free(top())) is not None},
    )


FOLDERS = {"media": lambda: settings.MEDIA_ROOT, "private": lambda: settings.PRIVATE_ROOT}


def _free(folder: Path) -> float | None:
    """None until somebody has put something there."""
    try:
        usage = disk_usage(folder)
    except OSError:
        return None
    return usage.free / usage.total


def _gauge(name: str, told: str, value: float | None) -> Metric:
    """NaN where there is nothing to say: no made-up 0, and the series stays."""
    return GaugeMetricFamily(name, told, value=nan if value is None else value)


def _by(name: str, told: str, label: str, values: dict[str, float] | dict[str, int]) -> Metric:
    family = GaugeMetricFamily(name, told, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family
