"""The languages a message may be in: how they are called and which way they are read. Pure; the words are in languages.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

from fjorten.programme.tables import DefinitionIsInvalid, Problem, Table


@dataclass(frozen=True, slots=True)
class Language:
    """A language by its code (ISO 639): its own name for itself, the Norwegian one, its word for a child without a name, and which way."""

    code: str
    name: str
    norwegian: str
    child: str
    is_right_to_left: bool


@cache
def languages() -> Mapping[str, Language]:
    """This function will give the languages by their codes, in the order they are shown. Raises DefinitionIsInvalid."""
    file = "languages.toml"
    content = tomllib.loads(resources.files("fjorten.messages").joinpath(file).read_text(encoding="utf-8"))
    problems: list[Problem] = []
    found = {}
    for code in content:
        table = Table(content, place="", problems=problems).table(code, example="{ ... }")
        if table is not None:
            found[code] = Language(
                code=code,
                name=table.text("name", example='"polski"'),
                norwegian=table.text("norwegian", example='"polsk"'),
                child=table.text("child", example='"dziecko"'),
                is_right_to_left=table.optional_flag("is_right_to_left"),
            )
            table.close()
    if problems:
        raise DefinitionIsInvalid(file, problems)
    return MappingProxyType(found)
