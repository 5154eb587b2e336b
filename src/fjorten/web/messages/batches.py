"""Letters and batches as strings."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from fjorten.messages.models import Message, OutboxState, PrintBatch
from fjorten.web import words
from fjorten.web.children import address_of, age_and_birth
from fjorten.web.messages.forms import TakeOutForm
from fjorten.web.messages.naming import adult_called, kind_called, state_shown
from fjorten.web.shown import ByName, Pair


@dataclass(frozen=True, slots=True)
class LetterRow(ByName):
    """One letter. `name` is not the child's where whoever looks may not see it; `take_out` is its form, None where it stays."""

    number: int
    name: str
    child: str
    age: str
    what: str
    address: str
    to: str
    icon: str
    state: str
    tone: str
    is_stopped: bool
    take_out: TakeOutForm | None


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One batch in the list."""

    name: str
    address: str
    words: str
    state: str
    tone: str


@dataclass(frozen=True, slots=True)
class LettersPage:
    """The whole page. `button` is "" when there is nothing to print."""

    waiting: str
    rows: tuple[LetterRow, ...]
    more: str
    button: str
    batches: tuple[BatchRow, ...]


@dataclass(frozen=True, slots=True)
class BatchPage:
    """The page of one batch. `stopped` says loudly that letters must be taken out first."""

    number: int
    heading: str
    facts: tuple[Pair, ...]
    stopped: str
    is_open: bool
    rows: tuple[LetterRow, ...]


def letters_page(
    rows: Sequence[Message], number: int, batches: Sequence[PrintBatch], *, names: Mapping[str, str], at_once: int, today: date
) -> LettersPage:
    """This function will turn the letters that wait, and the batches, into what the page shows."""
    now = min(number, at_once)
    more = ""
    if number > len(rows):
        more = gettext("Her står de %(n)s som har ventet lengst.") % {"n": words.number(len(rows))}
    return LettersPage(
        waiting=words.number(number),
        rows=tuple(_letter(row, today) for row in rows),
        more=more,
        button=ngettext("Lag en fil av %(n)s brev", "Lag en fil av %(n)s brev", now) % {"n": words.number(now)} if now else "",
        batches=tuple(_batch(one, names) for one in batches),
    )


def batch_page(
    batch: PrintBatch,
    rows: Sequence[Message],
    *,
    shown: Collection[int],
    stopped: Collection[int],
    sent: Mapping[int, TakeOutForm],
    names: Mapping[str, str],
    today: date,
) -> BatchPage:
    """This function will turn a batch into what its page shows: `shown` are the children whoever looks may see, `stopped` the letters."""
    is_open = batch.handed_over_at is None
    number = len(stopped)
    return BatchPage(
        number=batch.pk,
        heading=gettext("Bunke %(n)d") % {"n": batch.pk},
        facts=tuple(_facts(batch, names)),
        stopped=ngettext(
            "%(n)d brev skal ikke sendes lenger. Ta det ut av bunken og makuler det, så kan resten leveres.",
            "%(n)d brev skal ikke sendes lenger. Ta dem ut av bunken og makuler dem, så kan resten leveres.",
            number,
        )
        % {"n": number}
        if number
        else "",
        is_open=is_open,
        rows=tuple(_in_batch(row, shown, stopped, sent, today=today, is_open=is_open) for row in rows),
    )


def _in_batch(
    row: Message, shown: Collection[int], stopped: Collection[int], sent: Mapping[int, TakeOutForm], *, today: date, is_open: bool
) -> LetterRow:
    lies_there = is_open and row.state == OutboxState.IN_HAND
    take_out = sent.get(row.pk) or (TakeOutForm(row.pk) if lies_there else None)
    return _letter(row, today, is_shown=row.person_id in shown, is_stopped=row.pk in stopped, take_out=take_out)


def _letter(
    row: Message, today: date, *, is_shown: bool = True, is_stopped: bool = False, take_out: TakeOutForm | None = None
) -> LetterRow:
    state = state_shown(row)
    return LetterRow(
        number=row.pk,
        name=words.name_of(row.person) if is_shown else gettext("Ikke ditt å se"),
        child=address_of(row.person) if is_shown else "",
        age=age_and_birth(row.person.born_on, on=today) if is_shown else "",
        what=kind_called(row.kind) if is_shown else "",
        address=reverse("message", args=[row.pk]) if is_shown else "",
        to=adult_called(row.adult) if is_shown else "",
        icon="exclamation-triangle" if is_stopped else state.icon,
        state=gettext("Skal ikke sendes: ta det ut") if is_stopped else str(state.word),
        tone="late" if is_stopped else state.tone,
        is_stopped=is_stopped,
        take_out=take_out,
    )


def _batch(batch: PrintBatch, names: Mapping[str, str]) -> BatchRow:
    by = words.who(batch.produced_by, names)
    number = ngettext("%(n)s brev", "%(n)s brev", batch.letters) % {"n": words.number(batch.letters)}
    if batch.handed_over_at is None:
        state, tone = gettext("ikke levert til posten"), "late"
    else:
        state, tone = gettext("levert til posten %(day)s") % {"day": words.when(batch.handed_over_at)}, "ok"
    return BatchRow(
        name=gettext("Bunke %(n)d") % {"n": batch.pk},
        address=reverse("batch", args=[batch.pk]),
        words=f"{number} · {words.when(batch.produced_at)} · {by}",
        state=state,
        tone=tone,
    )


def _facts(batch: PrintBatch, names: Mapping[str, str]) -> Iterator[Pair]:
    yield Pair(gettext("Brev"), words.number(batch.letters))
    yield Pair(gettext("Laget"), words.when(batch.produced_at))
    yield Pair(gettext("Av"), words.who(batch.produced_by, names))
    if batch.handed_over_at is not None:
        yield Pair(gettext("Levert til posten"), words.when(batch.handed_over_at))
        yield Pair(gettext("Ført av"), words.who(batch.handed_over_by, names))
