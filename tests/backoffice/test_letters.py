"""Letters that could not be sent are seen, and sent again, by those who run the store."""

import pytest

from notifications.models import Delivery, DeliveryStatus, OutboxEvent

from .places import list_of, page_of


@pytest.fixture
def dead(ours) -> Delivery:
    """Of Ann's store."""
    return given_up(ours)


def given_up(place) -> Delivery:
    letter = Delivery.objects.filter(event__appointment=place.booked).first()
    Delivery.objects.filter(pk=letter.pk).update(
        status=DeliveryStatus.DEAD, attempts=8, last_error="550 nobody of that name"
    )
    letter.refresh_from_db()
    return letter


def send_again(client, *letters: Delivery):
    chosen = {"action": "send_again", "_selected_action": [letter.pk for letter in letters]}
    return client.post(list_of(Delivery), chosen, follow=True).content.decode()


def test_the_first_page_tells_of_them_and_leads_there(ann, dead, theirs):
    given_up(theirs)

    cards = {card["label"]: card for card in ann.get("/admin/").context["attention_cards"]}
    card = cards["Undelivered letters"]

    assert card["count"] == 1
    assert list(ann.get(card["link"]).context["cl"].queryset) == [dead]


def test_the_list_says_why(ann, dead):
    assert "550 nobody of that name" in ann.get(list_of(Delivery)).content.decode()


def test_a_manager_sends_one_again(ann, dead):
    said = send_again(ann, dead)

    dead.refresh_from_db()
    assert (dead.status, dead.attempts) == (DeliveryStatus.PENDING, 0)
    assert "goes out with the next round" in said


def test_what_was_sent_is_not_sent_twice(ann, dead):
    Delivery.objects.update(status=DeliveryStatus.SENT)

    assert "Somebody else was faster" in send_again(ann, dead)


def test_a_letter_of_another_store_is_out_of_reach(ann, theirs):
    letter = given_up(theirs)

    send_again(ann, letter)

    letter.refresh_from_db()
    assert letter.status == DeliveryStatus.DEAD


def test_the_news_shows_who_was_told(ann, dead):
    page = ann.get(page_of(OutboxEvent.objects.get(pk=dead.event_id))).content.decode()

    assert dead.address in page
    assert "given to a realtor" in page


def test_nothing_of_it_can_be_written_by_hand(operator, dead):
    for row in (dead, dead.event):
        assert operator.get(f"{list_of(type(row))}add/").status_code == 403
        assert operator.post(page_of(row), {"address": "x@example.com"}).status_code == 403
