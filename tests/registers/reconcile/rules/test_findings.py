"""What a finding carries: since when, how grave, whose, and the evidence of both sides."""

from __future__ import annotations

from datetime import date

import pytest

from fjorten.kernel.national_id import with_control_digits
from fjorten.registers.reconcile.findings import Finding
from fjorten.registers.reconcile.rules import RULES, Severity
from tests.registers.reconcile.every_kind import answer_of_every_kind, every_kind
from tests.registers.reconcile.two_sides import ELSEWHERE, HERE, TwoSides


def only(sides: TwoSides) -> Finding:
    (finding,) = sides.answer().findings
    return finding


def test_it_has_stood_since_the_child_moved_here() -> None:
    sides = TwoSides()
    sides.person(moved_on=date(2026, 11, 1))
    finding = only(sides)
    assert (finding.since_on, finding.days) == (date(2026, 11, 1), 20)


def test_a_newborn_has_not_lived_here_longer_than_it_has_lived() -> None:
    sides = TwoSides()
    sides.person(born_on=date(2026, 11, 10), moved_on=date(2020, 1, 1))
    assert only(sides).since_on == date(2026, 11, 10)


def test_a_move_that_is_still_to_come_has_stood_for_no_days() -> None:
    sides = TwoSides()
    sides.person(moved_on=date(2026, 12, 1))
    assert only(sides).days == 0


def test_a_newborn_with_its_mother_has_stood_since_she_moved_here() -> None:
    sides = TwoSides()
    mother = sides.person(born_on=date(1994, 5, 5), moved_on=date(2026, 11, 15))
    sides.person(status="foedselsregistrert", municipality=None, mother_number=mother, born_on=date(2026, 11, 10))
    finding = only(sides)
    assert finding.since_on == date(2026, 11, 15)
    assert finding.register_evidence["lives_with_mother"] == "yes"


def test_a_closed_journal_has_stood_since_it_was_closed_or_the_child_came_back() -> None:
    sides = TwoSides()
    sides.journal(sides.person(given_name="Kom", moved_on=date(2026, 10, 1)), given_name="Kom", closed_on=date(2026, 8, 1))
    sides.journal(sides.person(given_name="Ble", moved_on=date(2026, 6, 1)), given_name="Ble", closed_on=date(2026, 8, 1))
    assert [finding.since_on for finding in sides.answer().findings] == [date(2026, 8, 1), date(2026, 10, 1)]


def test_the_dead_keep_their_age() -> None:
    sides = TwoSides()
    sides.journal(sides.person(born_on=date(2020, 1, 1), died_on=date(2022, 3, 1)), born_on=date(2020, 1, 1))
    assert only(sides).age_months == 26


def test_a_child_whose_birth_year_alone_is_known_is_asked_about_when_it_may_be_of_age() -> None:
    sides = TwoSides()
    sides.person(born_on=None, born_year=2020)
    sides.person(born_on=None, born_year=2019)
    assert only(sides).age_months is None


def test_a_wrong_birth_date_under_another_name_may_be_another_child() -> None:
    sides = TwoSides()
    sides.journal(sides.person(), born_on=date(2023, 1, 1))
    sides.journal(sides.person(), born_on=date(2023, 1, 1), given_name="Ola")
    severities = [finding.severity for finding in sides.answer().findings if finding.rule == "birth_date_disagrees"]
    assert severities == [Severity.HIGH, Severity.MEDIUM]


def test_a_changed_number_says_the_new_one_and_since_when() -> None:
    sides = TwoSides()
    former = sides.new_number(is_d_number=True)
    number = sides.person(former_numbers=(former,), since=date(2026, 2, 2))
    sides.journal(former)
    finding = only(sides)
    assert finding.numbers == (number, former)
    assert finding.register_evidence == {"number": number, "number_since": "2026-02-02", "status": "bosatt"}
    assert finding.since_on == date(2026, 2, 2)


def test_two_journals_are_both_shown() -> None:
    sides = TwoSides()
    former = sides.new_number(is_d_number=True)
    number = sides.person(former_numbers=(former,))
    sides.journal(number, opened_on=date(2024, 4, 1))
    sides.journal(former, opened_on=date(2024, 6, 1))
    finding = only(sides)
    assert [journal["number"] for journal in finding.journal_evidence] == [number, former]
    assert finding.since_on == date(2024, 6, 1)


def test_one_journal_on_two_lines_of_the_export_is_one_journal() -> None:
    sides = TwoSides()
    number = sides.person()
    sides.journal(number, journal_id="J9")
    sides.journal(number, journal_id="J9")
    assert sides.answer().findings == ()


def test_two_journals_under_a_number_the_register_does_not_have_are_both_problems() -> None:
    sides = TwoSides()
    number = sides.new_number()
    sides.journal(number)
    sides.journal(number)
    assert [(finding.rule, len(finding.journal_evidence)) for finding in sides.answer().findings] == [
        ("number_not_in_extract", 2),
        ("two_journals_one_child", 2),
    ]


def test_the_register_says_where_the_child_is_now() -> None:
    sides = TwoSides()
    sides.journal(sides.person(municipality=ELSEWHERE, moved_on=date(2026, 9, 1)))
    finding = only(sides)
    assert finding.register_evidence["municipality"] == ELSEWHERE
    assert finding.register_evidence["moved_on"] == "2026-09-01"
    assert "address" not in finding.register_evidence


def test_an_old_code_of_ours_is_shown_with_what_it_is_now() -> None:
    sides = TwoSides()
    sides.person(municipality="1504", municipality_now=HERE)
    assert only(sides).register_evidence["municipality_now"] == HERE


def test_an_unknown_status_is_shown_as_it_stands() -> None:
    sides = TwoSides()
    sides.person(status="nyttOrd")
    assert only(sides).register_evidence["status"] == "nyttOrd"


def test_the_same_person_in_two_files_is_one_person() -> None:
    sides = TwoSides()
    number = sides.person()
    sides.person(number=number, municipality=ELSEWHERE, last_changed_at=None)
    sides.journal(number)
    assert sides.answer().findings == ()


def test_a_number_resolves_to_the_one_who_uses_it_and_not_to_a_ceased_double() -> None:
    sides = TwoSides()
    former = sides.new_number()
    number = sides.person(former_numbers=(former,))
    sides.person(number=former, status="opphoert")
    sides.journal(number)
    assert sides.answer().findings == ()


def test_an_auxiliary_number_is_no_number_of_the_register() -> None:
    sides = TwoSides()
    sides.journal(with_control_digits("800000002"), given_name="Uten", family_name="Treff", born_on=date(2022, 1, 1))
    assert only(sides).rule == "journal_without_number"


def test_a_journal_without_a_birth_date_is_placed_by_its_number() -> None:
    sides = TwoSides()
    sides.journal(sides.new_number(date(2023, 1, 1)), born_on=None)
    sides.journal(sides.new_number(date(2012, 1, 1)), born_on=None)
    assert only(sides).rule == "number_not_in_extract"
    assert sides.answer().counts.journals_out_of_range == 1


def test_a_journal_nothing_places_in_an_age_is_asked_about() -> None:
    sides = TwoSides()
    sides.journal(sides.new_number(date(2012, 1, 1), is_d_number=True), born_on=None)
    finding = only(sides)
    assert finding.rule == "number_not_in_extract"
    assert finding.age_months is None


def test_a_child_without_a_journal_is_shown_the_journals_that_may_be_its_own() -> None:
    sides = TwoSides()
    sides.person(given_name="Zofia", family_name="Nowak")
    sides.journal(sides.new_number(), given_name="Zofia", family_name="Nowak")
    without, not_in_extract = sides.answer().findings
    assert without.rule == "lives_here_without_journal"
    assert [candidate.journal_id for candidate in without.candidates] == ["J1"]
    assert [candidate.name for candidate in not_in_extract.candidates] == ["Zofia Nowak"]


def test_twins_are_not_taken_for_each_other() -> None:
    sides = TwoSides()
    mother = sides.person(born_on=date(1994, 5, 5))
    twin = sides.person(given_name="Kristian", mother_number=mother)
    sides.person(given_name="Kristine", mother_number=mother)
    sides.journal(twin, given_name="Kristine")
    assert sorted(finding.rule for finding in sides.answer().findings) == ["lives_here_without_journal", "name_disagrees"]


def test_findings_stand_in_the_order_of_the_report() -> None:
    findings = answer_of_every_kind().findings
    places = [[rule.code for rule in RULES].index(finding.rule) for finding in findings]
    assert places == sorted(places)
    without = [finding for finding in findings if finding.rule == "lives_here_without_journal"]
    assert [finding.since_on for finding in without] == sorted(finding.since_on for finding in without if finding.since_on)


def test_the_answer_is_the_same_every_time() -> None:
    assert every_kind().answer().findings == answer_of_every_kind().findings


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_has_words_a_clerk_can_act_upon(rule: object) -> None:
    assert rule.title and rule.meaning.endswith(".") and rule.action.sentence.endswith(".")
    assert "vennligst" not in (rule.meaning + rule.action.sentence).casefold()
    assert "!" not in rule.meaning + rule.action.sentence


@pytest.mark.parametrize("code", ["gone_from_extract", "number_not_in_extract"])
def test_what_may_be_protection_never_reads_as_moved(code: str) -> None:
    (rule,) = [rule for rule in RULES if rule.code == code]
    words = (rule.title + rule.meaning + rule.action.sentence).casefold()
    assert rule.meaning.startswith("Ukjent, undersøk.")
    assert "adressesperre" in words
    assert not [word for word in ("flytt", "utvandr", "bor ikke") if word in words]
    assert not {"clinic", "address", "municipality"} & {*rule.register, *rule.journal}
