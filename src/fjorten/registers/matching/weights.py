"""The weights a pair is judged by: read from `weights.toml`, checked against the comparisons, and as plain values from there on."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from fjorten.registers.matching.comparison import COMPARISONS


class WeightsAreInvalid(ValueError):
    """The weights do not fit the comparisons, or a probability is none. The message names file and field."""


@dataclass(frozen=True, slots=True)
class Likelihood:
    """How often one level of agreement is seen: between two records of one person, between close relatives, between strangers."""

    same: float
    kin: float
    stranger: float


@dataclass(frozen=True, slots=True)
class Weights:
    """
    Everything the score is made of.

    `in_register` is the share of journals without a number whose child is in the register, `kin_per_journal` how many of its family the
    register holds besides. Candidates are shown from `shown_from` and are called likely from `suggested_from`; those whose odds come within
    `ambiguous_within` times of the best are ambiguous.
    """

    in_register: float
    kin_per_journal: float
    shown_from: float
    suggested_from: float
    ambiguous_within: float
    likelihoods: Mapping[str, Mapping[str, Likelihood]]


def parse(text: str, *, name: str = "weights.toml") -> Weights:
    """
    Read weights from TOML.

    Raises WeightsAreInvalid when a comparison or level is missing, unknown, or has a number that is no probability.
    """
    content = tomllib.loads(text)
    likelihoods = {}
    for comparison in COMPARISONS:
        table = _table(content, f"comparison.{comparison.name}", name)
        wanted = {level.name for level in comparison.levels}
        if table.keys() != wanted:
            raise WeightsAreInvalid(f"{name}: comparison.{comparison.name} must have exactly the levels {', '.join(sorted(wanted))}")
        likelihoods[comparison.name] = {
            level: Likelihood(
                *(_number(values, f"comparison.{comparison.name}.{level}.{kind}", name, at_most=1) for kind in ("same", "kin", "stranger"))
            )
            for level, values in table.items()
        }
    return Weights(
        in_register=_number(_table(content, "prior", name), "prior.in_register", name, at_most=1),
        kin_per_journal=_number(_table(content, "prior", name), "prior.kin_per_journal", name),
        shown_from=_number(_table(content, "threshold", name), "threshold.shown_from", name, at_most=1),
        suggested_from=_number(_table(content, "threshold", name), "threshold.suggested_from", name, at_most=1),
        ambiguous_within=_number(_table(content, "threshold", name), "threshold.ambiguous_within", name),
        likelihoods=likelihoods,
    )


@lru_cache(maxsize=1)
def stored() -> Weights:
    """Give the weights that ship with fjorten."""
    return parse(resources.files("fjorten.registers.matching").joinpath("weights.toml").read_text(encoding="utf-8"))


def _table(content: Mapping[str, object], path: str, name: str) -> dict[str, dict[str, object]]:
    found: object = content
    for part in path.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    if not isinstance(found, dict):
        raise WeightsAreInvalid(f"{name}: the table {path} is missing")
    return found


def _number(table: Mapping[str, object], path: str, name: str, *, at_most: float = float("inf")) -> float:
    value = table.get(path.rsplit(".", 1)[-1]) if isinstance(table, Mapping) else None
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value <= at_most:
        raise WeightsAreInvalid(
            f"{name}: {path} must be a number above 0" + (f" and at most {at_most:g}" if at_most < float("inf") else "")
        )
    return float(value)
