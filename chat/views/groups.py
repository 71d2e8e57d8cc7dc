"""Groups: beginning one, its name, and who is in it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from booking_site.common.callers import actor_of
from booking_site.common.errors import NotFound, Refusal, TooMany, Unavailable
from booking_site.common.transactions import run_in_transaction
from chat import services
from chat.forms import GroupForm, KindForm, NameForm, PeopleForm
from chat.limits import GROUPS, keep_pace
from chat.models import Conversation, ConversationType
from chat.presenters import pages
from chat.selectors.people import acquaintances
from chat.selectors.reading import Thread, thread_of

from .access import LIST, THREAD, button, form_page, page, user_of, words_of

MEMBERS = "chat:members"


@form_page
def new(request: HttpRequest) -> HttpResponse:
    known = acquaintances(user_of(request))
    form = GroupForm(request.POST if request.method == "POST" else None, known=known)
    if form.is_valid():
        said, by, at = form.cleaned_data, actor_of(request), timezone.now()
        people = list(said["people"])
        made = _tried(form, lambda: services.open_group(people, name=said["name"], by=by, at=at))
        if made is not None:
            return redirect(THREAD, made.pk)
    return render(request, "chat/group.html", {"form": form, "known": known.exists()})


@page
def members(request: HttpRequest, conversation_id: int) -> HttpResponse:
    return _page(request, _group(request, conversation_id))


@button
def rename(request: HttpRequest, conversation_id: int) -> HttpResponse:
    opened = _group(request, conversation_id)
    form = NameForm(request.POST, prefix="name")
    if form.is_valid():
        keep_pace(GROUPS, opened.own.user_id)
        name, by, at = form.cleaned_data["name"], actor_of(request), timezone.now()
        if _tried(form, lambda: services.rename(opened.conversation, name=name, by=by, at=at)):
            return redirect(MEMBERS, conversation_id)
    return _page(request, opened, naming=form)


@button
def add(request: HttpRequest, conversation_id: int) -> HttpResponse:
    opened = _group(request, conversation_id)
    form = _people_form(request, opened)
    if form.is_valid():
        keep_pace(GROUPS, opened.own.user_id)
        people, by, at = list(form.cleaned_data["people"]), actor_of(request), timezone.now()
        if _tried(form, lambda: services.add_people(opened.conversation, people, by=by, at=at)):
            return redirect(MEMBERS, conversation_id)
    return _page(request, opened, adding=form)


@button
def leave(request: HttpRequest, conversation_id: int) -> HttpResponse:
    conversation = _group(request, conversation_id).conversation
    by, at = actor_of(request), timezone.now()
    run_in_transaction(lambda: services.leave(conversation, by=by, at=at))
    messages.success(request, _("You have left %(name)s.") % {"name": pages.titled(conversation)})
    return redirect(LIST)


def _group(request: HttpRequest, conversation_id: int) -> Thread:
    opened = thread_of(user_of(request), conversation_id)
    if opened.conversation.type != ConversationType.GROUP:
        raise NotFound
    return opened


def _page(
    request: HttpRequest,
    opened: Thread,
    *,
    naming: KindForm | None = None,
    adding: KindForm | None = None,
) -> HttpResponse:
    adding = adding or _people_form(request, opened)
    context = {
        "head": pages.head_of(opened, at=timezone.now()),
        "people": pages.people_of_group(opened),
        "naming": naming or NameForm(prefix="name", initial={"name": opened.conversation.name}),
        "adding": adding,
        "active": opened.conversation.is_active,
    }
    return render(request, "chat/members.html", context)


def _people_form(request: HttpRequest, opened: Thread) -> PeopleForm:
    there = [row.user_id for row in opened.members]
    known = acquaintances(user_of(request)).exclude(pk__in=there)
    sent = request.POST if request.method == "POST" and "people" in request.POST else None
    return PeopleForm(sent, known=known)


def _tried(form: KindForm, work: Callable[[], Conversation]) -> Conversation | None:
    """What the service refuses stands above the form."""
    try:
        return run_in_transaction(work)
    except (TooMany, Unavailable):
        raise
    except Refusal as refusal:
        form.add_error(None, words_of(refusal))
        return None
