"""The table of who is told leaves out no reason."""

from fjorten.messages.addressees import Manual, Silence, addressees
from tests.spec.messages.test_addressees import SITUATIONS


def test_every_reason_for_telling_nobody_by_machine_is_in_the_table() -> None:
    answers = [addressees(child) for child in SITUATIONS.values()]
    assert {answer for answer in answers if not isinstance(answer, tuple)} == {*Manual, *Silence}
