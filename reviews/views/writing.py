"""The page on which a customer says how it was, and which shows what they have said."""

from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from appointments.errors import InvalidTransition
from appointments.presenters.pages import facts
from appointments.views.access import Opened, opened
from appointments.views.guards import counted, kind_refusals, private
from booking_site.common.transactions import run_in_transaction
from reviews.forms import PhotosForm, ReviewForm
from reviews.models import Review
from reviews.presenters import shown_photos, told
from reviews.rules import MOST_PHOTOS
from reviews.selectors import draft_photos, review_of
from reviews.services import set_photos, write_review


@require_http_methods(["GET", "HEAD", "POST"])
@private
@kind_refusals
@counted
def write(request: HttpRequest, code: str) -> HttpResponse:
    """The form for the customer of a completed appointment, until something was said."""
    found = opened(request, code)
    if found.by is None:
        # There they prove that it is theirs.
        return redirect("appointments:detail", code)
    review = review_of(found.appointment)
    if review is not None:
        return _said(request, found, review)
    if not found.was_served:
        messages.info(request, _("You can say how it was once the appointment is over."))
        return redirect("appointments:detail", code)
    return _sent(request, found) if request.method == "POST" else _asked(request, found)


def _said(request: HttpRequest, found: Opened, review: Review) -> HttpResponse:
    if request.method == "POST":
        return redirect("reviews:write", found.appointment.code)
    context = {
        "facts": facts(found.appointment, found.at),
        "review": told(review, found.at, parts=True),
        "is_author": found.was_served,
    }
    return render(request, "reviews/written.html", context)


def _sent(request: HttpRequest, found: Opened) -> HttpResponse:
    """What is good of the photos is kept, whatever is wrong with the rest.

    Only photos that this page showed can have been unticked on it: others came from another tab.
    """
    sent = request.POST
    unticked = set(sent.getlist("shown")) - set(sent.getlist("kept"))
    drafts = [photo.key for photo in draft_photos(found.appointment)]
    dropped = unticked & set(drafts)
    room = MOST_PHOTOS - (len(drafts) - len(dropped))
    photos = PhotosForm(sent, request.FILES, room=room)
    good = photos.is_valid()
    if "only_photos" in sent:
        _keep(found, dropped, photos)
        return _asked(request, found, ReviewForm(initial=sent.dict()), photos)
    form = ReviewForm(sent)
    if not (form.is_valid() and good):
        _keep(found, dropped, photos)
        return _asked(request, found, form, photos)
    _send(request, found, form, photos, dropped)
    return redirect("reviews:write", found.appointment.code)


def _asked(
    request: HttpRequest,
    found: Opened,
    form: ReviewForm | None = None,
    photos: PhotosForm | None = None,
) -> HttpResponse:
    drafts = draft_photos(found.appointment)
    context = {
        "form": form or ReviewForm(),
        "photos_form": photos or PhotosForm(),
        "drafts": shown_photos(drafts),
        "room": MOST_PHOTOS - len(drafts),
        "facts": facts(found.appointment, found.at),
    }
    return render(request, "reviews/write.html", context)


def _keep(found: Opened, dropped: Collection[str], photos: PhotosForm) -> None:
    run_in_transaction(lambda: _set(found, dropped, photos))


def _set(found: Opened, dropped: Collection[str], photos: PhotosForm) -> list[str]:
    assert found.by is not None
    added = photos.pictures
    return set_photos(found.appointment, dropped=dropped, added=added, by=found.by, at=found.at)


def _send(
    request: HttpRequest,
    found: Opened,
    form: ReviewForm,
    photos: PhotosForm,
    dropped: Collection[str],
) -> None:
    """Raises what the service does, but for a second one: the page then shows the first."""
    by, said = found.by, form.told()

    def work() -> Any:
        assert by is not None
        keys = _set(found, dropped, photos)
        return write_review(found.appointment, photos=keys, by=by, at=found.at, **said)

    try:
        run_in_transaction(work)
    except InvalidTransition as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Thank you. Others can read it now."))
