"""From rows as the register gives them to ordered pages: what is read, what is missing, what could not be read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import pairwise
from typing import Final

from fjorten.kernel.national_id import NationalId, NotANationalId, mask, parse
from fjorten.kernel.times import OSLO
from fjorten.registers.feeds.parsing import can_be_stored, object_in
from fjorten.registers.feeds.source import FeedPage, FeedRow, Gap, NumberAsWritten, RegisterNumber, RejectedRow

# OpenAPI "offentlig-med-hjemmel" v1.5: sekvensnummer is an int64. [source]
HIGHEST_SEQUENCE: Final = 2**63 - 1
# Longer than any event type (44 characters) or document identifier (36) the register has published. [default]
LONGEST_CODE: Final = 200


class RowIsBroken(ValueError):
    """A row that no event can be made of; the message is the Norwegian reason and never repeats the row."""

    def __init__(self, reason: str, *, sequence: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.sequence = sequence


def row_of(raw: object) -> FeedRow:
    """
    This function will read one row of the feed: `{"sekvensnummer": 1, "hendelse": {...}}`.

    Event types are an open set; `hendelsestype` is read as `hendelsetype`, since both spellings occur in the register's own documentation
    [source]. An unreadable time is left out, and a number that is not valid is kept as written. Raises RowIsBroken when there is no
    sequence number, or nothing that tells whom the event is about.
    """
    row = object_in(raw)
    if row is None:
        raise RowIsBroken("Raden er ikke et JSON-objekt.")
    sequence = sequence_in(row.get("sekvensnummer"))
    event = object_in(row.get("hendelse"))
    if event is None:
        raise RowIsBroken("Raden mangler «hendelse».", sequence=sequence)
    number = _text_in(event, "folkeregisteridentifikator", sequence)
    person_document = _text_in(event, "persondokument", sequence)
    if number is None and person_document is None:
        raise RowIsBroken("Raden sier ikke hvem hendelsen gjelder.", sequence=sequence)
    event_type = _text_in(event, "hendelsetype", sequence) or _text_in(event, "hendelsestype", sequence)
    return FeedRow(
        sequence=sequence,
        event_type=_masked(event_type or ""),
        number=number_of(number or ""),
        person_document=person_document,
        event_document=_text_in(event, "hendelsesdokument", sequence),
        registered_at=_instant_of(event.get("ajourholdstidspunkt")),
    )


def sequence_in(raw: object) -> int:
    """This function will read a sequence number, also when it is written as text. Raises RowIsBroken unless it is from 1 to 2^63 - 1."""
    if type(raw) is int and 0 < raw <= HIGHEST_SEQUENCE:
        return raw
    digits = raw if isinstance(raw, str) else ""
    if digits.isascii() and digits.isdigit() and len(digits) <= len(str(HIGHEST_SEQUENCE)) and 0 < int(digits) <= HIGHEST_SEQUENCE:
        return int(digits)
    raise RowIsBroken("Raden mangler «sekvensnummer», eller det er ikke et positivt heltall.")


def number_of(written: str) -> RegisterNumber:
    """This function will read an identifier: a NationalId when it is valid, otherwise as it was written. Never raises."""
    try:
        # The register writes eleven digits and nothing between; a number people have grouped is the exception.
        return NationalId(written) if len(written) == 11 else parse(written)
    except NotANationalId:
        return NumberAsWritten(written)


def page_of(raws: Iterable[tuple[int, object]], *, after: int | None) -> FeedPage:
    """
    This function will make a page of raw rows, each with its position, in any order.

    Rows up to `after` have been read before and are left out. A row that came twice is there once; rows that differ but share a sequence
    number are all there, and the number is reported as a conflict. A rejected row whose sequence number could be read is no gap.
    """
    rows: dict[FeedRow, None] = {}
    rejected: list[RejectedRow] = []
    read_before = after or 0
    for position, raw in raws:
        try:
            row = row_of(raw)
        except RowIsBroken as broken:
            if broken.sequence is None or broken.sequence > read_before:
                rejected.append(RejectedRow(position, broken.sequence, broken.reason))
            continue
        if row.sequence > read_before:
            rows[row] = None
    ordered = sorted(rows, key=lambda row: row.sequence)
    sequences = sorted({row.sequence for row in ordered} | {row.sequence for row in rejected if row.sequence is not None})
    return FeedPage(
        rows=tuple(ordered),
        gaps=gaps_in(sequences, after=after),
        rejected=tuple(rejected),
        conflicts=tuple(sorted({first.sequence for first, second in pairwise(ordered) if first.sequence == second.sequence})),
        read_through=sequences[-1] if sequences else read_before,
    )


def gaps_in(sequences: Sequence[int], *, after: int | None) -> tuple[Gap, ...]:
    """
    This function will find the numbers missing between `after` and the last of `sequences`, which are in order.

    That sequence numbers are given without holes within one rights package is how the register's own examples look [unverified]; a gap is
    therefore something to report and look into, not proof of a loss.
    """
    before = sequences if after is None else (after, *sequences)
    return tuple(Gap(low + 1, high - 1) for low, high in pairwise(before) if high > low + 1)


@lru_cache(maxsize=256)  # there are some fifty event types
def _masked(event_type: str) -> str:
    return mask(event_type)


def _text_in(event: dict[str, object], key: str, sequence: int) -> str | None:
    text = event.get(key)
    if text is None or text == "":
        return None
    if not isinstance(text, str) or len(text) > LONGEST_CODE or not can_be_stored(text):
        raise RowIsBroken(f"Feltet «{key}» er ikke en kort tekst.", sequence=sequence)
    return text


def _instant_of(raw: object) -> datetime | None:
    if not isinstance(raw, str):
        return None
    try:
        at = datetime.fromisoformat(raw)
        # The register writes its offset; without one its clocks stand in Norway. [default]
        return (at if at.tzinfo is not None else at.replace(tzinfo=OSLO)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
