"""Two sides made row by row: persons of a register and journals, put straight into the relations that the rules read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb

from fjorten.kernel.national_id import with_control_digits
from fjorten.registers.reconcile.reconciliation import Reconciliation, reconcile
from fjorten.registers.reconcile.relations import create_relations
from fjorten.registers.reconcile.request import AgeRange, Request

HERE = "0301"
ELSEWHERE = "1103"
ON = date(2026, 11, 21)
BORN_ON = date(2024, 3, 5)


def number_of(born_on: date, serial: int, *, is_d_number: bool = False) -> str:
    """A synthetic number (month + 80) for a birth date; the `serial`-th that has valid control digits."""
    head = f"{born_on.day + (40 if is_d_number else 0):02d}{born_on.month + 80:02d}{born_on.year % 100:02d}"
    valid = (number for individual in range(999, 499, -1) if (number := with_control_digits(f"{head}{individual:03d}")))
    for _ in range(serial):
        next(valid)
    return next(valid)


@dataclass
class TwoSides:
    """The two sides of one reconciliation. Every default is an ordinary child who lives here and has an open journal."""

    on: date = ON
    ages: AgeRange = field(default_factory=lambda: AgeRange(0, 5))
    _rows: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {
            table: [] for table in ("register", "register_number", "register_failed", "previous", "journal", "rejected")
        }
    )
    _serial: int = 0

    def new_number(self, born_on: date = BORN_ON, *, is_d_number: bool = False) -> str:
        """A number nobody here has yet."""
        self._serial += 1
        return number_of(born_on, self._serial, is_d_number=is_d_number)

    def person(self, *, former_numbers: tuple[str, ...] = (), since: date | None = None, **values: Any) -> str:
        """Put a person into the register and return its number."""
        row = self._person_row(values)
        row["person_key"] = len(self._rows["register"]) + 1
        self._rows["register"].append(row)
        if row["number"] is not None:
            self._rows["register_number"].append(
                {"person_key": row["person_key"], "number": row["number"], "is_in_use": True, "is_current": True, "since": since}
            )
        for number in former_numbers:
            self._rows["register_number"].append(
                {"person_key": row["person_key"], "number": number, "is_in_use": False, "is_current": False, "since": None}
            )
        return str(row["number"])

    def earlier(self, **values: Any) -> str:
        """Put a person into the earlier extract and return its number."""
        row = self._person_row(values) | {"person_key": len(self._rows["previous"]) + 1}
        row.setdefault("numbers", [row["number"]])
        row.setdefault("last_seen_on", date(2026, 10, 20))
        self._rows["previous"].append(row)
        return str(row["number"])

    def journal(self, number: str | None, **values: Any) -> None:
        """Open a journal; `closed_on` closes it."""
        key = len(self._rows["journal"]) + 1
        row = {
            "journal_key": key,
            "line": key + 1,
            "journal_id": f"J{key}",
            "number_raw": number,
            "number": number,
            "number_problem": None if number else "missing",
            "given_name": "Nora",
            "family_name": "Dahl",
            "born_on": BORN_ON,
            "opened_on": date(2024, 3, 12),
            "clinic": "Sentrum helsestasjon",
        }
        self._rows["journal"].append(row | {"is_open": values.get("closed_on") is None} | values)

    def failed_lookup(self, number: str, message: str) -> None:
        """Let the look-up of a number answer with an error."""
        self._rows["register_failed"].append({"source": "register.jsonl", "line": 1, "number": number, "message": message})

    def rejected_row(self, **values: Any) -> None:
        """Let a row of a file be unreadable."""
        self._rows["rejected"].append({"source": "journaler.csv", "line": 7, "reason": "Raden har for få felt."} | values)

    def answer(self, out: Path = Path("ut"), **request: Any) -> Reconciliation:
        """Reconcile the two sides; also when they hardly match, unless `force=False`."""
        with self.relations() as connection:
            return reconcile(connection, self.request(out, **request))

    def request(self, out: Path = Path("ut"), **values: Any) -> Request:
        """The request that goes with the two sides."""
        settings: dict[str, Any] = {"municipality": HERE, "on": self.on, "ages": self.ages, "force": True} | values
        return Request(register_paths=(Path("register.jsonl"),), journals_path=Path("journaler.csv"), out=out, **settings)

    @contextmanager
    def relations(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A database with the relations filled as the readers would."""
        with duckdb.connect(config={"threads": 1}) as connection:
            create_relations(connection)
            for table, rows in self._rows.items():
                for row in rows:
                    columns = ", ".join(row)
                    connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * len(row))})", list(row.values()))
            yield connection

    def _person_row(self, values: dict[str, Any]) -> dict[str, Any]:
        born_on = values.get("born_on", BORN_ON)
        row: dict[str, Any] = {
            "source": "register.jsonl",
            "line": len(self._rows["register"]) + 1,
            "status": "bosatt",
            "born_on": born_on,
            "is_dead": values.get("died_on") is not None,
            "given_name": "Nora",
            "family_name": "Dahl",
            "name_is_temporary": False,
            "protection": "none",
            "municipality": HERE,
            "moved_on": date(2024, 3, 5),
            "address_kind": "street",
            "address": "Storgata 1, 0155 OSLO",
            "guardian_numbers": [],
            "last_changed_at": datetime(2026, 11, 1, 12, tzinfo=UTC),
        } | values
        if "number" not in row:
            row["number"] = self.new_number(born_on or BORN_ON)
        row.setdefault("municipality_now", row["municipality"])
        if row["municipality"] is None and "address" not in values:
            row |= {"moved_on": None, "address": None, "address_kind": "none"}
        return row
