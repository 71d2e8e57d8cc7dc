"""Moves as the theme's actions: on the rows chosen in a list, and on the page of one. Each asks on
a page of its own first; only what is sent from there changes anything."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib.admin import helpers
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.decorators import action

from booking_site.common.admin import ReadOnlyAdmin
from booking_site.common.backoffice.manager import Manager

from .moves import Move, take

DETAIL = "_here"
SENT = "_sent"
# Where one is led afterwards, by what the service gave.
Onward = Callable[[Any], str]


class MovedAdmin(ReadOnlyAdmin):
    """A list whose rows services alone change, by ``moves`` that staff take."""

    moves: Sequence[Move] = ()

    def told_of(self, row: Any) -> dict[str, Any]:
        """How a row reads on the page that asks: ``name``, ``words``, ``place``."""
        raise NotImplementedError

    def has_moderate_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is not None and self.get_object(request, str(obj)) is None:
            raise Http404
        manager = Manager.of(request)
        return manager.is_operator or bool(manager.store_ids)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        """Asked for by each step that may be offered, looked up once."""
        known = Manager.of(request).rows
        key = (self.model, str(object_id))
        if key not in known:
            known[key] = super().get_object(request, object_id, from_field)
        return known[key]

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Only the steps that the row's state leads to."""
        row = self.get_object(request, str(object_id))
        if row is None:
            return []
        suiting = {f"{move.name}{DETAIL}" for move in self.moves if move.suits(row)}
        before = f"{self.opts.app_label}_{self.opts.model_name}_"
        offered = super().get_actions_detail(request, object_id)
        return [one for one in offered if one.action_name.removeprefix(before) in suiting]


def on_chosen(move: Move) -> Any:
    def act(admin: Any, request: HttpRequest, chosen: Any) -> HttpResponse | None:
        rows = list(chosen)
        form = move.asks(request.POST if SENT in request.POST else None)
        if not form.is_valid():
            return ask(move, admin, request, form, rows)
        take(move, admin.one_of_each(rows), request, form.cleaned_data)
        return None

    act.__name__ = move.name
    return action(act, description=move.label, permissions=["moderate"])


def on_one(move: Move, onward: Onward | None = None) -> Any:
    def act(admin: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        row = admin.get_object(request, object_id)
        if row is None:
            raise Http404
        opts = admin.opts
        page = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk])
        data = request.POST if request.method == "POST" else None
        form = move.asks(data, initial=move.initial(row))
        if not form.is_valid():
            return ask(move, admin, request, form, [row], back=page)
        done = take(move, [row], request, form.cleaned_data)
        return redirect(onward(done[0]) if onward and done else page)

    act.__name__ = f"{move.name}{DETAIL}"
    return action(
        act,
        description=move.label,
        permissions=["moderate"],
        url_path=move.name,
        icon=move.icon,
        variant=move.variant,
    )


def ask(
    move: Move,
    admin: Any,
    request: HttpRequest,
    form: forms.Form,
    rows: Sequence[Any],
    *,
    back: str = "",
) -> TemplateResponse:
    opts = admin.opts
    context = {
        **admin.admin_site.each_context(request),
        "title": move.label,
        "opts": opts,
        "move": move,
        "form": form,
        "chosen": [admin.told_of(row) | {"pk": row.pk} for row in rows],
        "in_list": not back,
        "back": back or reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist"),
        "sent": SENT,
        "checkbox": helpers.ACTION_CHECKBOX_NAME,
        "select_across": request.POST.get("select_across", "0"),
    }
    return TemplateResponse(request, "admin/chat/ask.html", context)
