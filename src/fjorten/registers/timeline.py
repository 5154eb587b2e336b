"""
From everything the register has said about one person to what holds, and held. Pure.

The result depends only on the *set* of statements, never on the order they arrived in: a late, repeated or reordered event ends in the
same state as in order once (reliability F11). Newer statements win for the time they cover; older ones only fill the time before.
Absence of a field never deletes what an earlier statement told.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from fjorten.kernel.names import is_temporary_newborn_name
from fjorten.kernel.national_id import NotANationalId, parse
from fjorten.people.facts import (
    IdentifierFact,
    MigrationFact,
    NameFact,
    PersonFacts,
    Protection,
    ProtectionFact,
    RelationFact,
    ResponsibilityFact,
)
from fjorten.registers.documents import Element, Payload, born_by, strictest
from fjorten.registers.markers import Marker, what_markers_add
from fjorten.registers.residence_periods import closed, residences_of
from fjorten.registers.statements import Statement, as_date, current_status, emigrated_on, in_register_order, lives_here, stays_here


def facts_of(statements: Iterable[Statement], *, own_codes: frozenset[str], markers: Collection[Marker] = ()) -> PersonFacts:
    """
    Derive what holds, and held, of one person. At least one statement is needed.

    `own_codes` are the municipality's number and its older ones; `markers` words that came without facts being kept, at most one of each
    kind. Those older than what we have been told ourselves say nothing any more.
    """
    ordered = in_register_order(statements)
    own_codes = _with_renumbered(ordered, own_codes)
    ordered = _from_the_first_that_concerns_us(ordered, own_codes)
    newest = ordered[-1]
    payload = newest.payload
    backwards = ordered[::-1]
    birth = next((s.payload for s in backwards if born_by(s.payload) is not None), None)
    born_on, latest_birth = _birth(birth, ordered)
    level, protections = _protections(backwards)
    marked = what_markers_add(markers, backwards)
    if marked.hidden_on is not None:
        level = Protection.STRICTLY_CONFIDENTIAL
        protections = (*protections, ProtectionFact(level, marked.hidden_on, None, "marker"))
    residences = residences_of(backwards, level, own_codes)
    if marked.over_on is not None:
        residences = tuple(row for residence in residences if (row := closed(residence, marked.over_on)) is not None)
    stays = stays_here(payload, own_codes) and not marked.is_newest
    names = _names(backwards)
    name = _name_in_force(backwards)
    return PersonFacts(
        identifiers=_identifiers(ordered),
        status=current_status(payload),
        born_on=born_on,
        born_by=latest_birth,
        sex=next((s.payload["sex"] for s in backwards if s.payload["sex"]), ""),
        is_dead=payload["dead"],
        died_on=as_date(payload["died_on"]) if payload["dead"] else None,
        emigrated_on=emigrated_on(payload),
        stays_here=stays,
        stays_here_since=_stays_since(payload, own_codes) if stays else None,
        given_name=name.given,
        middle_name=name.middle,
        family_name=name.family,
        name_is_temporary=is_temporary_newborn_name(name.given),
        protection=level,
        names=names,
        residences=residences,
        protections=protections,
        responsibilities=_newest_that_tells(backwards, _responsibilities),
        relations=_newest_that_tells(backwards, _relations),
        migrations=_newest_that_tells(backwards, _migrations),
        source=newest.source,
    )


def _with_renumbered(ordered: Sequence[Statement], own_codes: frozenset[str]) -> frozenset[str]:
    """Add the numbers the register gave this person's address while the person stayed where it was: a reform moves nobody."""
    codes = own_codes
    before: set[str] = set()
    for statement in ordered:
        current = {row["code"] for row in statement.payload["residences"] if row["current"] and row["code"]}
        if statement.payload["renumbered"] and before & codes:
            codes |= current
        before = current or before
    return codes


def _from_the_first_that_concerns_us(ordered: list[Statement], own_codes: frozenset[str]) -> list[Statement]:
    """
    Leave out what was said before the person first lived or stayed here.

    Of that time we may happen to hold a document, or not, by the order things arrived in; and it is not ours to know.
    """
    for index, statement in enumerate(ordered):
        if lives_here(statement.payload, own_codes) or stays_here(statement.payload, own_codes):
            return ordered[index:]
    return ordered


def _identifiers(ordered: Sequence[Statement]) -> tuple[IdentifierFact, ...]:
    known: dict[str, IdentifierFact] = {}
    for statement in ordered:
        for row in statement.payload["identifiers"]:
            before = known.get(row["number"])
            known[row["number"]] = IdentifierFact(
                number=row["number"],
                is_in_use=row["in_use"],
                valid_from=as_date(row["start"]) or (before.valid_from if before else None),
                source=before.source if before else statement.source,
            )
    in_use_now = {row["number"] for row in ordered[-1].payload["identifiers"] if row["in_use"]}
    return tuple(
        replace(fact, is_in_use=fact.is_in_use and (fact.number in in_use_now or not in_use_now)) for _, fact in sorted(known.items())
    )


def _birth(told: Payload | None, ordered: Sequence[Statement]) -> tuple[date | None, date]:
    if told is not None:
        latest = born_by(told)
        assert latest is not None
        return as_date(told["born_on"]), latest
    for statement in reversed(ordered):
        for row in statement.payload["identifiers"]:
            try:
                day = parse(row["number"]).told_birth_date
            except NotANationalId:
                continue
            if day is not None:
                return day, day
    # Nothing at all is told of the age: counted as born by the end of the year we first heard of the person, so that nobody is lost.
    return None, date(min(s.seen_on for s in ordered).year, 12, 31)


def _stays_since(payload: Payload, own_codes: frozenset[str]) -> date | None:
    rows = payload["stays"] + payload["residences"]
    return max((day for row in rows if row["current"] and row["code"] in own_codes and (day := as_date(row["start"]))), default=None)


def _protections(backwards: Sequence[Statement]) -> tuple[Protection, tuple[ProtectionFact, ...]]:
    """
    Tell the strictest grade in force and every grade told.

    A newest document that neither grades the person nor gives an ungraded address in force is silent, and silence lifts no protection.
    """
    for statement in backwards:
        payload = statement.payload
        if payload["protections"] or any(row["current"] and row["code"] for row in payload["residences"]):
            told = {
                (row["level"], row["start"], row["end"] or (None if row["current"] else statement.seen_on.isoformat()))
                for row in payload["protections"]
                if Protection(row["level"]) != Protection.NONE
            }
            facts = [ProtectionFact(Protection(level), as_date(start), as_date(end), statement.source) for level, start, end in told]
            return strictest(payload), tuple(
                sorted(facts, key=lambda row: (row.valid_from or date.min, row.valid_until or date.max, row.level))
            )
    return Protection.NONE, ()


def _names(backwards: Sequence[Statement]) -> tuple[NameFact, ...]:
    def told(statement: Statement) -> tuple[NameFact, ...]:
        return tuple(
            NameFact(row["given"], row["middle"], row["family"], *_period(row), statement.source) for row in statement.payload["names"]
        )

    return _newest_that_tells(backwards, told)


def _name_in_force(backwards: Sequence[Statement]) -> NameFact:
    for statement in backwards:
        rows = sorted(statement.payload["names"], key=lambda row: (row["current"], row["start"] or ""))
        if rows:
            return NameFact(rows[-1]["given"], rows[-1]["middle"], rows[-1]["family"], None, None, statement.source)
    return NameFact("", "", "", None, None, "")


def _responsibilities(statement: Statement) -> tuple[ResponsibilityFact, ...]:
    return tuple(
        ResponsibilityFact(row["kind"], row["number"], row["organisation"], *_period(row), statement.source)
        for row in statement.payload["responsibilities"]
    )


def _relations(statement: Statement) -> tuple[RelationFact, ...]:
    return tuple(RelationFact(row["role"], row["number"], *_period(row), statement.source) for row in statement.payload["relations"])


def _migrations(statement: Statement) -> tuple[MigrationFact, ...]:
    return tuple(
        MigrationFact(move["direction"], move["country"], as_date(move["on"]), statement.source) for move in statement.payload["moves"]
    )


FactT = TypeVar("FactT")


def _newest_that_tells(backwards: Sequence[Statement], told: Callable[[Statement], tuple[FactT, ...]]) -> tuple[FactT, ...]:
    return next((facts for statement in backwards if (facts := told(statement))), ())


def _period(row: Element) -> tuple[date | None, date | None]:
    return as_date(row["start"]), as_date(row["end"])
