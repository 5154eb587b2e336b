"""
The independent recount: the whole ledger of a municipality counted again from raw facts, and everything that differs named.

Raw facts are the register documents as they came, the words that a child lives elsewhere, enrolments, the history of steps, the signed
standing decisions, and the journals. From these it works out, in plain loops, what must stand in the tables and in the ledger of a day.
It shares no query and no rule with the screens (tests/ledger/test_recount_shares_nothing.py holds it to that), so that a mistake in either
shows as a difference. The ledger's own word, rows and totals, is handed in by the edge.

One fault is named once. What follows from a row that has been named (a child that seems to have gone, a total that is one short) is not
repeated: the ledger's rows are compared for the children nothing else is named for, and the totals when no child is named at all.

Nothing is written, also not in the trail: a recount must be able to run on a copy, and must not touch the chain it checks. The report
holds opaque ids, never a number or a name.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Final, Protocol

from fjorten.audit.trail import broken_links, chain_end
from fjorten.followup.models import Case
from fjorten.ledger.differences import Difference, Table, field_difference
from fjorten.ledger.models import LedgerSnapshot
from fjorten.ledger.naive_identity import Identities, identities
from fjorten.ledger.raw_rows import CaseRow, DocumentRow, HolderRow, PersonKeyRow, SnapshotRow, rows, rows_with
from fjorten.ledger.recount_people import Child, recounted_children
from fjorten.ledger.recount_plans import Plans
from fjorten.ledger.recount_totals import CountedChild, Totals, differing_totals
from fjorten.ledger.snapshots import broken_snapshots
from fjorten.organisation.models import Municipality
from fjorten.people.models import Identifier, Person
from fjorten.registers.models import RegisterDocument


class LedgerLine(Protocol):
    """One line of the ledger: a child, where it stands, and a step with its state (None and None for a child without a plan)."""

    @property
    def person(self) -> str: ...
    @property
    def standing(self) -> str: ...
    @property
    def step(self) -> str | None: ...
    @property
    def state(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Recounted:
    """
    What a recount came to.

    `totals` are recounted, `ledger` is what the ledger said; `checked` tells how many of what was looked at. `snapshot` says how the latest
    snapshot of the day was held against the recount: "agrees", "differs", "none" when there is none, "older" when something has been
    recorded since it was taken, "unknown" when something else already differs.
    """

    on: date
    municipality: str
    differences: tuple[Difference, ...]
    checked: dict[str, int]
    totals: dict[str, Any]
    ledger: dict[str, Any]
    snapshot: str

    @property
    def agrees(self) -> bool:
        """Whether nothing differs."""
        return not self.differences


def recount(*, municipality: Municipality, on: date, lines: Iterable[LedgerLine], totals: Mapping[str, Any]) -> Recounted:
    """
    Recount the ledger of a municipality on a day and hold everything against it.

    `lines` are the ledger's own lines, those of one child together; `totals` its own totals, under the keys of `fjorten ledger --json`.
    Call it inside `moment.one_moment`, or what is written meanwhile shows as a difference. Raises SigningKeyIsMissing.
    """
    differences: list[Difference] = []
    known = _identities(municipality)
    differences += known.differences
    plans = Plans(municipality=municipality, on=on, public_ids=known.public_ids, differences=differences)
    counted = Totals(municipality)
    children: dict[int, Child] = {}
    for key, child in recounted_children(municipality=municipality, on=on, known=known, differences=differences):
        if child is not None:
            children[key] = child
    born_on = {key: child.born_on for key, child in children.items()}
    for key, own in plans.of(sorted(known.public_ids), born_on):
        if key in children:
            counted.add(known.public_ids[key], children[key], own, on=on)
    counted.add_not_closed(plans.not_closed)
    counted.add_open_cases(_open_cases(municipality, on))
    checked = {
        "documents": known.documents,
        "persons": len(known.public_ids),
        "enrolments": plans.enrolments,
        "steps": plans.steps,
    }
    named = {difference.person for difference in differences if not difference.step} | {known.public_ids[key] for key in known.doubtful}
    named_steps = {(known.public_ids[key], step) for key, step in plans.doubtful_steps}
    against_lines = _Lines(counted.of_children, named, named_steps)
    differences += against_lines.differences(lines)
    plain = counted.as_plain()
    sums_are_known = not named - {""} and not named_steps and not any(d.person for d in differences)
    if sums_are_known:
        differences += differing_totals(Table.TOTAL, "", totals, plain)
    differences += _trail_differences(municipality)
    broken = list(_snapshot_differences(municipality))
    differences += broken
    snapshot = _hold_against_snapshot(municipality, on, plain, differences, is_possible=sums_are_known and not broken)
    return Recounted(
        on=on,
        municipality=municipality.code,
        differences=tuple(differences),
        checked={**checked, "lines": against_lines.number, "trail": chain_end(municipality.code).seq},
        totals=plain,
        ledger={name: totals[name] for name in plain if name in totals},
        snapshot=snapshot,
    )


def _identities(municipality: Municipality) -> Identities:
    def holders_of(numbers: Collection[str]) -> dict[str, int]:
        found = rows_with(HolderRow, Identifier, "number", numbers)
        return {row.number: row.person_id for row in found if row.municipality_id == municipality.pk}

    return identities(
        rows(PersonKeyRow, Person, municipality=municipality.pk),
        rows(DocumentRow, RegisterDocument, municipality=municipality.pk),
        holders_of=holders_of,
    )


def _open_cases(municipality: Municipality, on: date) -> int:
    told = rows(CaseRow, Case, municipality=municipality.pk)
    return sum(row.opened_on <= on and (row.closed_on is None or on < row.closed_on) for row in told)


class _Lines:
    """The ledger's lines against the recounted children; those already named for something else are left out."""

    def __init__(self, children: Mapping[str, CountedChild], named: set[str], named_steps: set[tuple[str, str]]) -> None:
        self._children = children
        self._named = named
        self._named_steps = named_steps
        self.number = 0

    def differences(self, lines: Iterable[LedgerLine]) -> Iterator[Difference]:
        seen = set()
        for person, own in groupby(lines, key=lambda line: line.person):
            seen.add(person)
            told = list(own)
            self.number += len(told)
            if person not in self._named:
                yield from self._of_child(person, told, self._children.get(person))
        for person in sorted(self._children.keys() - seen - self._named):
            yield Difference(Table.LEDGER_ROW, person, "", "standing", "ingenting om barnet", self._children[person].standing)

    def _of_child(self, person: str, told: list[LedgerLine], child: CountedChild | None) -> Iterator[Difference]:
        if child is None:
            yield Difference(Table.LEDGER_ROW, person, "", "standing", str(told[0].standing), "at barnet ikke hører til her")
            return
        standings = sorted({str(line.standing) for line in told})
        if standings != [child.standing]:
            yield Difference(Table.LEDGER_ROW, person, "", "standing", " og ".join(standings), child.standing)
        steps = sorted((line.step, str(line.state)) for line in told if line.step is not None)
        if steps == sorted(child.steps):
            return
        ledger, recount = Counter(steps), Counter(child.steps)
        for step in sorted({step for step, _ in (ledger - recount) + (recount - ledger)}):
            if (person, step) not in self._named_steps:
                told_states, states = _states(ledger, step), _states(recount, step)
                yield field_difference(Table.LEDGER_ROW, person, "", "state", ledger=told_states, recount=states, step=step)


def _states(counted: Counter[tuple[str, str]], step: str) -> str:
    return " og ".join(sorted(state for (code, state), number in counted.items() if code == step for _ in range(number)))


# The problems `broken_links` tells of, in the words of the report.
_TRAIL_WORDS: Final = (
    ("has been changed", "raden er endret etter at den ble skrevet"),
    ("does not follow", "raden følger ikke den forrige"),
    ("is missing before it", "det mangler rader foran denne"),
    ("does not end", "sporet slutter ikke der det skal: rader er fjernet eller lagt til"),
)


def _trail_differences(municipality: Municipality) -> Iterator[Difference]:
    for link in broken_links(municipality.code):
        words = next((norwegian for english, norwegian in _TRAIL_WORDS if english in link.problem), link.problem)
        yield Difference(Table.AUDIT, "", str(link.seq), "chain", "at kjeden holder", words)


def _snapshot_differences(municipality: Municipality) -> Iterator[Difference]:
    for sentence in broken_snapshots(municipality):
        yield Difference(Table.SNAPSHOT, "", "", "chain", "at bildet er ekte", sentence.rstrip("."))


def _hold_against_snapshot(
    municipality: Municipality, on: date, recounted: Mapping[str, Any], differences: list[Difference], *, is_possible: bool
) -> str:
    """
    Hold the latest snapshot of the day against the recount.

    A snapshot tells the balance as it was known when it was taken: only when nothing has been recorded since must it be the same now.
    """
    latest = None
    for row in rows(SnapshotRow, LedgerSnapshot, municipality=municipality.pk):
        if row.on == on:
            latest = row
    if latest is None:
        return "none"
    if not is_possible:
        return "unknown"
    own_event = 1  # the trail's event of the snapshot itself
    if chain_end(municipality.code).seq > latest.content["trail"]["seq"] + own_event:
        return "older"
    found = list(differing_totals(Table.SNAPSHOT, str(latest.seq), latest.content["balance"], recounted))
    differences += found
    return "differs" if found else "agrees"
