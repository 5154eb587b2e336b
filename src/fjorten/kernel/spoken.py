"""
Norwegian texts that know what they are put together of, so that a page can say the same in another language.

Rooms say everything in bokmål, whoever asks: the trail, stored rows and the command line never follow the language of a page. What a page
shows of it is translated there, whole sentence by whole sentence (`web.words.on_screen`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


class Spoken(str):
    """A text in bokmål that remembers its sentence, `%(name)s` where a value stands, and the values, which may be spoken themselves."""

    sentence: str
    values: Mapping[str, str]


class Named(str):
    """A name in bokmål that remembers itself in the other languages."""

    names: Mapping[str, str]


def spoken(sentence: str, **values: str) -> Spoken:
    """This function will put values into a sentence: `spoken("Time hos %(who)s.", who="Kari")`. Its sentence is what gets translated."""
    text = Spoken(sentence % values if values else sentence)
    text.sentence, text.values = sentence, MappingProxyType(values) if values else _NOTHING
    return text


def named(names: Mapping[str, str]) -> Named:
    """This function will give a name that is known in several languages, as bokmål has it."""
    text = Named(names["nb"])
    text.names = names
    return text


def in_a_row(parts: Iterable[str], separator: str = " ") -> Spoken:
    """This function will set texts one after the other, those that say something."""
    said = {f"part{number}": part for number, part in enumerate(part for part in parts if part)}
    return spoken(separator.join(f"%({name})s" for name in said), **said)
