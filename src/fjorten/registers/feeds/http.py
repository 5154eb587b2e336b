"""The register over its own interface: feed pages, archived documents and bulk look-ups."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

import httpx

from fjorten.kernel.chunks import chunks
from fjorten.kernel.national_id import mask
from fjorten.registers.feeds.credentials import Credentials, NoCredentials
from fjorten.registers.feeds.documents import document_in, numbers_in
from fjorten.registers.feeds.endpoints import Endpoints
from fjorten.registers.feeds.parsing import can_be_stored, object_in
from fjorten.registers.feeds.patience import REAL_CLOCKWORK, Clockwork, Patience
from fjorten.registers.feeds.rows import RowIsBroken, page_of, sequence_in
from fjorten.registers.feeds.source import FailedLookUp, FeedCannotBeRead, FeedPage, Found, PersonDocument
from fjorten.registers.feeds.transport import CONNECTIONS, LARGEST_ANSWER_BYTES, Transport

# Identifiers in the register's examples are 32 hexadecimal digits or a UUID; anything else has no business in an address. [source]
_DOCUMENT_ID: Final = re.compile(r"[A-Za-z0-9_\-]{1,100}")
_ELEVEN_DIGITS: Final = re.compile(r"[0-9]{11}")
_TOO_OLD: Final = "Registeret gir ikke lenger ut dette dokumentet."
_UNKNOWN: Final = "Registeret kjenner ikke dette dokumentet."
_NOT_WHOLE: Final = "Registeret svarte uten et helt persondokument."


class FeedIsOlderThanTheRegisterKeeps(FeedCannotBeRead):
    """The events after our pointer are gone: the register keeps them for 36 months and answers 406 for older ones [source]."""

    sentence = (
        "Registeret har ikke lenger hendelser så langt tilbake; det tar vare på dem i 36 måneder. "
        "Last inn et nytt uttrekk med «fjorten register load», og les hendelsene videre derfra."
    )


class FeedDoesNotMoveOn(FeedCannotBeRead):
    """The register says there is more, and gives the same rows again and again."""

    sentence = "Registeret gir de samme hendelsene om igjen og kommer ikke videre. Kjør kommandoen igjen senere."


@dataclass(frozen=True, slots=True)
class _RememberedPage:
    resource: str
    etag: str
    rows: list[object]


class HttpSource:
    """
    The register's interface below a root address, see `endpoints.root_of`.

    Whoever reads keeps the pointer: nothing is remembered between two calls but the latest page with its ETag, so that a page that has not
    changed is not sent again.
    """

    def __init__(
        self,
        root: str,
        *,
        endpoints: Endpoints = Endpoints(),  # noqa: B008 - frozen
        credentials: Credentials = NoCredentials(),  # noqa: B008 - has no state
        patience: Patience = Patience(),  # noqa: B008 - frozen
        clockwork: Clockwork = REAL_CLOCKWORK,
        largest_answer_bytes: int = LARGEST_ANSWER_BYTES,
        network: httpx.BaseTransport | None = None,
    ) -> None:
        self._endpoints: Final = endpoints
        self._patience: Final = patience
        self._transport: Final = Transport(
            root,
            credentials=credentials,
            patience=patience,
            clockwork=clockwork,
            largest_answer_bytes=largest_answer_bytes,
            network=network,
        )
        self._remembered: _RememberedPage | None = None
        self._bulk_names_documents = True

    def pages(self, after: int | None) -> Iterator[FeedPage]:
        """
        This function will read the feed, see `RegisterSource.pages`. Pages that overlap or repeat give each row once.

        It ends with an empty page, or at the number that was the last one when the first short page came: with events coming in all the
        time it would otherwise never end. Raises FeedIsOlderThanTheRegisterKeeps and FeedDoesNotMoveOn in addition to what every question
        may raise.
        """
        goal: int | None = None
        stalled = 0
        while raws := self._rows_from((after or 0) + 1):
            page = page_of(enumerate(raws, start=1), after=after)
            has_moved = page.read_through > (after or 0)
            if has_moved or (page.rejected and not stalled):
                yield page
            after = page.read_through or after
            stalled = 0 if has_moved else stalled + 1
            if has_moved and len(raws) >= self._endpoints.rows_per_page:
                continue
            goal = self.last_sequence() if goal is None else goal
            if goal is None or (after or 0) >= goal:
                return
            if stalled >= self._patience.attempts:
                raise FeedDoesNotMoveOn
            if stalled:
                self._transport.wait(stalled - 1)

    def documents(self, ids: Iterable[str]) -> Found:
        """
        This function will fetch archived documents, in bulk as long as the answers say which document is which.

        The documented answer of the bulk look-up does not name its documents; where it does not, they are fetched one by one, several at a
        time. A document the register no longer gives out (400) or does not know (404) is absent, with the reason.
        """
        wanted = list(dict.fromkeys(ids))
        askable = [identifier for identifier in wanted if _DOCUMENT_ID.fullmatch(identifier)]
        documents: dict[str, PersonDocument] = {}
        failures = [FailedLookUp(identifier, _UNKNOWN) for identifier in wanted if not _DOCUMENT_ID.fullmatch(identifier)]
        for chunk in chunks(askable, self._endpoints.most_per_look_up):
            found = self._archived_in_bulk(chunk) if len(chunk) > 1 and self._bulk_names_documents else None
            if found is None:
                found = self._archived_one_by_one(chunk)
            documents.update(found)
            failures += found.failures
        return Found(documents, failures)

    def persons(self, numbers: Iterable[str]) -> Found:
        """
        This function will look persons up as they are now, at most 1,000 a question.

        An answer belongs to the number it names and to every number the person has had. A question the register will not have (400) is
        halved until the number it stumbles over stands alone, so that one bad number stops nobody else.
        """
        wanted = list(dict.fromkeys(numbers))
        documents: dict[str, PersonDocument] = {}
        failures = [FailedLookUp(number, "Nummeret har ikke elleve sifre.") for number in wanted if not _ELEVEN_DIGITS.fullmatch(number)]
        waiting = list(chunks([number for number in wanted if _ELEVEN_DIGITS.fullmatch(number)], self._endpoints.most_per_look_up))
        while waiting:
            chunk = waiting.pop()
            answer = self._transport.post(self._endpoints.persons, {"foedselsEllerDNummer": chunk}, accepts=(200, 400))
            if answer.status == 400 and len(chunk) > 1:
                waiting += chunks(chunk, (len(chunk) + 1) // 2)
                continue
            found = _persons_in(answer.content if answer.status == 200 else None, chunk)
            documents.update(found)
            failures += found.failures
        return Found(documents, failures)

    def last_sequence(self) -> int | None:
        """This function will ask for the last sequence number; None when the service does not tell it (404)."""
        answer = self._transport.get(self._endpoints.last_sequence, accepts=(200, 404))
        if answer.status == 404:
            return None
        # A bare number, or since April 2022 an object when JSON is asked for; both are documented. [source]
        told = object_in(answer.content)
        told_number = answer.content if told is None else told.get("sekvensnummer")
        try:
            return 0 if told_number in (0, "0") else sequence_in(told_number)
        except RowIsBroken:
            return None

    def close(self) -> None:
        """This function will close the connections."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _rows_from(self, sequence: int) -> list[object]:
        resource = f"{self._endpoints.feed}?seq={sequence}"
        known = self._remembered if self._remembered is not None and self._remembered.resource == resource else None
        accepts = (200, 304, 404, 406) if known else (200, 404, 406)
        answer = self._transport.get(resource, etag=known.etag if known else None, accepts=accepts)
        if answer.status == 406:
            # We do ask for JSON, so 406 cannot be about the format.
            raise FeedIsOlderThanTheRegisterKeeps
        if answer.status == 404 and self.last_sequence() is not None:
            # Documented for the feed without saying when; while the service itself is there, it can only mean nothing new. [unverified]
            return []
        if answer.status == 304 and known is not None:
            return known.rows
        if not isinstance(answer.content, list):
            raise FeedCannotBeRead("Svaret fra registeret er ikke en hendelsesliste. Kontroller adressen.")
        etag = answer.headers.get("ETag")
        self._remembered = _RememberedPage(resource, etag, answer.content) if etag else None
        return answer.content

    def _archived_in_bulk(self, ids: Sequence[str]) -> Found | None:
        answer = self._transport.post(self._endpoints.archived_persons, {"dokumentidentifikator": list(ids)}, accepts=(200, 400, 404))
        if answer.status != 200:
            return None
        wrapper = object_in(answer.content)
        entries = answer.content if wrapper is None else wrapper.get("oppslag")
        named = [
            entry for raw in (entries if isinstance(entries, list) else ()) if "dokumentidentifikator" in (entry := object_in(raw) or {})
        ]
        if not named:
            self._bulk_names_documents = False
            return None
        documents = {
            identifier: document
            for entry in named
            if isinstance(identifier := entry["dokumentidentifikator"], str) and (document := document_in(entry)) is not None
        }
        return Found(
            {identifier: documents[identifier] for identifier in ids if identifier in documents},
            (FailedLookUp(identifier, _UNKNOWN) for identifier in ids if identifier not in documents),
        )

    def _archived_one_by_one(self, ids: Sequence[str]) -> Found:
        with ThreadPoolExecutor(max_workers=CONNECTIONS) as together:
            answers = list(together.map(self._archived, ids))
        return Found(
            {identifier: document for identifier, document in zip(ids, answers, strict=True) if not isinstance(document, str)},
            (FailedLookUp(identifier, reason) for identifier, reason in zip(ids, answers, strict=True) if isinstance(reason, str)),
        )

    def _archived(self, identifier: str) -> PersonDocument | str:
        answer = self._transport.get(f"{self._endpoints.archived_person}/{identifier}", accepts=(200, 400, 404))
        if answer.status != 200:
            return _TOO_OLD if answer.status == 400 else _UNKNOWN
        document = object_in(answer.content)
        return document if document and can_be_stored(document) else _NOT_WHOLE


def _persons_in(content: object, asked: Sequence[str]) -> Found:
    if content is None:
        return Found({}, (FailedLookUp(number, "Registeret godtar ikke nummeret.") for number in asked))
    entries = (object_in(content) or {}).get("oppslag")
    documents: dict[str, PersonDocument] = {}
    reasons: dict[str, str] = {}
    for entry in (object_in(raw) or {} for raw in (entries if isinstance(entries, list) else ())):
        named = entry.get("foedselsEllerDNummer")
        document = document_in(entry)
        if document is None:
            reasons.setdefault(str(named), _error_in(entry))
            continue
        for number in numbers_in(document):
            documents.setdefault(number, document)
        if isinstance(named, str):
            documents[named] = document
    return Found(
        {number: documents[number] for number in asked if number in documents},
        (
            FailedLookUp(number, reasons.get(number, "Registeret svarte ikke for denne personen."))
            for number in asked
            if number not in documents
        ),
    )


def _error_in(entry: dict[str, object]) -> str:
    message = (object_in(entry.get("feilmelding")) or {}).get("feilmelding")
    return f"Registeret svarte: {mask(message)[:200]}" if isinstance(message, str) else _NOT_WHOLE
