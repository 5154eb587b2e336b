"""The ladder as strings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from fjorten.followup.ladder import Ladder, LadderStep, Owner, Reason, Track, default_ladder
from fjorten.followup.ladders import AdoptedLadder
from fjorten.web import words
from fjorten.web.shown import Event, Heading, Pair

OWNERS: Final[Mapping[Owner, str | Promise]] = {
    Owner.SYSTEM: _("systemets egen melding"),
    Owner.CLERK: _("merkantil"),
    Owner.NURSE: _("helsesykepleier"),
    Owner.LEADER: _("leder"),
}
MONTHS: Final[Mapping[str, str | Promise]] = {
    "deadline": _("En frist kan settes høyst så langt fram"),
    "pause": _("En sak kan vente høyst så lenge"),
    "watch": _("En lukket sak som følges videre, ses på igjen etter"),
    "ask_again": _("En familie som takket nei, spørres igjen senest etter"),
}


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step: `usual` tells what ships where the municipality has changed it."""

    words: str
    who: str
    standard: str
    fast: str
    usual: str


@dataclass(frozen=True, slots=True)
class LadderPage:
    """The ladder that applies today, and what was decided when."""

    lead: str
    headings: tuple[Heading, ...]
    steps: tuple[StepLine, ...]
    months: tuple[Pair, ...]
    never: tuple[str, ...]
    history: tuple[Event, ...]


def ladder_page(ladder: Ladder, adopted: Sequence[AdoptedLadder], *, names: Mapping[str, str]) -> LadderPage:
    """This function will turn the ladder of today, and the decisions about it, into what the page shows."""
    since = next((one.valid_from for one in reversed(adopted) if one.ladder.reference == ladder.reference), None)
    lead = gettext("Kommunens egen, fra %(day)s.") % {"day": words.day(since)} if since else gettext("Slik den følger med fjorten.")
    return LadderPage(
        lead=lead,
        headings=(
            Heading(gettext("Steg")),
            Heading(gettext("Hvem")),
            Heading(gettext("Etter så mange virkedager")),
            Heading(gettext("Når det haster")),
        ),
        steps=tuple(_step(number, step) for number, step in enumerate(ladder.steps, start=1)),
        months=tuple(Pair(str(label), _months(months_of(ladder)[key])) for key, label in MONTHS.items()),
        never=(
            gettext("Ingen sak lukkes av seg selv. Et menneske gjør det, med en grunn."),
            gettext("Etter den første meldingen tas hvert steg av et menneske."),
            gettext("Stigen slutter hos lederen, og kommer tilbake dit hver måned til saken er lukket."),
            gettext("Ingenting meldes til barnevernet av seg selv."),
        ),
        history=tuple(_history(adopted, names)),
    )


def _step(number: int, step: LadderStep) -> StepLine:
    shipped = next((one for one in default_ladder().steps if one.code == step.code), step)
    usual = ""
    if shipped.days != step.days:
        told = {"standard": shipped.days[Track.STANDARD], "fast": shipped.days[Track.FAST]}
        usual = gettext("Ellers %(standard)d og %(fast)d.") % told
    return StepLine(
        words=f"{number}. {words.said(step.name)}",
        who=words.capital(str(OWNERS[step.who])),
        standard=words.number(step.days[Track.STANDARD]),
        fast=words.number(step.days[Track.FAST]),
        usual=usual,
    )


def months_of(ladder: Ladder) -> dict[str, int]:
    """This function will give the waits of a ladder, in months, by their names in its file."""
    return {
        "deadline": ladder.deadline_months,
        "pause": ladder.pause_months,
        "watch": ladder.watch_months,
        "ask_again": ladder.ask_again_months,
    }


def _months(many: int) -> str:
    return ngettext("%(n)d måned", "%(n)d måneder", many) % {"n": many}


def _history(adopted: Sequence[AdoptedLadder], names: Mapping[str, str]) -> Iterable[Event]:
    """Tell what each decision changed of the one before, the newest first."""
    before = [default_ladder(), *(one.ladder for one in adopted)]
    for earlier, one in reversed(list(zip(before, adopted, strict=False))):
        heading = gettext("Gjelder fra %(day)s") % {"day": words.day(one.valid_from)}
        by = gettext("Bestemt av %(who)s. Tatt i bruk av %(name)s.") % {"who": one.decided_by, "name": words.who(one.by, names)}
        yield Event(heading, words.when(one.at), f"{one.why} {what_changes(earlier, one.ladder)}".strip(), by, "clipboard")


def what_changes(earlier: Ladder, later: Ladder) -> str:
    """This function will tell in sentences what differs between two ladders: days, months, and how many words."""
    before = {step.code: step for step in earlier.steps}
    parts = []
    for number, step in enumerate(later.steps, start=1):
        old = before.get(step.code, step)
        for track, label in ((Track.STANDARD, gettext("dager")), (Track.FAST, gettext("dager når det haster"))):
            if old.days[track] != step.days[track]:
                told = {"number": number, "label": label, "old": old.days[track], "new": step.days[track]}
                parts.append(gettext("Steg %(number)d: %(new)d %(label)s, før %(old)d.") % told)
    was, now = months_of(earlier), months_of(later)
    for key, waits in MONTHS.items():
        if was[key] != now[key]:
            parts.append(gettext("%(label)s: %(new)s, før %(old)s.") % {"label": waits, "new": _months(now[key]), "old": _months(was[key])})
    reworded = sum(_names(earlier).get(key) != name for key, name in _names(later).items())
    if reworded:
        parts.append(ngettext("Nye ord på %(n)d sted.", "Nye ord på %(n)d steder.", reworded) % {"n": reworded})
    return " ".join(parts) or gettext("Ingenting er annerledes enn før.")


def _names(ladder: Ladder) -> dict[tuple[str, str], dict[str, str]]:
    lists: dict[str, Sequence[LadderStep | Reason]] = {
        "step": ladder.steps,
        "reason": ladder.reasons,
        "pause": ladder.pauses,
        "close": ladder.closings,
    }
    return {(key, one.code): dict(one.name) for key, some in lists.items() for one in some}
