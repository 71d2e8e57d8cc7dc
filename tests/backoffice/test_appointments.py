"""Appointments change by steps that services take; nothing is typed in."""

from datetime import timedelta

import pytest
from django.utils import timezone

from appointments import services
from appointments.models import Appointment, AppointmentEvent, Claim, Hold, Status
from booking_site.common.actors import SYSTEM

from .places import list_of, page_of
from .pressing import LIST, choose, press, said


def test_accepting_confirms_and_the_log_names_who_did_it(ann, ours):
    answer = choose(ann, "accept", ours.booked)

    ours.booked.refresh_from_db()
    entry = AppointmentEvent.objects.filter(appointment=ours.booked).latest("id")
    assert ours.booked.status == Status.CONFIRMED
    assert (entry.action, entry.actor_user) == ("confirmed", ours.manager)
    assert said(answer) == ["Confirm: 1 done."]


def test_each_refused_row_gets_a_sentence_and_the_others_go_on(ann, ours):
    services.accept(ours.booked, by=SYSTEM, at=timezone.now())
    answer = choose(ann, "cancel", ours.booked, ours.waiting, reason="storm")
    again = choose(ann, "cancel", ours.booked, reason="storm")

    assert said(answer) == ["Call off: 2 done."]
    assert len(said(again)) == 1
    assert str(ours.booked) in said(again)[0]


def test_a_step_that_does_not_fit_changes_nothing(ann, ours):
    answer = choose(ann, "complete", ours.booked)

    ours.booked.refresh_from_db()
    assert ours.booked.status == Status.PENDING
    assert str(ours.booked) in said(answer)[0]


def test_calling_off_asks_for_the_reason_first(ann, ours):
    answer = choose(ann, "cancel", ours.booked)

    ours.booked.refresh_from_db()
    assert "admin/appointments/ask.html" in [used.name for used in answer.templates]
    assert ours.booked.status == Status.PENDING


def test_calling_off_gives_the_time_to_the_next_in_line(ann, ours):
    choose(ann, "cancel", ours.booked, reason="flood in the house")

    ours.booked.refresh_from_db()
    ours.waiting.refresh_from_db()
    assert (ours.booked.status, ours.booked.cancel_reason) == ("cancelled", "flood in the house")
    assert ours.waiting.realtor == ours.realtor


def test_declining_keeps_the_reason_with_the_offer(ann, ours):
    choose(ann, "decline", ours.booked, reason="on a course")

    assert [offer.reason for offer in ours.booked.offers.all()] == ["on a course"]


def test_a_button_on_the_page_only_asks_until_one_says_yes(ann, ours):
    asked = ann.get(f"{LIST}{ours.booked.pk}/accept/")

    ours.booked.refresh_from_db()
    assert asked.status_code == 200
    assert ours.booked.status == Status.PENDING


def test_a_button_on_the_page_takes_the_step(ann, ours):
    answer = press(ann, ours.booked, "accept")

    ours.booked.refresh_from_db()
    assert answer.url == page_of(ours.booked)
    assert ours.booked.status == Status.CONFIRMED


def test_a_button_pressed_in_a_dialog_leads_back_to_the_page(ann, ours):
    path = f"{LIST}{ours.booked.pk}/cancel/"
    sent = {"_form_submitted": "1", "reason": "ill"}
    answer = ann.post(path, sent, headers={"HX-Request": "true"})

    assert answer.headers["HX-Redirect"] == page_of(ours.booked)


def test_the_store_says_why_it_calls_something_off(ann, ours):
    path = f"{LIST}{ours.booked.pk}/cancel/"
    ann.post(path, {"_form_submitted": "1", "reason": ""}, headers={"HX-Request": "true"})

    ours.booked.refresh_from_db()
    assert ours.booked.status == Status.PENDING


@pytest.mark.parametrize(
    ("status", "buttons"),
    [
        (Status.PENDING, ["accept", "decline", "cancel"]),
        (Status.CONFIRMED, ["start", "no-show", "cancel"]),
        (Status.IN_PROGRESS, ["complete"]),
        (Status.COMPLETED, []),
        (Status.CANCELLED, []),
    ],
)
def test_the_page_offers_only_steps_that_lead_on_from_here(ann, ours, status, buttons):
    now = timezone.now()
    Appointment.objects.filter(pk=ours.booked.pk).update(
        status=status, starts_at=now, ends_at=now + timedelta(hours=1)
    )
    html = ann.get(page_of(ours.booked)).content.decode()

    every = ["accept", "decline", "start", "complete", "no-show", "cancel"]
    assert [name for name in every if f"{LIST}{ours.booked.pk}/{name}/" in html] == [
        name for name in every if name in buttons
    ]


def test_what_is_still_far_ahead_can_be_neither_begun_nor_missed(ann, ours):
    services.accept(ours.booked, by=SYSTEM, at=timezone.now())

    html = ann.get(page_of(ours.booked)).content.decode()
    refused = [said(choose(ann, name, ours.booked))[0] for name in ("start", "no_show")]

    assert f"{LIST}{ours.booked.pk}/cancel/" in html
    assert f"{LIST}{ours.booked.pk}/start/" not in html
    assert f"{LIST}{ours.booked.pk}/no-show/" not in html
    assert "from 15 minutes before" in refused[0]
    assert "before the start" in refused[1]


def test_of_many_rows_it_is_said_how_many_went_and_each_refusal_once(ann, ours):
    services.cancel(ours.waiting, by=SYSTEM, at=timezone.now(), reason="ill")

    answer = choose(ann, "accept", ours.booked, ours.waiting)

    first, second = said(answer)
    assert first == "Confirm: 1 done, 1 refused."
    assert second.startswith(f"{ours.waiting}: ")


def test_who_waits_in_line_can_only_be_called_off(ann, ours):
    html = ann.get(page_of(ours.waiting)).content.decode()

    assert f"{LIST}{ours.waiting.pk}/cancel/" in html
    assert f"{LIST}{ours.waiting.pk}/accept/" not in html


@pytest.mark.parametrize("button", ["accept", "decline", "cancel", "start"])
def test_another_store_s_appointment_has_no_buttons(ann, theirs, button):
    answer = press(ann, theirs.booked, button, reason="mine now")

    theirs.booked.refresh_from_db()
    assert answer.status_code == 404
    assert theirs.booked.status == Status.PENDING


def test_another_store_s_appointment_cannot_be_slipped_into_a_list(ann, theirs):
    choose(ann, "accept", theirs.booked)
    choose(ann, "cancel", theirs.booked, reason="mine now")

    theirs.booked.refresh_from_db()
    assert theirs.booked.status == Status.PENDING


def test_posting_the_form_changes_nothing(operator, ours):
    before = Appointment.objects.filter(pk=ours.booked.pk).values().get()

    answer = operator.post(page_of(ours.booked), {"status": "confirmed", "customer_name": "Eve"})

    assert answer.status_code == 403
    assert Appointment.objects.filter(pk=ours.booked.pk).values().get() == before


def test_no_appointment_is_added_or_deleted_here(operator, ours):
    assert operator.get(f"{LIST}add/").status_code == 403
    assert operator.post(f"{LIST}{ours.booked.pk}/delete/", {"post": "yes"}).status_code == 403
    assert "delete_selected" not in operator.get(LIST).content.decode()


@pytest.mark.parametrize("model", [AppointmentEvent, Claim, Hold])
def test_what_services_wrote_can_be_neither_changed_nor_deleted(operator, ours, model):
    row = model.objects.first()

    assert operator.post(page_of(row), {"reason": "x"}).status_code == 403
    assert operator.post(f"{list_of(model)}{row.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_held_time_can_be_released(ann, ours):
    sent = {"action": "release", "_selected_action": [ours.hold.pk]}
    ann.post(list_of(Hold), sent)

    assert not Hold.objects.filter(pk=ours.hold.pk).exists()
    assert not Claim.objects.filter(hold_id=ours.hold.pk).exists()


def test_the_token_of_a_hold_is_not_shown(operator, ours):
    assert ours.hold.token not in operator.get(page_of(ours.hold)).content.decode()


def test_the_page_tells_what_happened_who_was_asked_and_the_place_in_line(ann, ours):
    page = ann.get(page_of(ours.booked)).content.decode()
    waiting = ann.get(page_of(ours.waiting)).content.decode()

    assert "given to a realtor" in page
    assert "minutes in all: " in page
    assert "in line" in waiting


EVIL = "<script>alert(1)</script>"


def test_a_script_for_a_name_is_shown_as_text(ann, ours):
    Appointment.objects.update(
        customer_name=EVIL, requirements=EVIL, customer_note=EVIL, cancel_reason=EVIL
    )
    pages = [LIST, page_of(ours.booked), "/admin/", list_of(AppointmentEvent)]
    answers = [ann.get(page) for page in pages]
    answers.append(choose(ann, "cancel", ours.booked))
    answers.append(choose(ann, "complete", ours.booked))

    for answer in answers:
        assert EVIL not in answer.content.decode()
        assert "&lt;script&gt;" in answer.content.decode()
