"""Saying something, changing it, taking it back, and having read what others said."""

from dataclasses import replace

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from booking_site.common.callers import actor_of
from booking_site.common.errors import Invalid, NotFound, Refusal, TooMany, Unavailable
from booking_site.common.transactions import run_in_transaction
from chat import services
from chat.forms import EditForm, MessageForm
from chat.gateways.uploads import upload_from
from chat.limits import MESSAGES, UPLOADS, keep_pace
from chat.models import Message, MessageKind
from chat.presenters import bubbles, pages
from chat.selectors.lists import sent_before
from chat.selectors.reading import message_of, messages_before, thread_of
from chat.services import AlreadySent, Draft, Posted, post

from .access import THREAD, button, form_page, is_asked_by_script, refused, user_of, words_of
from .reading import shown


@button
def send(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """The script is answered with the message as it stands in the page; a browser without one is
    led back to the page. What was not sent stands there again, with the reason."""
    form = MessageForm(request.POST, request.FILES)
    by_script = is_asked_by_script(request)
    try:
        posted = _post(request, conversation_id, form)
    except NotFound as refusal:
        # Not one's own, rather than something in it that is gone.
        thread_of(user_of(request), conversation_id)
        return _unsent(request, conversation_id, form, refusal, by_script=by_script)
    except Refusal as refusal:
        return _unsent(request, conversation_id, form, refusal, by_script=by_script)
    if not by_script:
        return redirect(THREAD, conversation_id)
    message = posted.message
    body = {
        "id": str(message.pk),
        "seq": message.seq,
        "clientId": message.client_id,
        "html": _html_of(request, message),
    }
    return JsonResponse(body, status=201 if posted.is_new else 200)


def _unsent(
    request: HttpRequest,
    conversation_id: int,
    form: MessageForm,
    refusal: Refusal,
    *,
    by_script: bool,
) -> HttpResponse:
    if by_script:
        return refused(refusal)
    return shown(
        request,
        conversation_id,
        typed=request.POST.get("text", ""),
        refusal=words_of(refusal),
        reply_to=form.cleaned_data.get("reply_to") or 0,
        status=refusal.status,
    )


def _post(request: HttpRequest, conversation_id: int, form: MessageForm) -> Posted:
    is_valid = form.is_valid()
    keep_pace(MESSAGES, user_of(request).pk)
    if not is_valid:
        raise Invalid(
            errors={name: [str(one) for one in said] for name, said in form.errors.items()}
        )
    said = form.cleaned_data
    draft = Draft(
        text=said["text"],
        reply_to_id=said["reply_to"],
        client_id=said["client_id"] or None,
    )
    if said["sticker"]:
        draft = replace(draft, kind=MessageKind.STICKER, sticker=said["sticker"], text="")
    elif said["file"] is not None:
        try:
            draft = _with_file(request, conversation_id, draft, said["file"])
        except AlreadySent as before:
            return Posted(before.message, is_new=False)
    return post(conversation_id, draft, by=actor_of(request), at=timezone.now())


def _with_file(
    request: HttpRequest, conversation_id: int, draft: Draft, file: UploadedFile
) -> Draft:
    """The file is uploaded with what is said of it, by a device that may do so twice: what was sent
    under this name is not uploaded again."""
    by, at = actor_of(request), timezone.now()
    conversation = thread_of(user_of(request), conversation_id).conversation
    before = sent_before(user_of(request), conversation_id, draft.client_id)
    if before is not None:
        raise AlreadySent(before)
    services.require_room(conversation, by=by)
    keep_pace(UPLOADS, user_of(request).pk)
    raw = file.read(settings.UPLOAD_MAX_BYTES + 1)
    upload = upload_from(raw, name=file.name or "")
    made = run_in_transaction(lambda: services.add_attachment(conversation, upload, by=by, at=at))
    return replace(draft, kind=made.kind, attachment=made.key)


def _html_of(request: HttpRequest, message: Message) -> str:
    opened = thread_of(user_of(request), message.conversation_id)
    around = messages_before(opened, message.seq + 1, limit=2)
    found = [one for one in around if one.seq == message.seq]
    previous = around[0] if len(around) == 2 else None
    items = bubbles.items_of(opened, found, at=timezone.now(), before=previous)
    context = {"items": items, "conversation_id": message.conversation_id}
    return render_to_string("chat/_messages.html", context, request)


@button
def read(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Up to ``seq``."""
    text = request.POST.get("seq", "")
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise Invalid
    by, at = actor_of(request), timezone.now()
    seq = run_in_transaction(lambda: services.mark_read(conversation_id, int(text), by=by, at=at))
    if is_asked_by_script(request):
        return JsonResponse({"seq": seq})
    return redirect(THREAD, conversation_id)


@form_page
def edit(request: HttpRequest, conversation_id: int, message_id: int) -> HttpResponse:
    """By its author, for a while."""
    opened = thread_of(user_of(request), conversation_id)
    message = message_of(opened, message_id)
    if message.sender_id != opened.own.user_id or message.is_gone:
        raise NotFound
    form = EditForm(
        request.POST if request.method == "POST" else None,
        initial={"text": message.body},
        needed=message.kind == MessageKind.TEXT,
    )
    if form.is_valid() and _edited(request, message, form):
        return redirect(THREAD, conversation_id)
    context = {"form": form, "head": pages.head_of(opened, at=timezone.now())}
    return render(request, "chat/edit.html", context)


def _edited(request: HttpRequest, message: Message, form: EditForm) -> bool:
    text, by, at = form.cleaned_data["text"], actor_of(request), timezone.now()
    try:
        run_in_transaction(lambda: services.edit(message, text, by=by, at=at))
    except (TooMany, Unavailable, NotFound):
        raise
    except Refusal as refusal:
        form.add_error("text", words_of(refusal))
        return False
    return True


@button
def take_back(request: HttpRequest, conversation_id: int, message_id: int) -> HttpResponse:
    opened = thread_of(user_of(request), conversation_id)
    message = message_of(opened, message_id)
    by, at = actor_of(request), timezone.now()
    try:
        run_in_transaction(lambda: services.take_back(message, by=by, at=at))
    except (TooMany, Unavailable, NotFound):
        raise
    except Refusal as refusal:
        if is_asked_by_script(request):
            return refused(refusal)
        messages.warning(request, words_of(refusal))
    else:
        if is_asked_by_script(request):
            return JsonResponse({"seq": message.seq})
        messages.success(request, _("The message was taken back."))
    return redirect(THREAD, conversation_id)
