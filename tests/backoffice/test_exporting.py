"""Lists as files: what is in them, what is not, and that it is noted who took them."""

import csv
import io
import json
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from appointments.models import Appointment, AppointmentEvent
from booking_site.common.admin.sheets import exporting
from booking_site.common.admin.sheets.files import BOM, escaped, unescaped
from booking_site.common.models import Transfer
from realtors.models import Realtor, TimeOff
from reviews.models import Review
from stores.models import Category, SpecialDay, Store
from tests.factories import PASSWORD, UserFactory

from .conftest import signed_in
from .places import book, furnish, list_of, start_at
from .registry import MODELS, OF_STORES, OPERATORS_ONLY, label

every_model = pytest.mark.parametrize("model", MODELS, ids=label)
PERSONAL = {"personal": "on"}


def export(client, model, query="", **sent):
    return client.post(f"{list_of(model)}export/?{query}", {"format": "csv", **PERSONAL, **sent})


def rows_of(answer) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer
    assert "attachment" in answer["Content-Disposition"]
    text = answer.content.decode()
    assert text.startswith(BOM)
    return list(csv.DictReader(io.StringIO(text.removeprefix(BOM), newline="")))


@every_model
def test_every_list_can_be_taken_out_and_holds_no_secret(operator, ours, model):
    listed = operator.get(list_of(model))

    assert listed.context["transfers"]["export"] == f"{list_of(model)}export/"
    answer = export(operator, model)
    assert len(rows_of(answer)) == listed.context["cl"].result_count
    text = answer.content.decode()
    for secret in (ours.manager.password, ours.hold.token, PASSWORD):
        assert secret not in text


@pytest.mark.parametrize("model", OF_STORES, ids=label)
def test_a_manager_takes_what_is_of_their_own_store(ann, ours, theirs, model):
    answer = export(ann, model)

    assert rows_of(answer)
    assert "Beatrix" not in answer.content.decode()
    assert "house-2" not in answer.content.decode()


@pytest.mark.parametrize("model", OPERATORS_ONLY, ids=label)
def test_what_a_manager_does_not_see_they_do_not_take(ann, ours, model):
    assert export(ann, model).status_code == 403
    assert ann.get(f"{list_of(model)}export/").status_code == 403


def test_another_store_s_rows_cannot_be_chosen(ann, ours, theirs):
    chosen = [ours.booked.pk, theirs.booked.pk]

    rows = rows_of(export(ann, Appointment, chosen=chosen))

    assert [row["Code"] for row in rows] == [ours.booked.code]


def test_long_lists_cost_no_more_questions(operator, ours):
    def asked(model) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert export(operator, model).status_code == 200
        return len(queries)

    for model in MODELS:
        asked(model)
    few = {model: asked(model) for model in MODELS}
    assert max(few.values()) <= 20
    furnish("Cat", 3)

    assert [model for model in MODELS if asked(model) > few[model]] == []


def test_it_is_what_the_filters_and_the_search_leave(ann, ours):
    rows = rows_of(export(ann, Appointment, "status__exact=pending&q=Waiter"))

    assert [row["Customer"] for row in rows] == ["Ann Waiter"]


def test_the_filters_of_the_list_lead_into_the_export(ann, ours):
    page = ann.get(f"{list_of(Appointment)}?q=Waiter&p=1")

    assert page.context["transfers"]["export"].endswith("/export/?q=Waiter")
    assert ann.get(page.context["transfers"]["export"]).context["count"] == 1


def test_what_was_chosen_in_the_list_is_asked_about_and_taken(ann, ours):
    chosen = {"action": "export_chosen", "_selected_action": [ours.waiting.pk]}

    page = ann.post(list_of(Appointment), chosen)

    assert (page.context["count"], page.context["chosen"]) == (1, [str(ours.waiting.pk)])
    rows = rows_of(export(ann, Appointment, chosen=page.context["chosen"]))
    assert [row["Code"] for row in rows] == [ours.waiting.code]


def test_all_that_is_filtered_may_be_chosen(ann, ours):
    chosen = {"action": "export_chosen", "_selected_action": [1], "select_across": "1"}

    answer = ann.post(f"{list_of(Appointment)}?q=Waiter", chosen)

    assert answer.url == f"{list_of(Appointment)}export/?q=Waiter"


@pytest.mark.parametrize("chosen", ["x", "9" * 30, "\x00", "1 or 1=1", "-1"])
def test_a_choice_that_is_none_takes_nothing(ann, ours, chosen):
    answer = export(ann, Appointment, chosen=[chosen])

    assert answer.status_code in (302, 404) or rows_of(answer) == []


@pytest.mark.parametrize("query", ["nothing=1", "user__password__startswith=a", "e=1", "p=99999"])
def test_filters_the_list_does_not_know_break_nothing(ann, ours, query):
    assert export(ann, Appointment, query).status_code in (200, 302, 400)


@pytest.mark.parametrize("kind", ["", "xlsx", "html", "../csv"])
def test_only_the_formats_offered(ann, ours, kind):
    assert "form" in export(ann, Appointment, format=kind).context
    assert not Transfer.objects.exists()


def test_personal_data_only_where_it_was_asked_for(ann, ours):
    answer = ann.post(f"{list_of(Appointment)}export/", {"format": "csv"})

    text = answer.content.decode()
    assert ours.booked.code in text
    for word in ("Booker", "+86138", "Customer", "Phone"):
        assert word not in text


@pytest.mark.parametrize("model", [Appointment, AppointmentEvent, Review, TimeOff, User])
def test_no_list_tells_names_of_people_unasked(operator, ours, model):
    text = operator.post(f"{list_of(model)}export/", {"format": "csv"}).content.decode()

    for word in ("Booker", "Ann rests", "Olga", "@example.com", "+86138"):
        assert word not in text


def test_a_list_of_nothing_but_personal_data_says_so(operator, ours):
    answer = operator.post("/admin/accounts/child/export/", {"format": "csv"})

    assert "personal data" in answer.content.decode()
    assert not Transfer.objects.exists()


def test_every_export_is_noted(ann, ours):
    export(ann, Appointment)

    noted = Transfer.objects.get()
    assert (noted.by, noted.direction, noted.listed) == (
        ours.manager,
        "export",
        "appointments.Appointment",
    )
    assert (noted.rows, noted.format, noted.personal) == (2, "csv", True)


def test_what_is_noted_stays(ann, operator, ours):
    export(ann, Appointment)
    noted = Transfer.objects.get()

    with pytest.raises(TypeError):
        noted.delete()
    with pytest.raises(TypeError):
        noted.save()
    assert operator.post(f"{list_of(Transfer)}{noted.pk}/delete/").status_code == 403
    assert ann.get(list_of(Transfer)).status_code == 403


def test_times_are_by_the_clock_of_the_store(operator, ours):
    Store.objects.filter(pk=ours.store.pk).update(time_zone="Europe/Berlin")
    ours.store.refresh_from_db()

    (row,) = rows_of(export(operator, TimeOff))

    assert row["From"] == f"{ours.time_off.starts_at.astimezone(ours.store.zone):%Y-%m-%d %H:%M}"


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "'=1", "－1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_in_a_name_stays_a_text(text):
    assert escaped(text) == f"'{text}"
    assert unescaped(escaped(text)) == text


@pytest.mark.parametrize("text", ["Wang", "'quoted'", "王小雨", "a=1", "", "1+1"])
def test_other_texts_stay_as_they_are(text):
    assert escaped(text) == unescaped(text) == text


@pytest.mark.parametrize("number", [-5, 5, Decimal("-1.50"), 0.5])
def test_a_number_is_a_number_also_below_zero(number):
    assert escaped(number) == number


@pytest.mark.parametrize("kind", ["csv", "tsv"])
@pytest.mark.parametrize(
    "formula", ['=HYPERLINK("http://evil.example")', "@SUM(1)", "+cmd|' /C'!A0"]
)
def test_a_customer_s_formula_does_not_reach_the_spreadsheet(ann, ours, kind, formula):
    start = start_at(ours.store, days=3, hour=10)
    book(ours.store, start, customer=formula, number=77)

    text = export(ann, Appointment, format=kind).content.decode()
    rows = list(csv.reader(io.StringIO(text), delimiter="," if kind == "csv" else "\t"))

    assert any(cell == f"'{formula}" for row in rows for cell in row)
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)


def test_json_is_for_programs_and_tells_things_as_they_are(ann, ours):
    answer = export(ann, Appointment, format="json")

    (first, _second) = json.loads(answer.content)
    assert first["Phone"].startswith("+86138001")
    assert answer["Content-Type"].startswith("application/json")


def test_chinese_survives_excel(operator, db):
    Category.objects.create(slug="singing", name="唱歌")

    answer = export(operator, Category)

    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert "唱歌" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


def test_more_than_a_file_should_hold_is_refused_in_words(ann, ours, monkeypatch):
    monkeypatch.setattr(exporting, "MOST_ROWS", 1)

    answer = export(ann, Appointment)

    assert "at most 1" in answer.content.decode()
    assert not Transfer.objects.exists()


def test_who_signed_in_long_ago_confirms_it_first(ann, ours, settings):
    settings.STAFF_RECENT_MINUTES = 10

    answer = export(ann, Appointment)

    assert answer.status_code == 302
    assert "reauthenticate" in answer.url
    assert not Transfer.objects.exists()


def test_customers_take_nothing(ours):
    assert export(signed_in(UserFactory()), Appointment).status_code == 302


@pytest.mark.parametrize("model", [Realtor, SpecialDay, Store, Review])
def test_the_lists_people_work_with_have_the_columns_they_need(ann, ours, model):
    (row,) = rows_of(export(ann, model))

    assert len(row) >= 4
    assert "" not in row
