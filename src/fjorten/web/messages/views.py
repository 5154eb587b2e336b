"""The lists of messages, one message, and what is done about it."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from fjorten.access.permissions import Permission
from fjorten.access.queries import names_called
from fjorten.care_relations.relations import children_shown_to
from fjorten.kernel.refusals import Refused
from fjorten.messages.actions.by_hand import send_another_way, settle_fate
from fjorten.messages.listing import Standing, Wanted, counts_listed, messages_listed, tasks_listed
from fjorten.messages.models import ContactTask, Message, OutboxState, Way
from fjorten.messages.proof import fate_is_unknown, proof_of
from fjorten.messages.queries import batches_to_hand_over, letters_to_print, open_tasks, settled_up_to, unknown_senders
from fjorten.organisation.responsibility import staff_on
from fjorten.web.edge import StaffRequest
from fjorten.web.gate import may
from fjorten.web.looking import look_through
from fjorten.web.messages.asking import asked_of, place_of, task_place_of
from fjorten.web.messages.finding import message_for
from fjorten.web.messages.forms import YES, AnotherWayForm, FateForm
from fjorten.web.messages.proving import message_page, whos_of
from fjorten.web.messages.rows import Listed, messages_page
from fjorten.web.receipts import Receipt, give_receipt
from fjorten.web.told import WAYS


@require_GET
@may(Permission.SEE_MESSAGES)
def messages(request: StaffRequest) -> HttpResponse:
    """Show what waits for a person, or one of the lists."""
    asked, municipality = asked_of(request.GET), request.staff.municipality
    children = children_shown_to(request.staff, at=request.at)
    way = Way(asked.way) if asked.way else None
    wanted = Wanted(children, way, asked.language)
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    page, tasks, has_more = None, list[ContactTask](), False
    if asked.standing:
        standing = Standing(asked.standing)
        place, back = place_of(after), place_of(before)
        page = messages_listed(standing, wanted, municipality=municipality, at=request.at, after=place, before=back)
    else:
        tasks, has_more = tasks_listed(children, municipality=municipality, after=task_place_of(after))
    all_tasks = open_tasks(municipality=municipality)
    may_send = request.staff.may(Permission.SEND_MESSAGES)
    listed = Listed(
        asked=asked,
        counts=counts_listed(wanted, municipality=municipality, at=request.at),
        number_of_tasks=all_tasks.filter(person__in=children.values("pk")).count(),
        all_tasks=all_tasks.count(),
        tasks=tasks,
        has_more_tasks=has_more,
        is_first=task_place_of(after) is None,
        written=list(unknown_senders(municipality=municipality)) if may_send and not asked.standing else [],
        page=page,
        settled=settled_up_to(municipality=municipality),
        letters=letters_to_print(municipality=municipality, at=request.at, about=children).count(),
        batches=batches_to_hand_over(municipality=municipality).count(),
        may_send=may_send,
    )
    look_through(request, "messages", rows=len(tasks) + len(listed.written) + (len(page.rows) if page else 0))
    return render(request, "messages/messages.html", {"page": messages_page(listed, today=request.today)})


@require_GET
@may(Permission.SEE_MESSAGES)
def message(request: StaffRequest, number: int) -> HttpResponse:
    """Show one message."""
    return _shown(request, message_for(request, number, page="message"))


@require_POST
@may(Permission.SEND_MESSAGES)
def settle(request: StaffRequest, number: int) -> HttpResponse:
    """Say whether a message nobody knew the fate of arrived. It is never sent again by this."""
    row = message_for(request, number, page="message_settle")
    form = FateForm(request.POST)
    if form.is_valid():
        has_arrived = form.cleaned_data["arrived"] == YES
        staff = staff_on(municipality=request.staff.municipality, on=request.today)
        by = request.staff.actor(using=Permission.SEND_MESSAGES)
        try:
            state = settle_fate(message=row, has_arrived=has_arrived, staff=staff, by=by, at=request.at)
        except Refused as refusal:
            form.refused(refusal)
        else:
            give_receipt(request, Receipt(_settled(state)))
            return redirect(reverse("message", args=[row.pk]))
    return _shown(request, message_for(request, number, page="message"), fate=form, status=422)


@require_POST
@may(Permission.SEND_MESSAGES)
def another_way(request: StaffRequest, number: int) -> HttpResponse:
    """Send a message that did not arrive by another way."""
    row = message_for(request, number, page="message_another_way")
    form = AnotherWayForm(Way, request.POST)
    if form.is_valid():
        way, by = Way(form.cleaned_data["way"]), request.staff.actor(using=Permission.SEND_MESSAGES)
        try:
            queued = send_another_way(message=row, way=way, by=by, at=request.at)
        except Refused as refusal:
            form.refused(refusal)
        else:
            said = gettext("Meldingen er lagt i kø som %(way)s.") % {"way": str(WAYS[way])}
            give_receipt(request, Receipt(said))
            return redirect(reverse("message", args=[queued.pk]))
    return _shown(request, row, another_way=form, status=422)


def _settled(state: OutboxState) -> str:
    if state is OutboxState.DELIVERED:
        return gettext("Meldingen er ført som levert.")
    return gettext("Meldingen er ført som ikke levert. Er det bruk for den, får familien beskjed på en annen måte.")


def _shown(
    request: StaffRequest, row: Message, *, fate: FateForm | None = None, another_way: AnotherWayForm | None = None, status: int = 200
) -> HttpResponse:
    proof = proof_of(row, at=request.at)
    if request.staff.may(Permission.SEND_MESSAGES):
        fate = fate or (FateForm() if fate_is_unknown(row) else None)
        another_way = another_way or (AnotherWayForm(proof.ways_left) if proof.ways_left else None)
    names = names_called(whos_of(proof), request.staff.municipality)
    page = message_page(proof, names=names, today=request.today, fate=fate, another_way=another_way)
    return render(request, "messages/message.html", {"page": page, "sent": _first(fate, another_way)}, status=status)


def _first(*forms: FateForm | AnotherWayForm | None) -> FateForm | AnotherWayForm | None:
    """Tell which form was refused, if one was."""
    return next((form for form in forms if form is not None and form.errors), None)
