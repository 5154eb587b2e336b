"""Who reads a note: a clerk goes on from what clerks wrote, and reads nothing of what a professional confided to the case."""

import pytest

from fjorten.followup.ladder import Owner
from fjorten.followup.notes import Noted, may_read_note

CLERK = "merkantil"


@pytest.mark.parametrize(
    ("noted", "reads_journals", "may_read"),
    [
        (Noted("helsesykepleier", by_an_employee=True, step_of=Owner.NURSE), True, True),
        (Noted("helsesykepleier", by_an_employee=True, step_of=Owner.NURSE), False, False),
        (Noted("helsesykepleier", by_an_employee=True, step_of=Owner.LEADER), False, False),
        (Noted("helsesykepleier", by_an_employee=True, step_of=None), False, False),  # a pause, a closing: what is behind it
        (Noted("helsesykepleier", by_an_employee=True, step_of=Owner.CLERK), False, True),  # a nurse has done the clerk's step
        (Noted(CLERK, by_an_employee=True, step_of=Owner.NURSE), False, True),  # one's own
        (Noted("nattkjøring", by_an_employee=False, step_of=None), False, True),
        (Noted("nattkjøring", by_an_employee=False, step_of=Owner.SYSTEM), False, True),
    ],
)
def test_who_reads_a_note(noted: Noted, *, reads_journals: bool, may_read: bool) -> None:
    assert may_read_note(noted, who=CLERK, reads_journals=reads_journals) is may_read
