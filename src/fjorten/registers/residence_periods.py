"""
Where one person lived when, laid out from everything the register has said. Pure.

Newer statements win for the time they cover; older ones only fill the time before.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from fjorten.people.facts import Protection, ResidenceFact, ResidenceKind
from fjorten.registers.documents import is_birth_registered_without_address, strictest
from fjorten.registers.residency import DEAD
from fjorten.registers.statements import Statement, as_date, current_status, gone_from


def residences_of(backwards: Sequence[Statement], level: Protection, own_codes: frozenset[str]) -> tuple[ResidenceFact, ...]:
    """
    Lay residences out from the newest statement back; each older one only fills the time before what is already told.

    A strictly protected person's newest statements tell no place: what was last known then stays open, kind `last_known`.
    """
    facts: list[ResidenceFact] = []
    horizon: date | None = date.max
    for index, statement in enumerate(backwards):
        if horizon is None:
            break
        claims = _claims(statement, backwards[index:], own_codes)
        gone = gone_from(statement)
        if gone is not None:
            claims = [kept for claim in claims if (kept := closed(claim, gone)) is not None]
        is_silent = not claims and strictest(statement.payload) == Protection.STRICTLY_CONFIDENTIAL
        if is_silent and gone is None:
            continue
        for claim in claims:
            clipped = claim if horizon == date.max else closed(claim, horizon)
            if clipped is not None:
                facts.append(clipped)
        ends = [claim.valid_from for claim in claims]
        if None in ends:
            horizon = None
        else:
            lower = min([day for day in ends if day is not None] + ([gone] if gone is not None else []), default=None)
            if lower is None and not statement.payload["dead"] and current_status(statement.payload) != DEAD:
                lower = statement.seen_on  # a living person without an address: nothing is known to hold from here on
            if lower is not None:
                horizon = min(horizon, lower)
    if level == Protection.STRICTLY_CONFIDENTIAL:
        facts = _with_last_known_place(facts, backwards)
        facts = [replace(row, kind=ResidenceKind.LAST_KNOWN) if row.valid_until is None else row for row in facts]
    if level != Protection.NONE:
        facts = [replace(row, basic_unit="") for row in facts]
    return tuple(sorted(facts, key=lambda row: (row.valid_from or date.min, row.valid_until or date.max, row.municipality_code)))


def _with_last_known_place(facts: list[ResidenceFact], backwards: Sequence[Statement]) -> list[ResidenceFact]:
    """
    Let the last place told go on for a strictly protected person who is registered as living in Norway, and of whom no place is told.

    Also after a stay abroad: nobody may conclude that such a child lives elsewhere until a person has found out [default].
    """
    newest = backwards[0]
    if not facts or any(row.valid_until is None for row in facts) or gone_from(newest) is not None or newest.payload["dead"]:
        return facts
    silent_since = newest.seen_on
    for statement in backwards:
        if gone_from(statement) is not None or any(row["current"] and row["code"] for row in statement.payload["residences"]):
            break
        silent_since = statement.seen_on
    last = max(facts, key=lambda row: (row.valid_until or date.max, row.valid_from or date.min))
    return [
        *facts,
        replace(
            last,
            kind=ResidenceKind.LAST_KNOWN,
            basic_unit="",
            valid_from=max(silent_since, last.valid_until or silent_since),
            valid_until=None,
        ),
    ]


def _claims(statement: Statement, older: Sequence[Statement], own_codes: frozenset[str]) -> list[ResidenceFact]:
    payload = statement.payload
    if is_birth_registered_without_address(payload):
        if not payload["mother_lives_here"]:
            return []
        return [ResidenceFact("", ResidenceKind.VIA_MOTHER, "", as_date(payload["born_on"]), None, True, statement.source)]
    placed = [row for row in payload["residences"] if row["code"]]
    current = [row for row in placed if row["current"]]
    in_force = max(current, key=lambda row: row["start"] or "", default=None)
    claims = []
    if in_force is not None:
        begins = as_date(in_force["start"]) or _first_told(in_force["code"], older)
        claims.append(
            ResidenceFact(
                in_force["code"],
                ResidenceKind(in_force["kind"]),
                in_force["basic_unit"],
                begins,
                None,
                in_force["code"] in own_codes,
                statement.source,
            )
        )
    limit = claims[0].valid_from if claims else None
    for row in sorted((row for row in placed if row is not in_force and row["start"]), key=lambda row: row["start"] or "", reverse=True):
        until = min((day for day in (as_date(row["end"]), limit) if day is not None), default=None)
        begins = as_date(row["start"])
        if begins is None or until is None or until <= begins:
            continue
        claims.append(ResidenceFact(row["code"], ResidenceKind(row["kind"]), "", begins, until, row["code"] in own_codes, statement.source))
        limit = begins
    return claims


def _first_told(code: str, older: Sequence[Statement]) -> date | None:
    """Date an undated residence by the first of the unbroken run of statements that tell it; None when they always have."""
    begins: date | None = None
    for statement in older:
        current = {row["code"] for row in statement.payload["residences"] if row["current"] and row["code"]}
        if current and code not in current:
            return begins
        begins = statement.seen_on
    return None


def closed(fact: ResidenceFact, on: date) -> ResidenceFact | None:
    """End a residence on a day at the latest; None when nothing of it is left."""
    until = on if fact.valid_until is None else min(fact.valid_until, on)
    if fact.valid_from is not None and until <= fact.valid_from:
        return None
    return replace(fact, valid_until=until)
