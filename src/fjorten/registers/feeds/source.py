"""What the rest of the house sees of a register: pages of events, documents and persons, and nothing of how they were fetched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType, TracebackType
from typing import Final, NoReturn, Protocol, Self, TypeAlias

from fjorten.kernel.national_id import MASK, NationalId
from fjorten.kernel.refusals import Refused

# A person as the register describes one. Kept open: fields and values unknown to us are normal input.
PersonDocument: TypeAlias = dict[str, object]


class FeedCannotBeRead(Refused):
    """The events cannot be had from where we were told to look. The sentence says what to change, and never holds a national number."""

    sentence = "Hendelsene fra registeret kan ikke leses."

    def __init__(self, sentence: str | None = None) -> None:
        super().__init__(sentence or self.sentence)
        if sentence is not None:
            self.sentence = sentence


class NumberAsWritten:
    """
    An identifier from the register that is not a valid national number, kept as it was written.

    It is normal input: a register may hold numbers we do not know the form of yet. It is as secret as a valid one, so any text made of it
    is asterisks; only `digits` tells. Not a dataclass, because `dataclasses.asdict` would see into it.
    """

    __slots__ = ("_digits",)
    _digits: str

    def __init__(self, digits: str) -> None:
        object.__setattr__(self, "_digits", digits)

    @property
    def digits(self) -> str:
        """The identifier itself, as written: for look-ups, never for logs."""
        return self._digits

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"NumberAsWritten is immutable: cannot set {name}")

    def __eq__(self, other: object) -> bool:
        return self._digits == other._digits if isinstance(other, NumberAsWritten) else NotImplemented

    def __hash__(self) -> int:
        return hash((NumberAsWritten, self._digits))

    def __reduce__(self) -> tuple[type[NumberAsWritten], tuple[str]]:
        return NumberAsWritten, (self._digits,)

    def __repr__(self) -> str:
        return f"NumberAsWritten({MASK})"

    def __str__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)


RegisterNumber: TypeAlias = NationalId | NumberAsWritten


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRow:
    """
    One event about one person: what happened, and where the documents lie.

    `event_type` is an open set (`endringIBostedsadresse`, ...), empty when the register did not say. `person_document` identifies the
    person as he or she was after the event; some events have none and the person is looked up instead. `registered_at` is UTC.
    """

    sequence: int
    event_type: str
    number: RegisterNumber
    person_document: str | None
    event_document: str | None
    registered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Gap:
    """Sequence numbers, both ends included, that should have been there and were not."""

    first: int
    last: int

    @property
    def missing(self) -> int:
        """The number of sequence numbers in the gap."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row nothing could be made of. `position` counts from 1 in the page or file; the Norwegian reason never repeats the row."""

    position: int
    sequence: int | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPage:
    """
    A stretch of the feed, in order of sequence number.

    `gaps` are within the page and against what was read before it. `conflicts` are sequence numbers that came with rows that differ; all
    of them are in `rows`. `read_through` is the number to go on from once the page is dealt with, also when its last row was rejected.
    """

    rows: tuple[FeedRow, ...]
    gaps: tuple[Gap, ...]
    rejected: tuple[RejectedRow, ...]
    conflicts: tuple[int, ...]
    read_through: int


@dataclass(frozen=True, slots=True)
class FailedLookUp:
    """A document or person asked for and not had. `key` is what was asked with, hidden from every text because it may be a number."""

    key: str = field(repr=False)
    reason: str


class Found(Mapping[str, PersonDocument]):
    """
    What a look-up gave, by the document identifier or number asked with; `failures` tells why the others are absent.

    An answer that is missing says nothing about the person. In particular not that nobody is there.
    """

    __slots__ = ("_documents", "failures")

    def __init__(self, documents: Mapping[str, PersonDocument], failures: Iterable[FailedLookUp] = ()) -> None:
        self._documents: Final = MappingProxyType(dict(documents))
        self.failures: Final = tuple(failures)

    def __getitem__(self, key: str) -> PersonDocument:
        return self._documents[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._documents)

    def __len__(self) -> int:
        return len(self._documents)

    def __repr__(self) -> str:
        return f"Found({len(self)} documents, {len(self.failures)} failures)"


class RegisterSource(Protocol):
    """
    A register that can be read, whatever stands in front of it. Raises FeedCannotBeRead, or one of its subclasses, from every method.

    A source is closed when it is no longer needed; it is its own context manager.
    """

    def pages(self, after: int | None) -> Iterator[FeedPage]:
        """
        This function will read the events with a sequence number above `after`, page by page, as many as there are when it is called.

        0 means that everything from number 1 is expected, so that a later start is reported as a gap. None means that nothing has been read
        and the first number there is sets the start.
        """
        ...

    def documents(self, ids: Iterable[str]) -> Found:
        """This function will fetch persons as they were at certain events, by the document identifiers of the feed."""
        ...

    def persons(self, numbers: Iterable[str]) -> Found:
        """This function will fetch persons as they are now, by number; a number no longer in use gives the person who had it."""
        ...

    def last_sequence(self) -> int | None:
        """This function will tell the highest sequence number there is, 0 for an empty feed; None when the service does not tell."""
        ...

    def close(self) -> None:
        """This function will let go of files and connections."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None: ...
