"""
The file an earlier system's history comes in: JSON Lines, one child a line. Read and written here; its fields are those of `child`.

Days are written as 2026-03-01, times of day as 09:00, instants by the Norwegian clock as 2026-03-01T09:00, words as the closed lists have
them. What is left out has the value the field has without it; a field nobody asked for is refused, lest something is believed to be read.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date, datetime, time
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Final, get_args, get_origin, get_type_hints

from fjorten.history.child import EarlierChild
from fjorten.kernel.national_id import NationalId, NotANationalId, parse
from fjorten.kernel.refusals import Refused
from fjorten.kernel.times import OSLO, oslo_instant

_YEARS: Final = range(1900, 2200)


class HistoryCannotBeRead(Refused):
    """There is no such file, or it cannot be opened."""

    sentence = "Filen med historikk finnes ikke eller kan ikke leses. Sjekk navnet og rettighetene."


class LineIsWrong(Refused):
    """A line cannot be read as a child's history; the sentence says where in it, and what is wrong."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(place)
        self.sentence = f"{place}: {problem}" if place else problem


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file by number, from 1: a child's history, or why it cannot be read."""

    number: int
    told: EarlierChild | LineIsWrong


def read_history(path: Path) -> Iterator[Line]:
    """This function will read the lines of a file, one at a time; empty ones are left out. Raises HistoryCannotBeRead."""
    try:
        with path.open("rb") as stream:
            for number, line in enumerate(stream, start=1):
                if line.strip():
                    yield Line(number, _read_line(line.removeprefix(b"\xef\xbb\xbf")))
    except OSError as wrong:
        raise HistoryCannotBeRead from wrong


def write_history(path: Path, children: Iterable[EarlierChild]) -> int:
    """This function will write children's histories as `read_history` reads them, and count them."""
    with path.open("w", encoding="utf-8") as stream:
        lines = (json.dumps(_written(child), ensure_ascii=False, separators=(",", ":")) + "\n" for child in children)
        return sum(bool(stream.write(line)) for line in lines)


def _read_line(line: bytes) -> EarlierChild | LineIsWrong:
    try:
        content = json.loads(line)
    except (ValueError, RecursionError):
        return LineIsWrong("", "Linjen er ikke gyldig JSON.")
    try:
        child = _read(EarlierChild, content, "")
    except LineIsWrong as wrong:
        return wrong
    assert isinstance(child, EarlierChild)
    return child


def _read(kind: Any, value: object, place: str) -> object:
    """Read one value of a kind; `place` is where it stands, for whoever has the file open."""
    if get_origin(kind) is UnionType:  # of something and None
        [kind] = [one for one in get_args(kind) if one is not NoneType]
        return None if value is None else _read(kind, value, place)
    if get_origin(kind) is tuple:
        if not isinstance(value, list):
            raise LineIsWrong(place, "skal være en liste.")
        return tuple(_read(get_args(kind)[0], one, f"{place}[{number}]") for number, one in enumerate(value, start=1))
    if is_dataclass(kind):
        return _read_fields(kind, value, place)
    if kind in (int, bool):
        if type(value) is not kind:
            raise LineIsWrong(place, "skal være et helt tall." if kind is int else "skal være true eller false.")
        return value
    if not isinstance(value, str):
        raise LineIsWrong(place, "skal være en tekst.")
    return _read_text(kind, value, place)


def _read_fields(kind: Any, value: object, place: str) -> object:
    if not isinstance(value, dict):
        raise LineIsWrong(place, "skal være et objekt med felt." if place else "Linjen skal være et objekt med felt.")
    kinds = _kinds_of(kind)
    for name in value:
        if name not in kinds:
            raise LineIsWrong(_inside(place, name), "er ikke et felt i dette formatet.")
    for field in fields(kind):
        if field.name not in value and field.default is MISSING:
            raise LineIsWrong(_inside(place, field.name), "mangler.")
    return kind(**{name: _read(kinds[name], one, _inside(place, name)) for name, one in value.items()})


def _read_text(kind: Any, text: str, place: str) -> object:
    if kind is str:
        return text
    if kind is NationalId:
        try:
            return parse(text)
        except NotANationalId as wrong:
            raise LineIsWrong(place, wrong.sentence) from None
    if issubclass(kind, StrEnum):
        if text not in list(kind):
            raise LineIsWrong(place, f"skal være ett av: {', '.join(kind)}.")
        return kind(text)
    try:
        read = kind.fromisoformat(text)
        if isinstance(read, datetime):
            if read.tzinfo is not None:
                raise ValueError("by the Norwegian clock, and no other")
            return oslo_instant(_known(read.date()), read.time())
        return _known(read) if isinstance(read, date) else read
    except ValueError:
        raise LineIsWrong(place, f"skrives som {_EXAMPLES[kind]}.") from None


_EXAMPLES: Final = {date: "2026-03-01", time: "09:00", datetime: "2026-03-01T09:00"}


def _known(day: date) -> date:
    if day.year not in _YEARS:
        raise ValueError("nobody here was born then")
    return day


@cache
def _kinds_of(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _inside(place: str, name: str) -> str:
    return f"{place}.{name}".removeprefix(".")


def _written(value: object) -> object:
    """Write a value the way `_read` reads it; fields that have the value they have without it are left out."""
    if is_dataclass(value):
        told = {field.name: (getattr(value, field.name), field.default) for field in fields(value)}
        return {name: _written(one) for name, (one, default) in told.items() if one != default}
    if isinstance(value, tuple):
        return [_written(one) for one in value]
    if isinstance(value, NationalId):
        return value.digits
    if isinstance(value, datetime):
        return value.astimezone(OSLO).replace(tzinfo=None).isoformat(timespec="minutes")
    return value.isoformat() if isinstance(value, date | time) else value
