"""The stored weights fit the comparisons; a file that does not is refused with the name of file and field."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from fjorten.registers.matching.comparison import COMPARISONS
from fjorten.registers.matching.weights import WeightsAreInvalid, parse, stored

STORED = resources.files("fjorten.registers.matching").joinpath("weights.toml").read_text(encoding="utf-8")


def test_the_levels_of_a_comparison_share_out_every_class() -> None:
    for comparison in COMPARISONS:
        levels = stored().likelihoods[comparison.name].values()
        for kind in ("same", "kin", "stranger"):
            assert sum(getattr(likelihood, kind) for likelihood in levels) == pytest.approx(1, abs=0.002), (comparison.name, kind)


def test_full_agreement_speaks_for_and_none_against() -> None:
    for comparison in COMPARISONS:
        best, *_, worst = (stored().likelihoods[comparison.name][level.name] for level in comparison.levels)
        assert best.same > best.stranger, comparison.name
        assert worst.same < worst.stranger, comparison.name


def test_only_the_first_name_and_the_date_tell_a_sibling_from_the_child() -> None:
    of_siblings = {name: levels["same"].same / levels["same"].kin for name, levels in stored().likelihoods.items()}
    assert min(of_siblings["given"], of_siblings["born"]) > 5
    assert max(of_siblings["family"], of_siblings["mother"], of_siblings["address"]) < 1.5


@pytest.mark.parametrize(
    ("pattern", "replacement", "message"),
    [
        (r"in_register = .*", "in_register = 1.5", "weights.toml: prior.in_register must be a number above 0 and at most 1"),
        (r"in_register = .*", 'in_register = "mange"', "weights.toml: prior.in_register must be a number above 0 and at most 1"),
        (r"in_register = .*", "in_register = true", "weights.toml: prior.in_register must be a number above 0 and at most 1"),
        (r"kin_per_journal = .*", "", "weights.toml: prior.kin_per_journal must be a number above 0"),
        (r"shown_from = .*", "shown_from = 0", "weights.toml: threshold.shown_from must be a number above 0 and at most 1"),
        (r"\[threshold\]", "[thresholds]", "weights.toml: the table threshold is missing"),
        (r"\[comparison.born\]", "[comparison.birth]", "weights.toml: the table comparison.born is missing"),
        (r"swapped = \{ same = 0.02.*", "", "weights.toml: comparison.born must have exactly the levels"),
        (r"swapped = \{ same = 0.02\d*", "swapped = { same = -1", "weights.toml: comparison.born.swapped.same must be a number above 0"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_by_field(pattern: str, replacement: str, message: str) -> None:
    assert re.search(pattern, STORED)
    with pytest.raises(WeightsAreInvalid, match=re.escape(message)):
        parse(re.sub(pattern, replacement, STORED, count=1))
