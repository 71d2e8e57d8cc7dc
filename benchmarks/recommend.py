"""Measures recommendations on a MariaDB of its own and prints the figures as a table.

    python -m benchmarks.recommend

BENCH_HOUSES (10,000) and BENCH_INTEREST (50,000) rows; each call is made BENCH_CALLS (20) times.
"cold": what is popular is counted anew, as it is once a minute. Written to
var/bench-recommend.json as well.
"""

import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.support.services import mariadb

RESULT = Path("var/bench-recommend.json")
HOUSES = int(os.environ.get("BENCH_HOUSES", "10000"))
INTEREST = int(os.environ.get("BENCH_INTEREST", "50000"))
CALLS = int(os.environ.get("BENCH_CALLS", "20"))
PEOPLE = 1000


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="yuejian-bench-") as name:
        folder = Path(name)
        # MariaDB runs as a user of its own.
        folder.chmod(0o755)
        with mariadb(folder) as database_url:
            os.environ |= {
                "DATABASE_URL": database_url,
                "TEST_FOLDER": str(folder / "test"),
                "DJANGO_SETTINGS_MODULE": "tests.settings",
            }
            return measure()


def measure() -> int:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from django.utils import timezone

    at = timezone.now()
    fill(at)
    rows = [figures(name, call) for name, call in calls(at).items()]
    print(f"\n{HOUSES:,} houses, {INTEREST:,} rows of interest, {CALLS} calls each\n")
    print("| what | queries | median ms | highest ms |\n| --- | --- | --- | --- |")
    for row in rows:
        print(f"| {row['what']} | {row['queries']} | {row['median']:.0f} | {row['highest']:.0f} |")
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(rows, indent=1) + "\n")
    return 0


def fill(at: datetime) -> None:
    """Houses of ten people in twelve districts; most people look at the same few."""
    from accounts.models import User
    from realtors.models import Interest, Listing
    from tests.factories import RealtorFactory, UserFactory

    chance = random.Random(1)
    landlords = RealtorFactory.create_batch(10)
    Listing.objects.bulk_create(
        [_house(number, chance, chance.choice(landlords), at) for number in range(HOUSES)],
        batch_size=1000,
    )
    ids = list(Listing.objects.order_by("pk").values_list("pk", flat=True))
    User.objects.bulk_create(UserFactory.build_batch(PEOPLE, password="!"), batch_size=500)
    people = list(User.objects.values_list("pk", flat=True))
    kinds = ["viewed"] * 6 + ["saved"] * 2 + ["booked"]
    found: dict[tuple[int, int, str], Interest] = {}
    while len(found) < INTEREST:
        house = ids[min(int(chance.expovariate(6 / HOUSES)), HOUSES - 1)]
        key = (chance.choice(people), house, chance.choice(kinds))
        when = at - timedelta(hours=chance.randrange(24 * 60))
        found[key] = Interest(user_id=key[0], listing_id=house, what=key[2], at=when)
    Interest.objects.bulk_create(found.values(), batch_size=2000)


def _house(number: int, chance: random.Random, landlord: Any, at: datetime) -> Any:
    from realtors.models import Listing

    district = f"District {chance.randrange(12)}"
    return Listing(
        kind="house",
        realtor=landlord,
        store=landlord.store,
        title=f"House {number}",
        price=1000 + chance.randrange(9000),
        price_unit="month",
        attributes={"rooms": chance.randrange(1, 6), "area": 80.5, "district": district},
        status="published",
        published_at=at - timedelta(days=chance.randrange(400)),
        created_at=at,
        updated_at=at,
    )


def calls(at: datetime) -> dict[str, Callable[[], Any]]:
    from django.core.cache import cache
    from django.db.models import Count

    from accounts.models import User
    from realtors.selectors import ListingWish, recommended_for, recommended_houses

    busy = User.objects.annotate(much=Count("interests")).order_by("-much", "pk")[0]
    narrow = ListingWish(particulars={"rooms": 2, "district": "District 3"})

    def cold() -> Any:
        cache.clear()
        return recommended_houses(at=at)

    return {
        "for everybody, cold": cold,
        "for everybody": lambda: recommended_houses(at=at),
        "of two rooms in a district": lambda: recommended_houses(narrow, at=at),
        "page 400": lambda: recommended_houses(at=at, page=min(400, HOUSES // 20)),
        "for whoever did most": lambda: recommended_for(busy, at=at),
    }


def figures(what: str, call: Callable[[], Any]) -> dict[str, Any]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    call()
    with CaptureQueriesContext(connection) as queries:
        call()
    took = []
    for _ in range(CALLS):
        begun = time.perf_counter()
        call()
        took.append((time.perf_counter() - begun) * 1000)
    return {
        "what": what,
        "queries": len(queries),
        "median": statistics.median(took),
        "highest": max(took),
    }


if __name__ == "__main__":
    sys.exit(main())
