"""
The words of a question, and which of them are values.

They are found by building the question twice, with two sets of marks in the place of its values: what differs between the two is a value,
and must be the mark that was put there. A builder that reckons with a value, or asks whether it is none, is refused: `CannotBeKept`.
"""

import itertools
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, TypeAlias, TypeGuard

from django.core.exceptions import EmptyResultSet
from django.db.backends.base.base import BaseDatabaseWrapper

from fjorten.database.prepared import Written

Which: TypeAlias = tuple[str, int | None]  # a value by its name and, in a list, its number there
Value: TypeAlias = date | datetime | int | str | Collection[int] | Collection[str]

# Two sets of marks for each kind of value, as far from one another as every column of their kind can hold them: whoever reckons with a
# value, compares it or tidies it up, gives other words or another value for at least one of them.
_DAYS: Final = (date(1701, 1, 1), date(2951, 1, 1))
_INSTANTS: Final = (datetime(1701, 1, 1, tzinfo=UTC), datetime(2951, 1, 1, tzinfo=UTC))
_NUMBERS: Final = (1, 30_001)
_TEXTS: Final = (" Aa%_\\ ", " Åå%_\\ ")


class CannotBeKept(TypeError):
    """A builder does more with a value than put it into the question, or gives one that cannot be asked again."""


def is_keys(value: Value) -> TypeGuard[Collection[Any]]:
    """This function will tell whether a value is several, one of which is asked for."""
    return isinstance(value, Collection) and not isinstance(value, str)


class Words:
    """
    The words of a question for one connection.

    Rows are made of what is read by Django's own compiler, which is told to take it from here instead of asking.
    """

    def __init__(self, build: Callable[[Mapping[str, Any]], Any], values: Mapping[str, Any], connection: BaseDatabaseWrapper) -> None:
        self._connection = connection
        self._written: Written[Which] | None = None
        self._read: Sequence[Any] = ()
        first, second = (_marks(values, which) for which in (0, 1))
        self._rows = build(first)
        if self._rows._prefetch_related_lookups or self._rows._result_cache is not None:
            raise CannotBeKept("a question that reads other rows beside, or has been asked, cannot be kept")
        try:
            sql, parameters = self._taught(self._rows)
            again, others = build(second).query.get_compiler(connection=self._connection).as_sql()
        except EmptyResultSet:
            return  # nothing is ever found
        if sql != again or len(parameters) != len(others):
            raise CannotBeKept("the words of a question are not the same for other values")
        found = list(_places(zip(parameters, others, strict=True), self._by_mark(first), self._by_mark(second)))
        self._written = Written(connection, sql, parameters, found)

    def asked(self, values: Mapping[str, Any]) -> list[Any]:
        """This function will ask with values, of the kinds and number the words were found with."""
        if self._written is None:
            return []

        def value_of(which: Which) -> Any:
            name, number = which
            return _adapted(values[name] if number is None else values[name][number], self._connection)

        self._read = self._written.asked(value_of)
        if self._extra:  # what rows are only put in order by
            self._read = [row[: self._columns] for row in self._read]
        try:
            return list(self._rows._iterable_class(self._rows))
        finally:
            self._read = ()

    def _taught(self, rows: Any) -> tuple[str, Sequence[Any]]:
        """Have the question's compiler find the words, and answer with what is read here from now on."""
        compiler = rows.query.get_compiler(connection=self._connection)
        words: tuple[str, Sequence[Any]] = compiler.as_sql()
        self._extra, self._columns = compiler.has_extra_select, compiler.col_count
        compiler.execute_sql = lambda *_, **__: [self._read]
        rows.query.get_compiler = lambda *_, **__: compiler
        return words

    def _by_mark(self, marks: Mapping[str, Any]) -> dict[Any, Which]:
        return {_adapted(mark, self._connection): which for which, mark in _each(marks)}


def _marks(values: Mapping[str, Any], which: int) -> dict[str, Any]:
    """Put a mark in the place of each value; no two are the same."""
    numbers = itertools.count(_NUMBERS[which])
    marks: dict[str, Any] = {}
    for place, (name, value) in enumerate(values.items()):
        match value:
            case datetime():
                marks[name] = _INSTANTS[which] + timedelta(seconds=place)
            case date():
                marks[name] = _DAYS[which] + timedelta(days=place)
            case str():
                marks[name] = f"{_TEXTS[which]}{place} "
            case (str(), *others):
                marks[name] = tuple(f"{_TEXTS[which]}{place}-{number} " for number in range(len(others) + 1))
            case tuple():
                marks[name] = tuple(itertools.islice(numbers, len(value)))
            case int() if not isinstance(value, bool):
                marks[name] = next(numbers)
            case _:
                raise CannotBeKept(f"{name}: {value!r} is none of the values a question is asked with; make it part of its shape")
    return marks


def _places(
    parameters: Iterable[tuple[Any, Any]], marks: Mapping[Any, Which], other_marks: Mapping[Any, Which]
) -> Iterator[tuple[int, Which]]:
    """Find which parameters are which values."""
    for place, (one, other) in enumerate(parameters):
        if one == other and type(one) is type(other):
            continue  # the same whatever is asked with
        which = marks.get(one) if isinstance(one, Hashable) else None
        if which is not None and isinstance(other, Hashable) and which == other_marks.get(other):
            yield place, which
        else:
            raise CannotBeKept(f"a question reckons with a value; make it part of its shape: {one!r} and {other!r}")


def _each(values: Mapping[str, Any]) -> Iterator[tuple[Which, Any]]:
    for name, value in values.items():
        if isinstance(value, tuple):
            yield from (((name, number), one) for number, one in enumerate(value))
        else:
            yield (name, None), value


def _adapted(value: Any, connection: BaseDatabaseWrapper) -> Any:
    """Turn a value into what Django hands the driver."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value
