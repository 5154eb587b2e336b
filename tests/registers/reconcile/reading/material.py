"""Small register files and journal exports made by hand, as they come from outside: right, unusual and broken. All numbers are synthetic."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from fjorten.registers.reconcile.reading import InputSummary, read_inputs
from fjorten.registers.reconcile.request import AgeRange, Request
from tests.factories.register import a_number

HERE = "0301"
ELSEWHERE = "1103"
ON = date(2026, 11, 21)
BORN_ON = date(2024, 3, 5)

Json = dict[str, Any]


def street(code: str = HERE, **address: Any) -> Json:
    """One entry of bostedsadresse: a house in a street."""
    place = {
        "kommunenummer": code,
        "adressenavn": "Ørneveien",
        "adressenummer": {"husnummer": "5", "husbokstav": "A"},
        "bruksenhetsnummer": "H0101",
        "poststed": {"postnummer": "0155", "poststedsnavn": "OSLO"},
    }
    return {"erGjeldende": True, "flyttedato": "2024-03-05", "adressegradering": "ugradert", "vegadresse": place, **address}


def person(number: str | None = None, **elements: Any) -> Json:
    """A person document: a child who has lived here since birth. An element given as None is left out, any other takes the usual one's place."""
    document = {
        "identifikasjonsnummer": [{"erGjeldende": True, "status": "iBruk", "foedselsEllerDNummer": number or a_number(BORN_ON)}],
        "status": [{"erGjeldende": True, "status": "bosatt"}],
        "foedsel": [{"erGjeldende": True, "foedselsdato": BORN_ON.isoformat(), "foedselsaar": str(BORN_ON.year)}],
        "kjoenn": [{"erGjeldende": True, "kjoenn": "kvinne"}],
        "navn": [{"erGjeldende": True, "fornavn": "Åse", "etternavn": "Blåbærøy"}],
        "bostedsadresse": [street()],
        **elements,
    }
    return {name: entries for name, entries in document.items() if entries is not None}


def look_up(document: Json, number: str | None = None) -> Json:
    """An answer of the bulk look-up."""
    return {"foedselsEllerDNummer": number or document["identifikasjonsnummer"][0]["foedselsEllerDNummer"], "folkeregisterperson": document}


def json_lines(path: Path, rows: Iterable[Json | str | bytes]) -> Path:
    """Write one row a line; texts and bytes are written as they are."""
    content = b"".join(
        (row if isinstance(row, bytes) else row.encode() if isinstance(row, str) else json.dumps(row, ensure_ascii=False).encode()) + b"\n"
        for row in rows
    )
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def parquet(path: Path, rows: Sequence[Mapping[str, Any]], types: Mapping[str, str] | None = None) -> Path:
    """Write a Parquet file with the columns of the first row; `types` gives those that are not text."""
    with duckdb.connect() as connection:
        columns = ", ".join(f'"{name}" {(types or {}).get(name, "VARCHAR")}' for name in rows[0])
        connection.execute(f"CREATE TABLE made ({columns})")
        for row in rows:
            connection.execute(f"INSERT INTO made VALUES ({', '.join('?' * len(row))})", list(row.values()))
        connection.execute(f"COPY made TO '{path}' (FORMAT parquet)")
    return path


JOURNALS = "Fødselsnummer;Etternavn;Fornavn;Født;Opprettet\n"


def journal_file(path: Path, text: str = JOURNALS + ";Å;Ole;01.01.2023;02.01.2023\n", encoding: str = "utf-8") -> Path:
    """Write a journal export; without a text one with a single child, whose number is missing."""
    path.write_bytes(text.encode(encoding))
    return path


@dataclass
class Read:
    """The relations after a reading, and what the reading said about itself."""

    connection: duckdb.DuckDBPyConnection
    summary: InputSummary

    def rows(self, relation: str) -> list[Json]:
        """All rows of a relation; time stamps as text, since Python's need a package."""
        described = self.connection.execute(f"DESCRIBE {relation}").fetchall()
        columns = [f"{name}::VARCHAR AS {name}" if "TIME ZONE" in kind else name for name, kind, *_ in described]
        found = self.connection.execute(f"SELECT {', '.join(columns)} FROM {relation} ORDER BY ALL")
        return [dict(zip([name for name, *_ in described], row, strict=True)) for row in found.fetchall()]

    def row(self, relation: str) -> Json:
        """The one row of a relation."""
        (row,) = self.rows(relation)
        return row

    def column(self, relation: str, name: str) -> list[Any]:
        """One column of all rows."""
        return [row[name] for row in self.rows(relation)]


@dataclass
class Reader:
    """Reads files as a run would; every default is the usual thing."""

    folder: Path
    connection: duckdb.DuckDBPyConnection = field(default_factory=duckdb.connect)

    def read(self, *register: Path, journals: Path | None = None, **request: Any) -> Read:
        """Read the files into the relations."""
        values: dict[str, Any] = {"municipality": HERE, "on": ON, "ages": AgeRange(0, 5), "out": self.folder / "out"} | request
        made = Request(register_paths=register, journals_path=journals or journal_file(self.folder / "ingen.csv"), **values)
        return Read(self.connection, read_inputs(self.connection, made))

    def persons(self, *rows: Json | str | bytes, name: str = "register.jsonl", **request: Any) -> Read:
        """Read one JSON Lines file of these rows."""
        return self.read(json_lines(self.folder / name, rows), **request)

    def person(self, **elements: Any) -> Json:
        """Read one look-up and give its row."""
        return self.persons(look_up(person(**elements))).row("register")

    def journals(self, text: str, encoding: str = "utf-8", **request: Any) -> Read:
        """Read one journal export, beside a register of one child."""
        return self.read(self.one_child(), journals=journal_file(self.folder / "journaler.csv", text, encoding), **request)

    def one_child(self) -> Path:
        """Write the smallest register file there is; Parquet, since that is read soonest."""
        child = {"number": a_number(BORN_ON), "born_year": BORN_ON.year, "municipality": HERE}
        return parquet(self.folder / "register.parquet", [child], {"born_year": "INTEGER"})

    def persons_by_name(self, **named: Json) -> dict[str, Json]:
        """Read several documents at once, and give each one's row under its name here. They get a number each."""
        numbers = {a_number(BORN_ON, nth): name for nth, name in enumerate(named)}
        rows = [look_up(person(number, **named[name])) for number, name in numbers.items()]
        return {numbers[row["number"]]: row for row in self.persons(*rows).rows("register")}
