"""
A municipality of any size with planted differences: two files on which register and journals agree, but for what is listed.

Most children agree in the ways that real ones do: spelt otherwise, twins, under an old municipality code, out and in on one day, without an
address. Every so many children one difference is planted, each kind in turn, and what must be found is written down. Nothing here looks at
how the rules work.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from fjorten.kernel.national_id import with_control_digits


def words(text: str) -> list[str]:
    """The words of a text."""
    return text.split()


HERE, FORMERLY, ELSEWHERE = "5501", "5401", "1103"  # Tromsø, and its number from 2020 to 2023
ON = date(2026, 11, 21)
GIRLS = words(
    "Nora Åse Sofie Márjá Ingrid Fatima Zofia Hædda Øydis Anne-Marie Olena Live Tuva Selma Ylva Frida Agnes Borghild Eline Gudrun"
)
BOYS = words(
    "Oskar Håkon Jakob Niillas Mohammed Aleksander Bjørn Ægir Øystein Karl-Johan Yusuf Theo Ludvig Sverre Viktor Didrik Gustav Peder"
)
FAMILY = words(
    "Dahl Berg Åsen Bjørnstad Sørli Næss Hætta Gaup Sandvær Ødegård Łuczak Nowak Šimková Warsame Al-Hassan Nguyen Kovalenko Moe Lie Vik"
)
FAMILY_MIDDLE = ["", *words("berg strand skog elve hauge myr sol vinter")]
FAMILY_END = words("by dal eng foss gård heim holt lund mo nes rud seth stad tveit vang ås")
STREETS = [
    head + tail for head in words("Stor Sjø Grønne Fjell Ås Kirke Bjørke Ørne Vinter Elve") for tail in words("gata veien bakken stien")
]

Rule = tuple[str, str]  # the rule's code, and the number or the journal's id it is about


@dataclass
class Child:
    """One child on both sides. The register's side is a flat row that `document` writes as the register would."""

    number: str
    born_on: date
    given: str
    middle: str
    family: str
    mother: str
    is_girl: bool
    place: str | None = HERE
    status: str | None = "bosatt"
    moved_on: date | None = None
    former: str | None = None
    former_kind: str = "dNummer"
    stay: str | None = None
    grade: str | None = None
    died_on: date | None = None
    emigrated_on: date | None = None
    immigrated_on: date | None = None
    has_no_fixed_address: bool = False
    street: str = ""
    house: int = 1
    in_register: bool = True
    in_previous: bool = False
    previous_grade: str | None = None
    journals: list[dict[str, str]] = field(default_factory=list)


class PlantedMunicipality:
    """`children` children, with one planted difference for every `spacing` of them; `found` is what must be found, and nothing else."""

    def __init__(self, *, children: int, spacing: int = 20, seed: int = 14) -> None:
        self.draw = Random(seed)
        self.children: list[Child] = []
        self.mothers: list[dict[str, Any]] = []
        self.found: set[Rule] = set()
        self.protected: set[str] = set()
        self._numbers: dict[tuple[date, bool], Iterator[str]] = {}
        self._journal = 0
        self._latest_mother = ""
        place = 0
        while len(self.children) < children:
            if place % spacing == 0:
                _PLANTED[place // spacing % len(_PLANTED)](self)
            else:
                _AGREEING[place % len(_AGREEING)](self, self.child())
            place += 1

    # --- people and journals ---

    def number(self, born_on: date, *, is_d_number: bool = False) -> str:
        """A synthetic number nobody else has."""
        if (born_on, is_d_number) not in self._numbers:
            head = f"{born_on.day + 40 * is_d_number:02d}{born_on.month + 80:02d}{born_on.year % 100:02d}"
            individual = range(999, 499, -1) if born_on.year >= 2000 else range(499)
            completed = (with_control_digits(f"{head}{i:03d}") for i in individual)
            self._numbers[born_on, is_d_number] = (number for number in completed if number is not None)
        return next(self._numbers[born_on, is_d_number])

    def child(self, *, twin_of: Child | None = None, youngest: int = 0, oldest: int = 2190, with_journal: bool = True) -> Child:
        """A child who lives here; in agreement, with an open journal, unless told otherwise."""
        draw = self.draw
        born_on = twin_of.born_on if twin_of else ON - timedelta(days=draw.randint(youngest, oldest))
        is_girl = draw.random() < 0.5
        taken = {twin_of.given} if twin_of else set()
        given = draw.choice([name for name in (GIRLS if is_girl else BOYS) if name not in taken])
        middle = draw.choice(FAMILY) if draw.random() < 0.3 else ""
        family = twin_of.family if twin_of else draw.choice(FAMILY) + draw.choice(FAMILY_MIDDLE) + draw.choice(FAMILY_END)
        mother = twin_of.mother if twin_of else ""
        child = Child(self.number(born_on), born_on, given, "" if twin_of else middle, family, mother, is_girl)
        child.street, child.house = (twin_of.street, twin_of.house) if twin_of else (draw.choice(STREETS), draw.randint(1, 900))
        child.moved_on = max(born_on, ON - timedelta(days=draw.randint(0, 2000)))
        self.children.append(child)
        if not twin_of:
            child.mother = self._latest_mother
            if len(self.children) % 4 == 1:  # four children each: fewer rows, and siblings who are no twins
                self.mother(child)
                self._latest_mother = child.mother
        if with_journal:
            self.journal(child)
        return child

    def mother(self, child: Child, *, grade: str | None = None) -> None:
        """Give the child a mother who lives where it does."""
        born_on = ON - timedelta(days=self.draw.randint(9000, 15000))
        mother = Child(self.number(born_on), born_on, self.draw.choice(GIRLS), "", child.family, "", True, grade=grade)
        mother.street, mother.house, mother.moved_on = child.street, child.house, child.born_on
        self.mothers.append(document(mother))
        child.mother = mother.number

    def journal(self, child: Child, **changed: str) -> str:
        """A journal with what the register says, but for what is changed; returns its id."""
        self._journal += 1
        opened_on = min(child.born_on + timedelta(days=8), ON)
        child.journals.append(
            {
                "Journalnr": f"J{self._journal:06d}",
                "Fødselsnummer": child.number,
                "Fornavn": child.given,
                "Etternavn": child.family,
                "Fødselsdato": child.born_on.strftime("%d.%m.%Y"),
                "Opprettet": opened_on.strftime("%d.%m.%Y"),
                "Avsluttet": "",
                "Helsestasjon": "Sentrum helsestasjon",
                "Adresse": f"{child.street} {child.house}",
                "Postnr": "9008",
            }
            | changed
        )
        return child.journals[-1]["Journalnr"]

    def finds(self, rule: str, about: str) -> None:
        """Write down what must be found."""
        self.found.add((rule, about))

    # --- the files ---

    def write(self, folder: Path) -> None:
        """Write register.jsonl, previous.jsonl and journals.csv."""
        documents = [(child, document(child)) for child in self.children]
        _write_lines(folder / "register.jsonl", [*self.mothers, *(lookup for child, lookup in documents if child.in_register)])
        earlier = [
            document(child, grade=child.previous_grade)
            for child in self.children
            if child.in_previous or (child.in_register and child.house % 50 == 0)
        ]
        _write_lines(folder / "previous.jsonl", earlier)
        journals = [journal for child in self.children for journal in child.journals]
        self.draw.shuffle(journals)
        with (folder / "journals.csv").open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, list(journals[0]), delimiter=";")
            writer.writeheader()
            writer.writerows(journals)


_CHANGED = {"erGjeldende": True, "ajourholdstidspunkt": "2026-11-18T09:00:00+01:00"}


def document(child: Child, **changed: Any) -> dict[str, Any]:
    """The look-up's answer about one person, as the population register gives it."""
    grade = changed.get("grade", child.grade)
    current = {"erGjeldende": True}
    identifiers = [_CHANGED | {"foedselsEllerDNummer": child.number, "identifikatortype": "foedselsnummer", "status": "iBruk"}]
    if child.former:
        identifiers.append(
            {"erGjeldende": False, "foedselsEllerDNummer": child.former, "identifikatortype": child.former_kind, "status": "opphoert"}
        )
    person: dict[str, Any] = {
        "identifikasjonsnummer": identifiers,
        "foedsel": [current | {"foedselsdato": child.born_on.isoformat(), "foedselsaar": str(child.born_on.year)}],
        "kjoenn": [current | {"kjoenn": "kvinne" if child.is_girl else "mann"}],
        "navn": [current | {"fornavn": child.given, "etternavn": child.family} | ({"mellomnavn": child.middle} if child.middle else {})],
        "etNyttFelt": [{"somIngenKjenner": True}],
    }
    if child.status:
        person["status"] = [current | {"status": child.status}]
    if child.mother:
        person["familierelasjon"] = [current | {"relatertPerson": child.mother, "relatertPersonsRolle": "mor", "minRolleForPerson": "barn"}]
    if child.place:
        place = {"ukjentBosted": {"bostedskommune": child.place}} if child.has_no_fixed_address else {"vegadresse": _street(child)}
        graded = {"adressegradering": grade if grade in ("klientadresse", "fortrolig") else "ugradert"}
        assert child.moved_on is not None
        person["bostedsadresse"] = [current | graded | place | {"flyttedato": child.moved_on.isoformat()}]
    if child.stay:
        stay = {
            "vegadresse": _street(child) | {"kommunenummer": child.stay},
            "oppholdsadressedato": "2026-10-01",
            "adressegradering": "ugradert",
        }
        person["oppholdsadresse"] = [current | stay]
    if grade in ("fortrolig", "strengtFortrolig"):
        person["adressebeskyttelse"] = [current | {"graderingsnivaa": grade}]
    if child.died_on:
        person["doedsfall"] = current | {"doedsdato": child.died_on.isoformat()}
    if child.emigrated_on:
        person["utflytting"] = [current | {"tilflyttingsland": "SWE", "utflyttingsdato": child.emigrated_on.isoformat()}]
    if child.immigrated_on:
        person["innflytting"] = [current | {"fraflyttingsland": "SYR", "gyldighetstidspunkt": f"{child.immigrated_on}T00:00:00+01:00"}]
    return {"foedselsEllerDNummer": child.number, "folkeregisterperson": person}


def _street(child: Child) -> dict[str, Any]:
    return {
        "kommunenummer": child.place,
        "adressenavn": child.street,
        "adressenummer": {"husnummer": str(child.house)},
        "poststed": {"postnummer": "9008", "poststedsnavn": "TROMSØ"},
    }


def _write_lines(path: Path, lookups: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(lookup, ensure_ascii=False, separators=(",", ":")) + "\n" for lookup in lookups)


# --- children on whom both sides agree, however it looks ---

_PLAIN = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa", "Š": "S", "Ł": "L", "á": "a"})
_STRIPPED = str.maketrans({"æ": "e", "ø": "o", "å": "a", "Ø": "O", "Å": "A", "Š": "S", "Ł": "L", "á": "a"})
_SPELT = {"Mohammed": "Muhammad", "Aleksander": "Alexander", "Yusuf": "Jusuf", "Viktor": "Victor", "Jakob": "Jacob", "Sofie": "Sophie"}


def _spelt(change: Callable[[str], str]) -> Callable[[PlantedMunicipality, Child], None]:
    def agree(_: PlantedMunicipality, child: Child) -> None:
        child.journals[0] |= {"Fornavn": change(child.given), "Etternavn": change(child.family)}

    return agree


def _swapped(_: PlantedMunicipality, child: Child) -> None:
    child.journals[0] |= {"Fornavn": child.family, "Etternavn": child.given}


def _middle_as_family(_: PlantedMunicipality, child: Child) -> None:
    child.journals[0]["Etternavn"] = f"{child.middle} {child.family}".strip()


def _half_a_double_name(_: PlantedMunicipality, child: Child) -> None:
    child.journals[0]["Fornavn"] = child.given.split("-")[0]


def _unnamed(municipality: PlantedMunicipality, child: Child) -> None:
    child.given = f"{municipality.draw.choice(GIRLS)}*{'PIKE' if child.is_girl else 'GUTT'}"
    child.journals[0]["Fornavn"] = "Jente" if child.is_girl else "Gutt"


def _twins(municipality: PlantedMunicipality, child: Child) -> None:
    municipality.child(twin_of=child)


def _formerly(_: PlantedMunicipality, child: Child) -> None:
    child.place = FORMERLY


def _out_and_in(_: PlantedMunicipality, child: Child) -> None:
    child.emigrated_on = child.immigrated_on = child.moved_on


def _no_fixed_address(_: PlantedMunicipality, child: Child) -> None:
    child.has_no_fixed_address = True


def _new_word(_: PlantedMunicipality, child: Child) -> None:
    child.status = "etNyttOrd"


def _with_the_mother(_: PlantedMunicipality, child: Child) -> None:
    child.status, child.place = "foedselsregistrert", None


def _had_a_d_number(municipality: PlantedMunicipality, child: Child) -> None:
    child.former = municipality.number(child.born_on, is_d_number=True)


def _stays_with_journal(_: PlantedMunicipality, child: Child) -> None:
    child.place, child.status, child.stay = None, "midlertidig", HERE


def _client_address(_: PlantedMunicipality, child: Child) -> None:
    child.grade = "klientadresse"


def _too_old(municipality: PlantedMunicipality, child: Child) -> None:
    older = municipality.child(youngest=2200, oldest=5000)
    older.place, older.emigrated_on, older.status = None, ON - timedelta(days=30), "utflyttet"


def _an_old_journal_closed(municipality: PlantedMunicipality, child: Child) -> None:
    municipality.journal(child, Avsluttet="01.09.2026")


def _moved_and_closed(municipality: PlantedMunicipality, child: Child) -> None:
    gone = municipality.child()
    gone.place, gone.journals[0]["Avsluttet"] = ELSEWHERE, "01.09.2026"


_AGREEING: list[Callable[[PlantedMunicipality, Child], None]] = [
    *[_spelt(str)] * 60,
    _spelt(str.upper), _spelt(lambda name: name.translate(_PLAIN)), _spelt(lambda name: name.translate(_STRIPPED)),
    _spelt(lambda name: _SPELT.get(name, name)), _spelt(lambda name: name.replace("-", " ")), _swapped, _middle_as_family, _half_a_double_name,
    _unnamed, _twins, _twins, _formerly, _out_and_in, _no_fixed_address, _new_word, _with_the_mother, _had_a_d_number, _stays_with_journal,
    _client_address, _too_old, _an_old_journal_closed, _moved_and_closed,
]  # fmt: skip


# --- planted differences ---


def _plant_without_journal(agree: Callable[[PlantedMunicipality, Child], None]) -> Callable[[PlantedMunicipality], None]:
    """A child who lives here without a journal, in each of the ways in which one can live here."""

    def plant(municipality: PlantedMunicipality) -> None:
        child = municipality.child()
        agree(municipality, child)
        child.journals.clear()
        municipality.finds("lives_here_without_journal", child.number)

    return plant


def _plant(rule: str, change: Callable[[PlantedMunicipality, Child], None]) -> Callable[[PlantedMunicipality], None]:
    """A child with an open journal, changed so that the rule finds the child's number."""

    def plant(municipality: PlantedMunicipality) -> None:
        child = municipality.child()
        change(municipality, child)
        municipality.finds(rule, child.number)

    return plant


def _plant_protected(change: Callable[[PlantedMunicipality, Child], None]) -> Callable[[PlantedMunicipality], None]:
    def plant(municipality: PlantedMunicipality) -> None:
        child = municipality.child()
        change(municipality, child)
        municipality.protected.add(child.number)

    return plant


def _elsewhere(_: PlantedMunicipality, child: Child) -> None:
    child.place = ELSEWHERE


def _emigrated(_: PlantedMunicipality, child: Child) -> None:
    child.place, child.status, child.emigrated_on = None, "utflyttet", ON - timedelta(days=40)


def _dead(_: PlantedMunicipality, child: Child) -> None:
    child.status, child.died_on = "doed", max(child.born_on, ON - timedelta(days=3))


def _missing(_: PlantedMunicipality, child: Child) -> None:
    child.status = "forsvunnet"


def _closed(_: PlantedMunicipality, child: Child) -> None:
    child.journals[0]["Avsluttet"] = "01.09.2026"


def _stays_without(municipality: PlantedMunicipality, child: Child) -> None:
    _stays_with_journal(municipality, child)
    child.journals.clear()


def _number_from_d_number(municipality: PlantedMunicipality, child: Child) -> None:
    _had_a_d_number(municipality, child)
    child.journals[0]["Fødselsnummer"] = child.former or ""


def _number_corrected(municipality: PlantedMunicipality, child: Child) -> None:
    child.former, child.former_kind = municipality.number(child.born_on), "foedselsnummer"
    child.journals[0]["Fødselsnummer"] = child.former


def _twice(municipality: PlantedMunicipality, child: Child) -> None:
    municipality.journal(child)


def _twice_by_old_and_new(municipality: PlantedMunicipality, child: Child) -> None:
    _had_a_d_number(municipality, child)
    municipality.journal(child, Fødselsnummer=child.former or "")


def _vanished(_: PlantedMunicipality, child: Child) -> None:
    child.in_register, child.house = False, 1


def _gone(municipality: PlantedMunicipality, child: Child) -> None:
    _vanished(municipality, child)
    child.in_previous = True


def _gone_without(municipality: PlantedMunicipality, child: Child) -> None:
    _gone(municipality, child)
    child.journals.clear()


def _other_birth_date(_: PlantedMunicipality, child: Child) -> None:
    other = child.born_on - timedelta(days=31) if child.born_on > ON - timedelta(days=2100) else child.born_on + timedelta(days=31)
    child.journals[0]["Fødselsdato"] = other.strftime("%d.%m.%Y")


def _other_family_name(_: PlantedMunicipality, child: Child) -> None:
    child.middle, child.journals[0]["Etternavn"] = "", "Quist"


def _other_given_name(_: PlantedMunicipality, child: Child) -> None:
    child.journals[0]["Fornavn"] = "Xerxes"


def _plant_without_number(written: str, *, has_twin: bool, change: Callable[[str], str] = str) -> Callable[[PlantedMunicipality], None]:
    def plant(municipality: PlantedMunicipality) -> None:
        child = municipality.child(oldest=2100)
        if has_twin:
            municipality.child(twin_of=child)
        journal = child.journals[0]
        journal |= {"Fornavn": change(child.given), "Etternavn": change(child.family)}
        journal["Fødselsnummer"] = f"{child.number[:10]}{(int(child.number[10]) + 1) % 10}" if written == "invalid" else written
        municipality.finds("invalid_number" if written == "invalid" else "journal_without_number", journal["Journalnr"])

    return plant


def _plant_unnamed_twins(municipality: PlantedMunicipality) -> None:
    """Which of two unnamed twins the journal is about nobody can say: the child is found, and so is the journal."""
    child = municipality.child(oldest=60)
    twin = municipality.child(twin_of=child)
    twin.is_girl = child.is_girl
    mother = municipality.draw.choice(GIRLS)
    for one in (child, twin):
        one.given = f"{mother}*{'PIKE' if child.is_girl else 'GUTT'}"
        one.journals[0]["Fornavn"] = "Jente" if child.is_girl else "Gutt"
    child.journals[0]["Fødselsnummer"] = ""
    municipality.finds("lives_here_without_journal", child.number)
    municipality.finds("journal_without_number", child.journals[0]["Journalnr"])


def _plant_mixed_twins(municipality: PlantedMunicipality) -> None:
    child = municipality.child()
    twin = municipality.child(twin_of=child)
    child.journals[0]["Fornavn"], twin.journals[0]["Fornavn"] = twin.given, child.given
    municipality.finds("name_disagrees", child.number)
    municipality.finds("name_disagrees", twin.number)


def _plant_twin_without(municipality: PlantedMunicipality) -> None:
    child = municipality.child()
    twin = municipality.child(twin_of=child, with_journal=False)
    municipality.finds("lives_here_without_journal", twin.number)


def _plant_nobody(municipality: PlantedMunicipality) -> None:
    """A journal without a number of a child the register file does not hold at all."""
    child = municipality.child()
    _vanished(municipality, child)
    child.family = child.journals[0]["Etternavn"] = f"Zzyx{municipality.draw.randint(0, 9999)}"
    child.given = child.journals[0]["Fornavn"] = "Qwilfrid"
    child.journals[0]["Fødselsnummer"] = child.journals[0]["Adresse"] = child.journals[0]["Postnr"] = ""
    municipality.finds("journal_without_number", child.journals[0]["Journalnr"])


def _strict(_: PlantedMunicipality, child: Child) -> None:
    child.grade, child.place = "strengtFortrolig", None


def _strict_without_number(municipality: PlantedMunicipality, child: Child) -> None:
    _strict(municipality, child)
    child.journals[0]["Fødselsnummer"] = ""


def _confidential(_: PlantedMunicipality, child: Child) -> None:
    child.grade = "fortrolig"


def _confidential_without(_: PlantedMunicipality, child: Child) -> None:
    child.grade = "fortrolig"
    child.journals.clear()


def _confidential_elsewhere(_: PlantedMunicipality, child: Child) -> None:
    child.grade, child.place = "fortrolig", ELSEWHERE


def _of_a_protected_mother(municipality: PlantedMunicipality, child: Child) -> None:
    municipality.mother(child, grade="fortrolig")
    child.status, child.place = "foedselsregistrert", None
    child.journals.clear()


def _gone_and_was_strict(municipality: PlantedMunicipality, child: Child) -> None:
    _gone(municipality, child)
    child.previous_grade = "fortrolig"


_PLANTED: list[Callable[[PlantedMunicipality], None]] = [
    *(_plant_without_journal(agree) for agree in (_spelt(str), _unnamed, _formerly, _out_and_in, _no_fixed_address, _new_word, _with_the_mother, _client_address)),
    _plant_twin_without,
    _plant("closed_journal_lives_here", _closed),
    _plant("stays_here_without_journal", _stays_without),
    _plant("gone_from_extract", _gone),
    _plant("gone_from_extract", _gone_without),
    _plant("journal_open_dead", _dead),
    _plant("journal_open_missing", _missing),
    _plant("number_not_in_extract", _vanished),
    _plant("journal_open_registered_elsewhere", _elsewhere),
    _plant("journal_open_emigrated", _emigrated),
    _plant("identifier_changed", _number_from_d_number),
    _plant("identifier_changed", _number_corrected),
    _plant("two_journals_one_child", _twice),
    _plant("two_journals_one_child", _twice_by_old_and_new),
    _plant_without_number("", has_twin=False),
    _plant_without_number("", has_twin=True),
    _plant_without_number("", has_twin=False, change=lambda name: name.translate(_PLAIN)),
    _plant_without_number("invalid", has_twin=False),
    _plant_unnamed_twins,
    _plant_nobody,
    _plant("birth_date_disagrees", _other_birth_date),
    _plant("name_disagrees", _other_family_name),
    _plant("name_disagrees", _other_given_name),
    _plant_mixed_twins,
    *(
        _plant_protected(change)
        for change in (
            _strict, _strict_without_number, _confidential, _confidential_without, _confidential_elsewhere, _of_a_protected_mother, _gone_and_was_strict,
        )
    ),
]  # fmt: skip
