"""GET/POST /api/v1/courses, GET/PATCH /api/v1/courses/{id}."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking_site.common.actors import SYSTEM
from realtors.models import Listing, ListingStatus
from realtors.services import hide_listing
from stores.models import Category
from tests.callers import caller, data_of, refusal_of
from tests.factories import ListingFactory, UserFactory

from ..courses import lock, paid_seat, session_at, teach
from ..world import NOW, TUESDAY, clock, hire, manager, open_store

COURSES = "/api/v1/courses"
PIANO = {"title": "Piano", "price": 120.5, "duration": 45}
FIELDS = {
    *("id", "title", "courseName", "description", "teacherId", "teacherName", "institutionId"),
    *("institutionName", "price", "currency", "duration", "capacity", "needsApproval"),
    *("depositPercent", "category", "tags", "ageFrom", "ageTo", "level", "language", "bring"),
    *("packageSessions", "rating", "reviewCount", "pictures", "status", "nextSlot"),
}


def titles(answer):
    return [row["title"] for row in data_of(answer)]


def queries_of(call):
    with CaptureQueriesContext(connection) as queries:
        data_of(call())
    return len(queries)


# Finding


def test_everybody_finds_what_can_be_booked_the_best_first(store):
    teach(store, "Mei", title="Piano", rating=4, review_count=50)
    teach(store, "Yun", title="Violin", rating=5, review_count=50)
    teach(store, "Tao", title="Draft", status=ListingStatus.DRAFT)
    ListingFactory(title="A service", store=store, realtor=hire(store, "Wei"))

    answer = caller().get(COURSES)

    assert titles(answer) == ["Violin", "Piano"]
    assert set(data_of(answer)[0]) == FIELDS
    assert answer.json()["pagination"] == {"page": 1, "limit": 20, "total": 2}


def test_they_are_found_by_teacher_institution_category_words_and_price(store, categories):
    music = Category.objects.get(slug="education")
    elsewhere = open_store("bund")
    piano = teach(store, "Mei", title="Piano", price=100, category=music)
    teach(elsewhere, "Yun", title="Swimming", price=200)

    def found(**query):
        return titles(caller().get(COURSES, **query))

    assert found(teacherId=piano.realtor_id) == ["Piano"]
    assert found(institutionId=elsewhere.pk) == ["Swimming"]
    assert found(category="education") == ["Piano"]
    assert found(q="swim") == ["Swimming"]
    assert found(priceMin="150") == ["Swimming"]
    assert found(priceMax="100.00") == ["Piano"]
    assert sorted(found(page=1, limit=1) + found(page=2, limit=1)) == ["Piano", "Swimming"]


def test_they_are_found_by_the_days_on_which_a_session_is_to_come(store):
    session_at(teach(store, "Mei", title="Monday"), clock("10:00"))
    session_at(teach(store, "Yun", title="Tuesday"), clock("10:00", TUESDAY))
    teach(store, "Tao", title="Never")

    def found(**query):
        return titles(caller().get(COURSES, **query))

    assert found(dateFrom="2026-03-03") == ["Tuesday"]
    assert found(dateTo="2026-03-02") == ["Monday"]
    assert set(found(dateFrom="2026-03-02", dateTo="2026-03-03")) == {"Monday", "Tuesday"}
    assert found(dateFrom="9999-12-31") == found(dateTo="0001-01-01") == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"priceMin": "-1"}, "priceMin"),
        ({"priceMax": "NaN"}, "priceMax"),
        ({"dateFrom": "tomorrow"}, "dateFrom"),
        ({"limit": "101"}, "limit"),
        ({"mine": "perhaps"}, "mine"),
    ],
)
def test_a_query_that_makes_no_sense_is_refused_by_field(db, query, field):
    assert set(refusal_of(caller().get(COURSES, **query), 400, "invalid")) == {field}


def test_a_teacher_finds_their_own_drafts(store):
    draft = teach(store, "Mei", title="Draft", status=ListingStatus.DRAFT)
    teach(store, "Yun", title="Violin")

    assert titles(caller(draft.realtor.user).get(COURSES, mine="true")) == ["Draft"]
    assert titles(caller().get(COURSES, mine="true")) == []


def test_the_next_slot_is_the_first_that_can_be_booked(store, fang):
    course = teach(store)
    path = f"{COURSES}/{course.pk}"
    assert data_of(caller().get(path))["nextSlot"] is None
    session_at(course, clock("08:15"), override=True)
    full = session_at(course, clock("10:00"), capacity=1)
    lock(full, fang)
    free = session_at(course, clock("12:00"))

    found = data_of(caller().get(path))["nextSlot"]

    assert found["id"] == str(free.pk)
    assert (found["status"], found["startTime"]) == ("available", "12:00")


def test_what_is_no_course_is_not_there(store):
    service = ListingFactory(store=store, realtor=hire(store, "Wei"))
    draft = teach(store, status=ListingStatus.DRAFT)

    for wrong in (service.pk, draft.pk, 987654, "abc", "9" * 30):
        refusal_of(caller().get(f"{COURSES}/{wrong}"), 404, "not_found")
    assert data_of(caller(draft.realtor.user).get(f"{COURSES}/{draft.pk}"))["status"] == "draft"


def test_the_number_of_queries_does_not_grow(store):
    def more(count, first):
        for n in range(first, first + count):
            course = teach(store, f"T{n}", title=f"Course {n}")
            session_at(course, clock("10:00"))
            session_at(course, clock("14:00"))

    more(1, 0)
    few = queries_of(lambda: caller().get(COURSES, limit=100))
    more(8, 1)

    assert queries_of(lambda: caller().get(COURSES, limit=100)) == few <= 8


# Writing


def test_a_teacher_publishes_a_course(store, categories):
    mei = hire(store, "Mei")
    particulars = {"ageFrom": 6, "ageTo": 12, "level": "beginner", "language": "中文"}
    more = {"category": "education", "tags": ["music"], "capacity": 4, "depositPercent": 30}

    made = data_of(caller(mei.user).post(COURSES, PIANO | particulars | more), 201)

    assert set(made) == FIELDS
    assert made["courseName"] == made["title"] == "Piano"
    assert (made["teacherId"], made["institutionId"]) == (str(mei.pk), str(store.pk))
    assert (made["price"], made["currency"], made["duration"]) == (120.5, "CNY", 45)
    assert {name: made[name] for name in particulars | more} == particulars | more
    assert (made["packageSessions"], made["rating"], made["pictures"]) == (1, 0, [])
    assert made["status"] == "published"
    assert titles(caller().get(COURSES)) == ["Piano"]


def test_a_draft_is_seen_by_its_teacher_alone(store):
    mei = hire(store, "Mei")

    made = data_of(caller(mei.user).post(COURSES, PIANO | {"status": "draft"}), 201)

    assert made["status"] == "draft"
    assert titles(caller().get(COURSES)) == []


def test_staff_of_a_store_name_the_teacher(store):
    mei, boss = hire(store, "Mei"), caller(manager(store).user)
    named = {"teacherId": mei.pk, "institutionId": store.pk}

    made = data_of(boss.post(COURSES, PIANO | named), 201)

    assert made["teacherName"] == "Mei"
    nobody = refusal_of(boss.post(COURSES, PIANO | {"institutionId": store.pk}), 400, "invalid")
    assert set(nobody) == {"teacherId"}


def test_nobody_writes_for_another_teacher(store, wei):
    mei = hire(store, "Mei")
    answer = caller(wei.user).post(COURSES, PIANO | {"teacherId": mei.pk})

    refusal_of(answer, 403, "forbidden")
    refusal_of(caller(UserFactory()).post(COURSES, PIANO), 403, "forbidden")
    refusal_of(caller().post(COURSES, PIANO), 401, "unauthenticated")
    assert not Listing.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": " "}, "title"),
        ({"price": -1}, "price"),
        ({"price": 1e12}, "price"),
        ({"duration": 7}, "duration"),
        ({"capacity": 0}, "capacity"),
        ({"category": "no-such"}, "category"),
        ({"ageFrom": 12, "ageTo": 6}, "ageFrom"),
        ({"level": "expert"}, "level"),
        ({"packageSessions": 51}, "packageSessions"),
        ({"status": "hidden"}, "status"),
        ({"tags": ["x" * 21]}, "tags"),
        ({"depositPercent": 101}, "depositPercent"),
    ],
)
def test_what_cannot_be_is_refused_by_its_name(store, wrong, field):
    mei = hire(store, "Mei")

    errors = refusal_of(caller(mei.user).post(COURSES, PIANO | wrong), 400, "invalid")

    assert set(errors) == {field}
    assert not Listing.objects.exists()


def test_what_is_not_for_them_to_say_is_not_heard(store):
    mei = hire(store, "Mei")
    said = {"rating": 5, "reviewCount": 99, "currency": "XXX", "kind": "house", "commission": 0}

    made = data_of(caller(mei.user).post(COURSES, PIANO | said), 201)

    assert (made["rating"], made["reviewCount"], made["currency"]) == (0, 0, "CNY")
    assert Listing.objects.get().kind == "course"


def test_a_repeated_post_writes_one_course(store):
    mei = hire(store, "Mei")

    first, second = (
        caller(mei.user).post(COURSES, PIANO, Idempotency_Key="k1") for _try in range(2)
    )

    assert data_of(second, 201) == data_of(first, 201)
    assert second["Idempotency-Replayed"] == "true"
    assert Listing.objects.count() == 1


def test_only_what_is_named_changes(store):
    course = teach(store, attributes={"age_from": 6, "level": "beginner"}, tags=["music"])
    app = caller(course.realtor.user)

    changed = data_of(app.patch(f"{COURSES}/{course.pk}", {"price": 80, "ageTo": 10}))

    assert (changed["price"], changed["ageFrom"], changed["ageTo"]) == (80, 6, 10)
    assert (changed["level"], changed["tags"], changed["status"]) == (
        "beginner",
        ["music"],
        "published",
    )
    unset = data_of(app.patch(f"{COURSES}/{course.pk}", {"level": None}))
    assert (unset["level"], unset["ageFrom"]) == (None, 6)


def test_a_course_is_taken_back_and_shown_again(store):
    course = teach(store)
    app, path = caller(course.realtor.user), f"{COURSES}/{course.pk}"

    assert data_of(app.patch(path, {"status": "draft"}))["status"] == "draft"
    refusal_of(caller().get(path), 404, "not_found")
    assert data_of(app.patch(path, {"status": "published"}))["status"] == "published"
    assert data_of(app.patch(path, {"status": "published"}))["status"] == "published"


def test_what_staff_took_down_its_teacher_does_not_put_back(store):
    course = teach(store)
    hide_listing(course, reason="Not a course", by=SYSTEM, at=NOW)

    answer = caller(course.realtor.user).patch(f"{COURSES}/{course.pk}", {"status": "published"})

    refusal_of(answer, 409, "invalid_transition")


def test_a_course_with_sessions_to_come_stays_with_its_teacher(store):
    course = teach(store)
    session_at(course, clock("10:00"))
    boss = caller(manager(store).user)

    yun = hire(store, "Yun")
    errors = refusal_of(boss.patch(f"{COURSES}/{course.pk}", {"teacherId": yun.pk}), 400, "invalid")

    assert set(errors) == {"teacherId"}


def test_a_foreign_course_is_not_there_to_be_changed(store, wei, fang):
    course = teach(store)
    elsewhere = manager(open_store("bund"), "Yan").user
    path = f"{COURSES}/{course.pk}"

    for user in (wei.user, fang, elsewhere):
        refusal_of(caller(user).patch(path, {"price": 1}), 404, "not_found")
    refusal_of(caller().patch(path, {"price": 1}), 401, "unauthenticated")
    course.refresh_from_db()
    assert course.price == 100


def test_a_new_price_concerns_bookings_to_come(store, fang):
    course = teach(store)
    booked = paid_seat(session_at(course, clock("10:00")), fang)

    data_of(caller(course.realtor.user).patch(f"{COURSES}/{course.pk}", {"price": 500}))

    booked.refresh_from_db()
    assert booked.final_price == 100
