"""The pages on which everybody reads reviews, realtors answer them, and people report them."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from booking_site.common.actors import SYSTEM
from reviews.models import Review, ReviewPhoto, ReviewReport
from reviews.selectors import reviewable
from reviews.services import hide, reply
from tests.appointments import world
from tests.pages.visitor import Visitor

from .photographs import added, upload
from .visits import say, served

ENGLISH = {"accept-language": "en"}
EVENING = world.clock("17:30")
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def evening():
    with time_machine.travel(EVENING, tick=False):
        yield


def visitor(user=None) -> Visitor:
    visitor = Visitor(Client(headers=ENGLISH))
    if user is not None:
        visitor.client.force_login(user)
    return visitor


@pytest.fixture
def visit(wei, fang):
    return served(wei, "09:00", customer=fang)


def pages_of(store, realtor):
    return f"/stores/{store.pk}/reviews/", f"/realtors/{realtor.pk}/reviews/"


def test_all_is_shown_with_what_it_comes_to(store, wei, visit):
    photo = added(visit)
    review = say(visit, 4, "Patient.", aspects={"skill": 5}, photos=[photo.key])
    reply(review, text="Thank you!", by=world.acting(wei), at=EVENING)

    for address in pages_of(store, wei):
        shown = visitor().look(address)
        for text in ("Patient.", "4.0", "1 review", "Expertise", "Answer from Wei", "Thank you!"):
            assert text in shown, text
        assert f"/reviews/photos/{photo.key}.jpg" in shown
        assert f"/reviews/photos/{photo.key}/small.jpg" in shown
        assert f"/reviews/{review.pk}/report/" in shown
        assert "Fang" not in shown


def test_nobody_is_asked_to_report_their_own(store, wei, fang, visit):
    own, other = say(visit, 4, "Patient."), say(served(wei, "11:00"), 5, "Kind.")

    for address in pages_of(store, wei):
        shown = visitor(fang).look(address)
        assert f"/reviews/{own.pk}/report/" not in shown
        assert f"/reviews/{other.pk}/report/" in shown
        assert f"/reviews/{own.pk}/report/" in visitor(world.register("Bo")).look(address)
        assert f"/reviews/{own.pk}/report/" in visitor().look(address)


def test_the_stars_and_the_order_are_in_the_address(store, wei):
    for start, stars in (("09:00", 3), ("11:00", 5), ("13:00", 1)):
        say(served(wei, start), stars, f"At {start}.")
    address = pages_of(store, wei)[0]

    def said(**query):
        shown = visitor().look(address, **query)
        found = [text for text in ("At 09:00.", "At 11:00.", "At 13:00.") if text in shown]
        return sorted(found, key=shown.index)

    assert said() == ["At 13:00.", "At 11:00.", "At 09:00."]
    assert said(sort="highest") == ["At 11:00.", "At 09:00.", "At 13:00."]
    assert said(rating="1") == ["At 13:00."]
    assert "Nobody gave so many stars" in visitor().look(address, rating="2")
    for nonsense in ({"rating": "x"}, {"sort": "x"}, {"page": "999"}, {"rating": "9" * 40}):
        assert len(said(**nonsense)) == 3


def test_there_are_pages_of_ten(store, wei):
    for place, phone in enumerate(world.phones(4)):
        say(served(wei, f"{9 + 2 * place:02}:00", phone=phone), 5, f"Word {place}.")
    address = pages_of(store, wei)[0]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("reviews.views.reading.PER_PAGE", 3)
        first, second = (visitor().look(address, page=str(page)) for page in (1, 2))

    assert "Word 3." in first
    assert "Word 0." not in first
    assert "Word 0." in second


def test_where_nobody_has_said_anything_it_says_so(store, wei):
    for address in pages_of(store, wei):
        assert "Nobody has said anything yet" in visitor().look(address)


def test_what_is_hidden_is_shown_to_nobody_but_its_author_with_the_reason(store, wei, fang, visit):
    hide(say(visit, 1, "Buy here!"), reason="An advertisement.", by=SYSTEM, at=EVENING)

    for address in (*pages_of(store, wei), f"/stores/{store.pk}/"):
        assert "Buy here!" not in visitor().look(address)
    own = visitor(fang).look(f"/appointments/{visit.code}/review/")
    assert "Buy here!" in own
    assert "An advertisement." in own


def test_a_closed_store_s_are_not_there(store, wei):
    store.is_active = False
    store.save()

    for address in pages_of(store, wei):
        assert visitor().client.get(address).status_code == 404


def test_photos_come_with_the_words(fang, visit):
    page = f"/appointments/{visit.code}/review/"
    body = {"rating": "5", "aspect_manner": "4", "photos": [upload(), upload()]}

    answer = visitor(fang).client.post(page, body, follow=True)

    review = Review.objects.get()
    assert review.photos.count() == 2
    assert [(one.aspect, one.stars) for one in review.aspects.all()] == [("manner", 4)]
    for photo in review.photos.all():
        assert photo.key in answer.content.decode()


def test_stars_of_an_aspect_can_be_taken_back_before_sending(fang, visit):
    page, client = f"/appointments/{visit.code}/review/", visitor(fang).client
    assert 'name="aspect_manner" value="" checked' in client.get(page).content.decode()

    client.post(page, {"rating": "5", "aspect_manner": "", "aspect_skill": "4"})

    assert [one.aspect for one in Review.objects.get().aspects.all()] == ["skill"]


def test_photos_sent_first_stay_until_they_are_not_wanted(fang, visit):
    page, client = f"/appointments/{visit.code}/review/", visitor(fang).client
    typed = {"only_photos": "1", "rating": "4", "aspect_skill": "3", "comment": "Patient."}

    shown = client.post(page, typed | {"photos": [upload(), upload()]}).content.decode()

    first, second = ReviewPhoto.objects.unused().order_by("pk")
    for text in ("Patient.", first.key, second.key):
        assert text in shown
    assert "Please choose" not in shown
    both = [first.key, second.key]
    assert all(f'name="shown" value="{key}"' in shown for key in both)
    last = {"rating": "4", "shown": both, "kept": [second.key], "photos": [upload()]}
    client.post(page, last)
    keys = list(Review.objects.get().photos.values_list("key", flat=True))
    assert (keys[0], len(keys)) == (second.key, 2)
    assert not ReviewPhoto.objects.filter(pk=first.pk).exists()


def test_photos_added_in_another_tab_stay(fang, visit):
    page, client = f"/appointments/{visit.code}/review/", visitor(fang).client
    first, second, elsewhere = added(visit), added(visit), added(visit)
    here = {"rating": "4", "shown": [first.key, second.key]}

    client.post(page, {"only_photos": "1", "photos": [upload()]})
    assert ReviewPhoto.objects.unused().count() == 4

    client.post(page, here | {"only_photos": "1", "kept": [second.key]})
    keys = set(ReviewPhoto.objects.unused().values_list("key", flat=True))
    assert {second.key, elsewhere.key} < keys
    assert first.key not in keys

    client.post(page, {"rating": "4", "shown": [second.key]})
    keys = set(Review.objects.get().photos.values_list("key", flat=True))
    assert elsewhere.key in keys
    assert second.key not in keys


def test_photos_of_another_tab_take_their_room(fang, visit):
    for _one in range(5):
        added(visit)
    body = {"only_photos": "1", "photos": [upload(), upload()]}

    shown = visitor(fang).client.post(f"/appointments/{visit.code}/review/", body)

    assert "Six photos at most" in shown.content.decode()
    assert ReviewPhoto.objects.unused().count() == 6


def test_keys_that_are_none_drop_nothing(fang, visit):
    photo = added(visit)
    body = {"only_photos": "1", "shown": ["\x00", "x" * 3000]}

    answer = visitor(fang).client.post(f"/appointments/{visit.code}/review/", body)

    assert answer.status_code == 200
    assert ReviewPhoto.objects.filter(pk=photo.pk).exists()


def test_more_than_six_are_said_and_six_are_kept(fang, visit):
    body = {"rating": "4", "photos": [upload() for _one in range(7)]}

    shown = visitor(fang).client.post(f"/appointments/{visit.code}/review/", body)

    assert "Six photos at most" in shown.content.decode()
    assert ReviewPhoto.objects.unused().count() == 6


def test_a_photo_of_somebody_else_cannot_be_kept(wei, fang, visit):
    other = added(served(wei, "14:00"))

    visitor(fang).client.post(
        f"/appointments/{visit.code}/review/", {"rating": "4", "kept": [other.key]}
    )

    assert Review.objects.get().photos.count() == 0


def test_the_console_shows_what_waits_for_an_answer_first(wei, visit):
    old = say(visit, 2, "Late.")
    new = say(served(wei, "11:00"), 5, "Kind.")
    reply(new, text="Thanks.", by=world.acting(wei), at=EVENING)
    weis = visitor(wei.user)

    shown = weis.look("/console/reviews/")
    assert shown.index("Late.") < shown.index("Kind.")
    assert "Kind." not in weis.look("/console/reviews/", only="unanswered")

    answer = weis.client.post(
        f"/console/reviews/{old.pk}/reply/", {"reply": "I am sorry."}, follow=True
    )

    assert "I am sorry." in answer.content.decode()
    assert "All answered" in weis.look("/console/reviews/", only="unanswered")


def test_an_answer_that_one_has_not_read_is_not_overwritten(store, wei, visit):
    """Two have the page open, and the store is the first."""
    review = say(visit, 2, "Late.")
    reply(review, text="We are\nsorry.", by=world.manager(store), at=EVENING)
    path, client = f"/console/reviews/{review.pk}/reply/", visitor(wei.user).client

    shown = client.post(path, {"reply": "It was the bus.", "seen": ""}).content.decode()

    review.refresh_from_db()
    assert review.reply == "We are\nsorry."
    assert "Somebody has answered meanwhile" in shown
    assert "It was the bus.</textarea>" in shown
    client.post(path, {"reply": "It was the bus.", "seen": "We are\r\nsorry."})
    review.refresh_from_db()
    assert review.reply == "It was the bus."


def test_an_answer_with_nothing_in_it_is_refused_where_it_was_typed(wei, visit):
    review = say(visit, 2, "Late.")

    shown = visitor(wei.user).client.post(f"/console/reviews/{review.pk}/reply/", {"reply": " "})

    assert "Please write something." in shown.content.decode()


def test_another_realtor_s_are_not_there(ming, visit):
    review = say(visit, 2, "Late.")
    mings = visitor(ming.user)

    assert "Late." not in mings.look("/console/reviews/")
    answer = mings.client.post(f"/console/reviews/{review.pk}/reply/", {"reply": "Well."})
    assert answer.status_code == 404


def test_the_console_is_for_realtors(fang):
    assert visitor(fang).client.get("/console/reviews/").status_code == 403
    assert "/login/" in visitor().client.get("/console/reviews/")["Location"]


def test_whoever_is_signed_in_reports(visit):
    review = say(visit, 2, "Late.")
    page = f"/reviews/{review.pk}/report/"
    assert "/login/" in visitor().client.get(page)["Location"]
    bos = visitor(world.register("Bo"))
    assert "Late." in bos.look(page)

    assert "choose a reason" in bos.client.post(page, {}).content.decode()
    answer = bos.client.post(page, {"reason": "spam", "words": SCRIPT}, follow=True)
    again = bos.client.post(page, {"reason": "spam"}, follow=True)

    assert "Somebody will look at it" in answer.content.decode()
    assert "reported this already" in again.content.decode()
    assert ReviewReport.objects.get().words == SCRIPT
    assert bos.client.get("/reviews/999999/report/").status_code == 404


def test_what_people_type_is_shown_and_never_run(store, wei, fang, visit):
    review = say(visit, 2, SCRIPT)
    reply(review, text=SCRIPT, by=world.acting(wei), at=EVENING)
    pages = {
        None: pages_of(store, wei),
        fang: (f"/appointments/{visit.code}/review/", f"/reviews/{review.pk}/report/"),
        wei.user: ("/console/reviews/",),
    }

    for user, addresses in pages.items():
        for address in addresses:
            shown = visitor(user).look(address)
            assert SCRIPT not in shown, address
            assert "&lt;script&gt;alert(1)" in shown, address


def test_the_ticket_asks_once_and_shows_what_was_said_after(fang, visit):
    ticket = f"/appointments/{visit.code}/"
    assert "How was it?" in visitor(fang).look(ticket)

    say(visit)

    shown = visitor(fang).look(ticket)
    assert "How was it?" not in shown
    assert "Your review" in shown


def test_what_may_be_reviewed_is_known_by_one_query(store, wei, visit, django_assert_num_queries):
    said = served(wei, "11:00")
    say(said)
    coming = world.book(store, EVENING + timedelta(hours=22))

    with django_assert_num_queries(1):
        assert reviewable([visit, said, coming]) == {visit.pk}
    with django_assert_num_queries(0):
        assert reviewable([coming]) == set()


def test_more_reviews_cost_no_more_queries(store, wei, fang, visit):
    say(visit, 4, "Kind.", photos=[added(visit).key], aspects={"skill": 4})
    looks = [(None, address) for address in pages_of(store, wei)]
    looks += [(wei.user, "/console/reviews/"), (fang, f"/appointments/{visit.code}/review/")]

    def counts():
        found = []
        for user, address in looks:
            client = visitor(user).client
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            found.append(len(queries))
        return found

    few = counts()
    assert max(few) <= 15, few
    for place, phone in enumerate(world.phones(3)):
        other = served(wei, f"{11 + 2 * place:02}:00", phone=phone)
        say(other, 5, "Too.", photos=[added(other).key], aspects={"value": 3})
    assert counts() == few
