"""
From everything the register has said about one person to what holds, and held. Pure.

The result depends only on the *set* of statements, never on the order they arrived in: a late, repeated or reordered event ends in the
same state as in order once (reliability F11). Newer statements win for the time they cover; older ones only fill the time before.
Absence of a field never deletes what an earlier statement told.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Final, TypeVar

from fjorten.kernel.names import is_temporary_newborn_name
from fjorten.kernel.national_id import NotANationalId, parse
from fjorten.kernel.times import start_of_day
from fjorten.people.facts import (
    IdentifierFact,
    MigrationFact,
    NameFact,
    PersonFacts,
    Protection,
    ProtectionFact,
    RelationFact,
    ResidenceFact,
    ResidenceKind,
    ResponsibilityFact,
)
from fjorten.registers.documents import Element, Payload, born_by, is_birth_registered_without_address, strictest
from fjorten.registers.residency import DEAD, NOT_RESIDENT

_BEGINNING: Final = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Statement:
    """
    One document as heard: from an event of the feed (with its sequence number and when the register made it) or from an extract or a
    look-up (with the days it was seen on).
    """

    payload: Payload
    digest: str
    seen_on: date
    last_seen_on: date
    sequence: int | None = None
    registered_at: datetime | None = None

    @property
    def source(self) -> str:
        """Where the statement came from, as it will stand beside each fact."""
        return f"feed:{self.sequence}" if self.sequence is not None else f"extract:{self.seen_on.isoformat()}"

    @property
    def told_at(self) -> datetime:
        """
        When the register knew this: the event's own time; for an extract or a look-up the newest time stamp in the document when all of it
        is stamped, but for a look-up never before the event that made us ask; else the beginning of the day it was last seen.
        """
        if self.sequence is not None and self.registered_at is not None:
            return self.registered_at
        stamp = self.payload["changed_at"]
        is_telling = stamp is not None and (self.payload["all_stamped"] or self.sequence is not None)
        stamped = datetime.fromisoformat(stamp) if stamp is not None and is_telling else None
        told = [moment for moment in (self.registered_at, stamped) if moment is not None]
        return max(told) if told else start_of_day(self.last_seen_on)


@dataclass(frozen=True, slots=True)
class Marker:
    """
    That the register has said, at some later point, that the child lives elsewhere; no facts were kept.

    `tells_no_place`: it said that the child is strictly protected, and no place. That is not elsewhere.
    """

    seen_on: date
    sequence: int | None = None
    registered_at: datetime | None = None
    tells_no_place: bool = False


def in_register_order(statements: Iterable[Statement]) -> list[Statement]:
    """
    Order statements from oldest to newest.

    Events follow their sequence numbers; an event never counts as older than one before it. Extracts and look-ups are placed among them
    by when the register knew their content; at the same moment the event wins, because the feed goes on and an extract does not.
    """
    statements = list(statements)
    placed: list[tuple[tuple[datetime, int, int, date, str], Statement]] = []
    latest = _BEGINNING
    for event in sorted((s for s in statements if s.sequence is not None), key=lambda s: (s.sequence or 0, s.digest)):
        latest = max(latest, event.told_at)
        placed.append(((latest, 1, event.sequence or 0, event.seen_on, event.digest), event))
    placed += [((s.told_at, 0, 0, s.last_seen_on, s.digest), s) for s in statements if s.sequence is None]
    return [statement for _, statement in sorted(placed, key=lambda pair: pair[0])]


def is_newer(marker: Marker, newest: Statement) -> bool:
    """Tell whether a marker was told after the newest statement we hold."""
    if marker.sequence is not None and newest.sequence is not None:
        return marker.sequence > newest.sequence
    return (marker.registered_at or start_of_day(marker.seen_on)) > newest.told_at


def lives_here(payload: Payload, own_codes: frozenset[str]) -> bool:
    """Tell whether one document says, by itself, that the person is alive and lives in the municipality."""
    if payload["dead"] or _gone_status(payload) is not None:
        return False
    if is_birth_registered_without_address(payload):
        return payload["mother_lives_here"]
    return any(row["current"] and row["code"] in own_codes for row in payload["residences"])


def tells_no_place(payload: Payload) -> bool:
    """Tell whether one document says that a living resident is strictly protected, and not where: it must never read as elsewhere."""
    if payload["dead"] or _gone_status(payload) is not None or strictest(payload) != Protection.STRICTLY_CONFIDENTIAL:
        return False
    return not any(row["current"] and row["code"] for row in payload["residences"])


def stays_here(payload: Payload, own_codes: frozenset[str]) -> bool:
    """
    Tell whether one document says that the person is not a resident but has an address in the municipality, of stay or otherwise.

    The duty to help follows the stay (pbrl § 6-1 [source]); persons with a D-number have no address of residence at all.
    """
    if payload["dead"] or lives_here(payload, own_codes) or _current_status(payload) in {"utflyttet", "forsvunnet", "opphoert"}:
        return False
    return any(row["current"] and row["code"] in own_codes for row in payload["stays"] + payload["residences"])


def newborn_here_on(statements: Iterable[Statement], *, own_codes: frozenset[str], newborn_days: int) -> date | None:
    """
    Find the first day the register told, within `newborn_days` of the birth, that the child lived here; None when it never did.

    Such a child is enrolled at once. Looks at all statements, so that a late or reordered event gives the same answer [default].
    """
    return min(
        (
            statement.seen_on
            for statement in statements
            if (born := statement.payload["born_on"]) is not None
            and (statement.seen_on - date.fromisoformat(born)).days <= newborn_days
            and lives_here(statement.payload, own_codes)
        ),
        default=None,
    )


def facts_of(statements: Iterable[Statement], *, own_codes: frozenset[str], marker: Marker | None = None) -> PersonFacts:
    """
    Derive what holds, and held, of one person. At least one statement is needed.

    `own_codes` are the municipality's number and its older ones; `marker` a later word that the child lives elsewhere.
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
    later = marker if marker is not None and is_newer(marker, newest) else None
    if later is not None and later.tells_no_place:
        level = Protection.STRICTLY_CONFIDENTIAL
        protections = (*protections, ProtectionFact(level, later.seen_on, None, "marker"))
    residences = _residences(backwards, level, own_codes)
    if later is not None and not later.tells_no_place:
        residences = tuple(closed for row in residences if (closed := _closed(row, later.seen_on)) is not None)
    stays = stays_here(payload, own_codes) and later is None
    names = _names(backwards)
    name = _name_in_force(backwards)
    return PersonFacts(
        identifiers=_identifiers(ordered),
        status=_current_status(payload),
        born_on=born_on,
        born_by=latest_birth,
        sex=next((s.payload["sex"] for s in backwards if s.payload["sex"]), ""),
        is_dead=payload["dead"],
        died_on=_as_date(payload["died_on"]) if payload["dead"] else None,
        emigrated_on=_emigrated_on(payload),
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
                valid_from=_as_date(row["start"]) or (before.valid_from if before else None),
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
        return _as_date(told["born_on"]), latest
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


def _current_status(payload: Payload) -> str:
    current = [row for row in payload["statuses"] if row["current"]]
    return max(current, key=lambda row: row["start"] or "")["status"][:40] if current else ""


def _gone_status(payload: Payload) -> str | None:
    status = _current_status(payload)
    return status if status in NOT_RESIDENT else None


def _gone_from(statement: Statement) -> date | None:
    """Tell from which day a document says that the person no longer lives anywhere in the country; None when it does not say so."""
    status = _gone_status(statement.payload)
    if status is None:
        return None
    starts = [row["start"] for row in statement.payload["statuses"] if row["current"] and row["status"] == status and row["start"]]
    return _emigrated_on(statement.payload) or _as_date(max(starts, default=None)) or statement.seen_on


def _emigrated_on(payload: Payload) -> date | None:
    if _current_status(payload) != "utflyttet":
        return None
    return max((day for move in payload["moves"] if move["direction"] == "out" and (day := _as_date(move["on"]))), default=None)


def _stays_since(payload: Payload, own_codes: frozenset[str]) -> date | None:
    rows = payload["stays"] + payload["residences"]
    return max((day for row in rows if row["current"] and row["code"] in own_codes and (day := _as_date(row["start"]))), default=None)


def _residences(backwards: Sequence[Statement], level: Protection, own_codes: frozenset[str]) -> tuple[ResidenceFact, ...]:
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
        gone = _gone_from(statement)
        if gone is not None:
            claims = [kept for claim in claims if (kept := _closed(claim, gone)) is not None]
        is_silent = not claims and strictest(statement.payload) == Protection.STRICTLY_CONFIDENTIAL
        if is_silent and gone is None:
            continue
        for claim in claims:
            clipped = claim if horizon == date.max else _closed(claim, horizon)
            if clipped is not None:
                facts.append(clipped)
        ends = [claim.valid_from for claim in claims]
        if None in ends:
            horizon = None
        else:
            lower = min([day for day in ends if day is not None] + ([gone] if gone is not None else []), default=None)
            if lower is None and not statement.payload["dead"] and _current_status(statement.payload) != DEAD:
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
    if not facts or any(row.valid_until is None for row in facts) or _gone_from(newest) is not None or newest.payload["dead"]:
        return facts
    silent_since = newest.seen_on
    for statement in backwards:
        if _gone_from(statement) is not None or any(row["current"] and row["code"] for row in statement.payload["residences"]):
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
        return [ResidenceFact("", ResidenceKind.VIA_MOTHER, "", _as_date(payload["born_on"]), None, True, statement.source)]
    placed = [row for row in payload["residences"] if row["code"]]
    current = [row for row in placed if row["current"]]
    in_force = max(current, key=lambda row: row["start"] or "", default=None)
    claims = []
    if in_force is not None:
        begins = _as_date(in_force["start"]) or _first_told(in_force["code"], older)
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
        until = min((day for day in (_as_date(row["end"]), limit) if day is not None), default=None)
        begins = _as_date(row["start"])
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


def _closed(fact: ResidenceFact, on: date) -> ResidenceFact | None:
    """End a residence on a day at the latest; None when nothing of it is left."""
    until = on if fact.valid_until is None else min(fact.valid_until, on)
    if fact.valid_from is not None and until <= fact.valid_from:
        return None
    return replace(fact, valid_until=until)


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
            facts = [ProtectionFact(Protection(level), _as_date(start), _as_date(end), statement.source) for level, start, end in told]
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
        MigrationFact(move["direction"], move["country"], _as_date(move["on"]), statement.source) for move in statement.payload["moves"]
    )


FactT = TypeVar("FactT")


def _newest_that_tells(backwards: Sequence[Statement], told: Callable[[Statement], tuple[FactT, ...]]) -> tuple[FactT, ...]:
    return next((facts for statement in backwards if (facts := told(statement))), ())


def _period(row: Element) -> tuple[date | None, date | None]:
    return _as_date(row["start"]), _as_date(row["end"])


def _as_date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
