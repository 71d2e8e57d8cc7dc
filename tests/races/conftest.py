"""What the negative controls of several races take away."""

from collections.abc import Iterator

import pytest
from django.db import connection

from appointments.models import Claim


@pytest.fixture
def no_unique_key() -> Iterator[None]:
    """The database without the key that refuses a second claim of the same cell."""
    constraints = Claim._meta.constraints
    key = next(one for one in constraints if one.name == "claimed_once")
    # SQLite makes the table anew, from what the model says then.
    Claim._meta.constraints = [one for one in constraints if one is not key]
    with connection.schema_editor() as editor:
        editor.remove_constraint(Claim, key)
    yield
    Claim.objects.all().delete()
    Claim._meta.constraints = constraints
    with connection.schema_editor() as editor:
        editor.add_constraint(Claim, key)
