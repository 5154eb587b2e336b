"""From what the office has filed to the register's person document as of any moment."""

from __future__ import annotations

from typing import Any, Final

from fjorten.simulation.office.stamps import midnight
from fjorten.simulation.records import Entry, Person

Document = dict[str, object]

# Single objects in the published schema; everything else is an array. [source: Folkeregisteret OpenAPI v1.5]
SINGLE_FIELDS: Final = frozenset({"doedsfall", "falskIdentitet"})
ADDRESS_FIELDS: Final = frozenset({"bostedsadresse", "oppholdsadresse", "deltBosted", "postadresse", "postadresseIUtlandet"})

CONFIDENTIAL: Final = "fortrolig"
STRICTLY_CONFIDENTIAL: Final = "strengtFortrolig"


def person_document(person: Person, *, moment: int) -> Document:
    """
    This function will write the `folkeregisterperson` document as of a moment: entries in force and entries that have ended.

    Confidential: every address carries the grade. Strictly confidential: no address data at all, not even the municipality. Source:
    Folkeregisteret, address protection [source]. Empty when the register had not heard of the person. Nested values are shared with the
    record, so treat the document as read-only.
    """
    entries = [entry for entry in person.entries if entry.recorded <= moment]
    grade = _grade(entries, moment)
    document: dict[str, Any] = {}
    for entry in entries:
        field = entry.field
        is_over = entry.ended is not None and entry.ended <= moment
        if entry.annulled is not None and entry.annulled <= moment:
            if not entry.stays_visible:
                continue
            is_over = True
        if grade == STRICTLY_CONFIDENTIAL and field in ADDRESS_FIELDS:
            continue
        element = {"erGjeldende": not is_over, **entry.element}
        if is_over:
            element["opphoerstidspunkt"] = midnight(entry.ended_on or entry.valid_on)
            if field == "identifikasjonsnummer":
                element["status"] = "opphoert"
        if grade == CONFIDENTIAL and field in ADDRESS_FIELDS:
            element["adressegradering"] = CONFIDENTIAL
        if field in SINGLE_FIELDS:
            document[field] = element
        elif field in document:
            document[field].append(element)
        else:
            document[field] = [element]
    return document


def _grade(entries: list[Entry], moment: int) -> str:
    """Find the grade in force: protection is never annulled, only ended."""
    for entry in reversed(entries):
        if entry.field == "adressebeskyttelse" and (entry.ended is None or entry.ended > moment):
            return str(entry.element["graderingsnivaa"])
    return "ugradert"
