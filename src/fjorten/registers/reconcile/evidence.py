"""What each side says about a finding, as the keys and ISO dates of findings.json. Only the keys a rule names are ever taken out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, TypeAlias

from fjorten.kernel.names import is_temporary_newborn_name
from fjorten.registers.reconcile.rules import Rule

Evidence: TypeAlias = Mapping[str, str | None]
Row: TypeAlias = Mapping[str, Any]

_UNNAMED: Final = {"kvinne": "Jente", "mann": "Gutt"}


def display_name(row: Row, *, prefix: str = "") -> str | None:
    """
    Write a name as it is registered, given name first; None when there is none.

    A newborn with the register's temporary name is «Jente» or «Gutt» and the family name, by the sex the register gives, never by a name.
    """
    given, middle, family = (row.get(f"{prefix}{part}_name") for part in ("given", "middle", "family"))
    if (not prefix and row.get("name_is_temporary")) or (given and is_temporary_newborn_name(given)):
        given = _UNNAMED.get(row.get("sex") or "", "Barn")
    return " ".join(part for part in (given, middle, family) if part) or None


def of_register(rule: Rule, row: Row) -> Evidence:
    """This function will take out what the register says, for a row of `person`, `gone` or `filed`. Empty when it says nothing."""
    said = {key: _text(_REGISTER[key](row) if key in _REGISTER else row.get(key)) for key in rule.register}
    if "municipality" in rule.register:
        moved_by_reform = row.get("municipality") != row.get("municipality_now")
        said["municipality_now"] = _text(row.get("municipality_now")) if moved_by_reform else None
        said["may_be_here"] = _text(row.get("may_be_here"))
    if "address" in rule.register:
        said["address_is_hidden"] = _text(row.get("address_is_hidden"))
        said["has_no_fixed_address"] = _text(row.get("address_kind") == "unknown")
    return said if any(value is not None for value in said.values()) else {}


def of_journal(rule: Rule, row: Row) -> Evidence:
    """This function will take out what one journal says, for a row of `filed`."""
    return {key: _text(display_name(row) if key == "name" else row.get(key)) for key in rule.journal}


_REGISTER: Final = {
    "name": display_name,
    "born_on": lambda row: row.get("born_on") or row.get("born_year"),
}


def _text(value: object) -> str | None:
    match value:
        case None | False | "":
            return None
        case True:
            return "yes"
        case date():
            return value.isoformat()
        case _:
            return str(value)
