"""Letters on paper: printing those that wait, handing batches over to the post, and letters that come back."""

from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from fjorten.access.permissions import Permission
from fjorten.access.queries import names_called
from fjorten.audit.looks import note_look
from fjorten.care_relations.relations import children_shown_to, shown_among
from fjorten.kernel.refusals import Refused
from fjorten.ledger.owed import why_not_owed
from fjorten.messages.actions.letters import (
    hand_over_batch,
    letters_nobody_may_get,
    mark_returned,
    print_letters,
    put_in_place,
    take_out_of_batch,
)
from fjorten.messages.filed_letters import content_of
from fjorten.messages.letters.printing import NothingToPrint
from fjorten.messages.models import Message, PrintBatch
from fjorten.messages.queries import (
    NoSuchBatch,
    NoSuchMessage,
    batch_numbered,
    letters_in,
    letters_to_print,
    message_numbered,
    newest_batches,
)
from fjorten.organisation.responsibility import staff_on
from fjorten.web.edge import StaffRequest
from fjorten.web.gate import may
from fjorten.web.looking import NotYoursToOpen, look_at, look_at_each, look_through
from fjorten.web.messages.batches import batch_page, letters_page
from fjorten.web.messages.forms import ReturnedForm, TakeOutForm
from fjorten.web.receipts import Receipt, give_receipt

# As many letters as are laid out while somebody waits; the rest are the next batch [default].
AT_ONCE: Final = 100
_SHOWN: Final = 50  # letters that wait, and batches that are handed over, on the page


class BatchIsNotYoursToSee(Refused):
    """Among the letters of a batch is one about a child whoever asks may not see, or may see no longer."""

    sentence = (
        "Filen deles ikke ut: minst ett av brevene skal ikke sendes lenger, eller er ikke ditt å se. "
        "Er bunken ikke skrevet ut, ta brevene ut av den; de som fortsatt skal sendes, blir med i neste."
    )


def folder_of_letters() -> Path:
    """This function will tell where the files of batches lie: the same folder as the command's."""
    return Path(settings.HOME) / "brev"


@require_GET
@may(Permission.SEND_MESSAGES)
def letters(request: StaffRequest) -> HttpResponse:
    """Show the letters that wait, and the batches."""
    return _letters(request, ReturnedForm(request.today))


@require_POST
@may(Permission.SEND_MESSAGES)
def print_waiting(request: StaffRequest) -> HttpResponse:
    """Make one file of the letters that wait, about children whoever asks may see. A second click finds none left, and makes none."""
    municipality = request.staff.municipality
    try:
        batch = print_letters(
            municipality=municipality,
            folder=folder_of_letters(),
            still_owed=why_not_owed,
            staff=staff_on(municipality=municipality, on=request.today),
            about=children_shown_to(request.staff, at=request.at),
            at_most=AT_ONCE,
            by=request.staff.actor(using=Permission.SEND_MESSAGES),
            at=request.at,
        )
    except NothingToPrint:
        give_receipt(request, Receipt(gettext("Ingen brev venter: de som ventet, ligger i en bunke eller er gitt til et menneske.")))
        return redirect("letters")
    said = ngettext("%(n)d brev er samlet i bunke %(number)d.", "%(n)d brev er samlet i bunke %(number)d.", batch.letters)
    give_receipt(request, Receipt(said % {"n": batch.letters, "number": batch.pk}))
    return redirect(reverse("batch", args=[batch.pk]))


@require_POST
@may(Permission.SEND_MESSAGES)
def returned(request: StaffRequest) -> HttpResponse:
    """Put down that a letter came back, by the number that stands on it."""
    form = ReturnedForm(request.today, request.POST)
    if form.is_valid():
        said, by = form.cleaned_data, request.staff.actor(using=Permission.SEND_MESSAGES)
        try:
            row = _letter(request, int(said["number"]))
            staff = staff_on(municipality=request.staff.municipality, on=request.today)
            mark_returned(message=row, on=said["on"], staff=staff, by=by, at=request.at)
        except Refused as refusal:
            form.refused(refusal)
        else:
            told = gettext("Brev %(n)d er ført som returnert. Adressen brukes ikke mer, og familien får beskjed på en annen måte.")
            give_receipt(request, Receipt(told % {"n": row.pk}))
            return redirect("letters")
    return _letters(request, form, status=422)


@require_GET
@may(Permission.SEND_MESSAGES)
def batch(request: StaffRequest, number: int) -> HttpResponse:
    """Show the letters of a batch, and those that must be taken out of it."""
    return _batch(request, _found(request, number), {})


@require_POST
@may(Permission.SEND_MESSAGES)
def download(request: StaffRequest, number: int) -> HttpResponse:
    """
    Give the file of a batch, after writing down every child in it: what is on paper is out of the house's hands.

    It is not given while any of its letters is about a child whoever asks may not see.
    """
    found = _found(request, number)
    persons = {row.person_id: row.person for row in letters_in(found)}
    put_in_place(request.staff.municipality, folder_of_letters())
    content = content_of(found, folder_of_letters())
    if not persons or look_at_each(request, persons.values(), page="batch_download") != persons.keys():
        raise BatchIsNotYoursToSee(found.pk)
    note_look(
        "letters.downloaded",
        municipality=request.staff.municipality.code,
        persons=[str(person.public_id) for person in persons.values()],
        detail={"batch": found.pk},
        by=request.staff.actor(using=Permission.SEND_MESSAGES),
        at=request.at,
    )
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="brev-{found.pk}.pdf"'
    return answer


@require_POST
@may(Permission.SEND_MESSAGES)
def handed_over(request: StaffRequest, number: int) -> HttpResponse:
    """Put down that a batch was handed over to the post: from now on the families count as written to."""
    found, by = _found(request, number), request.staff.actor(using=Permission.SEND_MESSAGES)
    count = hand_over_batch(batch=found, still_owed=why_not_owed, by=by, at=request.at)
    said = ngettext("%(n)d brev er ført som levert til posten.", "%(n)d brev er ført som levert til posten.", count) % {"n": count}
    give_receipt(request, Receipt(said))
    return redirect("letters")


@require_POST
@may(Permission.SEND_MESSAGES)
def take_out(request: StaffRequest, number: int, letter: int) -> HttpResponse:
    """
    Put down that a printed letter was taken out and destroyed. Whoever may not see the child may do it all the same, by the number on the
    letter: it lies before them, and must not go.
    """
    found = _found(request, number)
    row = letters_in(found).filter(pk=letter).first()
    if row is None:
        raise Http404
    form = TakeOutForm(row.pk, request.POST)
    if form.is_valid():
        by = request.staff.actor(using=Permission.SEND_MESSAGES)
        try:
            take_out_of_batch(message=row, reason=form.cleaned_data["reason"], by=by, at=request.at)
        except Refused as refusal:
            form.refused(refusal)
        else:
            give_receipt(request, Receipt(gettext("Brev %(n)d er tatt ut av bunken.") % {"n": row.pk}))
            return redirect(reverse("batch", args=[found.pk]))
    return _batch(request, found, {row.pk: form}, status=422)


def _letter(request: StaffRequest, number: int) -> Message:
    """Find a letter; one about a child who is a secret, or is not theirs to see, is as one that is not there. Raises NoSuchMessage."""
    row = message_numbered(number, request.staff.municipality)
    try:
        look_at(request, row.person.public_id, page="letter_returned")
    except (Http404, NotYoursToOpen):
        raise NoSuchMessage(number) from None
    return row


def _found(request: StaffRequest, number: int) -> PrintBatch:
    try:
        return batch_numbered(number, request.staff.municipality)
    except NoSuchBatch:
        raise Http404 from None


def _letters(request: StaffRequest, form: ReturnedForm, *, status: int = 200) -> HttpResponse:
    municipality = request.staff.municipality
    waiting = letters_to_print(municipality=municipality, at=request.at, about=children_shown_to(request.staff, at=request.at))
    rows, batches = list(waiting[:_SHOWN]), newest_batches(municipality=municipality, at_most=_SHOWN)
    look_through(request, "letters", rows=len(rows))
    names = names_called({one.produced_by for one in batches} | {one.handed_over_by for one in batches}, municipality)
    page = letters_page(rows, waiting.count(), batches, names=names, at_once=AT_ONCE, today=request.today)
    return render(request, "messages/letters.html", {"page": page, "returned": form}, status=status)


def _batch(request: StaffRequest, found: PrintBatch, sent: dict[int, TakeOutForm], *, status: int = 200) -> HttpResponse:
    rows = list(letters_in(found))
    shown = shown_among({row.person_id for row in rows}, staff=request.staff, at=request.at)
    is_open = found.handed_over_at is None
    stopped = {row.pk for row in letters_nobody_may_get(batch=found, still_owed=why_not_owed, at=request.at)} if is_open else set[int]()
    look_through(request, "batch", rows=len(rows))
    names = names_called({found.produced_by, found.handed_over_by}, request.staff.municipality)
    page = batch_page(found, rows, shown=shown, stopped=stopped, sent=sent, names=names, today=request.today)
    return render(request, "messages/batch.html", {"page": page, "sent": next(iter(sent.values()), None)}, status=status)
