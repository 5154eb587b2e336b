"""The Norwegian words of the lists: dates, ages, statuses and the evidence from both sides, as a clerk reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from fjorten.kernel.ages import age_in_days
from fjorten.kernel.national_id import NotANationalId, Problem
from fjorten.kernel.spoken import in_a_row, spoken
from fjorten.registers.reconcile.facts import KNOWN_STATUSES
from fjorten.registers.reconcile.findings import Candidate
from fjorten.registers.reconcile.rules import Part, Severity

NO_BREAK: Final = "\u00a0"

SEVERITIES: Final[Mapping[str, str]] = {Severity.HIGH: "Høy", Severity.MEDIUM: "Middels", Severity.LOW: "Lav"}

PARTS: Final[Mapping[Part, str]] = {
    Part.WITHOUT_JOURNAL: "Barn som mangler journal",
    Part.INVESTIGATE: "Må undersøkes",
    Part.ELSEWHERE: "Åpne journaler på barn som er registrert et annet sted",
    Part.CORRECT: "Rett opp i journalen",
    Part.PROTECTED: "Adressebeskyttelse",
}

STATUSES: Final[Mapping[str, str]] = {
    "aktiv": "aktiv",
    "bosatt": "bosatt",
    "doed": "død",
    "foedselsregistrert": "fødselsregistrert",
    "forsvunnet": "forsvunnet",
    "ikkeBosatt": "ikke bosatt",
    "inaktiv": "inaktiv",
    "midlertidig": "midlertidig",
    "opphoert": "opphørt",
    "utflyttet": "utvandret",
}


_PLACES: Final[Mapping[str | None, str]] = {
    "here": "Bor her",
    "stays": "Oppholder seg her",
    "elsewhere": "Registrert i en annen kommune",
    "abroad": "Utvandret",
    "missing": "Forsvunnet",
    "dead": "Død",
}


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that one side says: a label (may be empty) and what stands there. A national number is marked, to be shown with a gap."""

    label: str
    value: str
    is_number: bool = False

    def __str__(self) -> str:
        return f"{self.label} {self.value}".strip()


def day(on: date | str | None) -> str:
    """Write a date as 24.11.2026; nothing when there is none. Takes a date or its ISO form."""
    if on is None:
        return ""
    return (date.fromisoformat(on) if isinstance(on, str) else on).strftime("%d.%m.%Y")


def amount(number: int) -> str:
    """Write a whole number with a no-break space between thousands: 1 284."""
    return f"{number:,}".replace(",", NO_BREAK)


def counted(number: int, one: str, many: str) -> str:
    """Count things with the right form of the word: «1 rad», «1 284 rader»."""
    return f"{amount(number)} {one if number == 1 else many}"


def children(number: int) -> str:
    """Count children: «1 barn», «1 284 barn»."""
    return f"{amount(number)} barn"


def age(born_on: date | None, age_months: int | None, on: date) -> str:
    """
    Write an age in completed units: under 14 days «9 dager», under 13 weeks «6 uker», under 24 months «10 mnd», then «2 år 3 mnd».

    Source: the house's rules for ages on a screen [default].
    """
    if age_months is None:
        return ""
    days = age_in_days(born_on, on) if born_on is not None and age_months < 4 else None
    if days is not None and days < 14:
        return "1 dag" if days == 1 else f"{days} dager"
    if days is not None and days < 7 * 13:
        return f"{days // 7} uker"
    years, months = divmod(age_months, 12)
    if years < 2:
        return f"{age_months} mnd"
    return f"{years} år {months} mnd" if months else f"{years} år"


def duration(days: int | None) -> str:
    """Write how long something has stood: «i dag», «1 dag», «87 dager»."""
    if days is None:
        return ""
    return "i dag" if days == 0 else "1 dag" if days == 1 else f"{amount(days)} dager"


def status(code: str) -> str:
    """Say a register status in Norwegian; a word we do not know is quoted and said to be unknown."""
    return STATUSES[code] if code in KNOWN_STATUSES else spoken("«%(code)s» (ukjent status)", code=code)


def number_problem(code: str) -> str:
    """Say what is wrong with a number, by the code of the column `number_problem`."""
    return "Nummeret mangler." if code == "missing" else NotANationalId(Problem(code)).sentence


def said_by_register(evidence: Mapping[str, str | None]) -> list[Said]:
    """Put the register's evidence into words, in the order a clerk wants them. Says nothing about what is not in the evidence."""
    known = {key: value for key, value in evidence.items() if value is not None}
    return [
        *_each(known, "name", spoken("Navn")),
        *_number(known),
        *_each(known, "address", ""),
        *_if(known, "address_is_hidden", spoken("Klientadresse, vises ikke")),
        *_if(known, "lives_with_mother", spoken("Bor hos moren, har ikke egen adresse ennå")),
        *_if(known, "has_no_fixed_address", spoken("Uten fast adresse i kommunen")),
        *_each(known, "died_on", spoken("Død"), write=day),
        *_journey(known, "emigrated", spoken("Utvandret"), _to),
        *_municipality(known),
        *_each(known, "stay_since", spoken("Oppholdsadresse her fra"), write=day),
        *_each(known, "moved_on", spoken("Flyttedato"), write=day),
        *_journey(known, "immigrated", spoken("Innvandret"), _from),
        *_each(known, "number_since", spoken("Gjelder fra"), write=day),
        *_each(known, "born_on", spoken("Født"), write=day),
        *_each(known, "status", spoken("Status"), write=status),
        *_each(known, "last_seen_on", spoken("Sist sett i et uttrekk"), write=day),
        *_each(known, "lookup_answer", spoken("Oppslaget svarte:")),
    ]


def said_by_journal(evidence: Mapping[str, str | None]) -> list[Said]:
    """Put one journal's evidence into words."""
    known = {key: value for key, value in evidence.items() if value is not None}
    where = [f"linje {known['line']}"] if "line" in known else []
    named = [f"Journal {known['journal_id']}"] if "journal_id" in known else ["Journal"]
    return [
        Said("", ", ".join(named + where)),
        *_each(known, "name", "Navn"),
        *_each(known, "born_on", "Født", write=day),
        *_number(known),
        *_each(known, "number_raw", "Det står"),
        *_each(known, "number_problem", "", write=number_problem),
        *_each(known, "opened_on", "Opprettet", write=day),
        *_each(known, "closed_on", "Lukket", write=day),
        *_each(known, "clinic", ""),
    ]


def said_of_suggestion(candidate: Candidate) -> list[Said]:
    """Put a suggested child, or a suggested journal, into words; how well it fits comes last."""
    return [
        Said("", candidate.name or "Uten navn"),
        *([Said("Født", day(candidate.born_on))] if candidate.born_on else []),
        *([Said("Nummer", candidate.number, is_number=True)] if candidate.number else []),
        *([Said("Journal", candidate.journal_id)] if candidate.journal_id else []),
        *([Said("Linje", str(candidate.line))] if candidate.line is not None else []),
        *([Said("", _PLACES[candidate.place])] if candidate.place in _PLACES else []),
        Said("Treff", percent(candidate.score)),
        *([Said("", candidate.evidence)] if candidate.evidence else []),
    ]


def percent(share: float) -> str:
    """Write a share of one as whole percent, never 100 unless it is: «93 %»."""
    return f"{min(round(share * 100), 99 if share < 1 else 100)}{NO_BREAK}%"


def _each(known: Mapping[str, str], key: str, label: str, *, write: Callable[[str], str] = str) -> Iterable[Said]:
    if key in known:
        yield Said(label, write(known[key]))


def _if(known: Mapping[str, str], key: str, sentence: str) -> Iterable[Said]:
    if key in known:
        yield Said("", sentence)


def _number(known: Mapping[str, str]) -> Iterable[Said]:
    if "number" in known:
        yield Said(spoken("Nummer"), known["number"], is_number=True)


def _municipality(known: Mapping[str, str]) -> Iterable[Said]:
    if "municipality" not in known:
        return
    code, now = known["municipality"], known.get("municipality_now", "")
    if "may_be_here" in known:
        yield Said(spoken("Kommune"), spoken("%(code)s, delt, kan være her", code=code))
    else:
        yield Said(spoken("Kommune"), spoken("%(code)s, nå %(now)s", code=code, now=now) if now else code)


def _journey(known: Mapping[str, str], key: str, verb: str, way: Callable[[str], str]) -> Iterable[Said]:
    country = known.get(f"{key}_from") or known.get(f"{key}_to")
    when = day(known.get(f"{key}_on"))
    if country or when:
        yield Said(verb, in_a_row((way(country) if country else "", when)))


def _to(country: str) -> str:
    return spoken("til %(country)s", country=country)


def _from(country: str) -> str:
    return spoken("fra %(country)s", country=country)
