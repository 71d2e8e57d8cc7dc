"""A realtor's own reviews: what was said, and the answer to it."""

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.errors import InvalidTransition
from appointments.views.console.access import form_page, page
from booking_site.common.callers import actor_of
from booking_site.common.transactions import run_in_transaction
from realtors.models import Realtor
from reviews import services
from reviews.forms import ReplyForm
from reviews.models import Review
from reviews.presenters import summed_up, to_answer
from reviews.selectors import console_of, summary_of
from reviews.services.answering import AnsweredMeanwhile

PAGE = "reviews:console"
PER_PAGE = 10


@page
def reviews(request: HttpRequest, realtor: Realtor) -> HttpResponse:
    return _shown(request, realtor)


@form_page
def reply(request: HttpRequest, realtor: Realtor, review_id: int) -> HttpResponse:
    if request.method != "POST":
        return redirect(PAGE)
    review = Review.objects.filter(pk=review_id, realtor=realtor).first()
    if review is None:
        raise Http404
    form = _form(review_id, request.POST)
    if not form.is_valid():
        return _shown(request, realtor, refused=(review_id, form))
    text, seen = form.cleaned_data["reply"], form.cleaned_data["seen"]
    by, at = actor_of(request), timezone.now()
    try:
        run_in_transaction(lambda: services.reply(review, text=text, by=by, at=at, seen=seen))
    except AnsweredMeanwhile as refusal:
        review.refresh_from_db()
        again = _form(review_id, {"reply": text, "seen": review.reply})
        again.add_error("reply", str(refusal))
        return _shown(request, realtor, refused=(review_id, again))
    except InvalidTransition as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Your answer stands below the review now."))
    return redirect(PAGE)


def _shown(
    request: HttpRequest, realtor: Realtor, *, refused: tuple[int, ReplyForm] | None = None
) -> HttpResponse:
    """``refused``: an answer that was sent with a mistake, and to which review. It stands open, on
    whatever page the review is."""
    at, only = timezone.now(), request.GET.get("only") == "unanswered"
    rows = console_of(realtor, unanswered=only)
    if refused is not None:
        rows = rows.filter(pk=refused[0])
    found: Page[Review] = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    shown = [to_answer(one, at) for one in found.object_list]
    for row in shown:
        typed = refused is not None and refused[0] == row["id"]
        row["form"] = refused[1] if refused and typed else _form(row["id"], reply=row["reply"])
        row["open"] = typed
    context = {
        "realtor": realtor,
        "store": realtor.store,
        "summary": summed_up(summary_of(realtor, aspects=True)),
        "reviews": shown,
        "page": found,
        "query": "only=unanswered" if only else "",
        "only": only,
        "unanswered": console_of(realtor, unanswered=True).count(),
    }
    return render(request, "reviews/console.html", context)


def _form(review_id: int, data: object = None, *, reply: str = "") -> ReplyForm:
    """With ids of its own: several stand on one page."""
    initial = {"reply": reply, "seen": reply}
    return ReplyForm(data, initial=initial, auto_id=f"reply-{review_id}-%s")  # type: ignore[arg-type]
