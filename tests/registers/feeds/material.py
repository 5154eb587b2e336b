"""Invented rows, persons and folders in the form the register gives them; every number is synthetic (month + 80)."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count, islice
from pathlib import Path
from typing import Any

from fjorten.kernel.national_id import with_control_digits
from fjorten.registers.feeds.http import HttpSource
from fjorten.registers.feeds.patience import Clockwork, Patience
from fjorten.registers.feeds.source import FeedRow, RegisterSource

Json = dict[str, Any]


def synthetic_numbers() -> Iterator[str]:
    """National numbers of invented persons born in May 2015, in a fixed order, without end as far as the tests go."""
    for day in count(1):
        for individual in range(500, 1000):
            number = with_control_digits(f"{day:02}8515{individual}")
            if number is not None:
                yield number


NUMBERS = tuple(islice(synthetic_numbers(), 2500))


def row(sequence: int, number: str = NUMBERS[0], **changes: Any) -> Json:
    """A row of the feed; a change of None takes the field away."""
    event = {
        "folkeregisteridentifikator": number,
        "hendelsetype": "endringIBostedsadresse",
        "hendelsesdokument": f"h{sequence}",
        "persondokument": f"p{sequence}",
        "ajourholdstidspunkt": "2026-03-02T09:00:00.125+01:00",
    }
    return {"sekvensnummer": sequence, "hendelse": {key: value for key, value in {**event, **changes}.items() if value is not None}}


def person(number: str = NUMBERS[0], *, before: Iterable[str] = (), name: str = "VAKKER") -> Json:
    """A person's document, with the numbers had before."""
    old = [{"foedselsEllerDNummer": earlier, "erGjeldende": False, "status": "opphoert"} for earlier in before]
    return {
        "identifikasjonsnummer": [*old, {"foedselsEllerDNummer": number, "erGjeldende": True, "status": "iBruk"}],
        "status": [{"status": "bosatt", "erGjeldende": True}],
        "foedsel": [{"foedselsaar": "2015", "foedselsdato": "2015-05-03", "erGjeldende": True}],
        "navn": [{"fornavn": name, "etternavn": "BLÅBÆRØY", "erGjeldende": True}],
        "bostedsadresse": [{"erGjeldende": True, "vegadresse": {"kommunenummer": "0301"}}],
    }


def document(identifier: str, of: Json) -> Json:
    """A line of `documents.jsonl`."""
    return {"dokumentidentifikator": identifier, "folkeregisterperson": of}


def feed(last: int) -> tuple[list[Json], dict[str, Json]]:
    """Rows from 1 to `last`, about one person each in turn, and their documents."""
    rows = [row(sequence, NUMBERS[sequence % len(NUMBERS)]) for sequence in range(1, last + 1)]
    return rows, {f"p{sequence}": person(NUMBERS[sequence % len(NUMBERS)]) for sequence in range(1, last + 1)}


def folder(path: Path, **files: Iterable[Any] | None) -> Path:
    """A folder with the given files, `feed=[...]` becoming `feed.jsonl` and `feed_gz=[...]` `feed.jsonl.gz`; None leaves a file out."""
    path.mkdir(parents=True, exist_ok=True)
    for name, lines in {"feed": (), "documents": (), **files}.items():
        stem, packed, _ = name.partition("_gz")
        if lines is not None and not (f"{name}_gz" in files and lines == ()):
            content = b"".join(_bytes_of(line) + b"\n" for line in lines)
            (path / f"{stem}.jsonl{'.gz' if packed else ''}").write_bytes(gzip.compress(content) if packed else content)
    return path


def _bytes_of(line: Json | str | bytes) -> bytes:
    if isinstance(line, bytes):
        return line
    return (line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)).encode()


@dataclass
class Waits:
    """A clock that only moves when somebody sleeps, and a record of how long."""

    now: datetime = datetime(2026, 11, 21, 12, tzinfo=UTC)
    seconds: list[float] = field(default_factory=list)

    def clockwork(self) -> Clockwork:
        return Clockwork(now=lambda: self.now, elapsed_seconds=lambda: sum(self.seconds), sleep=self.seconds.append, chance=lambda: 0.5)


def source_at(url: str, *, waits: Waits | None = None, **options: Any) -> HttpSource:
    """The adapter under test, which never really waits."""
    options.setdefault("patience", Patience(read_seconds=60))
    return HttpSource(url, clockwork=(waits or Waits()).clockwork(), **options)


def all_rows(source: RegisterSource, after: int | None = 0) -> list[FeedRow]:
    return [row for page in source.pages(after) for row in page.rows]


def sequences(source: RegisterSource, after: int | None = 0) -> list[int]:
    return [row.sequence for row in all_rows(source, after)]


def by_identifier(documents: Mapping[str, Json]) -> list[Json]:
    return [document(identifier, of) for identifier, of in documents.items()]
