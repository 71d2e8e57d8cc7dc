"""What processes count of their own work: this one's, or that of all which share a folder."""

from django.conf import settings
from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.multiprocess import MultiProcessCollector

from booking_site.common.meters import REGISTRY


def counting_registry() -> CollectorRegistry:
    """Several processes behind one port answer in turn, and counters that fall look like restarts.
    With PROMETHEUS_MULTIPROC_DIR they keep their counts in files there, and each tells the sum."""
    if not settings.PROMETHEUS_MULTIPROC_DIR:
        return REGISTRY
    shared = CollectorRegistry()
    MultiProcessCollector(shared, path=settings.PROMETHEUS_MULTIPROC_DIR)
    return shared


def process_registry() -> CollectorRegistry:
    """Memory, CPU and open files of the process that answers."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    return registry
