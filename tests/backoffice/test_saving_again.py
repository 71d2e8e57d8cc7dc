"""What a booking got in the way of is saved again, as a request to the API is."""

from collections.abc import Callable

import pytest
from django.db import OperationalError, connection

from stores.admin.hours import SpecialDayAdmin
from stores.admin.stores import StoreAdmin
from stores.models import SpecialDay

from .conftest import signed_in
from .forms import store_form
from .places import Place, furnish, page_of

# What each database says of a transaction that it has rolled back.
DEADLOCK = {"mysql": (1213, "Deadlock found"), "sqlite": ("database is locked",)}


@pytest.fixture
def committed(transactional_db: None) -> Place:
    return furnish("Ann", 1)


@pytest.fixture
def stumbles(monkeypatch) -> Callable[..., None]:
    """``stumbles(StoreAdmin, "save_related", times=2)``: done, and twice rolled back after it."""

    def stumble(admin: type, step: str, *, times: int) -> None:
        falls = iter([OperationalError(*DEADLOCK[connection.vendor])] * times)
        done = getattr(admin, step)

        def stumbling(*args, **kwargs):
            done(*args, **kwargs)
            for fall in falls:
                raise fall

        monkeypatch.setattr(admin, step, stumbling)

    return stumble


def test_a_save_that_got_in_the_way_of_a_booking_is_done_again(committed, stumbles):
    """The store's row was locked first, and then the pool, where a booking waited for the store."""
    stumbles(StoreAdmin, "save_related", times=1)
    answer = signed_in(committed.manager).post(
        page_of(committed.store), store_form(committed.store) | {"phone": "0571-1234567"}
    )

    assert answer.status_code == 302
    committed.store.refresh_from_db()
    assert str(committed.store.phone) == "0571-1234567"


@pytest.mark.parametrize(("times", "there"), [(1, False), (9, True)])
def test_so_is_a_delete_and_what_cannot_be_done_is_said(committed, stumbles, times, there):
    stumbles(SpecialDayAdmin, "delete_model", times=times)
    path = page_of(committed.special_day).replace("/change/", "/delete/")
    answer = signed_in(committed.manager).post(path, {"post": "yes"})

    assert answer.status_code == 302
    assert SpecialDay.objects.filter(pk=committed.special_day.pk).exists() == there
