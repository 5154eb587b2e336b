"""A refusal is shown as its sentence."""

from __future__ import annotations

import pytest

from fjorten.kernel.refusals import Refused


class ChildAlreadyEnrolled(Refused):
    sentence = "Barnet er allerede tatt inn i programmet."


def test_a_refusal_is_shown_as_its_sentence_and_keeps_what_the_log_needs() -> None:
    with pytest.raises(Refused) as refused:
        raise ChildAlreadyEnrolled(17)

    assert str(refused.value) == "Barnet er allerede tatt inn i programmet."
    assert refused.value.args == (17,)


def test_a_refusal_without_a_sentence_of_its_own_still_says_something() -> None:
    assert str(Refused()).endswith(".")
