"""What an adapter has to know of a person's document to hand it to the right asker: whose it is, and whether it is whole."""

from __future__ import annotations

from fjorten.registers.feeds.parsing import can_be_stored, object_in
from fjorten.registers.feeds.source import PersonDocument


def document_in(answer: dict[str, object]) -> PersonDocument | None:
    """
    This function will take the person out of an answer, `{..., "folkeregisterperson": {...}}`.

    None when there is no person in it, or one with text that cannot be stored.
    """
    document = object_in(answer.get("folkeregisterperson"))
    return document if document and can_be_stored(document) else None


def numbers_in(document: PersonDocument) -> tuple[str, ...]:
    """
    This function will list the numbers a person has and has had, as written.

    Old numbers keep resolving to the person who had them. Source: Folkeregisteret, data elements v1.10, identifikasjonsnummer [source].
    """
    identifiers = document.get("identifikasjonsnummer")
    entries = (object_in(identifier) or {} for identifier in (identifiers if isinstance(identifiers, list) else ()))
    return tuple(number for entry in entries if isinstance(number := entry.get("foedselsEllerDNummer"), str) and number)
