"""Writing to somebody in the name of the site."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

from accounts.models import User
from booking_site.common.admin.loading import needed
from booking_site.common.backoffice.manager import Manager
from booking_site.common.callers import staff_of
from booking_site.common.errors import Refusal
from booking_site.common.lines import TextFormField
from booking_site.common.transactions import run_in_transaction
from chat.models import Participant
from chat.services import write_to_person

from .asking import put_on_form
from .moves import WhyForm

LARGEST_ID = 2**63 - 1


class WriteForm(WhyForm):
    field_order = ("person", "text", "reason")
    person = forms.ModelChoiceField(
        label=_("To"),
        queryset=User.objects.filter(is_active=True),
        widget=AutocompleteSelect(
            Participant._meta.get_field("user"),
            admin.site,
            attrs={"class": "unfold-admin-autocomplete"},
        ),
        help_text=_("They read it under “From the site”, and cannot answer there."),
    )
    text = TextFormField(
        label=_("Message"),
        help_text=_("Write in their language; nothing is translated."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 6}),
    )


def write(request: HttpRequest, model_admin: Any) -> HttpResponse:
    if not Manager.of(request).is_operator:
        raise PermissionDenied
    data = request.POST if request.method == "POST" else None
    form = WriteForm(data, initial={"person": _to(request)})
    if form.is_valid() and _sent(request, form):
        return redirect(reverse("admin:chat_conversation_changelist"))
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Write to somebody"),
        "form": form,
        "media": needed(form.media, actions=False),
        "label": _("Send"),
        "back": reverse("admin:chat_conversation_changelist"),
    }
    return TemplateResponse(request, "admin/chat/form.html", context)


def _sent(request: HttpRequest, form: WriteForm) -> bool:
    given = form.cleaned_data
    work = partial(
        write_to_person,
        given["person"],
        given["text"],
        reason=given["reason"],
        by=staff_of(request),
        at=timezone.now(),
    )
    try:
        run_in_transaction(work)
    except Refusal as refusal:
        put_on_form(form, refusal)
        return False
    messages.success(request, _("Sent to %(name)s.") % {"name": given["person"]})
    return True


def _to(request: HttpRequest) -> int | None:
    asked = request.GET.get("to", "")
    if not asked.isascii() or not asked.isdigit() or len(asked) > len(str(LARGEST_ID)) - 1:
        return None
    return int(asked)


WRITING = ("write/", "chat_conversation_write", write)
