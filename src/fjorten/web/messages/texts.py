"""The texts families are sent: all languages side by side, which may be sent, and the municipality's own approval."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from fjorten.access.permissions import Permission
from fjorten.access.queries import names_called
from fjorten.kernel.refusals import Refused
from fjorten.messages import texts as known
from fjorten.messages.actions.approvals import approve_text, withdraw_approval
from fjorten.messages.languages import languages
from fjorten.messages.queries import standing_approvals
from fjorten.web import words
from fjorten.web.edge import StaffRequest
from fjorten.web.gate import may
from fjorten.web.messages.forms import ApproveForm
from fjorten.web.messages.naming import kind_called, language_called
from fjorten.web.messages.wordings import place_of, text_page, texts_page
from fjorten.web.receipts import Receipt, give_receipt


class TextIsChanged(Refused):
    """The words are others than those that were read."""

    sentence = "Teksten er endret siden du så den. Les den på nytt."


@require_GET
@may(Permission.SEE_MESSAGES)
def texts(request: StaffRequest) -> HttpResponse:
    """Show every message, and in which languages it may be sent."""
    approved = {one.digest for one in standing_approvals(municipality=request.staff.municipality)}
    return render(request, "messages/texts.html", {"page": texts_page(approved)})


@require_GET
@may(Permission.SEE_MESSAGES)
def text(request: StaffRequest, kind: str) -> HttpResponse:
    """Show one message in all languages, side by side."""
    return _shown(request, _kind(kind), {})


@require_POST
@may(Permission.APPROVE_TEXTS)
def approve(request: StaffRequest, kind: str, channel: str, language: str) -> HttpResponse:
    """Approve a text in one language: only the words that were read."""
    found = _text(kind, channel, language)
    form = ApproveForm(place_of(found), request.POST)
    if form.is_valid():
        municipality, by = request.staff.municipality, request.staff.actor(using=Permission.APPROVE_TEXTS)
        try:
            if request.POST.get("digest") != found.digest:
                raise TextIsChanged(kind)
            approve_text(municipality=municipality, text=found, proof_read_by=form.cleaned_data["proof_read_by"], by=by, at=request.at)
        except Refused as refusal:
            form.refused(refusal)
        else:
            said = gettext("Teksten på %(language)s er godkjent. Familier som har valgt språket, får den fra nå av.")
            back = reverse("withdraw_text", args=[kind, channel, language])
            receipt = Receipt(said % {"language": words.within(language_called(language))}, back, (("digest", found.digest),))
            return _done(request, kind, receipt)
    return _shown(request, _kind(kind), {place_of(found): form}, status=422)


@require_POST
@may(Permission.APPROVE_TEXTS)
def withdraw(request: StaffRequest, kind: str, channel: str, language: str) -> HttpResponse:
    """Take back the municipality's approval of a text."""
    found = _text(kind, channel, language)
    by = request.staff.actor(using=Permission.APPROVE_TEXTS)
    withdraw_approval(municipality=request.staff.municipality, text=found, by=by, at=request.at)
    said = gettext("Godkjenningen av teksten på %(language)s er trukket tilbake. Den sendes ikke lenger.")
    return _done(request, kind, Receipt(said % {"language": words.within(language_called(language))}))


def _done(request: StaffRequest, kind: str, receipt: Receipt) -> HttpResponse:
    give_receipt(request, receipt)
    return redirect(reverse("text", args=[kind]))


def _kind(kind: str) -> known.Message:
    found = known.messages().get(kind)
    if found is None:
        raise Http404
    return found


def _text(kind: str, channel: str, language: str) -> known.Text:
    if channel not in set(known.Channel) or language not in languages():
        raise Http404
    found = _kind(kind).texts.get((known.Channel(channel), language))
    if found is None:
        raise Http404
    return found


def _shown(request: StaffRequest, message: known.Message, sent: dict[str, ApproveForm], *, status: int = 200) -> HttpResponse:
    municipality = request.staff.municipality
    approvals = {(one.kind, one.channel, one.language): one for one in standing_approvals(municipality=municipality)}
    names = names_called({one.approved_by for one in approvals.values()}, municipality)
    may_approve = request.staff.may(Permission.APPROVE_TEXTS)
    page = text_page(message, approvals, names=names, may_approve=may_approve, sent=sent)
    context = {"page": page, "heading": kind_called(message.kind), "sent": next(iter(sent.values()), None)}
    return render(request, "messages/text.html", context, status=status)
