"""Journal exports: every planted difference is there, and there is no other. Counted anew from the file, without the planting code."""

import csv
import unicodedata
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from random import Random

import pytest

from fjorten.kernel.national_id import Kind, NotANationalId, Sex, is_national_id, parse
from fjorten.simulation.dirt import Dirt, PlantedRule, damaged_number, harmlessly_different_name, misspelt, unrelated_name
from fjorten.simulation.journals import JournalExport
from fjorten.simulation.numbers import NumberIssuer
from fjorten.simulation.records import Protection, Status
from fjorten.simulation.styles import ENGLISH_HEADINGS, FIELDS, NORWEGIAN_HEADINGS, STYLES, JournalStyle, as_latin_1
from fjorten.simulation.town import Town
from fjorten.simulation.truth import ChildTruth

ON = date(2031, 5, 20)
Row = dict[str, str]


def read(path: Path, style: JournalStyle | None = None) -> list[Row]:
    """Read an export by its own headings, back to the names of the fields."""
    style = style or JournalStyle()
    names = {heading: field for field, heading in (style.headings or NORWEGIAN_HEADINGS).items()}
    with path.open(encoding=style.encoding, newline="") as file:
        rows = list(csv.reader(file, delimiter=style.delimiter))
    return [dict(zip((names[heading] for heading in rows[0]), row, strict=True)) for row in rows[1:]]


def day(text: str) -> date | None:
    return datetime.strptime(text, "%d.%m.%Y").date() if text else None


def beginnings(*names: str) -> set[str]:
    plain = "".join(part for part in unicodedata.normalize("NFKD", " ".join(names)) if not unicodedata.combining(part))
    return {word[:2] for word in plain.casefold().replace("-", " ").split()}


def recounted(rows: list[Row], children: list[ChildTruth]) -> dict[PlantedRule, set[object]]:
    """Compare journals and children the long way round; children by key, journals about nobody by their id."""
    found: dict[PlantedRule, set[object]] = defaultdict(set)
    by_number = {number.digits: child for child in children for number in child.numbers}
    journals: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        number = row["number"].replace(" ", "")
        child = by_number.get(number)
        if not number:
            found[PlantedRule.JOURNAL_WITHOUT_NUMBER].add(row["journal_id"])
        elif not is_national_id(number):
            found[PlantedRule.INVALID_NUMBER].add(row["journal_id"])
        elif child is None:
            found[PlantedRule.NUMBER_NOT_IN_EXTRACT].add(row["journal_id"])
        else:
            journals[child.key].append(row)
    for child in children:
        if child.age_years < 6 and child.protection is Protection.NONE:
            for rule in differences(child, journals[child.key]):
                found[rule].add(child.key)
    return found


def differences(child: ChildTruth, journals: list[Row]) -> set[PlantedRule]:
    found = set()
    standing = child.standing
    is_open = [row for row in journals if not row["closed_on"]]
    if not is_open:
        if child.stays_here:
            found.add(PlantedRule.STAYS_HERE_WITHOUT_JOURNAL)
        if child.listed_here or child.newborn_of_resident:
            found.add(PlantedRule.CLOSED_JOURNAL_LIVES_HERE if journals else PlantedRule.LIVES_HERE_WITHOUT_JOURNAL)
        return found
    elsewhere = {
        Status.DEAD: PlantedRule.JOURNAL_OPEN_DEAD,
        Status.MISSING: PlantedRule.JOURNAL_OPEN_MISSING,
        Status.EMIGRATED: PlantedRule.JOURNAL_OPEN_EMIGRATED,
    }
    if standing.status in elsewhere:
        found.add(elsewhere[standing.status])
    elif standing.status is Status.RESIDENT and not child.listed_here:
        found.add(PlantedRule.JOURNAL_OPEN_REGISTERED_ELSEWHERE)
    if len(is_open) > 1:
        return found | {PlantedRule.TWO_JOURNALS_ONE_CHILD}
    [row] = is_open
    if row["number"].replace(" ", "") != child.number.digits:
        found.add(PlantedRule.IDENTIFIER_CHANGED)
    if day(row["born_on"]) != child.born_on:
        found.add(PlantedRule.BIRTH_DATE_DISAGREES)
    ours = beginnings(standing.given_name, standing.middle_name, standing.family_name)
    if not standing.name_is_temporary and beginnings(row["given_name"], row["family_name"]).isdisjoint(ours):
        found.add(PlantedRule.NAME_DISAGREES)
    return found


def planted_in(export: JournalExport) -> dict[PlantedRule, set[object]]:
    about_journals = {PlantedRule.JOURNAL_WITHOUT_NUMBER, PlantedRule.INVALID_NUMBER, PlantedRule.NUMBER_NOT_IN_EXTRACT}
    planted: dict[PlantedRule, set[object]] = defaultdict(set)
    for difference in export.planted:
        planted[difference.rule].add(difference.journal_ids[0] if difference.rule in about_journals else difference.child)
    # Whoever is in a journal without a readable number has no journal, by number.
    planted[PlantedRule.LIVES_HERE_WITHOUT_JOURNAL] |= {
        difference.child
        for difference in export.planted
        if difference.rule in {PlantedRule.JOURNAL_WITHOUT_NUMBER, PlantedRule.INVALID_NUMBER}
    }
    return planted


def test_what_is_planted_is_all_there_is_to_find(old_town: Town, tmp_path: Path) -> None:
    export = old_town.write_journals(tmp_path / "journals.csv", on=ON, dirt=replace(Dirt().times(3), harmless_share=0.5))
    rows = read(tmp_path / "journals.csv")
    assert len(rows) == export.rows > 800
    assert recounted(rows, list(old_town.truth(ON))) == planted_in(export)
    assert {difference.rule for difference in export.planted} == set(PlantedRule)
    assert max(Counter(difference.child for difference in export.planted if difference.child).values()) == 1


def test_without_dirt_there_is_nothing_but_what_the_register_itself_has_wrong(old_town: Town, tmp_path: Path) -> None:
    export = old_town.write_journals(tmp_path / "journals.csv", on=ON, dirt=Dirt.none())
    assert {difference.rule for difference in export.planted} <= {PlantedRule.STAYS_HERE_WITHOUT_JOURNAL}
    by_key = {child.key: child for child in old_town.truth(ON)}
    assert all(by_key[difference.child].duplicate_of for difference in export.planted if difference.child)
    assert {rule: found for rule, found in recounted(read(tmp_path / "journals.csv"), list(by_key.values())).items() if found} == {
        rule: found for rule, found in planted_in(export).items() if found
    }


def test_as_much_is_planted_as_was_asked_for(old_town: Town, tmp_path: Path) -> None:
    dirt = replace(Dirt.none(), lives_here_without_journal=17, invalid_number=9)
    export = old_town.write_journals(tmp_path / "journals.csv", on=ON, dirt=dirt)
    counted = Counter(difference.rule for difference in export.planted)
    assert (counted[PlantedRule.LIVES_HERE_WITHOUT_JOURNAL], counted[PlantedRule.INVALID_NUMBER]) == (17, 9)


def test_protected_children_have_a_journal_with_no_address_and_nothing_planted(old_town: Town, tmp_path: Path) -> None:
    export = old_town.write_journals(tmp_path / "journals.csv", on=ON, dirt=Dirt().times(50))
    protected = {number.digits for number in export.protected}
    rows = [row for row in read(tmp_path / "journals.csv") if row["number"].replace(" ", "") in protected]
    assert len(rows) == len(protected) > 3
    assert {row["address"] for row in rows} == {""}
    assert protected.isdisjoint(difference.number.digits for difference in export.planted if difference.number)


@pytest.mark.parametrize("name", STYLES)
def test_every_style_can_be_read_back(town: Town, tmp_path: Path, name: str) -> None:
    style = STYLES[name]
    on = date(2025, 2, 1)
    town.write_journals(tmp_path / "styled.csv", on=on, style=style, dirt=Dirt.none())
    town.write_journals(tmp_path / "plain.csv", on=on, dirt=Dirt.none())
    styled, plain = read(tmp_path / "styled.csv", style), read(tmp_path / "plain.csv")
    assert [row["number"] for row in styled] == [row["number"] for row in plain]
    latin = style.encoding == "latin-1"
    assert [row["family_name"] for row in styled] == [as_latin_1(row["family_name"]) if latin else row["family_name"] for row in plain]
    assert (tmp_path / "styled.csv").read_bytes().startswith(b"\xef\xbb\xbf") == (style.encoding == "utf-8-sig")


def test_columns_can_be_chosen_and_headings_named(town: Town, tmp_path: Path) -> None:
    style = JournalStyle(encoding="utf-8", fields=("number", "born_on"), headings=NORWEGIAN_HEADINGS | {"number": "Pasientnr"})
    town.write_journals(tmp_path / "journals.csv", on=date(2025, 2, 1), style=style)
    assert (tmp_path / "journals.csv").read_text(encoding="utf-8").splitlines()[0] == "Pasientnr;Fødselsdato"


def test_headings_are_all_there() -> None:
    assert set(NORWEGIAN_HEADINGS) == set(ENGLISH_HEADINGS) == set(FIELDS)


@pytest.mark.parametrize(
    ("written", "read_as"),
    [("Čáhppe Åse", "Cáhppe Åse"), ("Đeatnu Ŋuorro Ŧ", "Deatnu Nuorro T"), ("Łukasz Wójcik", "Lukasz Wójcik"), ("日", "?")],
)
def test_latin_1_keeps_what_it_has_and_takes_the_nearest_of_the_rest(written: str, read_as: str) -> None:
    assert as_latin_1(written) == read_as
    read_as.encode("latin-1")


def test_a_damaged_number_is_none_in_any_of_four_ways() -> None:
    number = NumberIssuer().issue(Random(1), born_on=date(2024, 1, 9), sex=Sex.MALE, issued_on=date(2024, 1, 9), kind=Kind.FOEDSELSNUMMER)
    problems = set()
    for seed in range(40):
        with pytest.raises(NotANationalId) as raised:
            parse(damaged_number(Random(seed), number))
        problems.add(raised.value.problem.value)
    assert problems == {"length", "characters", "date", "control_digits"}


def test_names_get_written_in_other_ways() -> None:
    names = {harmlessly_different_name(Random(seed), "Anne-Máret", "Åsheim") for seed in range(40)}
    assert names == {("ANNE-MÁRET", "ÅSHEIM"), ("Anne-Maret", "Åsheim"), ("Anne Máret", "Åsheim"), ("Anne", "Åsheim")}
    assert {misspelt(Random(seed), "Live") for seed in range(10)} == {"Lvie"}
    assert misspelt(Random(1), "Åse") == "Åse"
    assert beginnings("Anne-Maret", "Lunde").isdisjoint(beginnings(*unrelated_name(Random(1), unlike="Anne-Maret Lunde")))
