"""Acting on many children at once: opening journals, and giving cases to somebody."""

from collections.abc import Mapping

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from fjorten.access.permissions import Permission
from fjorten.followup.actions.cases import reassign
from fjorten.followup.queries import CaseRow, cases_of_steps
from fjorten.kernel.refusals import Refused
from fjorten.ledger.worklist import Group, Row
from fjorten.organisation.responsibility import staff_on
from fjorten.web import words
from fjorten.web.children import enrol
from fjorten.web.edge import StaffRequest
from fjorten.web.gate import may
from fjorten.web.receipts import Receipt, give_receipt
from fjorten.web.worklist.asking import pick_of
from fjorten.web.worklist.forms import GiveForm
from fjorten.web.worklist.outcomes import answer, one_at_a_time, outcome_of
from fjorten.web.worklist.picks import back_to_list, fields_of_list, picked_rows


class HasAJournal(Refused):
    """The row is about a consultation: the child has its journal."""

    sentence = "Barnet har alt journal her."


class HasNoCase(Refused):
    """Nobody has a case about this consultation, so there is none to give."""

    sentence = "Det er ingen åpen sak om denne konsultasjonen, så det er ingenting å gi videre."


@require_POST
@may(Permission.OPEN_JOURNAL)
def open_journals(request: StaffRequest) -> HttpResponse:
    """Enrol each picked child that lives here without a journal, with the catch-up plan for what lies behind."""
    rows = picked_rows(request, page="open_journal")
    if not rows:
        return nothing_picked(request)

    def opened(row: Row) -> str:
        if row.place.group is not Group.WITHOUT_JOURNAL:
            raise HasAJournal(row.place.row)
        enrol(request, row.person)
        return gettext("Journal er opprettet.")

    outcomes = one_at_a_time(rows, opened)
    number = len(outcomes.done)
    receipt = ngettext("%(n)d journal er opprettet.", "%(n)d journaler er opprettet.", number) % {"n": number}
    return answer(request, outcomes, receipt=receipt, back=back_to_list(request))


@require_POST
@may(Permission.FOLLOW_UP)
def give(request: StaffRequest) -> HttpResponse:
    """Ask whom the picked cases are to be given to, and give them when that has been said."""
    municipality, on = request.staff.municipality, request.today
    rows, by = picked_rows(request, page="give_case"), request.staff.actor(using=Permission.FOLLOW_UP)
    if not rows:
        return nothing_picked(request)
    cases = cases_of_steps([row.planned.pk for row in rows if row.planned is not None], municipality=municipality, on=on)
    staff = staff_on(municipality=municipality, on=on).employees
    is_said = "to" in request.POST
    form = GiveForm(request.POST if is_said else None, staff=staff.values())
    if not is_said or not form.is_valid():
        about = [outcome_of(row, _said_of(row, cases)) for row in rows]
        picks = [pick_of(row) for row in rows]
        context = {"form": form, "about": about, "picks": picks, "fields": fields_of_list(request), "back": back_to_list(request)}
        return render(request, "worklist/give.html", context, status=422 if is_said else 200)
    owner, reason = staff[form.cleaned_data["to"]], form.cleaned_data["reason"]

    def given(row: Row) -> str:
        case = cases.get(row.planned.pk) if row.planned is not None else None
        if case is None:
            raise HasNoCase(row.place.row)
        reassign(case=case.case, owner=owner, reason=reason, by=by, at=request.at)
        return gettext("Saken er gitt til %(name)s.") % {"name": owner.name}

    outcomes = one_at_a_time(rows, given)
    number = len(outcomes.done)
    receipt = ngettext("%(n)d sak er gitt til %(name)s.", "%(n)d saker er gitt til %(name)s.", number) % {"n": number, "name": owner.name}
    return answer(request, outcomes, receipt=receipt, back=back_to_list(request))


def nothing_picked(request: StaffRequest) -> HttpResponse:
    """This function will go back to the list when no row was picked, or none of those picked is there any more, and say so."""
    give_receipt(request, Receipt(gettext("Ingenting er gjort. Kryss av for minst ett barn som står på listen.")))
    return redirect(back_to_list(request))


def _said_of(row: Row, cases: Mapping[int, CaseRow]) -> str:
    case = cases.get(row.planned.pk) if row.planned is not None else None
    if case is None:
        return words.on_screen(HasNoCase.sentence)
    return gettext("%(step)s, nå hos %(name)s") % {"step": words.said(case.step.name), "name": case.acts.name}
