"""One message as strings: what was sent to whom, what became of it and when, and what a person can do about it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, ngettext

from fjorten.messages.languages import languages
from fjorten.messages.models import Attempt, ContactTask, IncomingMessage, Message, OutboxState, Way
from fjorten.messages.proof import Outcome, Proof
from fjorten.messages.tasks import TaskOutcome
from fjorten.web import words
from fjorten.web.asked import Words
from fjorten.web.children import address_of, age_and_birth
from fjorten.web.messages.forms import AnotherWayForm, FateForm
from fjorten.web.messages.naming import (
    MEANINGS,
    adult_called,
    direction_of,
    employee_called,
    kind_called,
    language_called,
    length_of,
    state_shown,
)
from fjorten.web.shown import Event, Link, Pair
from fjorten.web.told import WAYS

_TRIES: Final[dict[str, tuple[Words, str, str]]] = {
    Outcome.ACCEPTED: (gettext_lazy("Tatt imot av den som sender for oss"), "paperplane", ""),
    Outcome.REFUSED: (gettext_lazy("Avvist"), "x-mark", "warn"),
    Outcome.NOT_SENT: (gettext_lazy("Ikke sendt, prøves igjen"), "arrows-circlepath", "warn"),
    Outcome.UNCERTAIN: (gettext_lazy("Uvisst om den ble sendt"), "questionmark-circle", "warn"),
    "": (gettext_lazy("Forsøket er ikke avsluttet"), "clock", ""),
}
OUTCOMES: Final[dict[str, Words]] = {
    TaskOutcome.TOLD: gettext_lazy("familien fikk beskjeden"),
    TaskOutcome.WAS_TOLD: gettext_lazy("beskjeden hadde kommet fram"),
    TaskOutcome.NOT_REACHED: gettext_lazy("familien ble ikke nådd"),
    TaskOutcome.NO_LONGER_NEEDED: gettext_lazy("beskjeden trengtes ikke lenger"),
}


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it is read: its title "" when it has none."""

    heading: str
    title: str
    text: str
    lang: str
    dir: str


@dataclass(frozen=True, slots=True)
class MessagePage:
    """The whole page. `fate` and `another_way` are forms, None where there is nothing to ask; `aside` says why nothing can be done."""

    number: int
    heading: str
    child: str
    child_address: str
    age: str
    icon: str
    state: str
    tone: str
    why: str
    text: Text | None
    no_text: str
    facts: tuple[Pair, ...]
    events: tuple[Event, ...]
    links: tuple[Link, ...]
    fate: FateForm | None
    another_way: AnotherWayForm | None


def message_page(
    proof: Proof, *, names: dict[str, str], today: date, fate: FateForm | None, another_way: AnotherWayForm | None
) -> MessagePage:
    """This function will turn a message into what its page shows; `names` are those of whoever did something with it."""
    row, shown = proof.message, state_shown(proof.message)
    text = _text(proof)
    return MessagePage(
        number=row.pk,
        heading=kind_called(row.kind),
        child=words.name_of(row.person),
        child_address=address_of(row.person),
        age=age_and_birth(row.person.born_on, on=today),
        icon=shown.icon,
        state=str(shown.word),
        tone=shown.tone,
        why=words.on_screen(row.state_reason),
        text=text,
        no_text="" if text else _no_text(row),
        facts=tuple(_facts(proof)),
        events=tuple(_events(proof, names)),
        links=tuple(_links(proof)),
        fate=fate,
        another_way=another_way,
    )


def whos_of(proof: Proof) -> set[str]:
    """This function will tell who did something with a message, as the trail calls them."""
    found = {task.done_by for task in proof.tasks} | {one.handled_by for one in proof.answers}
    batch = proof.message.batch
    return found | ({batch.produced_by, batch.handed_over_by} if batch is not None else set())


def _text(proof: Proof) -> Text | None:
    row = proof.message
    if row.sent_text:
        return Text(
            gettext("Slik ble den sendt"),
            row.sent_title if row.way != Way.SMS else "",
            row.sent_text,
            row.sent_language,
            direction_of(row.sent_language),
        )
    if proof.would_say is not None:
        said = proof.would_say
        body = said.body if row.way == Way.LETTER else said.sms
        title = said.title if row.way != Way.SMS else ""
        return Text(gettext("Slik blir den hvis den sendes nå"), title, body, said.language, direction_of(said.language))
    return None


def _no_text(row: Message) -> str:
    if row.state == OutboxState.QUEUED:
        return gettext("Teksten skrives når meldingen sendes. Akkurat nå er det ingen som kan få den, eller teksten kan ikke skrives.")
    return gettext("Ingen tekst ble sendt.")


def _facts(proof: Proof) -> Iterator[Pair]:
    row = proof.message
    yield Pair(gettext("Til"), adult_called(row.adult) or gettext("Ingen"))
    yield Pair(gettext("Måte"), str(WAYS[row.way]))
    if row.sent_to and row.way != Way.LETTER and row.adult is not None and not row.adult.is_protected:
        yield Pair(gettext("Nummer eller adresse"), row.sent_to)
    yield from _language(proof)
    if row.sent_text and row.way == Way.SMS:
        yield Pair(gettext("Lengde"), length_of(row.sent_text))
    yield Pair(gettext("Skulle sendes"), words.when(row.not_before))
    if row.lapses_at is not None:
        yield Pair(gettext("Til nytte til"), words.when(row.lapses_at))
    yield Pair(gettext("Nummer"), str(row.pk))
    if row.batch is not None:
        yield Pair(gettext("Bunke"), str(row.batch.pk))
    keys = {attempt.idempotency_key for attempt in proof.attempts}
    if keys:
        yield Pair(gettext("Nøkkel"), ", ".join(sorted(keys)))


def _language(proof: Proof) -> Iterator[Pair]:
    row = proof.message
    code = row.sent_language or (proof.would_say.language if proof.would_say else "")
    if code:
        yield Pair(gettext("Språk"), language_called(code))
    wanted = proof.would_say.wanted if proof.would_say else row.adult.language if row.adult else ""
    if code and wanted and wanted != code and wanted in languages():
        yield Pair(
            gettext("Familiens språk"),
            gettext("%(language)s, uten godkjent tekst da den ble skrevet") % {"language": language_called(wanted)},
        )


def _events(proof: Proof, names: dict[str, str]) -> Iterable[Event]:
    """All that happened, the newest first; of one instant in the order things come."""
    row = proof.message
    found: list[tuple[datetime, Event]] = [(row.created_at, Event(gettext("Lagt i kø"), words.when(row.created_at), "", "", "tasklist"))]
    for attempt in proof.attempts:
        found += _try(attempt)
    if row.batch is not None:
        batch = row.batch
        printed = gettext("Skrevet ut i bunke %(n)d") % {"n": batch.pk}
        found.append((batch.produced_at, Event(printed, words.when(batch.produced_at), "", names.get(batch.produced_by, ""), "printer")))
    for task in proof.tasks:
        found += _task(task, names)
    for answer in proof.answers:
        found.append((answer.received_at, _answer(answer)))
    for other in proof.followed_by:
        said = gettext("Sendes i stedet som %(way)s") % {"way": str(WAYS[other.way]).lower()}
        there = reverse("message", args=[other.pk])
        found.append(
            (other.created_at, Event(said, words.when(other.created_at), "", "", "arrow-right", href=there, link=gettext("Se den")))
        )
    shown = state_shown(row)
    if row.state != OutboxState.QUEUED:
        found.append(
            (
                row.state_at,
                Event(str(shown.word), words.when(row.state_at), words.capital(words.on_screen(row.state_reason)), "", shown.icon),
            )
        )
    found.sort(key=itemgetter(0))
    return [event for _, event in reversed(found)]


def _try(attempt: Attempt) -> Iterator[tuple[datetime, Event]]:
    heading, icon, tone = _TRIES[attempt.outcome]
    at = attempt.finished_at or attempt.handed_over_at or attempt.started_at
    parts = ngettext("%(n)d SMS-del", "%(n)d SMS-deler", attempt.parts) % {"n": attempt.parts} if attempt.parts else ""
    said = (
        gettext("Forsøk %(n)d, %(gateway)s") % {"n": attempt.number, "gateway": attempt.gateway},
        gettext("kvittering %(reference)s") % {"reference": attempt.reference} if attempt.reference else "",
        parts,
        attempt.detail,
    )
    yield at, Event(str(heading), words.when(at), words.in_line(said), "", icon, tone=tone)


def _task(task: ContactTask, names: dict[str, str]) -> Iterator[tuple[datetime, Event]]:
    there = reverse("contact_task", args=[task.pk])
    opened = gettext("Oppgave til %(name)s") % {"name": employee_called(task.owner)}
    yield (
        task.opened_at,
        Event(opened, words.when(task.opened_at), words.on_screen(task.sentence), "", "person", href=there, link=gettext("Se oppgaven")),
    )
    if task.done_at is not None:
        done = gettext("Oppgaven er gjort: %(outcome)s") % {"outcome": str(OUTCOMES[task.outcome])}
        by = words.who(task.done_by, names)
        yield task.done_at, Event(done, words.when(task.done_at), task.note, by, "checkmark-circle")


def _answer(answer: IncomingMessage) -> Event:
    return Event(str(MEANINGS[answer.meaning]), words.when(answer.received_at), answer.text, "", "chat")


def _links(proof: Proof) -> Iterator[Link]:
    row = proof.message
    yield Link(gettext("Barnets side"), address_of(row.person), "person")
    if row.after_id is not None:
        yield Link(gettext("Den som ikke kom fram"), reverse("message", args=[row.after_id]), "arrow-left")
