"""Photos: six at most, made anew, kept where nobody reaches them, and gone with the review."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.base import ContentFile

from accounts.services import erase_account
from appointments.errors import InvalidTransition, ProofRequired
from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.errors import Forbidden, Invalid, Unavailable
from booking_site.common.files import private_storage
from booking_site.common.transactions import run_in_transaction
from booking_site.site.export import export_of
from reviews.models import Review, ReviewPhoto
from reviews.selectors import photo_for
from reviews.services import hide, remove_photo
from reviews.timed import FOLDER, sweep_files, sweep_photos
from tests.appointments import world

from .photographs import added, files_of
from .visits import say, served

AT = world.clock("17:00")


@pytest.fixture
def visit(wei, fang):
    return served(wei, customer=fang)


def files() -> set[str]:
    storage = private_storage()
    return set(storage.listdir(FOLDER)[1]) if storage.exists(FOLDER) else set()


def test_they_belong_to_the_review_in_the_order_wished(visit):
    first, second, third = added(visit), added(visit), added(visit)

    review = say(visit, photos=[third.key, first.key])

    assert [one.key for one in review.photos.all()] == [third.key, first.key]
    assert not ReviewPhoto.objects.filter(pk=second.pk).exists()


def test_what_was_sent_and_not_wanted_is_deleted_with_its_files(
    visit, django_capture_on_commit_callbacks
):
    wanted, other = added(visit), added(visit)

    with django_capture_on_commit_callbacks(execute=True):
        say(visit, photos=[wanted.key])

    assert files_of(wanted) == [True, True]
    assert files_of(other) == [False, False]


def test_the_names_tell_nothing(visit):
    photo = added(visit)

    names = {photo.key, photo.picture.name, photo.small.name}
    assert len(names) == 3
    for name in (photo.picture.name, photo.small.name):
        assert re.fullmatch(r"reviews/[0-9a-f]{32}\.jpg", name)
    with pytest.raises(ValueError, match="private"):
        _ = photo.picture.url


def test_six_are_enough(visit):
    for _one in range(6):
        added(visit)

    with pytest.raises(Invalid) as refusal:
        added(visit)

    assert set(refusal.value.errors) == {"photos"}


def test_a_photo_of_another_visit_is_not_this_one_s(wei, visit):
    other = served(wei, "14:00")
    photo = added(other)

    with pytest.raises(Invalid) as refusal:
        say(visit, photos=[photo.key])

    assert set(refusal.value.errors) == {"photos"}
    assert not Review.objects.exists()


def test_nobody_but_the_customer_adds_or_removes_one(store, wei, visit):
    photo = added(visit)
    for by in (world.acting(wei), world.manager(store), Actor.of(world.register("Bo"))):
        with pytest.raises(Forbidden):
            added(visit, by)
        with pytest.raises(Forbidden):
            remove_photo(photo, by=by, at=AT)
    with pytest.raises(ProofRequired):
        added(served(wei, "14:00"), Actor.guest())


def test_none_is_added_before_it_is_over_or_after_it_was_said(store, wei, fang, visit):
    say(visit)
    with pytest.raises(InvalidTransition):
        added(visit)
    with pytest.raises(InvalidTransition):
        added(world.running(store, world.clock("14:00"), customer=fang))


def test_one_can_be_taken_back_before_it_is_sent(visit, django_capture_on_commit_callbacks):
    photo = added(visit)

    with django_capture_on_commit_callbacks(execute=True):
        remove_photo(photo, by=world.owner(visit), at=AT)

    assert files_of(photo) == [False, False]
    assert not ReviewPhoto.objects.exists()


def test_a_transaction_that_fails_leaves_no_file(visit):
    before = files()

    def work():
        added(visit)
        assert len(files()) == len(before) + 2
        raise InvalidTransition

    with pytest.raises(InvalidTransition):
        run_in_transaction(work)

    assert files() == before
    assert not ReviewPhoto.objects.exists()


def test_a_disk_that_is_full_is_said_and_leaves_nothing(visit, monkeypatch):
    before = files()

    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("django.core.files.storage.FileSystemStorage._save", full)
    with pytest.raises(Unavailable):
        run_in_transaction(lambda: added(visit))

    assert files() == before


def test_who_leaves_takes_the_photos(visit, wei, fang, django_capture_on_commit_callbacks):
    sent = added(visit)
    say(visit, 4, "Kind.", photos=[sent.key])
    waiting = added(served(wei, "14:00", customer=fang))
    held = export_of(fang)
    assert held["reviews"][0]["photos"][0]["id"] == sent.key
    assert held["review_photos_not_sent"][0]["id"] == waiting.key

    with django_capture_on_commit_callbacks(execute=True):
        erase_account(fang, by=Actor.of(fang), at=AT)

    assert not ReviewPhoto.objects.exists()
    assert files_of(sent) == files_of(waiting) == [False, False]


def test_who_sees_one(store, wei, ming, fang, visit):
    photo = added(visit)
    people = {
        "fang": Actor.of(fang),
        "wei": world.acting(wei),
        "hua": world.manager(store),
        "olga": Actor.of(world.register("Olga", is_staff=True, is_superuser=True)),
        "ming": world.acting(ming),
        "bea": world.manager(world.open_store("beijing-road"), "Bea"),
        "guest": Actor.guest(),
    }

    def seen_by():
        return {name for name, by in people.items() if photo_for(photo.key, by) is not None}

    assert seen_by() == {"fang"}

    review = say(visit, photos=[photo.key])
    assert seen_by() == set(people)

    hide(review, reason="Private.", by=SYSTEM, at=AT)
    assert seen_by() == {"fang", "wei", "hua", "olga"}


def test_a_closed_store_s_are_for_those_concerned(store, visit, fang):
    photo = added(visit)
    say(visit, photos=[photo.key])
    store.is_active = False
    store.save()

    assert photo_for(photo.key, Actor.guest()) is None
    assert photo_for(photo.key, Actor.of(fang)) is not None


def test_what_was_never_sent_is_swept_after_a_day(visit, django_capture_on_commit_callbacks):
    photo = added(visit)
    assert sweep_photos(at=visit.ends_at + timedelta(hours=23)) == 0

    with django_capture_on_commit_callbacks(execute=True):
        assert sweep_photos(at=visit.ends_at + timedelta(hours=25)) == 1

    assert files_of(photo) == [False, False]


def test_a_file_that_no_row_names_is_swept_a_day_later(visit):
    photo = added(visit)
    storage = private_storage()
    orphan = storage.save(f"{FOLDER}/{'0' * 32}.jpg", ContentFile(b"x"))
    now = datetime.now(UTC)

    sweep_files(at=now)
    assert storage.exists(orphan)
    sweep_files(at=now + timedelta(hours=25))

    assert not storage.exists(orphan)
    assert files_of(photo) == [True, True]


def test_a_file_that_goes_while_they_are_swept_does_not_stop_the_rest(visit, monkeypatch):
    storage = private_storage()
    names = [storage.save(f"{FOLDER}/{n * 32}.jpg", ContentFile(b"x")) for n in "01"]
    asked = type(storage).get_modified_time

    def one_is_gone(self, path):
        if path == names[0]:
            raise FileNotFoundError(path)
        return asked(self, path)

    monkeypatch.setattr(type(storage), "get_modified_time", one_is_gone)
    sweep_files(at=datetime.now(UTC) + timedelta(hours=25))

    assert not storage.exists(names[1])
    storage.delete(names[0])
