"""A store manager sees their store and nothing of another: in lists, pages, choices and filters."""

from copy import deepcopy

import pytest
from django.contrib import admin

from booking_site.common.admin.scope import managed
from realtors.models import Realtor, TimeOff
from stores.models import BookingPolicy, Category, SpecialDay, Store
from tests.factories import PolicyFactory

from .places import Place, list_of, page_of
from .registry import LISTED, MODELS, OF_STORES, OPERATORS_ONLY, label

of_stores = pytest.mark.parametrize("model", OF_STORES, ids=label)
CHOICES = [(model, field) for model in OF_STORES for field in LISTED[model].autocomplete_fields]


@pytest.fixture
def theirs(beas: Place, db: None) -> Place:
    return deepcopy(beas)


def rows_in(place, model) -> set[int]:
    """What a manager of this place may see, asked of the database another way."""
    lookups = LISTED[model].store_lookup
    ways = (lookups,) if isinstance(lookups, str) else lookups
    return {
        pk
        for way in ways
        for pk in model._default_manager.filter(**{way: place.store.pk}).values_list(
            "pk", flat=True
        )
    }


@of_stores
def test_the_list_shows_the_rows_of_one_s_own_store_and_all_of_them(ann, ours, theirs, model):
    shown = {row.pk for row in ann.get(list_of(model)).context["cl"].queryset}

    assert shown == rows_in(ours, model)
    assert shown
    assert rows_in(theirs, model)


@of_stores
def test_the_page_of_another_store_s_row_does_not_open(ann, theirs, model):
    for pk in sorted(rows_in(theirs, model))[:2]:
        answer = ann.get(f"{list_of(model)}{pk}/change/")

        assert (answer.status_code, answer.url) == (302, "/admin/")


@of_stores
def test_another_store_s_row_can_be_neither_changed_nor_deleted(ann, theirs, model):
    for pk in sorted(rows_in(theirs, model))[:2]:
        assert ann.post(f"{list_of(model)}{pk}/change/", {"name": "x"}).status_code in (302, 403)
        gone = ann.post(f"{list_of(model)}{pk}/delete/", {"post": "yes"})

        assert gone.status_code in (302, 403)
    assert rows_in(theirs, model)


@of_stores
def test_nothing_on_one_s_own_pages_speaks_of_another_store(ann, ours, theirs, model):
    some = sorted(rows_in(ours, model))[:2]
    rows = [f"{list_of(model)}{pk}/" for pk in some]
    pages = [f"{row}{part}/" for row in rows for part in ("change", "history")]
    for page in [list_of(model), f"{list_of(model)}?_popup=1", *pages]:
        assert "Beatrix" not in ann.get(page).content.decode()


def test_no_action_reaches_a_row_of_another_store(ann, ours, theirs, rf):
    """Neither one by its id, nor in any list."""
    request = rf.get("/admin/")
    request.user = ours.manager
    for model in OF_STORES:
        foreign = model._default_manager.filter(pk__in=rows_in(theirs, model)).order_by("pk")
        before = list(foreign.values())
        for name in LISTED[model].get_actions(request):
            sent = {"action": name, "_selected_action": [row.pk for row in foreign]}
            ann.post(list_of(model), {**sent, "reason": "mine", "post": "yes"})

        assert list(foreign.values()) == before, model


@pytest.mark.parametrize("model", OPERATORS_ONLY, ids=label)
def test_people_and_the_site_s_own_rows_are_for_operators(ann, ours, model):
    row = model._default_manager.first()

    assert ann.get(list_of(model)).status_code == 403
    assert ann.get(f"{list_of(model)}add/").status_code == 403
    assert row is None or ann.get(page_of(row)).status_code == 403


@pytest.mark.parametrize(("model", "field"), CHOICES, ids=label)
def test_what_may_be_chosen_by_typing_is_of_one_s_own_store(ann, ours, theirs, model, field):
    remote = model._meta.get_field(field).remote_field.model
    question = {
        "app_label": model._meta.app_label,
        "model_name": model._meta.model_name,
        "field_name": field,
    }
    answer = ann.get("/admin/autocomplete/", question)

    if remote in OPERATORS_ONLY:
        assert answer.status_code == 403
    elif remote in OF_STORES:
        offered = {int(choice["id"]) for choice in answer.json()["results"]}
        assert offered == rows_in(ours, remote)


def test_no_special_day_can_be_given_to_another_store(ann, theirs):
    day = {"store": theirs.store.pk, "date": "2030-01-01", "note": "haha", **no_rows("intervals")}

    answer = ann.post("/admin/stores/specialday/add/", day)

    assert answer.context["adminform"].form.errors["store"]
    assert not SpecialDay.objects.filter(note="haha").exists()


def test_no_realtor_can_be_placed_into_another_store(ann, theirs):
    person = {"name": "Spy", "store": theirs.store.pk, "is_active": "on"}
    empty = no_rows("intervals") | no_rows("intervals-2") | no_rows("time_off")

    answer = ann.post("/admin/realtors/realtor/add/", person | empty)

    assert answer.context["adminform"].form.errors["store"]
    assert not Realtor.objects.filter(name="Spy").exists()


def test_no_time_off_can_be_given_to_another_store_s_realtor(ann, theirs):
    off = {
        "realtor": theirs.realtor.pk,
        "starts_at_0": "2030-01-01",
        "starts_at_1": "10:00",
        "ends_at_0": "2030-01-01",
        "ends_at_1": "12:00",
    }
    answer = ann.post("/admin/realtors/timeoff/add/", off)

    assert answer.context["adminform"].form.errors["realtor"]
    assert TimeOff.objects.filter(realtor=theirs.realtor).count() == 1


def test_a_filter_by_another_store_shows_nothing_of_it(ann, theirs):
    answer = ann.get(list_of(Realtor), {"store__id__exact": theirs.store.pk})

    assert answer.context["cl"].result_count == 0
    assert "Beatrix" not in answer.content.decode()


def test_a_manager_keeps_short_name_and_state_of_the_store_as_they_are(ann, ours):
    answer = ann.get(page_of(ours.store))

    assert {"slug", "is_active", "time_zone"}.isdisjoint(answer.context["adminform"].form.fields)


def test_a_manager_cannot_make_themselves_manager_of_another_store(ann, ours):
    page = ann.get(page_of(ours.store))

    models = [one.formset.model._meta.model_name for one in page.context["inline_admin_formsets"]]
    assert "storemembership" not in models


def test_the_site_s_own_policy_is_for_operators(ann, operator):
    site = PolicyFactory()

    assert ann.get(page_of(site)).status_code == 302
    assert site not in ann.get(list_of(BookingPolicy)).context["cl"].queryset
    assert operator.get(page_of(site)).status_code == 200


def test_categories_are_looked_at_by_all_and_changed_by_operators(ann, operator):
    category = Category.objects.create(slug="singing", name="唱歌")

    assert "change_form" in ann.get(page_of(category)).templates[0].name
    assert ann.post(page_of(category), {"name": "x"}).status_code == 403
    assert operator.get(page_of(category)).status_code == 200


def test_a_manager_of_two_stores_sees_both(ann, ours, theirs):
    theirs.store.memberships.create(user=ours.manager)

    assert ann.get(list_of(Store)).context["cl"].result_count == 2


def test_who_manages_no_longer_sees_no_longer(ann, ours):
    assert ann.get(list_of(Store)).status_code == 200

    ours.store.memberships.all().delete()

    assert ann.get(list_of(Store)).status_code == 403


def test_a_list_without_a_way_to_a_store_shows_managers_nothing(rf, ours):
    """The default, should somebody forget to say."""
    request = rf.get("/admin/")
    request.user = ours.manager

    assert not managed(Store.objects.all(), None, request).exists()


def test_menus_name_only_what_opens(ann, ours):
    groups = admin.site.get_sidebar_list(ann.get("/admin/").wsgi_request)

    links = [item["link"] for group in groups for item in group["items"]]
    assert len(links) < len(MODELS)
    assert all(ann.get(link).status_code == 200 for link in links)


def no_rows(prefix: str) -> dict[str, str]:
    return {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}


@pytest.mark.parametrize("key", ["x", "1_2F2", "%00", "9" * 30])
@pytest.mark.parametrize("model", MODELS, ids=label)
def test_an_id_that_is_none_breaks_nothing(ann, ours, model, key):
    answer = ann.get(f"{list_of(model)}{key}/change/")

    assert answer.status_code in (302, 403, 404)


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_a_filter_that_no_id_fits_breaks_nothing(ann, ours, model):
    for name in ("store__id__exact", "id__exact", "user__id__exact"):
        answer = ann.get(list_of(model), {name: "9" * 30})

        assert answer.status_code in (200, 302, 400, 403)


def test_there_is_no_shortcut_from_rows_to_pages(ann, ours):
    assert ann.get("/admin/r/20/1/").status_code == 404


def test_the_dialog_of_another_store_s_appointment_is_not_shown(ann, ours, theirs):
    def dialog(appointment):
        return ann.get(f"/admin/appointments/appointment/{appointment.pk}/cancel/").status_code

    assert dialog(ours.booked) == 200
    assert dialog(theirs.booked) == 404
