"""Listings in the back office: written by the services, taken down and put back for a reason."""

import pytest

from booking_site.common.history import versions_of
from realtors.models import Listing, ListingPicture

from .conftest import signed_in
from .places import list_of, page_of

LIST = list_of(Listing)


@pytest.fixture
def ann(ours):
    return signed_in(ours.manager)


def facts(listing, **changed):
    """As the form of its page sends them."""
    whole = {
        "realtor": listing.realtor_id,
        "category": "",
        "title": listing.title,
        "subcategory": "",
        "description": "",
        "price": "80",
        "price_unit": "session",
        "duration_minutes": "60",
        "capacity": "8",
        "deposit_percent": "100",
        "attributes": '{"level": "beginner"}',
        "tags": "[]",
        "address": "",
        "latitude": "",
        "longitude": "",
        "buffer_before_minutes": "",
        "buffer_after_minutes": "",
        "cancel_cutoff_minutes": "",
        "reschedule_cutoff_minutes": "",
        "fee_steps": "1440 50",
    }
    return whole | changed


def test_a_manager_takes_one_down_and_puts_it_back_and_says_why(ann, course):
    page = page_of(course)
    place = page.removesuffix("change/")

    asked = ann.get(f"{place}hide/")
    assert "only staff can put it back" in asked.content.decode()
    ann.post(f"{place}hide/", {"reason": "Photos of another house"})
    course.refresh_from_db()
    assert (course.status, course.hidden_reason) == ("hidden", "Photos of another house")
    assert "Photos of another house" in ann.get(page).content.decode()

    ann.post(f"{place}restore/", {"reason": "They were right"})
    course.refresh_from_db()
    assert course.status == "published"
    kept = [(one.status, one.hidden_reason) for one in versions_of(course)]
    assert kept[:2] == [
        ("published", "They were right"),
        ("hidden", "Photos of another house"),
    ]
    assert versions_of(course).first().history_change_reason == "office"


@pytest.mark.parametrize("field", ["attributes", "tags"])
def test_json_without_end_is_refused_beside_its_field(ann, course, field):
    answer = ann.post(page_of(course), facts(course, **{field: "[" * 5000}))

    assert answer.status_code == 200
    assert field in answer.context["adminform"].errors


def test_without_a_reason_nothing_is_taken_down(ann, course):
    place = page_of(course).removesuffix("change/")

    answer = ann.post(f"{place}hide/", {"reason": " "})

    assert answer.status_code == 200
    course.refresh_from_db()
    assert course.status == "published"


def test_several_are_taken_down_from_the_list(ann, ours, course):
    sent = {
        "action": "hide",
        "_selected_action": [course.pk],
        "_sent": "1",
        "reason": "Season over",
    }

    ann.post(LIST, sent)

    course.refresh_from_db()
    assert course.hidden_reason == "Season over"


def test_what_is_written_here_goes_through_the_service(ann, course):
    answer = ann.post(page_of(course), facts(course, price="95.50", tags='["piano", "piano"]'))

    assert answer.status_code == 302, answer.context["adminform"].form.errors
    course.refresh_from_db()
    assert (str(course.price), course.tags) == ("95.50", ["piano"])
    assert course.attributes == {"level": "beginner"}
    assert course.fee_steps == [[1440, 50]]
    assert versions_of(course).first().history_user is not None


def test_a_new_one_is_a_draft(ann, ours, course):
    sent = facts(course, title="Violin") | {"kind": "course", "store": ours.store.pk}

    answer = ann.post(f"{LIST}add/", sent)

    assert answer.status_code == 302, answer.context["adminform"].form.errors
    assert Listing.objects.get(title="Violin").status == "draft"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"attributes": '{"rooms": 2}'}, "attributes"),
        ({"attributes": "{"}, "attributes"),
        ({"tags": '"piano"'}, "tags"),
        ({"realtor": ""}, "realtor"),
        ({"duration_minutes": "7"}, "duration_minutes"),
        ({"fee_steps": "soon"}, "fee_steps"),
    ],
    ids=repr,
)
def test_a_mistake_is_said_at_its_field(ann, course, changed, field):
    answer = ann.post(page_of(course), facts(course, **changed))

    assert set(answer.context["adminform"].form.errors) == {field}


def test_of_another_store_nothing_is_there(ann, theirs):
    theirs_course = Listing.objects.get(store=theirs.store)
    place = page_of(theirs_course).removesuffix("change/")

    assert theirs_course.title not in ann.get(LIST).content.decode()
    ann.post(f"{place}hide/", {"reason": "Rival"})

    theirs_course.refresh_from_db()
    assert theirs_course.status == "published"


def test_a_picture_is_removed(ann, course):
    picture = ListingPicture.objects.get(listing=course)

    answer = ann.post(f"{page_of(picture).removesuffix('change/')}remove/", {"sent": "1"})

    assert answer.status_code == 302
    assert not ListingPicture.objects.filter(pk=picture.pk).exists()
