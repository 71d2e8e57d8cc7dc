"""Files brought in: checked first, all or nothing, and never more than one may do by hand."""

import json
from datetime import date, timedelta

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from appointments.models import Appointment, Session
from booking_site.common.actors import Door
from booking_site.common.models import Transfer, WaitingImport
from realtors.models import Realtor, TimeOff
from stores.models import Category, SpecialDay, Store
from tests.factories import RealtorFactory, UserFactory, manager_of

from .conftest import signed_in
from .places import join, list_of, start_at
from .registry import LISTED, MODELS

TAKEN = [Realtor, TimeOff, Category, SpecialDay, Store]
SOON = (timezone.now() + timedelta(days=20)).date()


def check(client, model, text: str | bytes, name="rows.csv"):
    content = text if isinstance(text, bytes) else text.encode()
    file = SimpleUploadedFile(name, content, content_type="text/csv")
    return client.post(f"{list_of(model)}import/", {"file": file})


def confirm(client, model, token):
    return client.post(f"{list_of(model)}import/confirm/", {"token": token})


def bring_in(client, model, text, name="rows.csv"):
    checked = check(client, model, text, name)
    assert wrong(checked) == [], wrong(checked)
    assert checked.context["token"]
    return confirm(client, model, checked.context["token"])


def wrong(answer) -> list[str]:
    """Everything it complains about, with the lines."""
    assert answer.status_code == 200
    if "form" in answer.context and "wrong" not in answer.context:
        return list(answer.context["form"].errors["file"])
    return [f"{n}: {one}" for n, sentences in answer.context["wrong"] for one in sentences]


def said(answer) -> str:
    return str(list(get_messages(answer.wsgi_request))[-1])


def test_a_check_changes_nothing_and_says_what_would_change(ann, ours):
    answer = check(
        ann, Realtor, "Store,Name,Phone\nhouse-1,Ann Realtor,13800138000\nhouse-1,Mei Lin,\n"
    )

    told = [(one.kind, one.name, [str(line) for line in one.lines]) for one in taken(answer)]
    assert told == [
        ("changed", "Ann House · Ann Realtor", ["Phone: – → 13800138000"]),
        ("new", "Ann House · Mei Lin", ["Name: – → Mei Lin"]),
    ]
    assert Realtor.objects.get(store=ours.store).phone == ""
    assert not Transfer.objects.exists()


def taken(answer):
    return answer.context["taken"]


def test_confirmed_it_is_in_with_its_history_and_noted(ann, ours):
    Category.objects.create(slug="singing", name="唱歌", name_en="Singing")
    head = "store,name,email,skills,max_per_day,is_active"

    answer = bring_in(ann, Realtor, f"{head}\nhouse-1,Mei Lin,mei@example.com,唱歌,4,yes\n")

    mei = Realtor.objects.get(name="Mei Lin")
    assert (mei.store, mei.max_per_day, mei.user) == (ours.store, 4, None)
    assert [one.name for one in mei.skills.all()] == ["唱歌"]
    newest = mei.history.first()
    assert (newest.history_user, newest.history_change_reason) == (ours.manager, Door.IMPORT)
    noted = Transfer.objects.get()
    assert (noted.direction, noted.by, noted.rows, noted.personal) == (
        "import",
        ours.manager,
        1,
        True,
    )
    assert "1 new" in said(answer)


def test_one_wrong_line_and_none_is_taken(ann, ours):
    answer = check(ann, Realtor, "store,name,max_load\nhouse-1,Good One,2\nhouse-1,Bad One,0\n")

    assert wrong(answer) == ["3: Live load: Ensure this value is greater than or equal to 1."]
    assert answer.context["token"] == ""
    assert not WaitingImport.objects.exists()
    assert not Realtor.objects.filter(name="Good One").exists()


def test_every_wrong_line_is_told_at_once(ann, ours):
    answer = check(ann, SpecialDay, "store,date\nhouse-1,soon\nnowhere,2030-01-01\nhouse-1,\n")

    assert [line.split(":")[0] for line in wrong(answer)] == ["2", "3", "4"]


@pytest.mark.parametrize(
    ("model", "row"),
    [
        (Realtor, "store,name\nhouse-2,Spy"),
        (Realtor, "store,name\nBea House,Spy"),
        (Realtor, "store,name,phone\nhouse-2,Beatrix Realtor,1"),
        (SpecialDay, f"store,date\nhouse-2,{SOON}"),
        (TimeOff, f"store,realtor,starts_at,ends_at\nhouse-2,Beatrix Realtor,{SOON},{SOON}"),
        (TimeOff, f"store,realtor,starts_at,ends_at\nhouse-1,Beatrix Realtor,{SOON},{SOON}"),
    ],
)
def test_a_row_of_another_store_is_an_error(ann, ours, theirs, model, row):
    before = model.objects.count()

    (sentence,) = wrong(check(ann, model, row))

    assert "2: " in sentence
    assert model.objects.count() == before


def test_an_operator_brings_rows_into_every_store(operator, ours, theirs):
    bring_in(operator, Realtor, "store,name\nhouse-1,Mei\nhouse-2,Lin\n")

    assert {one.store for one in Realtor.objects.filter(name__in=["Mei", "Lin"])} == {
        ours.store,
        theirs.store,
    }


@pytest.mark.parametrize("model", [Category, Store])
def test_categories_and_stores_are_for_operators(ann, ours, model):
    assert ann.get(f"{list_of(model)}import/").status_code == 403
    assert check(ann, model, "slug,name\nx,X").status_code == 403
    assert ann.get(f"{list_of(model)}import/example/").status_code == 403
    assert confirm(ann, model, "x").status_code == 403


def test_nothing_else_is_imported(operator, ours):
    """Appointments above all: they are booked, through the one engine."""
    assert [one for one in MODELS if LISTED[one].intake] == TAKEN
    assert "import" not in operator.get(list_of(Appointment)).context["transfers"]
    assert operator.post(f"{list_of(Appointment)}import/").status_code in (302, 404)


def test_a_file_is_confirmed_once(ann, ours):
    token = check(ann, Realtor, "store,name\nhouse-1,Mei\n").context["token"]

    confirm(ann, Realtor, token)
    again = confirm(ann, Realtor, token)

    assert Realtor.objects.filter(name="Mei").count() == 1
    assert "already" in said(again)


def test_nobody_confirms_another_s_file(ann, operator, ours):
    token = check(ann, Realtor, "store,name\nhouse-1,Mei\n").context["token"]

    for client in (operator, signed_in(manager_of(ours.store))):
        assert confirm(client, Realtor, token).status_code == 302
    assert not Realtor.objects.filter(name="Mei").exists()


def test_a_file_is_confirmed_for_the_list_it_was_checked_for(ann, ours):
    token = check(ann, Realtor, "store,name\nhouse-1,Mei\n").context["token"]

    confirm(ann, SpecialDay, token)

    assert WaitingImport.objects.exists()
    assert not Realtor.objects.filter(name="Mei").exists()


def test_a_file_waits_for_an_hour(ann, ours):
    token = check(ann, Realtor, "store,name\nhouse-1,Mei\n").context["token"]
    WaitingImport.objects.update(created_at=timezone.now() - timedelta(minutes=61))

    confirm(ann, Realtor, token)

    assert not Realtor.objects.filter(name="Mei").exists()


@pytest.mark.parametrize("token", ["", "x", "%00", "0" * 32])
def test_a_token_that_is_none_breaks_nothing(ann, ours, token):
    assert confirm(ann, Realtor, token).url == f"{list_of(Realtor)}import/"


def test_who_no_longer_manages_no_longer_imports(ann, ours):
    token = check(ann, Realtor, "store,name\nhouse-1,Mei\n").context["token"]
    ours.store.memberships.all().delete()

    assert confirm(ann, Realtor, token).status_code == 403


def test_what_has_become_wrong_meanwhile_is_not_imported(operator, ours, theirs):
    token = check(operator, Realtor, "store,name\nhouse-1,Mei\nhouse-2,Lin\n").context["token"]
    Store.objects.filter(pk=theirs.store.pk).update(slug="moved", name="Moved")

    answer = confirm(operator, Realtor, token)

    assert "Nothing was imported" in said(answer)
    assert not Realtor.objects.filter(name="Mei").exists()
    assert not Transfer.objects.exists()


def test_what_is_there_already_asks_for_no_confirmation(ann, ours):
    answer = check(ann, Realtor, "store,name\nhouse-1,Ann Realtor\n")

    assert (answer.context["token"], answer.context["counts"]["same"]) == ("", 1)


BROKEN = [
    b"",
    b"\x00\x01\x02",
    b"PK\x03\x04" + b"\x00" * 50,
    b"\xff\xfe\x00",
    b"\xff\xff\xff",
    b"store,name",
    b"\n\n\n",
    b'store,name\nhouse-1,"Mei',
    b"store,name\nhouse-1,Mei,and,more\n",
    b"store,store,name\nhouse-1,house-1,Mei\n",
    b"store,who\nhouse-1,Mei\n",
    b"name\nMei\n",
    b"store,name\nhouse-1," + b"x" * 200_000,
    b"[" * 100_000,
    b"{}",
    b"[1]",
    b'[{"store": {"a": 1}}]',
    b'[{"store": "\\ud800", "name": "x"}]',
    b"[]",
    b"store,name\n" + b"house-1,Mei\n" * 501,
    b"x" * 1_000_001,
]


@pytest.mark.parametrize("content", BROKEN, ids=range(len(BROKEN)))
def test_a_broken_file_is_told_so_and_never_an_error_of_ours(ann, ours, content):
    answer = check(ann, Realtor, content)

    assert wrong(answer)
    assert Realtor.objects.filter(store=ours.store).count() == 1


def test_no_file_at_all(ann, ours):
    answer = ann.post(f"{list_of(Realtor)}import/")

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("encoding", "guessed"),
    [("utf-8", False), ("utf-8-sig", False), ("utf-16", False), ("gb18030", True)],
)
def test_chinese_is_read_however_a_spreadsheet_saved_it(ann, ours, encoding, guessed):
    answer = check(
        ann,
        Realtor,
        "门店,姓名\nhouse-1,王小雨\n".replace("姓名", "name")
        .replace("门店", "store")
        .encode(encoding),
    )

    assert [one.name for one in taken(answer)] == ["Ann House · 王小雨"]
    assert answer.context["guessed"] is guessed


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_cells_are_parted_as_a_spreadsheet_parts_them(ann, ours, separator):
    bring_in(ann, Realtor, f"store{separator}name\nhouse-1{separator}Mei\n")

    assert Realtor.objects.filter(name="Mei").exists()


def test_json_is_taken_too(ann, ours):
    rows = [{"store": "house-1", "name": "Mei", "max_load": 2, "is_active": False, "bio": None}]

    bring_in(ann, Realtor, json.dumps(rows), "rows.json")

    assert Realtor.objects.filter(name="Mei", max_load=2, is_active=False).exists()


@pytest.mark.parametrize("name", ["=1+1", "'=1+1", "<script>alert(1)</script>"])
def test_a_formula_or_a_script_is_a_text(ann, ours, name):
    answer = check(ann, Realtor, f"store,name\nhouse-1,{name}\n", name=f"{name}.csv")

    assert "<script>alert" not in answer.content.decode()
    confirm(ann, Realtor, answer.context["token"])
    assert Realtor.objects.filter(name=name.removeprefix("'")).exists()


@pytest.mark.usefixtures("categories")
@pytest.mark.parametrize("model", TAKEN)
def test_what_was_exported_comes_back_without_a_change(operator, ours, model):
    file = operator.post(f"{list_of(model)}export/", {"format": "csv", "personal": "on"})

    answer = check(operator, model, file.content)

    assert wrong(answer) == []
    assert answer.context["changes"] == 0


@pytest.mark.parametrize("model", TAKEN)
def test_there_is_a_file_to_fill_in_whose_headings_are_known(operator, ours, model):
    answer = operator.get(f"{list_of(model)}import/example/")

    sentences = wrong(check(operator, model, answer.content))
    assert not [one for one in sentences if "Unknown" in one or "missing" in one]


def test_special_days_with_their_hours(ann, ours):
    rows = f"store,date,hours,note\nhouse-1,{SOON:%Y/%m/%d},09:00-12:00 14：00～18:00,盘点\n"

    bring_in(ann, SpecialDay, rows)
    day = SpecialDay.objects.get(store=ours.store, date=SOON)
    assert [str(one) for one in day.intervals.all()] == ["09:00–12:00", "14:00–18:00"]

    bring_in(ann, SpecialDay, f"store,date,hours\nhouse-1,{SOON},closed\n")
    assert not day.intervals.exists()
    day.refresh_from_db()
    assert day.note == "盘点"


@pytest.mark.parametrize(
    "cells",
    [
        "2020-01-01,,",
        "2026-02-30,,",
        "99999-01-01,,",
        f"{SOON},9 to 5,",
        f"{SOON},25:00-26:00,",
        f"{SOON},09:00-12:00 11:00-13:00,",
        f"{SOON},,{'x' * 101}",
    ],
)
def test_a_special_day_that_cannot_be(ann, ours, cells):
    assert wrong(check(ann, SpecialDay, f"store,date,hours,note\nhouse-1,{cells}\n"))


def test_time_off_is_by_the_clock_of_the_store(operator, ours):
    Store.objects.filter(pk=ours.store.pk).update(time_zone="Europe/Berlin")
    ours.store.refresh_from_db()
    head = "store,realtor,starts_at,ends_at,reason"

    bring_in(operator, TimeOff, f"{head}\nhouse-1,Ann Realtor,{SOON} 09:30,{SOON},牙医\n")

    off = TimeOff.objects.get(reason="牙医")
    begins, ends = (one.astimezone(ours.store.zone) for one in (off.starts_at, off.ends_at))
    assert f"{begins:%Y-%m-%d %H:%M}" == f"{SOON} 09:30"
    assert f"{ends:%Y-%m-%d %H:%M}" == f"{SOON + timedelta(days=1)} 00:00"


@pytest.mark.parametrize(
    "cells",
    [
        "Nobody,2030-01-01,2030-01-02",
        "Ann Realtor,2030-01-02,2030-01-01 00:00",
        "Ann Realtor,2020-01-01,2020-01-02",
        "Ann Realtor,2030-01-01 9,2030-01-02",
        "Ann Realtor,0001-01-01,9999-12-31",
    ],
)
def test_time_off_that_cannot_be(ann, ours, cells):
    assert wrong(check(ann, TimeOff, f"store,realtor,starts_at,ends_at\nhouse-1,{cells}\n"))


def test_who_is_no_longer_active_hands_on_what_was_promised(ann, ours):
    colleague = RealtorFactory(store=ours.store, name="Colleague")

    bring_in(ann, Realtor, "store,name,is_active\nhouse-1,Ann Realtor,no\n")

    ours.booked.refresh_from_db()
    assert ours.booked.realtor == colleague


def test_two_of_one_name_are_told_apart_by_their_e_mail(ann, ours):
    for number in range(2):
        RealtorFactory(store=ours.store, name="Mei", email=f"mei{number}@example.com")

    assert "e-mail" in wrong(check(ann, Realtor, "store,name,bio\nhouse-1,Mei,Hi\n"))[0]
    bring_in(ann, Realtor, "store,name,email,bio\nhouse-1,Mei,mei1@example.com,Hi\n")
    assert Realtor.objects.get(email="mei1@example.com").bio == "Hi"


@pytest.mark.parametrize("column", ["user", "commission_percent", "presence", "id"])
def test_accounts_and_commissions_are_no_matter_of_files(operator, ours, column):
    (sentence,) = wrong(check(operator, Realtor, f"store,name,{column}\nhouse-1,Mei,1\n"))

    assert "Unknown columns" in sentence


def test_categories(operator, db):
    bring_in(operator, Category, "slug,name,name_en,position\nsinging,声乐,Singing,\n")
    bring_in(operator, Category, "slug,name\nsinging,唱歌\n")

    assert Category.objects.filter(name="唱歌", name_en="Singing").exists()
    assert wrong(check(operator, Category, "slug,name\nnot a slug,X\n"))


def test_stores(operator, db):
    head = "slug,name,city,address,phone,time_zone"
    bring_in(operator, Store, f"{head}\nnew-one,新店,杭州,湖滨路 1 号,0571-1,Asia/Shanghai\n")

    assert Store.objects.filter(slug="new-one", is_active=True).exists()
    assert wrong(check(operator, Store, f"{head}\nx,X,杭州,湖滨路 1 号,0571-1,Mars/Base\n"))
    assert wrong(check(operator, Store, "slug,name\ny,Y\n"))


def test_a_store_with_promises_is_closed_by_no_file(operator, ours):
    join(ours.store, customer="Live", number=1)
    text = f"slug,name,is_active\n{ours.store.slug},{ours.store.name},no\n"

    sentences = wrong(check(operator, Store, text))

    assert "2 appointments are still to come and stay promised" in sentences[0]
    assert ours.booked.code in sentences[0]
    assert any("1 person waits in the live line" in sentence for sentence in sentences)
    Appointment.objects.update(status="cancelled", live_key=None)
    Session.objects.update(status="cancelled")
    bring_in(operator, Store, text)
    ours.store.refresh_from_db()
    assert not ours.store.is_active


@pytest.mark.parametrize("unseen", ["\u200b", "\u2060\ufeff", "\u3164", "\u200d \u0301"])
def test_a_name_that_nobody_can_see_is_none(ann, operator, ours, unseen):
    for client, model, text in (
        (ann, Realtor, f"store,name,phone\nhouse-1,{unseen},13800138000\n"),
        (operator, Category, f"slug,name\nsinging,{unseen}\n"),
    ):
        assert "is missing" in wrong(check(client, model, text))[0]


def test_waiting_files_go_when_a_newer_one_comes(ann, ours):
    for _twice in range(2):
        check(ann, Realtor, "store,name\nhouse-1,Mei\n")

    assert WaitingImport.objects.count() == 1


def test_what_waits_is_shown_to_nobody(operator, ann, ours):
    check(ann, Realtor, "store,name\nhouse-1,Mei Secret\n")

    waiting = WaitingImport.objects.get()
    page = operator.get(f"{list_of(WaitingImport)}{waiting.pk}/change/").content.decode()
    assert "Mei Secret" not in page


def test_customers_import_nothing(ours):
    client = signed_in(UserFactory())

    assert client.get(f"{list_of(Realtor)}import/").status_code == 302


def test_a_past_day_stays_as_it_was(ann, ours):
    past = date.today() - timedelta(days=30)
    SpecialDay.objects.create(store=ours.store, date=past, note="old")

    assert wrong(check(ann, SpecialDay, f"store,date,note\nhouse-1,{past},new\n")) == []


def test_an_import_serves_who_waits(ann, ours):
    """A new colleague takes whom nobody else could."""
    assert ours.waiting.realtor is None
    assert start_at(ours.store, days=2, hour=10) == ours.waiting.starts_at

    bring_in(ann, Realtor, "store,name\nhouse-1,Colleague\n")

    ours.waiting.refresh_from_db()
    assert ours.waiting.realtor.name == "Colleague"


def test_objects_that_share_no_key_fill_no_memory(ann, ours):
    rows = json.dumps([{f"k{number}": 1} for number in range(60_000)])

    found = wrong(check(ann, Realtor, rows, "rows.json"))

    assert found == ["60000 rows are too many at once: at most 500. Split the file."]


def test_an_object_of_a_thousand_keys_is_no_row(ann, ours):
    rows = json.dumps([{f"k{number}": 1 for number in range(1000)}])

    assert wrong(check(ann, Realtor, rows, "rows.json")) == [
        "JSON has to be a list of objects, one for each row."
    ]
