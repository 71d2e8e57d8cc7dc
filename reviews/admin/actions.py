"""Moves as the theme's actions: on the rows chosen in the list, and on the page of one. Each asks
on a page of its own first; only what is sent from there changes anything."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.admin import helpers
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.decorators import action

from reviews.models import Review, ReviewQuerySet

from .moves import Move, take

DETAIL = "_here"
SENT = "_sent"


def on_chosen(move: Move) -> Any:
    def act(admin: Any, request: HttpRequest, chosen: ReviewQuerySet) -> HttpResponse | None:
        reviews = list(chosen.with_people())
        form = move.asks(request.POST if SENT in request.POST else None)
        if not form.is_valid():
            return _ask(move, admin, request, form, reviews)
        take(move, reviews, request, form.cleaned_data)
        return None

    act.__name__ = move.name
    return action(act, description=move.label, permissions=["moderate"])


def on_one(move: Move) -> Any:
    def act(admin: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        review = admin.get_object(request, object_id)
        if review is None:
            raise Http404
        page = reverse("admin:reviews_review_change", args=[review.pk])
        initial = {"text": review.reply} if move.name == "answer" else {}
        form = move.asks(request.POST if request.method == "POST" else None, initial=initial)
        if form.is_valid():
            take(move, [review], request, form.cleaned_data)
            return redirect(page)
        return _ask(move, admin, request, form, [review], back=page)

    act.__name__ = f"{move.name}{DETAIL}"
    return action(
        act,
        description=move.label,
        permissions=["moderate" if move.operators_only else "answer"],
        url_path=move.name,
        icon=move.icon,
        variant=move.variant,
    )


def _ask(
    move: Move,
    admin: Any,
    request: HttpRequest,
    form: forms.Form,
    reviews: Sequence[Review],
    *,
    back: str = "",
) -> TemplateResponse:
    context = {
        **admin.admin_site.each_context(request),
        "title": move.label,
        "opts": admin.opts,
        "move": move,
        "form": form,
        "chosen": reviews,
        "in_list": not back,
        "back": back or reverse("admin:reviews_review_changelist"),
        "sent": SENT,
        "checkbox": helpers.ACTION_CHECKBOX_NAME,
        "select_across": request.POST.get("select_across", "0"),
    }
    return TemplateResponse(request, "admin/reviews/ask.html", context)
