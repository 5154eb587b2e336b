"""The file of numbers: what it says, and what is wrong with one that cannot be used."""

import copy
import tomllib
from importlib import resources
from typing import Any

import pytest

from fjorten.appointments.norms import Days, default_norms, read_norms
from fjorten.programme.definitions import known_versions
from fjorten.programme.steps import Setting
from fjorten.programme.tables import DefinitionIsInvalid

CONTENT = tomllib.loads(resources.files("fjorten.appointments").joinpath("norms.toml").read_text(encoding="utf-8"))


def test_families_are_told_fourteen_to_twenty_one_days_ahead() -> None:
    notice = default_norms().notice
    assert (notice.ordinary.shortest, notice.ordinary.longest) == (14, 21)
    assert (notice.again.longest, notice.again_fast) == (14, Days(1, 3, in_working_days=True))


def test_lengths_are_of_steps_that_exist() -> None:
    minutes = default_norms().minutes
    assert set(minutes.by_step) <= {code for version in known_versions() for code in version.codes}
    assert (minutes.of("C14_Y4", Setting.CLINIC), minutes.of("C08_M8", Setting.CLINIC), minutes.of("C01_HOME", Setting.HOME)) == (
        45,
        30,
        60,
    )
    assert minutes.of("C14_Y4", Setting.GROUP) == 60


def test_the_file_says_how_sure_it_is() -> None:
    assert CONTENT["certainty"] == "default"


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (["notice", "ordinary", "shortest_days"], 30, "more than 21"),
        (["notice", "again_fast", "longest_working_days"], "three", "must be a whole number"),
        (["notice", "holiday"], {"shortest_days": 1}, "is not a field here"),
        (["points", "new_group"], -1, "less than nothing"),
        (["points", "new_groop"], 1, 'did you mean "new_group"'),
        (["minutes", "home"], None, "is missing"),
        (["nearness"], None, "is missing"),
        (["version"], "", "must be a text"),
    ],
)
def test_a_mistake_is_named_with_its_place(place: list[str], value: Any, said: str) -> None:
    content = copy.deepcopy(CONTENT)
    table = content
    for key in place[:-1]:
        table = table[key]
    if value is None:
        del table[place[-1]]
    else:
        table[place[-1]] = value
    with pytest.raises(DefinitionIsInvalid) as refused:
        read_norms(content, file="norms.toml")
    assert said in str(refused.value)
