"""Pet boarding, in the parts and words of Document 2, from top to bottom: its services are the
families of one API, behind one entrance."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from accounts.services import issue_tokens
from appointments.models import Appointment, Claim
from appointments.timed import run_due
from booking_site.common.actors import Actor
from notifications.models import Notification, Type
from realtors.models import Listing
from stores.models import Store
from tests.appointments import world
from tests.appointments.places import boarding
from tests.appointments.world import NOW, TUESDAY, clock
from tests.callers import data_of, refusal_of
from tests.factories import PASSWORD
from tests.reviews.photographs import upload

ROOT = "/api/v1"
SERVICES, BOOKINGS = "/boarding/services", "/boarding/bookings"
DAY = timedelta(days=1)
NIGHTS = {"check_in": "2026-03-03", "check_out": "2026-03-06"}
PLACE = {
    "name": "阳光宠物之家",
    "description": "带院子，每天遛两次。",
    "price": 80,
    "capacity": 2,
    "species": ["dog", "cat"],
    "sizes": ["small", "medium"],
    "vaccination_needed": True,
    "address": "上海市愚园路 1 号",
    "lat": 31.22,
    "lng": 121.43,
    "needs_approval": True,
    "deposit_percent": 0,
}


class App:
    """An app: a bearer token, JSON, one address for everything."""

    def __init__(self, user: User | None = None) -> None:
        self.user = user

    def get(self, path: str, **query: Any) -> Any:
        return self._client.get(ROOT + path, query)

    def post(self, path: str, body: Any = None, *, kind: str = "json") -> Any:
        return self._client.post(ROOT + path, body or {}, format=kind)

    def patch(self, path: str, body: Any) -> Any:
        return self._client.patch(ROOT + path, body, format="json")

    def delete(self, path: str) -> Any:
        return self._client.delete(ROOT + path)

    @property
    def _client(self) -> APIClient:
        """With a token of now: they do not last long."""
        if self.user is None:
            return APIClient()
        pair = issue_tokens(self.user, by=Actor.of(self.user), at=timezone.now())
        return APIClient(headers={"Authorization": f"Bearer {pair.access}"})


@pytest.fixture(autouse=True)
def now(db: None) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def store() -> Store:
    return world.open_store()


@pytest.fixture
def tao(store: Store) -> App:
    """The sitter."""
    return App(world.hire(store, "陶阿姨").user)


@pytest.fixture
def owner() -> User:
    return world.register("方女士", phone="+8613800000009", email="fang@example.com")


@pytest.fixture
def fang(owner: User) -> App:
    return App(owner)


@pytest.fixture
def pet(fang: App) -> dict[str, Any]:
    body = {
        "name": "豆包",
        "species": "狗",
        "breed": "柯基",
        "weight_kg": 12.5,
        "vaccinated_until": "2026-03-06",
    }
    return data_of(fang.post("/me/pets", body), 201)


@pytest.fixture
def place(tao: App) -> dict[str, Any]:
    return data_of(tao.post(SERVICES, PLACE), 201)


@pytest.fixture
def wish(place: dict[str, Any], pet: dict[str, Any]) -> dict[str, Any]:
    return {"service_id": place["id"], "pet_ids": [pet["id"]], "notes": "怕打雷", **NIGHTS}


# 用户服务：用户注册、登录、个人信息管理


def test_users_register_sign_in_and_manage_what_is_said_of_them():
    body = {"email": "li@example.com", "password": PASSWORD, "display_name": "李明"}
    made = data_of(App().post("/auth/register", body), 201)

    pair = data_of(App().post("/auth/token", {"login": body["email"], "password": PASSWORD}))

    client = APIClient(headers={"Authorization": f"Bearer {pair['access']}"})
    assert data_of(client.get(f"{ROOT}/me"))["id"] == made["id"]
    changed = client.patch(f"{ROOT}/me", {"display_name": "李小明"}, format="json")
    assert data_of(changed)["display_name"] == "李小明"


# 宠物服务：宠物信息的添加、修改、查询


def test_pets_are_added_changed_and_looked_up(fang, pet):
    path = f"/me/pets/{pet['id']}"

    assert data_of(fang.patch(path, {"weight_kg": 13}))["weight_kg"] == 13
    assert data_of(fang.get(path))["breed"] == "柯基"
    assert [one["name"] for one in data_of(fang.get("/me/pets"))] == ["豆包"]
    stranger = App(world.register("王五"))
    refusal_of(stranger.get(path), 404, "not_found")


# 寄养服务：寄养服务的发布、查询、预订


def test_a_place_is_published_with_everything_one_asks_for(tao, place):
    facts = [name for name in PLACE if name not in ("address", "lat", "lng")]
    assert {name: place[name] for name in facts} == {name: PLACE[name] for name in facts}
    assert place["location"] == {"lat": 31.22, "lng": 121.43, "address": PLACE["address"]}

    photo = {"picture": upload()}
    shown = tao.post(f"/listings/{place['id']}/pictures", photo, kind="multipart")

    data_of(shown, 201)
    row = data_of(App().get(f"{SERVICES}/{place['id']}"))
    assert [one["url"] for one in row["images"]] != []
    assert row["sitter"]["display_name"] == "陶阿姨"


def test_a_place_is_found_where_and_when_it_has_room(place, fang, wish):
    here = {"lat": 31.22, "lng": 121.43, "radius": 5, "species": "dog"}

    (row,) = data_of(App().get(SERVICES, **here, **NIGHTS))

    assert (row["id"], row["distance"], row["price"]) == (place["id"], 0, 80)
    assert (row["nights"], row["total"], row["units_left"]) == (3, 240, 2)
    data_of(fang.post(BOOKINGS, wish), 201)
    assert data_of(App().get(SERVICES, **here, **NIGHTS))[0]["units_left"] == 1
    assert data_of(App().get(SERVICES, **here, **NIGHTS, pets=2)) == []
    assert data_of(App().get(SERVICES, **(here | {"lat": 39.9, "lng": 116.4}))) == []
    assert data_of(App().get(SERVICES, species="bird")) == []


@pytest.mark.parametrize("nights", [1, 90])
def test_months_and_many_places_cost_the_same(store, nights):
    last = TUESDAY + nights * DAY
    query = {"check_in": TUESDAY.isoformat(), "check_out": last.isoformat()}
    boarding(store)
    with CaptureQueriesContext(connection) as one:
        assert len(data_of(App().get(SERVICES, **query))) == 1
    for number in range(12):
        boarding(store, f"Sitter {number}")
    with CaptureQueriesContext(connection) as many:
        assert len(data_of(App().get(SERVICES, **query))) == 13

    assert len(one) == len(many) <= 12


def test_a_stay_from_booking_to_going_home(fang, tao, owner, place, wish, now):
    made = data_of(fang.post(BOOKINGS, wish), 201)
    assert (made["status"], made["nights"], made["total"]) == ("pending", 3, 240)
    assert [one["name"] for one in made["pets"]] == ["豆包"]
    path = f"{BOOKINGS}/{made['id']}"

    assert data_of(tao.post(f"{path}/confirm"))["status"] == "confirmed"
    now.move_to(clock("14:00", TUESDAY))
    assert data_of(tao.post(f"{path}/check-in"))["status"] == "in_progress"
    now.move_to(clock("11:00", TUESDAY + 3 * DAY))
    assert data_of(tao.post(f"{path}/check-out"))["status"] == "completed"

    assert data_of(fang.get(path))["checked_out_at"]
    assert [one["id"] for one in data_of(tao.get(BOOKINGS, **{"as": "sitter"}))] == [made["id"]]


def test_each_pet_and_night_takes_a_unit_and_the_last_is_nobody_else_s(fang, wish, pet):
    data_of(fang.post(BOOKINGS, wish), 201)
    bo, lan = App(world.register("Bo")), App(world.register("Lan"))
    own = {"name": "咪咪", "species": "cat", "weight_kg": 4, "vaccinated_until": "2027-01-01"}
    wishes = [
        wish | {"pet_ids": [data_of(app.post("/me/pets", own), 201)["id"]]} for app in (bo, lan)
    ]

    data_of(bo.post(BOOKINGS, wishes[0]), 201)

    refusal_of(lan.post(BOOKINGS, wishes[1]), 409, "slot_taken")
    elsewhere = wishes[1] | {"check_in": "2026-03-06", "check_out": "2026-03-07"}
    data_of(lan.post(BOOKINGS, elsewhere), 201)


def test_a_pet_is_in_one_place_at_a_time(fang, tao, store, wish):
    data_of(fang.post(BOOKINGS, wish), 201)
    other = boarding(store, "Xin")

    answer = fang.post(BOOKINGS, wish | {"service_id": other.pk})

    refusal_of(answer, 409, "customer_conflict")


def test_a_vaccination_has_to_last(fang, wish, pet):
    data_of(fang.patch(f"/me/pets/{pet['id']}", {"vaccinated_until": "2026-03-05"}))

    refusal_of(fang.post(BOOKINGS, wish), 400, "vaccination_expired")
    assert not Claim.objects.exists()


def test_cancelled_the_nights_are_free_again(fang, place, wish):
    made = data_of(fang.post(BOOKINGS, wish), 201)

    data_of(fang.post(f"{BOOKINGS}/{made['id']}/cancel", {"reason": "不去了"}))

    assert data_of(App().get(SERVICES, **NIGHTS))[0]["units_left"] == 2


# 评价服务：用户对寄养服务的评价和评分


def test_a_stay_is_reviewed_and_the_place_is_rated(fang, tao, place, wish, now):
    made = data_of(fang.post(BOOKINGS, wish), 201)
    path = f"{BOOKINGS}/{made['id']}"
    review = {"appointment_id": made["id"], "rating": 5, "comment": "照顾得很好"}
    refusal_of(fang.post("/reviews", review), 409, "invalid_transition")
    data_of(tao.post(f"{path}/confirm"))
    now.move_to(clock("14:00", TUESDAY))
    data_of(tao.post(f"{path}/check-in"))
    data_of(tao.post(f"{path}/check-out"))

    said = data_of(fang.post("/reviews", review), 201)

    assert said["listing_id"] == place["id"]
    row = data_of(App().get(f"{SERVICES}/{place['id']}"))
    assert (row["rating"], row["review_count"]) == (5, 1)
    rows = data_of(App().get("/reviews", listing_id=place["id"]))
    assert [one["comment"] for one in rows] == ["照顾得很好"]


# 通知服务：系统通知和消息推送


def test_both_hear_of_every_step(fang, tao, owner, wish):
    made = data_of(fang.post(BOOKINGS, wish), 201)
    data_of(tao.post(f"{BOOKINGS}/{made['id']}/confirm"))

    told = set(Notification.objects.values_list("user", "type"))
    assert (owner.pk, Type.CONFIRMED) in told
    assert tao.user is not None
    assert tao.user.pk in {user for user, _type in told}
    rows = data_of(fang.get("/notifications"))
    assert made["id"] in {str(row["reservation_id"]) for row in rows}


# 管理员服务：系统管理和监控


def test_staff_see_it_in_the_back_office_and_the_system_is_watched(fang, wish, store):
    made = data_of(fang.post(BOOKINGS, wish), 201)
    boss = world.register("管理员", is_staff=True, is_superuser=True)
    office = Client()
    office.force_login(boss)

    assert office.get(f"/admin/appointments/appointment/{made['id']}/change/").status_code == 200
    assert office.get(f"/admin/realtors/listing/{made['service_id']}/change/").status_code == 200
    assert data_of(App(boss).get(BOOKINGS))[0]["id"] == made["id"]
    assert Client().get("/health").status_code == 200
    assert b"appointment_created_total" in Client().get("/metrics").content


# API网关：统一接口入口


def test_one_entrance_one_document_and_one_form_of_answers(place):
    document = Client().get("/api/schema/", headers={"accept": "application/json"}).json()

    paths = set(document["paths"])
    assert {
        *("/api/v1/auth/register", "/api/v1/me/pets", "/api/v1/boarding/services"),
        *("/api/v1/boarding/bookings", "/api/v1/reviews", "/api/v1/notifications"),
        "/api/v1/payments",
    } <= paths
    for path in ("/boarding/services/0", "/boarding/bookings/0", "/reviews/summary", "/nothing"):
        body = App().get(path).json()
        assert set(body) <= {"success", "code", "error", "message", "errors"}
        assert body["success"] is False


def test_without_a_token_one_looks_and_does_nothing_else(place, wish):
    guest = App()

    data_of(guest.get(SERVICES))
    refusal_of(guest.get(BOOKINGS), 401, "unauthenticated")
    refusal_of(guest.post(BOOKINGS, wish), 401, "unauthenticated")
    refusal_of(guest.post(SERVICES, PLACE), 401, "unauthenticated")
    refusal_of(App(world.register("Bo")).post(SERVICES, PLACE), 403, "forbidden")


# 长期计划：支付集成


def test_what_is_due_in_advance_keeps_the_nights_for_a_while(fang, tao, place, wish, now):
    data_of(tao.patch(f"{SERVICES}/{place['id']}", {"deposit_percent": 50}))
    made = data_of(fang.post(BOOKINGS, wish), 201)
    assert (made["payment_status"], made["due_now"]) == ("unpaid", 120)
    path = f"{BOOKINGS}/{made['id']}"
    refusal_of(tao.post(f"{path}/confirm"), 400, "payment_required")

    payment = data_of(fang.post("/payments", {"booking_id": made["id"], "gateway": "sandbox"}), 201)
    assert (payment["amount"], payment["currency"]) == (120, "CNY")

    now.move_to(clock("08:05"))
    run_due(at=clock("08:05"))
    assert data_of(fang.get(path))["status"] == "cancelled"
    assert data_of(App().get(SERVICES, **NIGHTS))[0]["units_left"] == 2


# 数据持久化


def test_everything_is_kept(fang, place, wish):
    made = data_of(fang.post(BOOKINGS, wish), 201)

    kept = Appointment.objects.get(pk=made["id"])
    assert (kept.check_in, kept.check_out) == (date(2026, 3, 3), date(2026, 3, 6))
    assert Listing.objects.get(pk=place["id"]).title == "阳光宠物之家"
    assert kept.stay_pets.get().name == "豆包"
