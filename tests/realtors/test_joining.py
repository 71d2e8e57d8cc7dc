"""An independent provider gets a store of one when signing up, and leaves it nameless."""

from django.contrib.admin.models import CHANGE, LogEntry

from accounts.services import erase_account, register
from booking_site.common.actors import Actor
from realtors import services
from realtors.models import Realtor
from stores.models import Store
from tests.callers import caller, data_of, refusal_of
from tests.factories import RealtorFactory, StoreFactory

from .conftest import NOW


def sign_up(**fields):
    facts = {
        "email": "sitter@example.com",
        "phone": "+8613700000009",
        "password_hash": "!",
        "display_name": "Sitter Su",
        "user_type": "provider",
    }
    return register(**(facts | fields), by=Actor.guest(), at=NOW)


def free_starts(realtor):
    """On Tuesday, in their store."""
    query = {"start_date": "2026-03-03", "days": 1}
    (day,) = data_of(caller().get(f"stores/{realtor.store_id}/slots", **query))["days"]
    return [slot["start_time"] for slot in day["slots"] if slot["available"]]


def test_a_provider_can_be_booked_from_nine_to_six_at_once():
    user = sign_up()

    su = Realtor.objects.get(user=user)
    assert (su.name, su.email, su.phone) == ("Sitter Su", user.email, "+8613700000009")
    # Their number is published by nobody but themself.
    assert (su.store.name, su.store.phone) == ("Sitter Su", "")
    starts = free_starts(su)
    assert (starts[0], starts[-1]) == ("09:00", "17:00")


def test_their_own_hours_are_what_counts():
    su = Realtor.objects.get(user=sign_up())
    night = {"hours": [{"weekday": 1, "opens": "22:00", "closes": "02:00"}]}

    data_of(caller(su.user).put(f"realtors/{su.pk}/hours", night))

    starts = free_starts(su)
    assert (starts[0], starts[-1]) == ("22:00", "23:45")


WEEK = {"hours": [{"weekday": 1, "opens": "09:00", "closes": "12:00"}]}
CLOSED = {"date": "2026-03-05", "note": "away"}


def test_whose_store_it_is_sets_its_hours_and_special_days():
    su = Realtor.objects.get(user=sign_up())

    data_of(caller(su.user).put(f"stores/{su.store_id}/hours", WEEK))
    data_of(caller(su.user).post(f"stores/{su.store_id}/special-days", CLOSED), 201)

    assert free_starts(su)[-1] == "11:00"


def test_with_a_colleague_the_store_is_nobodys_own():
    su = Realtor.objects.get(user=sign_up())
    colleague = RealtorFactory(store=su.store)

    for user in (su.user, colleague.user):
        path = f"stores/{su.store_id}"
        refusal_of(caller(user).put(f"{path}/hours", WEEK), 403, "forbidden")
        refusal_of(caller(user).post(f"{path}/special-days", CLOSED), 403, "forbidden")


def test_no_other_provider_sets_the_hours_of_a_store_of_one():
    su = Realtor.objects.get(user=sign_up())
    other = sign_up(email="other@example.com", phone=None)

    refusal_of(caller(other).put(f"stores/{su.store_id}/hours", WEEK), 403, "forbidden")


def test_the_only_realtor_of_an_office_does_not_run_it(wei):
    refusal_of(caller(wei.user).put(f"stores/{wei.store_id}/hours", WEEK), 403, "forbidden")


def test_a_customer_gets_none():
    sign_up(user_type="customer")

    assert not Realtor.objects.exists()
    assert not Store.objects.exists()


def test_one_without_a_name_is_not_called_by_their_address():
    su = Realtor.objects.get(user=sign_up(display_name=""))

    assert "@" not in su.name + su.store.name
    assert su.name


def test_somebody_who_works_somewhere_stays_there(wei):
    assert services.settle_in(wei.user, by=Actor.of(wei.user), at=NOW) == wei
    assert Store.objects.count() == 1


def test_two_providers_get_two_stores():
    sign_up()
    sign_up(email="other@example.com", phone=None, display_name="Sitter Su")

    assert Store.objects.count() == 2


def test_who_erases_the_account_is_not_shown_any_more():
    user = sign_up()
    su = Realtor.objects.get(user=user)
    LogEntry.objects.log_actions(user.pk, [su, Store.objects.get()], CHANGE, "changed")

    erase_account(user, by=Actor.of(user), at=NOW)

    assert [one.object_repr for one in LogEntry.objects.all()] == ["", ""]

    su.refresh_from_db()
    store = Store.objects.get()
    kept = f"{su.name}{su.phone}{su.email}{su.bio}{store.name}{store.phone}{store.slug}"
    assert not [text for text in ("Su", "1370000", "@") if text in kept]
    refusal_of(caller().get(f"stores/{store.pk}"), 404, "not_found")
    refusal_of(caller().get(f"realtors/{su.pk}"), 404, "not_found")


def test_the_store_of_others_stays_open_when_one_leaves():
    wei = RealtorFactory(store=StoreFactory(name="Office"))

    erase_account(wei.user, by=Actor.of(wei.user), at=NOW)

    wei.refresh_from_db()
    assert not wei.is_active
    assert Store.objects.get().name == "Office"


def test_the_app_that_signs_up_learns_which_realtor_it_is():
    body = {
        "email": "su@example.com",
        "password": "correct-horse-7",
        "display_name": "Su",
        "user_type": "provider",
    }

    data = data_of(caller().post("/api/v1/auth/register", body), 201)

    assert data["realtor_id"] == str(Realtor.objects.get().pk)
