"""
Invented persons as the population register documents them, and the files they come in. Every number is synthetic (month + 80).

    child = person_document(a_number(date(2026, 2, 1)), born_on=date(2026, 2, 1), mother=a_number(date(1994, 5, 3)))
    load(extract_file(tmp_path / "uttrekk.jsonl", [child]))

The traits of `person_document` are named after the situation; what is not said is as for most children: a resident of 9901 since birth.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from fjorten.kernel.national_id import with_control_digits

Json = dict[str, Any]

HERE = "9901"
NEIGHBOUR = "9902"


def a_number(born_on: date, nth: int = 0, *, is_d_number: bool = False) -> str:
    """The nth synthetic number of somebody born on a day; the series is the one for that century."""
    first, last = (500, 1000) if born_on.year >= 2000 else (0, 500)
    day = born_on.day + 40 if is_d_number else born_on.day
    found = 0
    for individual in range(first, last):
        number = with_control_digits(f"{day:02}{born_on.month + 80:02}{born_on.year % 100:02}{individual:03}")
        if number is not None:
            if found == nth:
                return number
            found += 1
    raise ValueError(f"there are only {found} numbers for {born_on}")


def person_document(
    number: str,
    *,
    born_on: date | None,
    born_in: int | None = None,
    given: str = "VAKKER",
    family: str = "BLÅBÆRØY",
    has_temporary_name: bool = False,
    sex: str = "kvinne",
    lives_in: str | None = HERE,
    since: date | None = None,
    is_undated: bool = False,
    basic_unit: int | None = 1010101,
    address_is_unknown: bool = False,
    earlier_homes: Sequence[tuple[str, date]] = (),
    earlier_numbers: Sequence[str] = (),
    status: str | None = None,
    is_birth_registered_without_address: bool = False,
    stays_in: str | None = None,
    mother: str = "",
    father: str = "",
    died_on: date | None = None,
    emigrated_on: date | None = None,
    immigrated_on: date | None = None,
    is_confidential: bool = False,
    is_strictly_confidential: bool = False,
    changed_at: datetime | None = None,
) -> Json:
    """
    One `folkeregisterperson`.

    `since` is when the person moved in (without: at birth), `is_undated` leaves the moving date out. `earlier_homes` are (municipality, moved
    in on), oldest first, each over when the next begins. `changed_at` stamps every element.
    """
    moved_in = since or immigrated_on or born_on
    homes = (
        []
        if lives_in is None or is_birth_registered_without_address or is_strictly_confidential or emigrated_on
        else [(lives_in, moved_in)]
    )
    document: Json = {
        "identifikasjonsnummer": [
            *({"foedselsEllerDNummer": old, "status": "opphoert", "erGjeldende": False} for old in earlier_numbers),
            {"foedselsEllerDNummer": number, "status": "iBruk", "erGjeldende": True},
        ],
        "status": [
            _element(status=status or _status(is_birth_registered_without_address, died_on, emigrated_on), since=emigrated_on or died_on)
        ],
        "foedsel": [_birth(born_on, born_in)],
        "kjoenn": [_element(kjoenn=sex)],
        "navn": [_element(fornavn=f"{given}*PIKE" if has_temporary_name else given, etternavn=family)],
        "bostedsadresse": [
            *_earlier(earlier_homes, until=moved_in),
            *(_home(code, None if is_undated else begins, basic_unit, address_is_unknown) for code, begins in homes),
        ],
    }
    if is_strictly_confidential:
        document["bostedsadresse"] = []
    if is_confidential or is_strictly_confidential:
        document["adressebeskyttelse"] = [_element(graderingsnivaa="strengtFortrolig" if is_strictly_confidential else "fortrolig")]
    if stays_in is not None:
        document["oppholdsadresse"] = [_element(vegadresse={"kommunenummer": stays_in}, oppholdsadressedato=_day(moved_in))]
    if mother or father:
        parents = [(role, parent) for role, parent in (("mor", mother), ("far", father)) if parent]
        document["familierelasjon"] = [_element(relatertPersonsRolle=role, relatertPerson=parent) for role, parent in parents]
        document["foreldreansvar"] = [_element(ansvar="felles" if len(parents) == 2 else parents[0][0], ansvarlig=parents[0][1])]
    if died_on is not None:
        document["doedsfall"] = {"doedsdato": _day(died_on), "erGjeldende": True}
    if emigrated_on is not None:
        document["utflytting"] = [_element(tilflyttingsland="SWE", utflyttingsdato=_day(emigrated_on))]
        document["bostedsadresse"] = [_home(lives_in, moved_in, basic_unit, False, until=emigrated_on)] if lives_in else []
    if immigrated_on is not None:
        document["innflytting"] = [_element(fraflyttingsland="POL", since=immigrated_on)]
    if changed_at is not None:
        _stamp(document, changed_at)
    return document


def extract_file(path: Path, documents: Iterable[Json]) -> Path:
    """Write documents as an extract: one look-up a line."""
    with path.open("w", encoding="utf-8") as stream:
        for document in documents:
            number = document["identifikasjonsnummer"][-1]["foedselsEllerDNummer"]
            stream.write(json.dumps({"foedselsEllerDNummer": number, "folkeregisterperson": document}, ensure_ascii=False) + "\n")
    return path


def event(sequence: int, document: Json, *, at: datetime, what: str = "endringIBostedsadresse") -> tuple[Json, Json]:
    """One event of the feed and the document behind it, as the two lines of a feed folder."""
    number = document["identifikasjonsnummer"][-1]["foedselsEllerDNummer"]
    row = {
        "sekvensnummer": sequence,
        "hendelse": {
            "folkeregisteridentifikator": number,
            "hendelsetype": what,
            "hendelsesdokument": f"h{sequence}",
            "persondokument": f"p{sequence}",
            "ajourholdstidspunkt": at.isoformat(),
        },
    }
    return row, {"dokumentidentifikator": f"p{sequence}", "folkeregisterperson": document}


def feed_folder(folder: Path, events: Iterable[tuple[Json, Json]]) -> Path:
    """Write events as a feed folder: feed.jsonl and documents.jsonl."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = list(events)
    for name, place in (("feed.jsonl", 0), ("documents.jsonl", 1)):
        (folder / name).write_text("".join(json.dumps(pair[place], ensure_ascii=False) + "\n" for pair in rows), encoding="utf-8")
    return folder


def _status(is_birth_registered: bool, died_on: date | None, emigrated_on: date | None) -> str:
    if died_on is not None:
        return "doed"
    if emigrated_on is not None:
        return "utflyttet"
    return "foedselsregistrert" if is_birth_registered else "bosatt"


def _element(*, since: date | None = None, **values: object) -> Json:
    element: Json = {**values, "erGjeldende": True}
    if since is not None:
        element["gyldighetstidspunkt"] = f"{since.isoformat()}T00:00:00Z"
    return element


def _birth(born_on: date | None, born_in: int | None) -> Json:
    if born_on is not None:
        return _element(foedselsdato=_day(born_on), foedselsaar=str(born_on.year))
    return _element(foedselsaar=str(born_in)) if born_in is not None else _element()


def _home(code: str, since: date | None, basic_unit: int | None, is_unknown: bool, *, until: date | None = None) -> Json:
    place = {"ukjentBosted": {"bostedskommune": code}} if is_unknown else {"vegadresse": {"kommunenummer": code}}
    home = _element(**place)
    if since is not None:
        home["flyttedato"] = _day(since)
    if basic_unit is not None:
        home["grunnkrets"] = basic_unit
    if until is not None:
        home |= {"erGjeldende": False, "opphoerstidspunkt": f"{_day(until)}T00:00:00Z"}
    return home


def _earlier(homes: Sequence[tuple[str, date]], *, until: date | None) -> list[Json]:
    ends = [*(begins for _, begins in homes), until][1:]
    return [_home(code, begins, None, False, until=end) for (code, begins), end in zip(homes, ends, strict=False)]


def _stamp(document: Json, at: datetime) -> None:
    for value in document.values():
        for element in value if isinstance(value, list) else [value]:
            element["ajourholdstidspunkt"] = at.isoformat()


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
