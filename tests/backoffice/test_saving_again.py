"""What a booking got in the way of is saved again, as a request to the API is."""

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


def test_a_save_that_got_in_the_way_of_a_booking_is_done_again(committed, monkeypatch):
    """The store's row was locked first, and then the pool, where a booking waited for the store."""
    falls = iter([OperationalError(*DEADLOCK[connection.vendor])])
    save = StoreAdmin.save_related

    def stumbling(*args, **kwargs):
        save(*args, **kwargs)
        for fall in falls:
            raise fall

    monkeypatch.setattr(StoreAdmin, "save_related", stumbling)
    answer = signed_in(committed.manager).post(
        page_of(committed.store), store_form(committed.store) | {"phone": "0571-1234567"}
    )

    assert answer.status_code == 302
    committed.store.refresh_from_db()
    assert str(committed.store.phone) == "0571-1234567"


@pytest.mark.parametrize(("times", "there"), [(1, False), (9, True)])
def test_so_is_a_delete_and_what_cannot_be_done_is_said(committed, monkeypatch, times, there):
    falls = iter([OperationalError(*DEADLOCK[connection.vendor])] * times)
    delete = SpecialDayAdmin.delete_model

    def stumbling(*args, **kwargs):
        delete(*args, **kwargs)
        for fall in falls:
            raise fall

    monkeypatch.setattr(SpecialDayAdmin, "delete_model", stumbling)
    path = page_of(committed.special_day).replace("/change/", "/delete/")
    answer = signed_in(committed.manager).post(path, {"post": "yes"})

    assert answer.status_code == 302
    assert SpecialDay.objects.filter(pk=committed.special_day.pk).exists() == there
