"""Who changed what in master data, from what to what, when, and by which door."""

from datetime import UTC, time, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from accounts.models import User
from accounts.selectors import export_of
from accounts.services import change_profile, erase_account
from booking_site.common.actors import SYSTEM, Actor, Door
from realtors.models import Presence, Realtor, TimeOff, WorkingInterval
from realtors.services import add_time_off, set_presence, set_rating, set_working_hours, settle_in
from stores.models import (
    BookingPolicy,
    Category,
    OpeningInterval,
    SpecialDay,
    SpecialInterval,
    Store,
    StoreMembership,
)
from stores.rules import Interval
from stores.services import (
    add_special_day,
    change_special_day,
    remove_special_day,
    set_opening_hours,
)
from tests.callers import caller
from tests.factories import PASSWORD, RealtorFactory, StoreFactory, UserFactory

from .conftest import signed_in
from .places import list_of, page_of

# Later than what the factories make now, however long the tests before these take.
AT = timezone.now().replace(microsecond=0) + timedelta(hours=6)
NINE_TO_SIX = Interval(time(9), time(18))
NO_ROWS = {"TOTAL_FORMS": "0", "INITIAL_FORMS": "0"}
KEPT = [
    Store,
    BookingPolicy,
    OpeningInterval,
    SpecialDay,
    SpecialInterval,
    Category,
    StoreMembership,
    Realtor,
    WorkingInterval,
    TimeOff,
    User,
]


def history(row) -> str:
    return f"{list_of(type(row))}{row.pk}/history/"


def text_of(client: Client, row) -> str:
    answer = client.get(history(row))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def items(client: Client, row) -> list[tuple[str, str, list[str]]]:
    """(who, kind and title, changes), the newest first."""
    return [
        (entry.who, f"{item.kind}{item.title}", [str(line) for line in item.lines])
        for entry in client.get(history(row)).context["entries"]
        for item in entry.items
    ]


def test_a_change_in_the_back_office_says_who_what_and_by_which_door(operator, olga):
    singing = Category.objects.create(slug="singing", name="唱歌")

    operator.post(
        page_of(singing), {"slug": "singing", "name": "声乐", "name_en": "Singing", "position": "0"}
    )

    newest = singing.history.first()
    assert (newest.history_user, newest.history_change_reason) == (olga, Door.OFFICE)
    assert items(operator, singing)[0] == (
        "Olga Operator",
        "~",
        ["Name: 唱歌 → 声乐", "English name: – → Singing"],
    )
    assert "in the back office" in text_of(operator, singing)


def test_saving_without_a_change_leaves_no_version(operator):
    singing = Category.objects.create(slug="singing", name="唱歌")

    operator.post(page_of(singing), {"slug": "singing", "name": "唱歌", "position": "0"})

    assert singing.history.count() == 1


def test_what_is_removed_stays_known_to_operators(operator, olga):
    singing = Category.objects.create(slug="singing", name="唱歌")
    pk = singing.pk

    operator.post(f"{list_of(Category)}{pk}/delete/", {"post": "yes"})

    (gone, _first) = Category.history.filter(id=pk)
    assert (gone.history_type, gone.history_user, gone.name) == ("-", olga, "唱歌")
    singing.pk = pk
    assert items(operator, singing)[0][:2] == ("Olga Operator", "-")
    assert "唱歌" in operator.get(list_of(Category.history.model)).content.decode()


def test_removing_several_at_once_names_who_did(operator, olga):
    ids = [Category.objects.create(slug=f"c{n}", name=f"类{n}").pk for n in range(2)]

    operator.post(
        list_of(Category), {"action": "delete_selected", "_selected_action": ids, "post": "yes"}
    )

    removed = Category.history.filter(history_type="-")
    assert {(one.id, one.history_user) for one in removed} == {(pk, olga) for pk in ids}


def test_the_skills_of_a_realtor_are_told_by_name_and_once_with_the_rest(operator, ours):
    singing = Category.objects.create(slug="singing", name="唱歌")
    realtor = ours.realtor
    form = {
        "name": "Ann Renamed",
        "email": realtor.email,
        "skills": [singing.pk],
        "user": realtor.user_id,
        "commission_percent": "0",
        "is_active": "on",
    }
    for prefix in ("intervals", "intervals-2", "time_off"):
        form |= {f"{prefix}-{name}": value for name, value in NO_ROWS.items()}

    assert operator.post(page_of(realtor), form).status_code == 302

    assert items(operator, realtor)[0] == (
        "Olga Operator",
        "~",
        ["Name: Ann Realtor → Ann Renamed", "Skills: – → 唱歌"],
    )


def test_a_week_is_told_on_the_store_s_page_and_only_what_changed(db, operator):
    store, by = StoreFactory(hours=[]), Actor.of(UserFactory(display_name="Mei"), door=Door.API)
    by.user.is_superuser = True
    week = {weekday: [NINE_TO_SIX] for weekday in range(5)}
    set_opening_hours(store, week=week, by=by, at=AT)
    kept = set(OpeningInterval.objects.filter(store=store, weekday__gt=0).values_list("pk"))

    later = week | {0: [Interval(time(10), time(18))]}
    set_opening_hours(store, week=later, by=by, at=AT + timedelta(hours=1))

    assert set(OpeningInterval.objects.filter(store=store, weekday__gt=0).values_list("pk")) == kept
    (newest, first, *_rest) = operator.get(history(store)).context["entries"]
    assert [(item.kind, item.text) for item in newest.items] == [
        ("-", "Monday 09:00–18:00"),
        ("+", "Monday 10:00–18:00"),
    ]
    assert (newest.who, newest.door, len(first.items)) == ("Mei", "through the API", 5)


def test_the_same_week_again_changes_nothing(db):
    store = StoreFactory(hours=[])
    for _twice in range(2):
        set_opening_hours(store, week={0: [NINE_TO_SIX]}, by=SYSTEM, at=AT)

    assert OpeningInterval.history.filter(store_id=store.pk).count() == 1


def test_special_days_with_their_hours_from_first_to_last(db, operator):
    store = StoreFactory()
    day = add_special_day(
        store,
        day=(AT + timedelta(days=9)).date(),
        hours=[NINE_TO_SIX],
        note="盘点",
        by=SYSTEM,
        at=AT,
    )
    change_special_day(day, hours=[], note="休息", by=SYSTEM, at=AT + timedelta(hours=1))
    told = items(operator, day)

    assert [kind for _who, kind, _lines in told] == [
        "~",
        "-Hours of a special day",
        "+",
        "+Hours of a special day",
    ]
    assert told[0][2] == ["Reason: 盘点 → 休息"]

    pk = day.pk
    remove_special_day(day, by=SYSTEM, at=AT + timedelta(hours=2))

    assert SpecialDay.history.filter(id=pk).first().history_type == "-"


def test_working_hours_and_time_off_are_told_on_the_realtor_s_page(db, operator):
    realtor = RealtorFactory(name="Lin")
    by = Actor.of(realtor.user, door=Door.PAGE)
    set_working_hours(realtor, work={0: [NINE_TO_SIX]}, breaks={}, by=by, at=AT)
    off = AT + timedelta(days=3)
    add_time_off(
        realtor, starts_at=off, ends_at=off + timedelta(hours=2), reason="牙医", by=by, at=AT
    )
    set_working_hours(realtor, work={}, breaks={}, by=by, at=AT + timedelta(minutes=5))

    told = items(operator, realtor)

    assert [kind for _who, kind, _lines in told[:3]] == [
        "-Working hours",
        "+Working hours",
        "+Time off",
    ]
    assert {who for who, _kind, _lines in told[:3]} == {str(realtor.user)}
    assert "牙医" in text_of(operator, realtor)


def test_times_are_by_the_clock_of_the_store(db, operator):
    store = StoreFactory(time_zone="Europe/Berlin", hours=[])
    set_opening_hours(store, week={0: [NINE_TO_SIX]}, by=SYSTEM, at=AT)

    page = operator.get(history(store))

    assert page.context["zone"] == "Europe/Berlin"
    with override("en"):
        berlin, elsewhere = (
            date_format(AT.astimezone(zone), "DATETIME_FORMAT") for zone in (store.zone, UTC)
        )
    assert page.context["entries"][0].at == berlin != elsewhere


def test_presence_and_ratings_leave_no_version(db):
    realtor = RealtorFactory()
    before = realtor.history.count()

    set_presence(realtor, Presence.ONLINE, by=SYSTEM, at=AT)
    set_rating(realtor.pk, rating="4.5", count=2)
    realtor.refresh_from_db()
    realtor.last_seen_at = AT
    realtor.save()

    assert realtor.history.count() == before


def test_a_sign_in_and_a_new_password_leave_no_version_and_ask_nothing(db):
    user = UserFactory()
    user.last_login = AT
    with CaptureQueriesContext(connection) as queries:
        user.save(update_fields=["last_login"])
    user.set_password("another-horse-8")
    user.save()

    assert len(queries) == 1
    assert user.history.count() == 1


def test_no_secret_place_or_preference_is_kept_of_an_account(db):
    kept = {field.name for field in User.history.model._meta.fields}

    assert {"password", "last_login", "latitude", "longitude", "preferences"}.isdisjoint(kept)


def test_one_s_own_change_through_the_api_is_one_s_own(db, operator):
    mei = UserFactory(display_name="Mei")

    caller(mei).patch("/api/v1/me", {"display_name": "Mei Lin"}, format="json")

    newest = mei.history.first()
    assert (newest.history_user, newest.history_change_reason) == (mei, Door.API)
    assert items(operator, mei)[0][2] == ["Name: Mei → Mei Lin"]


def test_one_s_own_change_on_the_page_is_one_s_own(db):
    mei = UserFactory(display_name="Mei")

    signed_in(mei).post("/accounts/profile/", {"display_name": "Mei Lin", "locale": "en"})

    newest = mei.history.first()
    assert (newest.display_name, newest.history_change_reason) == ("Mei Lin", Door.PAGE)


def test_who_erases_their_account_is_forgotten_in_the_history_too(db):
    mei = UserFactory(display_name="Mei Secret", phone="+8613800138111", email="mei-s@example.com")
    me = Actor.of(mei)
    realtor = settle_in(mei, by=SYSTEM, at=AT)
    Realtor.objects.filter(pk=realtor.pk).update(bio="Mei Secret since 1990")
    change_profile(mei, changes={"display_name": "Mei Secret 2"}, by=me, at=AT)
    off = AT + timedelta(days=3)
    add_time_off(
        realtor,
        starts_at=off,
        ends_at=off + timedelta(hours=1),
        reason="Mei Secret is ill",
        by=me,
        at=AT,
    )
    mei.refresh_from_db()

    erase_account(mei, by=me, at=AT)

    for model in KEPT:
        rows = list(model.history.values())
        assert "Secret" not in str(rows), model
        assert "+8613800138111" not in str(rows), model
        assert "mei-s@example.com" not in str(rows), model
    last = mei.history.first()
    assert (last.is_active, last.history_type) == (False, "~")


def test_the_export_of_one_s_data_tells_what_was_kept(db):
    mei = UserFactory(display_name="Mei")
    change_profile(mei, changes={"display_name": "Mei Lin"}, by=Actor.of(mei), at=AT)

    told = export_of(mei)["profile_before"]

    assert [one["display_name"] for one in told] == ["Mei", "Mei Lin"]


def test_a_manager_reads_the_history_of_their_own_store_only(ann, ours, theirs):
    for place, status in ((ours, 200), (theirs, 302)):
        for row in (place.store, place.realtor, place.special_day, place.time_off):
            assert ann.get(history(row)).status_code == status


@pytest.mark.parametrize("model", [Store, Realtor, SpecialDay, TimeOff, OpeningInterval])
def test_a_manager_s_list_of_versions_is_of_their_own_store(ann, ours, theirs, model):
    page = ann.get(list_of(model.history.model))

    assert page.context["cl"].result_count
    assert "Beatrix" not in page.content.decode()


def test_what_was_removed_in_another_store_is_not_told_to_a_manager(ann, ours, theirs):
    days = [ours.special_day, theirs.special_day]
    pages = [history(day) for day in days]
    for day in days:
        remove_special_day(day, by=SYSTEM, at=AT)

    assert [ann.get(page).status_code for page in pages] == [200, 302]


@pytest.mark.parametrize("model", [User, Category, StoreMembership])
def test_accounts_categories_and_managers_have_a_history_for_operators_only(
    ann, operator, ours, model
):
    row = model.objects.first() or Category.objects.create(slug="x", name="X")

    assert ann.get(history(row)).status_code in (302, 403)
    assert ann.get(list_of(model.history.model)).status_code == 403
    assert operator.get(history(row)).status_code == 200


def test_a_manager_is_not_told_who_else_manages(ann, operator, ours):
    assert "Store manager" in text_of(operator, ours.store)
    assert "Store manager" not in text_of(ann, ours.store)


@pytest.mark.parametrize("key", ["x", "999999", "%00", "9" * 30, "1_2F2"])
def test_an_address_that_is_none_breaks_nothing(operator, key):
    assert operator.get(f"{list_of(Store)}{key}/history/").status_code in (302, 404)


@pytest.mark.parametrize("before", ["", "yesterday", "2026-02-30T00:00:00+00:00", "9999", "%00"])
def test_any_before_is_borne(operator, ours, before):
    assert operator.get(history(ours.store), {"before": before}).status_code == 200


def test_a_script_in_a_name_runs_nowhere(operator, db):
    bad = "<script>alert(1)</script>"
    singing = Category.objects.create(slug="singing", name="唱歌")
    singing.name = bad
    singing.save()

    for page in (history(singing), list_of(Category.history.model)):
        text = operator.get(page).content.decode()
        assert bad not in text
        assert "&lt;script&gt;" in text


def test_a_long_history_is_read_in_parts_and_costs_no_more(operator, db):
    store = StoreFactory(hours=[])
    for number in range(4):
        store.name = f"Name {number}"
        store.save()
    with CaptureQueriesContext(connection) as few:
        operator.get(history(store))
    for number in range(130):
        store.name = f"Name {number} again"
        store.save()
    with CaptureQueriesContext(connection) as many:
        first = operator.get(history(store))

    assert len(many) <= len(few) <= 15
    assert len(first.context["entries"]) == 100
    rest = operator.get(history(store), {"before": first.context["older"]})
    assert len(rest.context["entries"]) == 35
    assert rest.context["older"] is None


def test_versions_can_be_neither_changed_nor_removed(operator, ours):
    version = ours.store.history.first()

    assert operator.post(page_of(version), {"name": "x"}).status_code == 403
    assert operator.post(f"{list_of(type(version))}{version.pk}/delete/").status_code == 403


def test_what_was_there_before_the_history_is_its_first_version(ours):
    """What the migrations do on an installation that has rows already."""
    for model in KEPT:
        model.history.all().delete()
    Realtor.history.model.skills.model.objects.all().delete()
    singing = Category.objects.create(slug="singing", name="唱歌")
    Category.history.all().delete()
    ours.realtor.skills.through.objects.create(realtor=ours.realtor, category=singing)

    for app, number in (("accounts", "0003"), ("stores", "0005"), ("realtors", "0004")):
        import_module(f"{app}.migrations.{number}_history_begins").begin(apps, None)

    for model in KEPT:
        assert model.history.count() == model.objects.count()
    (first,) = ours.realtor.history.all()
    assert (first.name, first.history_type) == ("Ann Realtor", "+")
    assert [row.category for row in first.skills.all()] == [singing]


def test_a_password_is_never_shown(operator, db):
    mei = UserFactory(display_name="Mei")

    assert PASSWORD not in text_of(operator, mei)
    assert mei.password not in text_of(operator, mei)
