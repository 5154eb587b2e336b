"""The page of findings, and what is done with them."""

from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from fjorten.access.permissions import Permission
from fjorten.care_relations.relations import children_shown_to
from fjorten.journal.queries import journals_of
from fjorten.kernel.refusals import Refused
from fjorten.registers.models import WorkItem
from fjorten.registers.queries import kinds_of, open_work, waiting_work, work_item_numbered
from fjorten.registers.work import put_aside, resolve
from fjorten.web import words
from fjorten.web.children import enrol
from fjorten.web.edge import StaffRequest
from fjorten.web.forms import a_number, is_number
from fjorten.web.gate import may
from fjorten.web.looking import look_at, look_through
from fjorten.web.receipts import Receipt, give_receipt
from fjorten.web.register.forms import SettleForm, WaitForm
from fjorten.web.register.kinds import KINDS
from fjorten.web.register.presenters import ASIDE, PAGE, Chosen, Forms, Listed, register_page

_MOST_PAGES: Final = 4  # digits of a page's number


@require_GET
@may(Permission.SETTLE_FINDINGS)
def register(request: StaffRequest) -> HttpResponse:
    """Show the findings."""
    return _shown(request, {}, status=200)


@require_POST
@may(Permission.SETTLE_FINDINGS)
def settle(request: StaffRequest) -> HttpResponse:
    """Settle a finding, with how it ends and why."""
    item = _item(request, page="register_settle")
    form = SettleForm(item, "", request.POST)
    if form.is_valid():
        by, said = request.staff.actor(using=Permission.SETTLE_FINDINGS), form.cleaned_data
        try:
            resolve(item=item, resolution=WorkItem.Resolution(said["resolution"]), reason=said["reason"], by=by, at=request.at)
        except Refused as refusal:
            form.refused(refusal)
        else:
            return _done(request, gettext("Avviket om %(name)s er avsluttet.") % {"name": words.name_of(item.person)})
    return _shown(request, {item.pk: form}, status=422)


@require_POST
@may(Permission.SETTLE_FINDINGS)
def wait(request: StaffRequest) -> HttpResponse:
    """Put a finding aside until a day, with why."""
    item = _item(request, page="register_wait")
    form = WaitForm(item, request.POST)
    if form.is_valid():
        by, said = request.staff.actor(using=Permission.SETTLE_FINDINGS), form.cleaned_data
        try:
            put_aside(item=item, until=said["until"], today=request.today, reason=said["reason"], by=by, at=request.at)
        except Refused as refusal:
            form.refused(refusal)
        else:
            when = {"name": words.name_of(item.person), "day": words.day(said["until"])}
            return _done(request, gettext("Avviket om %(name)s er tilbake på listen %(day)s.") % when)
    return _shown(request, {item.pk: form}, status=422)


@require_POST
@may(Permission.OPEN_JOURNAL)
def open_journals(request: StaffRequest) -> HttpResponse:
    """
    Open journals for children who live here and have none: one, or those that were picked.

    Each is an action of its own: what is refused for one child leaves the others as they are, and is told.
    """
    picked = request.POST.getlist("pick")
    if len(picked) > PAGE or not all(is_number(number) for number in picked):
        raise Http404
    opened, refused = 0, list[str]()
    for number in dict.fromkeys(picked):
        item = work_item_numbered(int(number), municipality=request.staff.municipality)
        person = look_at(request, item.person.public_id, page="register_open_journal")
        if not KINDS[item.rule].opens_journal or (len(picked) > 1 and not KINDS[item.rule].is_safe_in_bulk):
            raise Http404
        try:
            enrol(request, person)
        except Refused as refusal:
            refused.append(f"{words.name_of(person)}: {words.refusal(refusal)}")
        else:
            opened += 1
    told = [ngettext("%(n)d journal er opprettet.", "%(n)d journaler er opprettet.", opened) % {"n": opened}] if opened else []
    return _done(request, " ".join([*told, *refused]) or gettext("Ingen barn er valgt."))


def _item(request: StaffRequest, *, page: str) -> WorkItem:
    """Find the finding a form is about, for somebody who may open its child."""
    item = work_item_numbered(a_number(request, "item"), municipality=request.staff.municipality)
    look_at(request, item.person.public_id, page=page)
    return item


def _done(request: StaffRequest, sentence: str) -> HttpResponse:
    give_receipt(request, Receipt(sentence))
    query = _chosen(request).query
    return redirect(f"{reverse('register')}?{query}" if query else reverse("register"))


def _shown(request: StaffRequest, sent: Forms, *, status: int) -> HttpResponse:
    chosen, municipality, on = _chosen(request), request.staff.municipality, request.today
    theirs = children_shown_to(request.staff, at=request.at)
    awake = open_work(municipality=municipality, on=on)
    shown, aside = awake.filter(person__in=theirs), waiting_work(municipality=municipality, on=on).filter(person__in=theirs)
    found = aside if chosen.kind == ASIDE else shown.filter(rule=chosen.kind) if chosen.kind else shown
    items = list(found[(chosen.page - 1) * PAGE : chosen.page * PAGE])
    look_through(request, "register", rows=len(items))
    listed = Listed(
        items=items,
        kinds=kinds_of(shown),
        aside=aside.count(),
        all=awake.count(),
        journals=journals_of({item.person_id for item in items}),
    )
    may_open = request.staff.may(Permission.OPEN_JOURNAL)
    page = register_page(listed, chosen, today=on, may_open_journals=may_open, sent=sent)
    return render(request, "register/register.html", {"page": page, "sent": next(iter(sent.values()), None)}, status=status)


def _chosen(request: StaffRequest) -> Chosen:
    """Read which findings are asked for. Raises Http404 for a kind or a page that is none."""
    kind, page = request.GET.get("kind", ""), request.GET.get("page", "1")
    is_page = is_number(page, digits=_MOST_PAGES) and int(page) > 0
    if not is_page or kind not in {"", ASIDE, *KINDS}:
        raise Http404
    return Chosen(kind, int(page))
