"""
The hard set for matching without a number (P3): invented families, and journals that hold one of their children the way real journals do.

A set is made from a seed alone; a training set and a test set are two seeds and share no family. Four of five journals belong to a child in
the register and carry one to three of the troubles named in `TROUBLES`. The fifth belongs to nobody there, and two of three such are chosen
to look as if they did: the sibling or the twin of a child in the register. Identity numbers are invented strings with month + 80 and are
never printed.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import duckdb

from benchmarks.hard_families import Child, Home, Village, child_row, mother_row
from benchmarks.hard_spelling import in_another_alphabet, nickname, respelt, typo
from fjorten.registers.reconcile.relations import RELATIONS

SHARE_WITHOUT_COUNTERPART = 0.2
SHARE_MISSING_FROM_REGISTER = 0.06  # children of known families: moved out, or not yet in
SHARE_OF_TWINS = 0.08


@dataclass(frozen=True, slots=True)
class Draft:
    """A journal while it is being written."""

    child: Child
    given: str | None
    family: str | None
    born_on: date | None
    home: Home | None
    mother_number: str | None


@dataclass(frozen=True, slots=True)
class HardSet:
    """Rows for `register` and `journal`, and what is true of them: the person (None: not in the register), the household, the troubles."""

    register: list[dict[str, object]] = field(default_factory=list)
    journal: list[dict[str, object]] = field(default_factory=list)
    truth: dict[int, int | None] = field(default_factory=dict)
    household_of_journal: dict[int, int] = field(default_factory=dict)
    household_of_person: dict[int, int] = field(default_factory=dict)
    troubles: dict[int, tuple[str, ...]] = field(default_factory=dict)


def make(seed: int, *, persons: int, journals: int) -> HardSet:
    """Make a hard set: about `persons` rows in the register (children and mothers), exactly `journals` journals without a number."""
    rng = random.Random(seed)
    village = Village(rng, households=persons * 2 // 5)
    hard_set = HardSet()
    known: list[Child] = []
    missing: list[Child] = []
    while len(hard_set.register) < persons:
        children = village.family()
        for child in children:
            if rng.random() < SHARE_MISSING_FROM_REGISTER:
                missing.append(child)
                continue
            child.key = _add(hard_set, child_row(len(hard_set.register) + 1, child, rng), child.household)
            known.append(child)
        if rng.random() < 0.9:
            _add(hard_set, mother_row(len(hard_set.register) + 1, children, village.namer, rng), children[0].household)
    for key, child in enumerate(_choose(journals, known, missing, village, rng), start=1):
        draft, troubles = written(child, village, rng)
        hard_set.journal.append(_journal_row(key, draft, rng))
        hard_set.truth[key] = child.key
        hard_set.household_of_journal[key] = child.household
        hard_set.troubles[key] = troubles
    return hard_set


def _add(hard_set: HardSet, row: dict[str, object], household: int) -> int:
    key = len(hard_set.register) + 1
    hard_set.register.append(row)
    hard_set.household_of_person[key] = household
    return key


def _choose(journals: int, known: list[Child], missing: list[Child], village: Village, rng: random.Random) -> list[Child]:
    nobody = round(journals * SHARE_WITHOUT_COUNTERPART)
    of_kin = rng.sample(missing, min(len(missing), nobody * 2 // 3))
    strangers = [child for _ in range(nobody - len(of_kin)) for child in village.family()[:1]]
    twins = [child for child in known if child.is_twin]
    others = [child for child in known if not child.is_twin]
    of_twins = rng.sample(twins, min(len(twins), round(journals * SHARE_OF_TWINS)))
    chosen = of_kin + strangers + of_twins
    chosen += rng.sample(others, journals - len(chosen))
    rng.shuffle(chosen)
    return chosen


def written(child: Child, village: Village, rng: random.Random) -> tuple[Draft, tuple[str, ...]]:
    """Write a child's journal, first as a careful clerk would and then with one to three troubles; gives the draft and their names."""
    draft = Draft(
        child,
        child.all_given if rng.random() < 0.7 else child.given,
        f"{child.middle} {child.family}" if child.middle and rng.random() < 0.4 else child.family,
        child.born_on,
        child.home if rng.random() < 0.7 else None,
        _mothers_number(child, village, rng) if rng.random() < 0.4 else None,
    )
    names = rng.sample(list(TROUBLES), k=rng.choices((1, 2, 3), weights=(50, 35, 15))[0])
    for name in names:
        draft = TROUBLES[name](draft, village, rng)
    return draft, tuple(sorted(names))


def _mothers_number(child: Child, village: Village, rng: random.Random) -> str:
    """Her number, or now and then an earlier one of hers or somebody else's."""
    return child.mother_number if rng.random() < 0.95 else village.number(child.born_on.replace(year=1990, day=1))


def _changed(text: str | None, change: Callable[[str, random.Random], str], rng: random.Random) -> str | None:
    return change(text, rng) if text else text


def _with_typo(draft: Draft, _: Village, rng: random.Random) -> Draft:
    if rng.random() < 0.5:
        return replace(draft, given=_changed(draft.given, typo, rng))
    return replace(draft, family=_changed(draft.family, typo, rng))


def _transliterated(draft: Draft, _: Village, rng: random.Random) -> Draft:
    spellings = [respelt(part, rng) for part in (draft.given or "").split()]
    family = _changed(draft.family, respelt, rng) if rng.random() < 0.6 else draft.family
    return replace(draft, given=" ".join(spellings) or None, family=family)


def _nicknamed(draft: Draft, _: Village, rng: random.Random) -> Draft:
    if draft.child.second_given and rng.random() < 0.5:
        return replace(draft, given=draft.child.second_given)  # called by the second name
    return replace(draft, given=_changed(draft.given, nickname, rng))


def _renamed(draft: Draft, village: Village, rng: random.Random) -> Draft:
    """The family name before the parents married, after they parted, or one half of a double name."""
    way = rng.random()
    if way < 0.5:
        return replace(draft, family=draft.child.other_family)
    if way < 0.75:
        return replace(draft, family=f"{draft.child.other_family}-{draft.child.family}")
    return replace(draft, family=village.namer.family(draft.child.origin))


def _without_date(draft: Draft, _: Village, __: random.Random) -> Draft:
    return replace(draft, born_on=None)


def _with_wrong_date(draft: Draft, _: Village, rng: random.Random) -> Draft:
    born_on = draft.born_on
    if born_on is None:
        return draft
    way = rng.random()
    if way < 0.35 and born_on.day <= 12:
        return replace(draft, born_on=born_on.replace(month=born_on.day, day=born_on.month))
    if way < 0.55:
        return replace(draft, born_on=born_on + timedelta(days=rng.choice((-1, 1))))
    if way < 0.70:
        return replace(draft, born_on=born_on.replace(day=1))
    if way < 0.85:
        return replace(draft, born_on=born_on.replace(day=min(born_on.day, 28), year=born_on.year + rng.choice((-1, 1))))
    return replace(
        draft, born_on=born_on.replace(day=rng.randrange(1, 29), month=rng.choice((born_on.month, born_on.month, rng.randrange(1, 13))))
    )


def _with_other_names(draft: Draft, village: Village, __: random.Random) -> Draft:
    """A second given name too many or too few."""
    child = draft.child
    if child.second_given:
        return replace(draft, given=child.given if draft.given == child.all_given else child.all_given)
    return replace(draft, given=f"{child.given} {village.namer.given(child.sex, child.origin)}")


def _in_an_old_system(draft: Draft, _: Village, rng: random.Random) -> Draft:
    return replace(draft, given=_changed(draft.given, in_another_alphabet, rng), family=_changed(draft.family, in_another_alphabet, rng))


def _newborn(draft: Draft, _: Village, rng: random.Random) -> Draft:
    name = rng.choice(("Pike", "Jente", "Gutt", "NN", "Ny født", "*PIKE", "Kari*GUTT", "Nyfødt", "Baby"))
    return replace(draft, given=None if rng.random() < 0.3 else name)


def _moved(draft: Draft, village: Village, __: random.Random) -> Draft:
    return replace(draft, home=village.home())


def _names_swapped(draft: Draft, _: Village, __: random.Random) -> Draft:
    return replace(draft, given=draft.family, family=draft.given)


TROUBLES: dict[str, Callable[[Draft, Village, random.Random], Draft]] = {
    "skrivefeil": _with_typo,
    "translitterert": _transliterated,
    "kallenavn": _nicknamed,
    "nytt etternavn": _renamed,
    "uten fødselsdato": _without_date,
    "feil fødselsdato": _with_wrong_date,
    "andre mellomnavn": _with_other_names,
    "tapte bokstaver": _in_an_old_system,
    "midlertidig navn": _newborn,
    "gammel adresse": _moved,
    "byttet for- og etternavn": _names_swapped,
}


def _journal_row(key: int, draft: Draft, rng: random.Random) -> dict[str, object]:
    home = draft.home
    address = None if home is None else f"{home.street}, {home.postcode} {home.place}" if rng.random() < 0.3 else home.street
    return {
        "journal_key": key,
        "line": key + 1,
        "number_problem": "missing",
        "given_name": draft.given,
        "family_name": draft.family,
        "born_on": draft.born_on,
        "is_open": True,
        "address": address.lower() if address and rng.random() < 0.1 else address,
        "postcode": home.postcode if home and rng.random() < 0.9 else None,
        "mother_number": draft.mother_number,
    }


def create_relations(connection: duckdb.DuckDBPyConnection) -> None:
    """Create `register` and `journal` empty, with the columns the readers give them."""
    for table in ("register", "journal"):
        connection.execute(f"CREATE OR REPLACE TABLE {table} ({RELATIONS[table]})")


def load(connection: duckdb.DuckDBPyConnection, hard_set: HardSet) -> None:
    """Put a hard set into the tables `register`, `journal` and `truth` (journal_key, person_key NULL when there is nobody)."""
    create_relations(connection)
    insert(connection, "register", hard_set.register)
    insert(connection, "journal", hard_set.journal)
    connection.execute("CREATE OR REPLACE TABLE truth (journal_key BIGINT, person_key BIGINT)")
    insert(connection, "truth", [{"journal_key": journal, "person_key": person} for journal, person in hard_set.truth.items()])


def insert(connection: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, object]]) -> None:
    """Insert rows by name; columns a row does not name stay NULL."""
    if not rows:
        return
    types = dict(connection.execute("SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = ?", [table]).fetchall())
    columns = list(dict.fromkeys(column for row in rows for column in row))
    typed = ", ".join(f"{column} {types[column]}[]" for column in columns)
    unnested = ", ".join(f"unnest(columns.{column}) AS {column}" for column in columns)
    connection.execute(
        f"INSERT INTO {table} BY NAME SELECT {unnested} FROM (SELECT $columns::STRUCT({typed}) AS columns)",
        {"columns": {column: [row.get(column) for row in rows] for column in columns}},
    )
