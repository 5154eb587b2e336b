"""The event feed in the register's own words: rows, documents, and the directory that holds both."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from fjorten.simulation.documents import Document, person_document
from fjorten.simulation.office.desk import Notice

FEED_FILE = "feed.jsonl"
DOCUMENTS_FILE = "documents.jsonl"
PERSONS_FILE = "persons.jsonl"

# The register gives neither a document nor its identifier for these. [source]
WITHOUT_ANY_DOCUMENT = frozenset({"personErOppdatert"})


@dataclass(frozen=True, slots=True, repr=False)
class FeedRow:
    """One row of the feed and the document it names; `person_document` is None for the events that have none."""

    row: Document
    person_document: Document | None

    @property
    def sequence(self) -> int:
        """The row's place in the feed."""
        sequence = self.row["sekvensnummer"]
        assert isinstance(sequence, int)
        return sequence

    @property
    def document_line(self) -> Document | None:
        """The document with its identifier, as a line of `documents.jsonl`; None for the events that have none."""
        event = self.row["hendelse"]
        assert isinstance(event, dict)
        if self.person_document is None:
            return None
        return {"dokumentidentifikator": event["persondokument"], "folkeregisterperson": self.person_document}


def feed_rows(notices: Iterable[Notice]) -> Iterator[FeedRow]:
    """This function will write rows, each with the full person document as of its event. Rows of one filing share a document."""
    written: tuple[str, Document] | None = None
    for notice in notices:
        if notice.person_document is None:
            yield FeedRow(_row(notice), None)
            continue
        if written is None or written[0] != notice.person_document:
            written = notice.person_document, person_document(notice.person, moment=notice.moment)
        yield FeedRow(_row(notice), written[1])


def write_feed(directory: Path, rows: Iterable[FeedRow]) -> int:
    """
    This function will write `feed.jsonl` and `documents.jsonl` into a directory, which it makes, and count the rows.

    Rows come in the order given; each document is written once, before a row that names it is complete.
    """
    directory.mkdir(parents=True, exist_ok=True)
    known: set[object] = set()
    count = 0
    with (
        (directory / FEED_FILE).open("w", encoding="utf-8", newline="\n") as feed,
        (directory / DOCUMENTS_FILE).open("w", encoding="utf-8", newline="\n") as documents,
    ):
        for row in rows:
            line = row.document_line
            if line is not None and line["dokumentidentifikator"] not in known:
                known.add(line["dokumentidentifikator"])
                documents.write(as_json_line(line))
            feed.write(as_json_line(row.row))
            count += 1
    return count


def as_json_line(value: Document) -> str:
    """This function will write a value as one line of JSON Lines, letters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


def _row(notice: Notice) -> Document:
    event: Document = {
        "folkeregisteridentifikator": notice.number.digits,
        "hendelsetype": notice.event,
        "ajourholdstidspunkt": notice.recorded_at,
        "hendelsesdokument": notice.event_document,
        "persondokument": notice.person_document,
    }
    if notice.person_document is None and notice.event not in WITHOUT_ANY_DOCUMENT:
        del event["persondokument"]
    return {"sekvensnummer": notice.sequence, "hendelse": event}
