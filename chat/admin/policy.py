"""What holds for all conversations: how long they stay, and which words do not."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminTextareaWidget,
    UnfoldBooleanWidget,
)

from booking_site.common.backoffice.manager import Manager
from booking_site.common.callers import staff_of
from booking_site.common.errors import Refusal
from booking_site.common.transactions import run_in_transaction
from chat.gateways.words import ListedWords
from chat.selectors.policy import ChatPolicy, chat_policy, listed_words
from chat.services import Figures, set_policy, set_words

from .asking import put_on_form

LARGEST = 1_000_000
OWN_FILTER = f"{ListedWords.__module__}.{ListedWords.__name__}"


def _number(label: Any, told: Any) -> forms.IntegerField:
    """The service says what is too little or too much."""
    return forms.IntegerField(
        label=label,
        help_text=told,
        min_value=0,
        max_value=LARGEST,
        widget=UnfoldAdminIntegerFieldWidget(),
    )


class WordsField(forms.CharField):
    """One to a line."""

    widget = UnfoldAdminTextareaWidget(attrs={"rows": 6, "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        text: str = super().clean(value)
        return [line.strip() for line in text.splitlines() if line.strip()]


class ChatPolicyForm(forms.Form):
    archive_days = _number(
        _("Put away after (days)"),
        _("Counted from the last message, once the appointment is over. It can still be read."),
    )
    retention_days = _number(
        _("Delete words and files after (days)"),
        _("Of every message, for good. 0 keeps them."),
    )
    sure = forms.BooleanField(
        label=_("I know that what is older than that is deleted for good."),
        required=False,
        widget=UnfoldBooleanWidget(),
    )
    unseen_minutes = _number(
        _("Remind of unread messages after (minutes)"),
        _("By e-mail or push, to whoever wants to be told and has not seen them."),
    )
    mask = WordsField(
        label=_("Words that become stars"),
        required=False,
        help_text=_(
            "One to a line, upper or lower case. Latin words are found as whole words, Chinese "
            "ones anywhere."
        ),
    )
    refuse = WordsField(
        label=_("Words with which a message is not sent"),
        required=False,
        help_text=_("Whoever writes one is asked to write it differently."),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        days, before = given.get("retention_days"), self.initial["retention_days"]
        is_shorter = bool(days) and (not before or days < before)
        if is_shorter and not given.get("sure"):
            self.add_error("sure", _("More is deleted than before. Please say that you mean it."))
        return given


def policy(request: HttpRequest, model_admin: Any) -> HttpResponse:
    if not Manager.of(request).is_operator:
        raise PermissionDenied
    now = chat_policy()
    data = request.POST if request.method == "POST" else None
    form = ChatPolicyForm(data, initial=_initial(now))
    if form.is_valid() and _saved(request, form):
        return redirect(request.path)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Conversations: policy and words"),
        "form": form,
        "media": form.media,
        "label": _("Save"),
        "back": reverse("admin:index"),
        "told": "admin/chat/_policy.html",
        "sentences": explain(now),
        "other_filter": ""
        if settings.CHAT_WORD_FILTER == OWN_FILTER
        else settings.CHAT_WORD_FILTER,
    }
    return TemplateResponse(request, "admin/chat/form.html", context)


def explain(now: ChatPolicy) -> list[str]:
    """What holds, in sentences."""
    masked, refused = listed_words()
    days, minutes = now.archive_after.days, int(now.unseen_after.total_seconds()) // 60
    kept = now.retention.days if now.retention else 0
    return [
        ngettext(
            "A conversation about an appointment is put away %(days)s day after the last message.",
            "A conversation about an appointment is put away %(days)s days after the last message.",
            days,
        )
        % {"days": days},
        ngettext(
            "Words and files are deleted after %(days)s day; that something was said stays.",
            "Words and files are deleted after %(days)s days; that something was said stays.",
            kept,
        )
        % {"days": kept}
        if kept
        else str(_("Words and files are kept.")),
        ngettext(
            "Whoever has not seen a message for %(count)s minute is reminded.",
            "Whoever has not seen a message for %(count)s minutes is reminded.",
            minutes,
        )
        % {"count": minutes},
        str(_("Words that become stars: %(masked)s; that are not sent: %(refused)s."))
        % {"masked": len(masked), "refused": len(refused)},
    ]


def _initial(now: ChatPolicy) -> dict[str, Any]:
    masked, refused = listed_words()
    return {
        "archive_days": now.archive_after.days,
        "retention_days": now.retention.days if now.retention else 0,
        "unseen_minutes": int(now.unseen_after.total_seconds()) // 60,
        "mask": masked,
        "refuse": refused,
    }


def _saved(request: HttpRequest, form: ChatPolicyForm) -> bool:
    given, by, at = form.cleaned_data, staff_of(request), timezone.now()
    figures = Figures(given["archive_days"], given["retention_days"], given["unseen_minutes"])

    def work() -> bool:
        policy_changed = set_policy(figures, by=by, at=at)
        return set_words(given["mask"], given["refuse"], by=by, at=at) or policy_changed

    try:
        changed = run_in_transaction(work)
    except Refusal as refusal:
        put_on_form(form, refusal)
        return False
    if changed:
        messages.success(request, _("Saved. It holds from now on."))
    else:
        messages.info(request, _("Nothing was different from before."))
    return True


POLICY_PAGE = ("policy/", "chat_block_policy", policy)
