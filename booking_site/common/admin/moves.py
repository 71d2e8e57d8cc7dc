"""Steps that staff take with rows which services alone change: on the rows chosen in a list, and on
the page of one. Each asks on a page of its own first; only what is sent from there changes
anything. (Appointments, whose steps ask for realtors and times, have their own, and ask on the same
page.)"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from django import forms
from django.contrib import messages
from django.contrib.admin import helpers
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from unfold.decorators import action
from unfold.enums import ActionVariant

from booking_site.common.backoffice.manager import Manager
from booking_site.common.callers import staff_of
from booking_site.common.errors import Refusal
from booking_site.common.transactions import run_in_transaction

from .base import ReadOnlyAdmin, sentences_of

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

DETAIL = "_here"
SENT = "_sent"
# Whose steps: of operators, or of whoever runs a store, too (MovedAdmin).
OPERATE, MANAGE = "operate", "manage"
# Where one is led afterwards, by what the service gave.
Onward = Callable[[Any], str]
# How a row reads on the page that asks: ``pk``, ``name``, ``words``, ``place``.
Told = dict[str, Any]


class Labelled(Protocol):
    """What the page that asks needs of any step; its template names the rest."""

    @property
    def label(self) -> "_StrPromise": ...


@dataclass(frozen=True)
class Move:
    """One step: the service that takes it, what it asks first, and of which rows it is offered.
    Whether it may be taken, the service alone decides."""

    name: str
    label: "_StrPromise"
    question: "_StrPromise"
    service: Callable[..., Any]
    asks: type[forms.Form]
    suits: Callable[[Any], bool]
    icon: str
    variant: ActionVariant = ActionVariant.DEFAULT
    permission: str = OPERATE
    # Whether it is said that it was done: what one is led to may say it by itself.
    is_said: bool = True
    # What the form holds before anybody has typed.
    initial: Callable[[Any], dict[str, Any]] = lambda row: {}


def take(move: Move, rows: Iterable[Any], request: HttpRequest, given: dict[str, Any]) -> list[Any]:
    """With each of them, a transaction each; says how it went. What the service gave for each that
    went well."""
    by, done = staff_of(request), []
    for row in rows:
        work = partial(move.service, row, by=by, at=timezone.now(), **given)
        try:
            done.append(run_in_transaction(work))
        except Refusal as refusal:
            messages.error(request, f"{row}: {' '.join(sentences_of(refusal))}")
    if done and move.is_said:
        text = ngettext("%(move)s: %(count)s done.", "%(move)s: %(count)s done.", len(done))
        messages.success(request, text % {"move": move.label, "count": len(done)})
    return done


class MovedAdmin(ReadOnlyAdmin):
    """A list whose rows services alone change, by ``moves`` that staff take. ``parts`` are loaded
    with a row whose page is shown."""

    moves: Sequence[Move] = ()
    parts: tuple[str, ...] = ()

    def told_of(self, row: Any) -> Told:
        return {"pk": row.pk, "name": str(row), "words": "", "place": ""}

    def one_of_each(self, rows: list[Any]) -> list[Any]:
        """Those with which a step is taken, where it is one step for several rows."""
        return rows

    def has_operate_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        self._require_seen(request, obj)
        return Manager.of(request).is_operator

    def has_manage_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        self._require_seen(request, obj)
        manager = Manager.of(request)
        return manager.is_operator or bool(manager.store_ids)

    def _require_seen(self, request: HttpRequest, object_id: Any) -> None:
        """``object_id`` is what the theme found in the address, if there is one."""
        if object_id is not None and self.get_object(request, str(object_id)) is None:
            raise Http404

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        """Asked for by each step that may be offered, looked up once."""
        known = Manager.of(request).rows
        key = (self.model, str(object_id))
        if key not in known:
            found = super().get_object(request, object_id, from_field)
            if found is not None:
                prefetch_related_objects([found], *self.parts)
            known[key] = found
        return known[key]

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Only the steps that the row's state leads to, to whom they are allowed."""
        row = self.get_object(request, str(object_id))
        if row is None:
            return []
        suiting = {
            f"{move.name}{DETAIL}"
            for move in self.moves
            if move.suits(row) and getattr(self, f"has_{move.permission}_permission")(request)
        }
        before = f"{self.opts.app_label}_{self.opts.model_name}_"
        offered = super().get_actions_detail(request, object_id)
        return [one for one in offered if one.action_name.removeprefix(before) in suiting]


def on_chosen(move: Move) -> Any:
    """The step as one of a list's."""

    def act(admin: MovedAdmin, request: HttpRequest, chosen: Any) -> HttpResponse | None:
        rows = list(chosen)
        form = move.asks(request.POST if SENT in request.POST else None)
        if not form.is_valid():
            told = [admin.told_of(row) for row in rows]
            return ask(move, admin, request, form, told)
        take(move, admin.one_of_each(rows), request, form.cleaned_data)
        return None

    act.__name__ = move.name
    return action(act, description=move.label, permissions=[move.permission])


def on_one(move: Move, onward: Onward | None = None) -> Any:
    """The step as a button of one row's page: a method of its class, by the theme's rules."""

    def act(admin: MovedAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
        row = admin.get_object(request, object_id)
        if row is None:
            raise Http404
        opts = admin.opts
        page = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk])
        data = request.POST if request.method == "POST" else None
        form = move.asks(data, initial=move.initial(row))
        if not form.is_valid():
            return ask(move, admin, request, form, [admin.told_of(row)], back=page)
        done = take(move, [row], request, form.cleaned_data)
        return redirect(onward(done[0]) if onward and done else page)

    act.__name__ = f"{move.name}{DETAIL}"
    return action(
        act,
        description=move.label,
        permissions=[move.permission],
        url_path=move.name,
        icon=move.icon,
        variant=move.variant,
    )


def ask(
    move: Labelled,
    admin: Any,
    request: HttpRequest,
    form: forms.Form,
    told: Sequence[Any],
    *,
    back: str = "",
    template: str = "admin/move.html",
) -> TemplateResponse:
    """The page that asks. ``told``: what the template says of each row, and its ``pk``. ``back``:
    the page of the one row; from the list, where there is none."""
    opts = admin.opts
    context = {
        **admin.admin_site.each_context(request),
        "title": move.label,
        "opts": opts,
        "move": move,
        "form": form,
        "chosen": told,
        "in_list": not back,
        "back": back or reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist"),
        "sent": SENT,
        "checkbox": helpers.ACTION_CHECKBOX_NAME,
        "select_across": request.POST.get("select_across", "0"),
    }
    return TemplateResponse(request, template, context)
