"""What the realtor offers: a list, a form, pictures, and whether it is shown."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.presenters.listings import (
    kinds_to_offer,
    listing_row,
    picture_rows,
    price_note,
    to_mend,
)
from appointments.presenters.viewings import viewings
from appointments.selectors.own_viewings import viewings_of
from appointments.views.console.access import form_page, page
from booking_site.common.callers import actor_of
from booking_site.common.errors import Conflict, Invalid
from booking_site.common.transactions import run_in_transaction
from realtors import services
from realtors.forms import ListingForm, PictureForm
from realtors.listing_rules import ATTRIBUTES, MOST_PICTURES
from realtors.models import Listing, ListingKind, ListingPicture, ListingQuerySet, Realtor

PER_PAGE = 20
LIST = "appointments:console:listings"
ONE = "appointments:console:listing"


@page
def listings(request: HttpRequest, realtor: Realtor) -> HttpResponse:
    rows = _own(realtor).prefetch_related("pictures")
    found: Page[Listing] = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "realtor": realtor,
        "store": realtor.store,
        "rows": [listing_row(one) for one in found.object_list],
        "page": found,
        "kinds": kinds_to_offer(),
    }
    return render(request, "console/listings.html", context)


@form_page
def new_listing(request: HttpRequest, realtor: Realtor, kind: str) -> HttpResponse:
    if kind not in ATTRIBUTES:
        raise Http404
    form = ListingForm(request.POST if request.method == "POST" else None, kind=kind)
    if form.is_bound and form.is_valid():
        by, at = actor_of(request), timezone.now()
        facts = form.facts() | {"kind": kind, "store": realtor.store, "realtor": realtor}
        made = _written(form, lambda: services.create_listing(**facts, by=by, at=at))
        if made is not None:
            messages.success(request, _("Kept as a draft. Add pictures, and publish it."))
            return redirect(ONE, made.pk)
    return render(request, "console/listing.html", _context(realtor, form, None))


@form_page
def listing(request: HttpRequest, realtor: Realtor, listing_id: int) -> HttpResponse:
    found = _one(realtor, listing_id)
    sent = request.POST if request.method == "POST" else None
    form = ListingForm(sent, kind=found.kind, listing=found)
    if form.is_bound and form.is_valid():
        by, at = actor_of(request), timezone.now()
        edit = services.edit_listing
        if _written(form, lambda: edit(found, **form.facts(), by=by, at=at)) is not None:
            messages.success(request, _("Saved."))
            return redirect(ONE, found.pk)
    return render(request, "console/listing.html", _context(realtor, form, found))


@form_page
def publish(request: HttpRequest, realtor: Realtor, listing_id: int) -> HttpResponse:
    said = _("Everybody sees it from now on.")
    return _moved(request, realtor, listing_id, services.publish_listing, said)


@form_page
def withdraw(request: HttpRequest, realtor: Realtor, listing_id: int) -> HttpResponse:
    said = _("A draft again. What is booked stays booked.")
    return _moved(request, realtor, listing_id, services.withdraw_listing, said)


@form_page
def add_picture(request: HttpRequest, realtor: Realtor, listing_id: int) -> HttpResponse:
    found = _one(realtor, listing_id)
    if request.method != "POST":
        return redirect(ONE, found.pk)
    by, at = actor_of(request), timezone.now()
    form = PictureForm(request.POST, request.FILES)
    try:
        services.require_room(found, by=by)
        if form.is_valid():
            add = services.add_picture
            facts = {"pictures": form.pictures, "caption": form.cleaned_data["caption"]}
            run_in_transaction(lambda: add(found, **facts, by=by, at=at))
            return redirect(_pictures_of(found))
    except Invalid as refusal:
        for told in refusal.errors.values():
            form.add_error("picture", [str(one) for one in told])
    empty = ListingForm(kind=found.kind, listing=found)
    return render(
        request, "console/listing.html", _context(realtor, empty, found, picture_form=form)
    )


@form_page
def change_picture(
    request: HttpRequest, realtor: Realtor, listing_id: int, key: str
) -> HttpResponse:
    """``do``: ``cover``, ``earlier``, ``later`` or ``remove``."""
    found = _one(realtor, listing_id)
    picture = ListingPicture.objects.filter(listing=found, key=key).first()
    if picture is None or request.method != "POST":
        return redirect(_pictures_of(found))
    picture.listing = found
    by, at, wish = actor_of(request), timezone.now(), request.POST.get("do", "")
    places = {"cover": 0, "earlier": max(picture.position - 1, 0), "later": picture.position + 1}
    if wish == "remove":
        run_in_transaction(lambda: services.remove_picture(picture, by=by, at=at))
    elif wish in places:
        change, place = services.change_picture, places[wish]
        run_in_transaction(lambda: change(picture, position=place, by=by, at=at))
    return redirect(_pictures_of(found))


def _own(realtor: Realtor) -> ListingQuerySet:
    return Listing.objects.filter(realtor=realtor).order_by("-updated_at", "-pk")


def _one(realtor: Realtor, listing_id: int) -> Listing:
    found = _own(realtor).with_people().filter(pk=listing_id).first()
    if found is None:
        raise Http404
    return found


def _pictures_of(listing: Listing) -> str:
    return f"/console/listings/{listing.pk}/#pictures"


def _context(
    realtor: Realtor,
    form: ListingForm,
    found: Listing | None,
    *,
    picture_form: PictureForm | None = None,
) -> dict[str, Any]:
    pictures = picture_rows(found) if found else []
    at, is_house = timezone.now(), form.kind == ListingKind.HOUSE
    shown = viewings_of(found, at=at) if found and is_house else None
    currency = found.currency if found else settings.DEFAULT_CURRENCY
    return {
        "is_house": is_house,
        "viewings": viewings(shown, realtor, at) if shown else None,
        "price_note": price_note(form.kind, form["price"].value(), currency),
        "mend": to_mend(found),
        "realtor": realtor,
        "store": realtor.store,
        "form": form,
        "listing": found,
        "row": listing_row(found) if found else None,
        "pictures": pictures,
        "picture_form": picture_form or PictureForm(auto_id="picture-%s"),
        "has_room": len(pictures) < MOST_PICTURES,
    }


def _written(form: ListingForm, work: Callable[[], Listing]) -> Listing | None:
    try:
        return run_in_transaction(work)
    except Invalid as refusal:
        form.add_refusal(refusal.errors)
        return None


def _moved(
    request: HttpRequest, realtor: Realtor, listing_id: int, step: Callable[..., Any], said: str
) -> HttpResponse:
    found = _one(realtor, listing_id)
    if request.method != "POST":
        return redirect(ONE, found.pk)
    by, at = actor_of(request), timezone.now()
    try:
        run_in_transaction(lambda: step(found, by=by, at=at))
    except Conflict as refusal:
        messages.warning(request, str(refusal))
    except Invalid as refusal:
        told = [str(one) for some in refusal.errors.values() for one in some]
        messages.error(request, " ".join([_("It cannot be shown yet."), *told]))
    else:
        messages.success(request, said)
    return redirect(ONE, found.pk)
