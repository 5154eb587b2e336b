"""
Questions whose words are found once and that are asked many times (ADR 27).

A rule is written as Django's conditions, in one place, and put together from parts. Putting the question of a long list together, and
turning it into SQL, takes longer than answering it; on PostgreSQL planning it takes as long again. So a question is kept as a function that
builds it and the values it is asked with: its words are found the first time and filled in after that (`words`).
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet

from fjorten.database.words import Value, Words, is_keys

RowT_co = TypeVar("RowT_co", covariant=True)
OtherT = TypeVar("OtherT")

MOST_KEPT: Final = 100  # words of questions, by connection: as many as psycopg keeps plans of [default]
MOST_KEYS: Final = 2048  # primary keys in one value; a question with more of them is put together for itself [default]
_OF: Final = "of_"  # before the names of the values of a question that another is made of


@dataclass(frozen=True, slots=True)
class Question(Generic[RowT_co]):
    """
    A question and what it is asked with: `build(*shape, **values)` gives the rows.

    `shape` is what changes the words, or is reckoned with: which list, in which order, the day. It is told apart by `==`, rows by all they
    hold. `values` only fill the words in: instants, days, numbers, texts, and keys in a list or set (for `pk__in`; no key finds nothing; of
    keys that are texts there is at least one). The builder puts values where the database is to read them, and does nothing else with them.
    """

    build: "Callable[..., QuerySet[Any, RowT_co]]"
    shape: tuple[Hashable, ...] = ()
    values: Mapping[str, Value] = field(default_factory=dict)

    def built(self) -> "QuerySet[Any, RowT_co]":
        """This function will give the question as one of Django's, to be narrowed further or counted."""
        return self.build(*self.shape, **self.values)

    def then(self, do: "Callable[..., QuerySet[Any, OtherT]]", *shape: Hashable, **values: Value) -> "Question[OtherT]":
        """This function will give the question that `do(rows, *shape, **values)` makes of this one."""
        return Question(
            _then, (do, shape, self.build, self.shape), {**values, **{_OF + name: value for name, value in self.values.items()}}
        )

    def rows(self) -> list[RowT_co]:
        """This function will ask it in words that are kept. Raises CannotBeKept."""
        values = {name: tuple(value) if is_keys(value) else value for name, value in self.values.items()}
        lengths = {name: _room(len(value)) for name, value in values.items() if isinstance(value, tuple)}
        if any(length > MOST_KEYS for length in lengths.values()):
            return list(self.built())
        filled = values | {name: _filled(values[name], length) for name, length in lengths.items()}
        key = (self.build, *map(_told_apart_by, self.shape), *((name, lengths.get(name) or type(value)) for name, value in filled.items()))
        connection = connections[DEFAULT_DB_ALIAS]
        kept = _kept_by(connection)
        words = kept.get(key)
        if words is None:
            words = kept[key] = Words(lambda marks: self.build(*self.shape, **marks), filled, connection)
            if len(kept) > MOST_KEPT:
                kept.popitem(last=False)
        kept.move_to_end(key)
        return cast("list[RowT_co]", words.asked(filled))


def _kept_by(connection: Any) -> OrderedDict[Hashable, Words]:
    """The words for a connection of Django's (of one thread, or one task), kept by itself: with it they come, and with it they go."""
    kept: OrderedDict[Hashable, Words] = connection.__dict__.setdefault("kept_words", OrderedDict())
    return kept


def _then(do: Callable[..., Any], shape: tuple[Any, ...], build: Callable[..., Any], of: tuple[Any, ...], **values: Any) -> Any:
    inner = {name.removeprefix(_OF): value for name, value in values.items() if name.startswith(_OF)}
    return do(build(*of, **inner), *shape, **{name: value for name, value in values.items() if not name.startswith(_OF)})


def _room(keys: int) -> int:
    return 1 << max(keys - 1, 0).bit_length()


def _filled(keys: Any, room: int) -> tuple[int, ...]:
    """Fill the places that are left with a key that is there already, or with 0, which no row has."""
    return (*keys, *(keys[-1:] or (0,)) * (room - len(keys)))


def _told_apart_by(part: Hashable) -> Hashable:
    match part:
        case Model():
            return (type(part), *(getattr(part, one.attname) for one in part._meta.concrete_fields))
        case tuple():
            return (type(part), *map(_told_apart_by, part))
        case frozenset():
            return (type(part), frozenset(map(_told_apart_by, part)))
        case _:
            return (type(part), part)
