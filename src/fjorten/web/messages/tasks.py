"""One task of the manual list and one message from a number nobody uses: what a person reads, does and puts down."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from fjorten.access.permissions import Permission
from fjorten.access.queries import names_called
from fjorten.kernel.refusals import Refused
from fjorten.messages.actions.incoming import see_to_incoming
from fjorten.messages.actions.tasks import finish_task, hand_on_task
from fjorten.messages.incoming import IncomingEffect
from fjorten.messages.models import ContactTask, IncomingMessage
from fjorten.messages.queries import incoming_of
from fjorten.messages.tasks import TaskOutcome
from fjorten.organisation.queries import employee_coded, employees_of
from fjorten.web import words
from fjorten.web.children import address_of, age_and_birth
from fjorten.web.edge import StaffRequest
from fjorten.web.gate import may
from fjorten.web.looking import look_through
from fjorten.web.messages.finding import task_for, unknown_sender_for
from fjorten.web.messages.forms import FinishForm, HandOnForm, SeenToForm
from fjorten.web.messages.naming import MEANINGS, direction_of, employee_called, kind_called
from fjorten.web.messages.proving import OUTCOMES, Text
from fjorten.web.receipts import Receipt, give_receipt
from fjorten.web.shown import Link, Pair, tone_of


@dataclass(frozen=True, slots=True)
class TaskPage:
    """The whole page. `written` is what the family wrote, `told` what they were sent or should have been; "" and None where neither."""

    number: int
    heading: str
    child: str
    child_address: str
    age: str
    what: str
    deadline: str
    tone: str
    is_done: bool
    facts: tuple[Pair, ...]
    written: Text | None
    told: Text | None
    links: tuple[Link, ...]


@require_GET
@may(Permission.SEE_MESSAGES)
def task(request: StaffRequest, number: int) -> HttpResponse:
    """Show a task."""
    return _shown(request, task_for(request, number, page="contact_task"))


@require_POST
@may(Permission.SEND_MESSAGES)
def finish(request: StaffRequest, number: int) -> HttpResponse:
    """Say how a task ended."""
    found, form = task_for(request, number, page="contact_task_finish"), FinishForm(request.POST)
    if form.is_valid():
        outcome, by = TaskOutcome(form.cleaned_data["outcome"]), request.staff.actor(using=Permission.SEND_MESSAGES)
        try:
            finish_task(task=found, outcome=outcome, note=form.cleaned_data["note"], by=by, at=request.at)
        except Refused as refusal:
            form.refused(refusal)
        else:
            give_receipt(request, Receipt(gettext("Oppgaven om %(name)s er gjort.") % {"name": words.name_of(found.person)}))
            return redirect("messages")
    return _shown(request, found, finish=form, status=422)


@require_POST
@may(Permission.SEND_MESSAGES)
def hand_on(request: StaffRequest, number: int) -> HttpResponse:
    """Give a task to somebody else."""
    found = task_for(request, number, page="contact_task_hand_on")
    form = _hand_on(request, found, request.POST)
    if form.is_valid():
        said, by = form.cleaned_data, request.staff.actor(using=Permission.SEND_MESSAGES)
        try:
            owner = employee_coded(said["owner"], request.staff.municipality)
            hand_on_task(task=found, owner=owner, due_on=said["due_on"], today=request.today, by=by, at=request.at)
        except Refused as refusal:
            form.refused(refusal)
        else:
            when = {"name": employee_called(owner), "day": words.day(said["due_on"])}
            give_receipt(request, Receipt(gettext("Oppgaven er hos %(name)s til %(day)s.") % when))
            return redirect(reverse("contact_task", args=[found.pk]))
    return _shown(request, found, hand_on=form, status=422)


@require_GET
@may(Permission.SEND_MESSAGES)
def unknown_sender(request: StaffRequest, number: int) -> HttpResponse:
    """Show what came from a number nobody here uses: it is written down that it was read."""
    return _incoming(request, unknown_sender_for(request, number), SeenToForm())


@require_POST
@may(Permission.SEND_MESSAGES)
def see_to(request: StaffRequest, number: int) -> HttpResponse:
    """Say what came of a message from a number nobody here uses."""
    found, form = unknown_sender_for(request, number), SeenToForm(request.POST)
    if form.is_valid():
        effect, by = IncomingEffect(form.cleaned_data["effect"]), request.staff.actor(using=Permission.SEND_MESSAGES)
        try:
            see_to_incoming(incoming=found, effect=effect, by=by, at=request.at)
        except Refused as refusal:
            form.refused(refusal)
        else:
            give_receipt(request, Receipt(gettext("Meldingen er sett på.")))
            return redirect("messages")
    return _incoming(request, found, form, status=422)


def _incoming(request: StaffRequest, found: IncomingMessage, form: SeenToForm, *, status: int = 200) -> HttpResponse:
    look_through(request, "unknown_sender", rows=1)
    shown = {
        "number": found.pk,
        "from": found.from_number,
        "when": words.when(found.received_at),
        "meaning": str(MEANINGS[found.meaning]),
        "text": found.text,
        "is_done": found.handled_at is not None,
    }
    return render(request, "messages/unknown_sender.html", {"page": shown, "form": form}, status=status)


def _hand_on(request: StaffRequest, found: ContactTask, data: object = None) -> HandOnForm:
    employees = employees_of(request.staff.municipality, on=request.today)
    return HandOnForm(employees, found.owner.code, max(found.due_on, request.today), data)


def _shown(
    request: StaffRequest, found: ContactTask, *, finish: FinishForm | None = None, hand_on: HandOnForm | None = None, status: int = 200
) -> HttpResponse:
    names = names_called({found.done_by}, request.staff.municipality)
    asks = request.staff.may(Permission.SEND_MESSAGES) and found.done_at is None
    forms = {
        "finish": finish or (FinishForm() if asks else None),
        "hand_on": hand_on or (_hand_on(request, found) if asks else None),
        "sent": next((form for form in (finish, hand_on) if form is not None), None),
    }
    page = task_page(found, incoming_of(found), names=names, today=request.today)
    return render(request, "messages/task.html", {"page": page, **forms}, status=status)


def task_page(found: ContactTask, incoming: IncomingMessage | None, *, names: dict[str, str], today: date) -> TaskPage:
    """This function will turn a task into what its page shows."""
    about, person = found.message, found.person
    told = None
    if about is not None and about.sent_text:
        told = Text(gettext("Det familien er sendt"), "", about.sent_text, about.sent_language, direction_of(about.sent_language))
    return TaskPage(
        number=found.pk,
        heading=_heading(found, incoming),
        child=words.name_of(person),
        child_address=address_of(person),
        age=age_and_birth(person.born_on, on=today),
        what=words.on_screen(found.sentence),
        deadline=gettext("frist %(day)s") % {"day": words.relative_day(found.due_on, today=today)},
        tone=tone_of(found.due_on, today=today),
        is_done=found.done_at is not None,
        facts=tuple(_facts(found, names)),
        written=None if incoming is None else Text(str(MEANINGS[incoming.meaning]), "", incoming.text, "", "auto"),
        told=told,
        links=tuple(_links(found)),
    )


def _heading(found: ContactTask, incoming: IncomingMessage | None) -> str:
    if incoming is not None:
        return gettext("Familien har skrevet")
    return kind_called(found.message.kind) if found.message is not None else gettext("Gi familien beskjed")


def _facts(found: ContactTask, names: dict[str, str]) -> list[Pair]:
    facts = [
        Pair(gettext("Ansvarlig"), employee_called(found.owner)),
        Pair(gettext("Stedfortreder"), employee_called(found.deputy)),
        Pair(gettext("Frist"), words.day(found.due_on)),
        Pair(gettext("Åpnet"), words.when(found.opened_at)),
    ]
    if found.done_at is not None:
        facts += [
            Pair(gettext("Gjort"), words.when(found.done_at)),
            Pair(gettext("Av"), words.who(found.done_by, names)),
            Pair(gettext("Utfall"), words.capital(str(OUTCOMES[found.outcome]))),
        ]
    return facts + ([Pair(gettext("Notat"), found.note)] if found.note else [])


def _links(found: ContactTask) -> list[Link]:
    links = [Link(gettext("Barnets side"), address_of(found.person), "person")]
    if found.message is not None:
        links.append(Link(gettext("Meldingen"), reverse("message", args=[found.message.pk]), "envelope-closed"))
    return links
