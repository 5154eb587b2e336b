"""
A municipality's own days and words on top of the ladder that ships with fjorten. Pure.

Only days, words and waits have a field here. Whose a step is, what opens a case, how one may end and what must never happen do not: a file
that tries is refused, and what comes out is held to the same never-rules as the ladder itself. Written as a TOML file:

    municipality = "4601"
    valid_from = 2026-09-01
    based_on = "2026.1"
    decided_by = "Ledende helsesykepleier, sak 2026/12"
    why = "Vi ringer dagen etter."

    [[step]]
    code = "check_and_call"
    standard_days = 1

    [[close]]
    code = "attended"
    name = { nb = "barnet har vært her", nn = "barnet har vore her", en = "the child has been here" }
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from fjorten.followup.ladder import Ladder, Track, ladder_tables, read_ladder
from fjorten.programme.tables import DefinitionIsInvalid, Problem, Table

_MUNICIPALITY: Final = re.compile(r"[0-9]{4}", re.ASCII)
_WORDS: Final = ("reason", "pause", "close")
_DAYS: Final = tuple(f"{track}_days" for track in Track)
_MONTHS: Final = ("deadline", "pause", "watch", "ask_again")


@dataclass(frozen=True, slots=True)
class LadderChange:
    """What one municipality has decided, and the ladder that makes, from a day on; `tables` are what that ladder is read from."""

    municipality: str
    valid_from: date
    decided_by: str
    reason: str
    ladder: Ladder
    tables: Mapping[str, object]


def read_change(content: Mapping[str, object], *, file: str = "ladder overlay") -> LadderChange:
    """
    This function will read a municipality's own days and words, and make the ladder that follows.

    Raises DefinitionIsInvalid with every mistake that can be found: a step or a reason the ladder does not have, a field that is not the
    municipality's to change, another version than the one that ships; and, when all that is right, what the changed ladder would break.
    """
    problems: list[Problem] = []
    base = ladder_tables()
    top = Table(content, place="", problems=problems)
    municipality = top.matching("municipality", _MUNICIPALITY, example="4601")
    valid_from = top.day("valid_from")
    based_on = top.text("based_on", example='"2026.1"')
    if based_on and based_on != base["version"]:
        top.note("based_on", f'"{based_on}" is not the version that ships; decide again on "{base["version"]}"')
    decided_by = top.text("decided_by", example='"Ledende helsesykepleier, sak 2026/12"')
    reason = top.text("why", example='"Vi ringer dagen etter."')
    steps = [_changed(table, base["step"], days=_DAYS) for table in top.tables("step")]
    words = {key: [_changed(table, base[key]) for table in top.tables(key)] for key in _WORDS}
    months = _months(top.optional_table("months"))
    top.close()
    if problems or valid_from is None:
        raise DefinitionIsInvalid(file, problems)
    changed = {**base, "step": _with(base["step"], steps), "months": {**base["months"], **months}}
    changed |= {key: _with(base[key], words[key]) for key in _WORDS}
    changed["version"] = f"{base['version']}+{municipality}.{valid_from}.{_fingerprint(changed)}"
    return LadderChange(municipality, valid_from, decided_by, reason, read_ladder(changed, file=file), changed)


@dataclass(frozen=True, slots=True)
class Wanted:
    """
    How a municipality wants the ladder: days of steps by code, words by list ("step", "reason", "pause", "close"), code and language, and
    months by what is waited. What is not mentioned is as it ships.
    """

    days: Mapping[str, Mapping[Track, int]]
    words: Mapping[str, Mapping[str, Mapping[str, str]]]
    months: Mapping[str, int]


def decision_about(wanted: Wanted, *, municipality: str, valid_from: date, decided_by: str, why: str) -> dict[str, object]:
    """
    This function will write down how a municipality wants the ladder, as its file is written: only what differs from the one that ships.
    """
    base = ladder_tables()
    lists = {key: [change for row in base[key] if len(change := _difference(row, wanted, key)) > 1] for key in ("step", *_WORDS)}
    months = {key: wanted.months[key] for key in _MONTHS if wanted.months.get(key, base["months"][key]) != base["months"][key]}
    said = {"municipality": municipality, "valid_from": valid_from, "based_on": base["version"], "decided_by": decided_by, "why": why}
    return {**said, **{key: rows for key, rows in lists.items() if rows}, **({"months": months} if months else {})}


def _difference(row: Mapping[str, Any], wanted: Wanted, key: str) -> dict[str, object]:
    code = row["code"]
    days = wanted.days.get(code, {}) if key == "step" else {}
    change: dict[str, object] = {f"{track}_days": many for track, many in days.items() if many != row[f"{track}_days"]}
    name = {**row["name"], **wanted.words.get(key, {}).get(code, {})}
    return {"code": code, **change, **({"name": name} if name != row["name"] else {})}


def _changed(table: Table, known: Sequence[Mapping[str, object]], *, days: Sequence[str] = ()) -> dict[str, object]:
    code = table.text("code", example='"check_and_call"')
    codes = [str(row["code"]) for row in known]
    if code and code not in codes:
        table.note("code", f'"{code}" is not in the ladder (known: {", ".join(codes)})')
    change: dict[str, object] = {"code": code}
    for key in days:
        if table.has(key):
            change[key] = table.number(key, example="2")
    if table.has("name"):
        change["name"] = dict(table.names("name"))
    table.close()
    return change


def _months(table: Table | None) -> dict[str, int | None]:
    if table is None:
        return {}
    months = {key: table.number(key, example="3") for key in _MONTHS if table.has(key)}
    table.close()
    return months


def _with(rows: Sequence[Mapping[str, object]], changes: Sequence[Mapping[str, object]]) -> list[dict[str, object]]:
    by_code = {change["code"]: change for change in changes}
    return [{**row, **by_code.get(row["code"], {})} for row in rows]


def _fingerprint(tables: Mapping[str, object]) -> str:
    canonical = json.dumps(tables, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()[:8]
