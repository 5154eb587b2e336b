"""
Sifting what the register says before any of it is stored: most of an extract or a burst of events is about people who cannot concern us.

And the one thing about grown-ups that does concern us: whether the mother of a newborn without an address lives here.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from fjorten.kernel.ages import age_in_years
from fjorten.kernel.national_id import NationalId
from fjorten.people.models import AGE_GROUP_YEARS
from fjorten.registers.documents import Payload, extract, is_birth_registered_without_address, mother_number
from fjorten.registers.extracts import ExtractRow, read_extract
from fjorten.registers.feeds.source import FeedRow, RegisterSource
from fjorten.registers.statements import lives_here

# Children we know are kept current until they come of age; documents about anybody older are not even looked at.
_YEARS_READ: Final = 19


def is_grown_up(document: Mapping[str, Any], on: date) -> bool:
    """Tell quickly that a document is about somebody who was past the age group: most of an extract or a burst of events."""
    births = document.get("foedsel")
    if not isinstance(births, list) or not births:
        return False
    for birth in births:
        year = str((birth.get("foedselsdato") or birth.get("foedselsaar") or "") if isinstance(birth, dict) else "")[:4]
        if not (year.isascii() and year.isdigit()) or int(year) >= on.year - _YEARS_READ:
            return False
    return True


def may_be_a_child(row: FeedRow, day: date) -> bool:
    """Tell whether an event on a day may be about somebody in the age group, when its number is all there is to go by."""
    told = row.number.told_birth_date if isinstance(row.number, NationalId) else None
    return told is None or told > day or age_in_years(told, day) < AGE_GROUP_YEARS


def mothers_who_live_here(path: Path, own_codes: frozenset[str]) -> frozenset[str]:
    """Read an extract for newborns without an address, and again for their mothers, if there are any."""
    wanted = set()
    for row in read_extract(path):
        if isinstance(row, ExtractRow) and "foedselsregistrert" in str(row.document.get("status")):
            payload = extract(row.document)
            if is_birth_registered_without_address(payload) and mother_number(payload):
                wanted.add(mother_number(payload))
    if not wanted:
        return frozenset()
    return frozenset(
        number["number"]
        for row in read_extract(path)
        if isinstance(row, ExtractRow)
        for payload in [extract(row.document, number=row.number)]
        if wanted & {number["number"] for number in payload["identifiers"]} and lives_here(payload, own_codes)
        for number in payload["identifiers"]
    )


def mothers_here_by_look_up(payloads: Iterable[Payload], source: RegisterSource, own_codes: frozenset[str]) -> frozenset[str]:
    """Ask the register which mothers of newborns without an address live here."""
    wanted = {number for payload in payloads if is_birth_registered_without_address(payload) and (number := mother_number(payload))}
    if not wanted:
        return frozenset()
    found = source.persons(wanted)
    return frozenset(number for number, document in found.items() if lives_here(extract(document, number=number), own_codes))
