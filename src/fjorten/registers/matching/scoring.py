"""
What the agreement of a pair amounts to: the odds that both are one child, by the model of Fellegi and Sunter with a third class.

Every pair is one of three: the same person, close relatives, or strangers. Siblings and twins share name, address and mother, so a model of
two classes takes them for each other; here those agreements speak for both classes, and only what tells siblings apart, the first name and
the date, decides between them. A rare name says more than a common one: its share of the register's people stands in for the average.
"""

from __future__ import annotations

from typing import Final, Literal

from fjorten.registers.matching.comparison import COMPARISONS, FAMILY, GIVEN, Comparison, levels
from fjorten.registers.matching.weights import Weights

# A name nobody else in the register has is still not proof: it is counted as if ten in a million had it [default].
_RAREST_SHARE: Final = 1e-5
_SHARES: Final = {GIVEN.name: "first_share", FAMILY.name: "family_share"}


def scored(pairs: str, *, weights: Weights, persons: int) -> str:
    """
    Write the SQL that compares pairs (journal_key, person_key): their levels, what tells twins (born, mother, family) and `odds`.

    `persons` is the number of people in the register: the more there are, the less likely any one of them is before anything is compared.
    """
    prior = weights.in_register / (1 - weights.in_register) / persons
    kin = weights.kin_per_journal / persons
    same_person = " * ".join(_times_oftener(comparison, weights, "same") for comparison in COMPARISONS)
    close_kin = " * ".join(_times_oftener(comparison, weights, "kin") for comparison in COMPARISONS)
    names = ", ".join(f"{comparison.name}_level" for comparison in COMPARISONS)
    return f"""
        SELECT journal_key, person_key, {names}, born, mother, family, {prior!r} * {same_person} / (1 + {kin!r} * {close_kin}) AS odds
        FROM (
            SELECT journal_key, person_key, {levels()}, p.born, p.mother, p.family, j.first_share, j.family_share
            FROM {pairs} JOIN matching_journal AS j ON j.key = journal_key JOIN matching_person AS p ON p.key = person_key
        )
    """


def _times_oftener(comparison: Comparison, weights: Weights, kind: Literal["same", "kin"]) -> str:
    """Write the SQL of how much oftener a level is seen in a class than between strangers; 1 for what is missing."""
    likelihoods = [weights.likelihoods[comparison.name][level.name] for level in comparison.levels]
    seen = [likelihood.same if kind == "same" else likelihood.kin for likelihood in likelihoods]
    ratios = ", ".join(f"{share / likelihood.stranger!r}::DOUBLE" for share, likelihood in zip(seen, likelihoods, strict=True))
    by_level = f"([1::DOUBLE, {ratios}])[{comparison.name}_level + 1]"
    # Relatives have the family name in common for a reason, so a rare one tells as much of them; a first name they share by chance only.
    if comparison is FAMILY or (comparison is GIVEN and kind == "same"):
        return f"if({comparison.name}_level = 1, {seen[0]!r} / greatest({_SHARES[comparison.name]}, {_RAREST_SHARE}), {by_level})"
    return by_level
