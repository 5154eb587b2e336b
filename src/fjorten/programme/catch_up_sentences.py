"""The words of a catch-up plan, in Norwegian: every proposal explains itself in a sentence a nurse can read to the parents."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final

from fjorten.kernel.ages import age_in_days, age_in_months
from fjorten.programme.durations import Duration, Unit
from fjorten.programme.steps import Need, StepDefinition

_MONTHS: Final = (
    "januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "desember",
)  # fmt: skip
_WORDS: Final = {
    Need.MEASUREMENT: "måling",
    Need.VISION: "syn",
    Need.HEARING: "hørsel",
    Need.SCREENING: "kartlegging",
    Need.DOCTOR: "legeundersøkelse",
}
NOTHING_NOW: Final = "Ingenting skal settes opp nå."


def age(born_on: date, on: date) -> str:
    """Say how old a child is, as exactly as one would say it: «5 dager», «7 uker», «13 måneder», «2 år og 3 måneder»."""
    days, months = age_in_days(born_on, on), age_in_months(born_on, on)
    if days < 14:
        return Duration(days, Unit.DAYS).words
    if days < 84:
        return Duration(days // 7, Unit.WEEKS).words
    if months < 24:
        return Duration(months, Unit.MONTHS).words
    years, rest = Duration(months // 12, Unit.YEARS).words, months % 12
    return f"{years} og {Duration(rest, Unit.MONTHS).words}" if rest else years


def day(on: date) -> str:
    """Write a date the Norwegian way: «3. mai 2026»."""
    return f"{on.day}. {_MONTHS[on.month - 1]} {on.year}"


def ahead(step: StepDefinition, opens_on: date, deadline_on: date) -> str:
    """Explain a step whose window has not opened."""
    return f"«{step.name}» kommer: fra {day(opens_on)} til og med {day(deadline_on)}."


def in_window(step: StepDefinition, deadline_on: date) -> str:
    """Explain a step that is held by itself beside the first consultation."""
    return f"«{step.name}» er i tidsvinduet og holdes for seg, senest {day(deadline_on)}."


def as_usual(step: StepDefinition, deadline_on: date) -> str:
    """Explain a step to do now that is simply in its window."""
    return f"«{step.name}» er i tidsvinduet og holdes som vanlig, senest {day(deadline_on)}."


def first_consultation(
    step: StepDefinition, needs: Collection[Need], *, from_on: date | None, deadline_on: date, is_late: bool, has_merged: bool
) -> str:
    """
    Explain the first consultation of a newcomer: when, with whom, and what to take with it.

    `from_on` is None when it can be held at once; `is_late` tells that its own window has passed, `has_merged` that it carries others.
    """
    when = f"senest {day(deadline_on)}" if from_on is None else f"fra {day(from_on)} til og med {day(deadline_on)}"
    parts = [f"Sett opp konsultasjonen «{step.name}» nå, {when}{', sammen med lege' if Need.DOCTOR in needs else ''}."]
    if is_late:
        parts.append("Tidsvinduet er forbi, men sent gjennomført er også gjennomført.")
    if needs and has_merged:
        parts.append(
            _sentence([f"ta med {_listed(_content(needs))}" if _content(needs) else "", _vaccines(needs, "gå gjennom vaksinasjonsstatus")])
        )
    if step.is_group_only and has_merged:
        parts.append("Hold den individuelt, ikke i gruppe.")
    return " ".join(parts)


def merged(step: StepDefinition, into: StepDefinition, needs: Collection[Need], *, closes_on: date | None) -> str:
    """Explain a step that goes into the first consultation; `closes_on` is the last day of its window when that has not passed."""
    why = (
        f"«{step.name}» er ikke dokumentert." if closes_on is None else f"«{step.name}» er i tidsvinduet bare til og med {day(closes_on)}."
    )
    content = _content(needs) or ([] if needs else ["temaene"])
    taken = f"{_listed(content)} tas med i «{into.name}»" if content else ""
    reviewed = _vaccines(needs, "vaksinasjonsstatus gjennomgås" + ("" if content else f" i «{into.name}»"))
    return f"{why} {_sentence([taken, reviewed])}"


def before_enrolment(step: StepDefinition) -> str:
    """Explain a step from before enrolment that is left out."""
    if step.needs:
        return f"«{step.name}» er ikke dokumentert, men det den gir er dekket av det som er dokumentert senere. Den holdes ikke i ettertid."
    return f"«{step.name}» er gruppe og informasjon for en alder som er forbi. Den holdes ikke i ettertid."


def documented(step: StepDefinition) -> str:
    """Explain a step that was carried out elsewhere."""
    return f"«{step.name}» er dokumentert gjennomført et annet sted."


def after_the_end(step: StepDefinition, ends_at: Duration) -> str:
    """Explain a step of a child who has grown out of the programme."""
    return f"Barnet har fylt {ends_at.words}. «{step.name}» holdes ikke; skolehelsetjenesten følger barnet videre."


def ended(ends_at: Duration) -> str:
    """Say that there is nothing to plan because the child has grown out of the programme."""
    return f"Programmet er slutt ved {ends_at.words}; skolehelsetjenesten følger barnet videre."


def summary(
    *,
    age: str,
    first: str,
    merged: Sequence[str],
    in_window: Sequence[str],
    coming: Sequence[str],
    left_out: Sequence[str],
    documented: Sequence[str],
    school_is_near: bool,
) -> str:
    """
    Say the whole plan in one paragraph, the thing to do first.

    `first` is the sentence about what to do now and `coming` those about steps ahead, of which only the next is repeated; the other lists
    are names of steps.
    """
    parts = [
        f"Barnet er {age}.",
        first,
        _list("Tas med i samme konsultasjon", merged),
        _list("Holdes for seg i sitt tidsvindu", in_window),
        *coming[:1],
        f"Deretter følger barnet programmet videre ({len(coming) - 1} til)." if len(coming) > 1 else "",
        _list("Holdes ikke i ettertid", left_out),
        _list("Dokumentert et annet sted", documented),
        "Gi skolehelsetjenesten beskjed om planen." if school_is_near else "",
    ]
    return " ".join(part for part in parts if part)


def _list(heading: str, names: Sequence[str]) -> str:
    return f"{heading}: {_listed([f'«{name}»' for name in names])}." if names else ""


def _listed(words: Sequence[str]) -> str:
    return " og ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]


def _content(needs: Collection[Need]) -> list[str]:
    return [word for need, word in _WORDS.items() if need in needs]


def _vaccines(needs: Collection[Need], words: str) -> str:
    return words if Need.VACCINES in needs else ""


def _sentence(clauses: Sequence[str]) -> str:
    text = ", og ".join(clause for clause in clauses if clause)
    return f"{text[0].upper()}{text[1:]}."
