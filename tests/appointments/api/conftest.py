"""It is eight on Monday morning in Shanghai (world.NOW), and stays so."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from stores.models import Store

from ..world import NOW


@pytest.fixture(autouse=True)
def now(db: None) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def lans_wish(store: Store) -> dict[str, Any]:
    """What Lan's app sends to book 14:00 today, as Document 0 shows it."""
    return {
        "store_id": str(store.pk),
        "customer_name": "兰",
        "customer_phone": "138 0000 0001",
        "appointment_date": "2026-03-02",
        "start_time": "14:00",
        "duration_minutes": 60,
        "requirements": "需要了解二手房购买流程",
    }
