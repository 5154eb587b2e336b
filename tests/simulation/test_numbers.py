"""Synthetic identity numbers."""

from datetime import date
from random import Random

import pytest

from fjorten.kernel.national_id import ControlRule, Kind, Sex
from fjorten.simulation.numbers import NoSyntheticNumbersLeft, NumberIssuer

BORN_ON = date(2023, 2, 28)


def test_a_number_tells_birth_date_and_sex_and_is_synthetic() -> None:
    issuer, rng = NumberIssuer(), Random(1)
    for sex in Sex:
        for born_on in (date(1985, 12, 31), date(2000, 2, 29), BORN_ON):
            number = issuer.issue(rng, born_on=born_on, sex=sex, issued_on=BORN_ON)
            assert (number.is_synthetic, number.told_birth_date, number.told_sex) == (True, born_on, sex)
            assert number.kind is Kind.FOEDSELSNUMMER


def test_a_d_number_is_one() -> None:
    number = NumberIssuer().issue(Random(1), born_on=BORN_ON, sex=Sex.FEMALE, issued_on=BORN_ON, kind=Kind.D_NUMBER)
    assert (number.kind, number.is_synthetic) == (Kind.D_NUMBER, True)


def test_from_2032_numbers_may_follow_the_new_rule() -> None:
    issuer, rng = NumberIssuer(), Random(1)
    rules = {issuer.issue(rng, born_on=BORN_ON, sex=Sex.MALE, issued_on=date(2032, 1, 1)).control_rule for _ in range(40)}
    assert rules == {ControlRule.TODAY, ControlRule.FROM_2032}


def test_nobody_gets_a_number_somebody_has_and_at_last_there_are_none() -> None:
    issuer, rng, issued = NumberIssuer(), Random(1), set()
    with pytest.raises(NoSyntheticNumbersLeft) as raised:
        while True:
            number = issuer.issue(rng, born_on=BORN_ON, sex=Sex.FEMALE, issued_on=BORN_ON)
            assert number not in issued
            issued.add(number)
            assert issuer.has_issued(number.digits)
    assert 190 < len(issued) < 220
    assert len(str(raised.value)) < 9


def test_the_old_series_lacks_some_years() -> None:
    with pytest.raises(ValueError, match="1939"):
        NumberIssuer().issue(Random(1), born_on=date(1939, 1, 1), sex=Sex.MALE, issued_on=BORN_ON)
