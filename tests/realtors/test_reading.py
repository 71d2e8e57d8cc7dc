"""GET realtors and realtors/{id}."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stores.models import Category
from tests.callers import caller, data_of, refusal_of
from tests.factories import RealtorFactory, StoreFactory, UserFactory, manager_of

FIELDS = {
    "id",
    "store_id",
    "realtor_name",
    "status",
    "rating",
    "review_count",
    "is_active",
    "skills",
}


def names(answer):
    return [row["realtor_name"] for row in data_of(answer)]


def test_a_realtor_as_everybody_sees_them(wei, office):
    skill = Category.objects.create(slug="letting", name="租赁", name_en="Letting")
    wei.skills.add(skill)

    data = data_of(caller().get(f"realtors/{wei.pk}"))

    assert set(data) == FIELDS
    assert data == data | {
        "id": str(wei.pk),
        "store_id": str(office.pk),
        "realtor_name": "Wei",
        "status": "offline",
        "rating": 0.0,
        "is_active": True,
        "skills": [{"id": str(skill.pk), "slug": "letting", "name": "租赁", "name_en": "Letting"}],
    }


def test_phone_and_email_are_for_themselves_and_staff_of_the_store(wei, hua):
    operator = UserFactory(operator=True)
    for user in (wei.user, hua, operator):
        data = data_of(caller(user).get(f"realtors/{wei.pk}"))
        assert (data["phone"], data["email"]) == ("+8613700000001", "wei@example.com")
    for user in (UserFactory(), manager_of(StoreFactory()), RealtorFactory(store=wei.store).user):
        assert set(data_of(caller(user).get(f"realtors/{wei.pk}"))) == FIELDS
    (row,) = data_of(caller().get("realtors", store_id=wei.store_id, limit=1))
    assert set(row) == FIELDS


def test_the_list_may_be_of_one_store(wei, office):
    RealtorFactory(store=office, name="Ming")
    RealtorFactory(name="Yun")

    assert names(caller().get("realtors", store_id=office.pk)) == ["Wei", "Ming"]
    answer = caller().get("realtors")
    assert names(answer) == ["Wei", "Ming", "Yun"]
    assert answer.json()["pagination"] == {"page": 1, "limit": 20, "total": 3}


@pytest.mark.parametrize("number", ["0", "abc", "-1", "9" * 30, "１"])
def test_a_store_nobody_has_is_not_found(wei, number):
    refusal_of(caller().get("realtors", store_id=number), 404, "not_found")


@pytest.mark.parametrize("number", ["0", "abc", "-1", "9" * 30, "%00"])
def test_a_realtor_nobody_has_is_not_found(wei, number):
    refusal_of(caller().get(f"realtors/{number}"), 404, "not_found")
    refusal_of(caller().get(f"realtors/{number}/hours"), 404, "not_found")


def test_one_who_has_stopped_is_there_for_those_who_run_them_only(wei, hua):
    wei.is_active = False
    wei.save()

    refusal_of(caller().get(f"realtors/{wei.pk}"), 404, "not_found")
    assert names(caller().get("realtors")) == []
    for user in (wei.user, hua):
        assert names(caller(user).get("realtors")) == ["Wei"]


def test_the_number_of_queries_does_not_grow(wei, hua):
    skills = [Category.objects.create(slug=f"s{n}", name=f"s{n}") for n in range(3)]
    wei.skills.set(skills)

    def queries():
        with CaptureQueriesContext(connection) as queries:
            data_of(caller(hua).get("realtors", limit=100))
        return len(queries)

    few = queries()
    for _ in range(20):
        RealtorFactory(store=wei.store).skills.set(skills)

    assert queries() == few <= 6
