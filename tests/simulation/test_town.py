"""A town lives: reproducibly, in order, and so that its documents, its feed and the truth about it are three views of one thing."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest

from fjorten.kernel.national_id import NationalId, parse
from fjorten.simulation.extracts import Hidden
from fjorten.simulation.feed import DOCUMENTS_FILE, FEED_FILE, PERSONS_FILE
from fjorten.simulation.households import CHILD_YEARS
from fjorten.simulation.office.desk import Quirks
from fjorten.simulation.office.happenings import Happening
from fjorten.simulation.rates import Rates
from fjorten.simulation.records import Protection, Status
from fjorten.simulation.town import DayBeforeTheTownBegan, NobodyHasTheNumber, Town
from fjorten.simulation.truth import ChildTruth
from tests.simulation.conftest import BEGINS_ON, DECADE_ENDS_ON, REFORM_ON
from tests.simulation.naive_reader import Said, numbers_in, replayed, said_in

A_YEAR_LATER = date(2025, 3, 1)


def written(town: Town, directory: Path) -> dict[str, bytes]:
    """Everything a town writes, by the name of the file."""
    town.write_feed(directory / "feed", until=A_YEAR_LATER)
    town.write_snapshot(directory / "extract.jsonl.gz", on=A_YEAR_LATER)
    town.write_journals(directory / "journals.csv", on=A_YEAR_LATER)
    return {str(path.relative_to(directory)): path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def test_the_same_seed_gives_the_same_bytes_however_far_it_is_lived_at_a_time(tmp_path: Path) -> None:
    at_once = Town(seed=9, children=60, begins_on=BEGINS_ON, reform_on=REFORM_ON)
    in_steps = Town(seed=9, children=60, begins_on=BEGINS_ON, reform_on=REFORM_ON)
    for days in range(0, 365, 50):
        list(in_steps.truth(BEGINS_ON + timedelta(days=days)))
        in_steps.intents(BEGINS_ON + timedelta(days=days))
    in_steps.live_until(A_YEAR_LATER + timedelta(days=30))
    first, second = written(at_once, tmp_path / "first"), written(in_steps, tmp_path / "second")
    assert sorted(first) == ["extract.jsonl.gz", f"feed/{DOCUMENTS_FILE}", f"feed/{FEED_FILE}", f"feed/{PERSONS_FILE}", "journals.csv"]
    assert first == second


def test_another_seed_gives_another_town(tmp_path: Path) -> None:
    towns = [Town(seed=seed, children=60, begins_on=BEGINS_ON) for seed in (9, 10)]
    first, second = (written(town, tmp_path / str(place)) for place, town in enumerate(towns))
    assert all(first[name] != second[name] for name in first)


def test_a_day_before_the_beginning_cannot_be_asked_about(town: Town) -> None:
    with pytest.raises(DayBeforeTheTownBegan):
        town.truth(BEGINS_ON - timedelta(days=1))


def test_every_kind_of_happening_occurs_in_ten_years_of_a_middling_town(old_town: Town) -> None:
    counted = Counter(occurrence.happening for occurrence in old_town.occurrences(until=DECADE_ENDS_ON))
    assert set(Happening) - set(counted) == set()


def test_the_town_keeps_about_as_many_children_as_it_began_with(old_town: Town) -> None:
    on_each_birthday = [BEGINS_ON.replace(year=BEGINS_ON.year + years) for years in range(0, 11, 2)]
    counts = [sum(child.registered_here and child.age_years < CHILD_YEARS for child in old_town.truth(on)) for on in on_each_birthday]
    assert all(750 < count < 1100 for count in counts), counts


def test_every_number_in_documents_and_feed_is_synthetic_and_valid(town: Town) -> None:
    numbers = set()
    for row in town.feed(until=A_YEAR_LATER):
        numbers.add(row.row["hendelse"]["folkeregisteridentifikator"])
        if row.person_document is not None:
            numbers |= set(numbers_in(row.person_document))
            relations: Any = row.person_document.get("familierelasjon", [])
            numbers |= {relation["relatertPerson"] for relation in relations}
    assert len(numbers) > 300
    assert all(parse(number).is_synthetic for number in numbers)


def test_nobody_shares_a_number(town: Town) -> None:
    owners: dict[NationalId, int] = {}
    for child in town.truth(A_YEAR_LATER):
        for number in child.numbers:
            assert owners.setdefault(number, child.key) == child.key


def test_sequence_numbers_run_without_a_gap_and_days_without_going_back(town: Town) -> None:
    rows = list(town.feed(until=A_YEAR_LATER))
    assert [row.sequence for row in rows] == list(range(1, len(rows) + 1))
    repeated = {occurrence.day for occurrence in town.occurrences(until=A_YEAR_LATER) if occurrence.happening is Happening.REPEATED}
    stamps = [row.row["hendelse"]["ajourholdstidspunkt"] for row in rows]
    backwards = [later[:10] for earlier, later in pairwise(stamps) if later < earlier]
    assert len(backwards) <= len(repeated) * 2


def test_the_feed_can_be_read_on_from_any_day(town: Town) -> None:
    days = [None, date(2024, 5, 1), date(2024, 5, 2), date(2024, 12, 31), A_YEAR_LATER]
    in_pieces = [row.row for after, until in pairwise(days) for row in town.feed(after=after, until=until or BEGINS_ON)]
    assert in_pieces == [row.row for row in town.feed(until=A_YEAR_LATER)]


def test_rows_can_be_had_again_from_an_older_pointer(town: Town) -> None:
    after = date(2024, 8, 1)
    rows = [row.row for row in town.feed(after=after, until=A_YEAR_LATER)]
    again = [row.row for row in town.feed(after=after, until=A_YEAR_LATER, again=7)]
    assert again[7:] == rows
    assert again[:7] == [row.row for row in town.feed(until=after)][-7:]


def expected_of(child: ChildTruth) -> Said:
    """What a child's document ought to say, from the truth alone."""
    standing, is_hidden = child.standing, child.standing.grading is Protection.STRICTLY_CONFIDENTIAL
    home, stay = (None, None) if is_hidden else (standing.home, standing.stay)
    grades = {Protection.NONE: "ugradert", Protection.CONFIDENTIAL: "fortrolig", Protection.STRICTLY_CONFIDENTIAL: "strengtFortrolig"}
    home_grade = "klientadresse" if home is not None and home.is_client_address else "ugradert"
    return Said(
        numbers=frozenset(number.digits for number in child.numbers),
        number=child.number.digits,
        status=standing.status,
        born_on=child.born_on,
        died_on=standing.died_on,
        name=(standing.given_name.casefold(), standing.family_name.casefold()),
        grade=grades[standing.grading],
        municipality=home and home.municipality_code,
        stay=stay and stay.municipality_code,
        home_grade=home and ("fortrolig" if standing.grading is Protection.CONFIDENTIAL else home_grade),
        guardians=frozenset(guardian.digits for guardian in standing.guardians),
    )


@pytest.mark.parametrize("seed", range(6))
def test_documents_say_what_is_true_on_random_days(old_town: Town, seed: int) -> None:
    on = BEGINS_ON + timedelta(days=Random(seed).randrange(3650))
    children = list(old_town.truth(on))
    assert len(children) > 900
    for child in children:
        assert said_in(old_town.document_of(child.numbers[0], on=on)) == expected_of(child), child.key


def test_somebody_nobody_knows_has_no_document(town: Town) -> None:
    with pytest.raises(NobodyHasTheNumber):
        town.document_of(parse("03851598730"), on=A_YEAR_LATER)


def without(document: dict[str, Any], section: str) -> dict[str, Any]:
    return {name: content for name, content in document.items() if name != section}


@pytest.mark.parametrize("after", [BEGINS_ON, date(2024, 9, 17), date(2024, 12, 31)])
def test_an_extract_and_the_feed_after_it_give_the_next_extract(after: date) -> None:
    """But for what an update without a document changed, which has to be looked up."""
    town = Town(seed=5, children=220, begins_on=BEGINS_ON, reform_on=REFORM_ON, quirks=Quirks(0, 0, 0))
    before = [line["folkeregisterperson"] for line in town.snapshot(on=after, hidden=Hidden.WITHOUT_ADDRESS)]
    rows = [(row.row, row.person_document) for row in town.feed(after=after, until=A_YEAR_LATER)]
    known = replayed(rows, before)
    lines = list(town.snapshot(on=A_YEAR_LATER))
    assert len(lines) > 500
    for line in lines:
        document = line["folkeregisterperson"]
        assert isinstance(document, dict)
        number = line["foedselsEllerDNummer"]
        assert without(known[number], "identitetsgrunnlag") == without(document, "identitetsgrunnlag")


def test_the_last_document_of_everybody_in_the_feed_is_the_one_a_look_up_gives() -> None:
    town = Town(seed=6, children=300, begins_on=BEGINS_ON, reform_on=REFORM_ON, quirks=Quirks(0, 0, 0))
    last = replayed((row.row, row.person_document) for row in town.feed(until=A_YEAR_LATER))
    ceased = {
        row.row["hendelse"]["folkeregisteridentifikator"]
        for row in town.feed(until=A_YEAR_LATER)
        if row.row["hendelse"]["hendelsetype"] == "personErOpphoertSomDublett"
    }
    assert ceased
    assert ceased.isdisjoint(last)
    for number, document in last.items():
        looked_up = town.document_of(NationalId(number), on=A_YEAR_LATER)
        assert without(document, "identitetsgrunnlag") == without(looked_up, "identitetsgrunnlag")


def test_a_reform_moves_nobody(town: Town) -> None:
    by_kind = {"lives_here", "registered_here", "listed_here", "stays_here", "newborn_of_resident", "last_listed_here"}
    nothing_else = Town(seed=8, children=300, begins_on=date(2024, 12, 30), reform_on=REFORM_ON, rates=Rates.none())
    before = {child.key: child for child in nothing_else.truth(date(2024, 12, 31))}
    after = {child.key: child for child in nothing_else.truth(date(2025, 1, 10))}
    assert len(before) > 300
    moved = [
        key
        for key in before
        if before[key].standing.status is after[key].standing.status
        and any(getattr(before[key], kind) != getattr(after[key], kind) for kind in by_kind)
    ]
    assert moved == []
    assert {child.standing.home.municipality_code for child in before.values() if child.standing.home} == {"7814"}
    assert {child.standing.home.municipality_code for child in after.values() if child.standing.home} == {"7914"}
    assert (nothing_else.code_on(date(2024, 12, 31)), nothing_else.code_on(REFORM_ON)) == ("7814", "7914")


def test_a_reform_takes_some_days_so_an_extract_may_hold_both_codes(town: Town) -> None:
    codes = {child.standing.home.municipality_code for child in town.truth(REFORM_ON) if child.registered_here and child.standing.home}
    assert codes == {"7814", "7914"}


def test_what_is_told_late_shows_in_the_difference_between_truth_and_register(old_town: Town) -> None:
    differs = Counter()
    for days in range(0, 3650, 365):
        for child in old_town.truth(BEGINS_ON + timedelta(days=days)):
            differs[child.lives_here, child.registered_here] += 1
    assert all(differs[pair] > 0 for pair in ((True, True), (True, False), (False, True), (False, False)))


def test_the_dead_are_dead_unless_by_mistake(old_town: Town) -> None:
    dead = [child for child in old_town.truth(DECADE_ENDS_ON) if child.registered_dead]
    assert dead
    assert all(child.standing.died_on is not None for child in dead)
    assert not any(child.registered_here or child.stays_here for child in dead)
    alive_after_all = [
        occurrence.person for occurrence in old_town.occurrences(until=DECADE_ENDS_ON) if occurrence.happening is Happening.DEATH_ANNULLED
    ]
    by_key = {child.key: child for child in old_town.truth(DECADE_ENDS_ON)}
    assert all(by_key[key].is_alive or by_key[key].registered_dead for key in alive_after_all)


def test_hidden_children_are_not_listed_and_not_forgotten(old_town: Town) -> None:
    hidden = [child for child in old_town.truth(DECADE_ENDS_ON) if child.protection is Protection.STRICTLY_CONFIDENTIAL]
    assert hidden
    assert not any(child.listed_here or child.stays_here for child in hidden)
    assert any(child.last_listed_here for child in hidden)
    numbers = {line["foedselsEllerDNummer"] for line in old_town.snapshot(on=DECADE_ENDS_ON)}
    assert not any(child.number.digits in numbers for child in hidden)


def test_children_hidden_from_birth_can_only_be_known_by_their_mothers(old_town: Town) -> None:
    from_birth = [
        child
        for years in range(1, 11)
        for child in old_town.truth(BEGINS_ON.replace(year=BEGINS_ON.year + years))
        if child.mother_last_listed_here
    ]
    assert from_birth
    assert not any(child.last_listed_here or child.listed_here for child in from_birth)
    assert {child.protection for child in from_birth} == {Protection.STRICTLY_CONFIDENTIAL}


def test_an_extract_lists_those_who_are_listed_here_or_stay_here(old_town: Town) -> None:
    for hidden in Hidden:
        lines = {line["foedselsEllerDNummer"] for line in old_town.snapshot(on=DECADE_ENDS_ON, hidden=hidden)}
        children = list(old_town.truth(DECADE_ENDS_ON))
        listed = {child.number.digits for child in children if child.listed_here or child.stays_here}
        concealed = {child.number.digits for child in children if child.registered_here and not child.listed_here}
        assert listed <= lines
        assert (concealed <= lines) == (hidden is Hidden.WITHOUT_ADDRESS)
        assert lines & {child.number.digits for child in children} == listed | (concealed if hidden is Hidden.WITHOUT_ADDRESS else set())


def test_newborns_without_an_address_are_known_by_their_mothers(old_town: Town) -> None:
    waiting = [
        child
        for days in range(0, 3650, 60)
        for child in old_town.truth(BEGINS_ON + timedelta(days=days))
        if child.standing.status is Status.BIRTH_REGISTERED
    ]
    assert any(child.newborn_of_resident for child in waiting)
    assert not any(child.registered_here for child in waiting)
